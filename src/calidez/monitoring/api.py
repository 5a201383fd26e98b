"""What monitoring adds to the programming interface: datasets with their columns, facts, charts, measuring."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Query, Router, Schema

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.values import Reader
from calidez.kit.faces.api import extend, records
from calidez.kit.faces.api.jobs import job_json
from calidez.kit.faces.api.problems import Problem
from calidez.kit.faces.api.routes import answer, record_or_404
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue
from calidez.monitoring import jobs, services
from calidez.monitoring.api_series import Series, series_of
from calidez.monitoring.indicator_pages.address import view_of
from calidez.monitoring.loading import report as imports_report
from calidez.monitoring.loading import services as imports
from calidez.monitoring.loading.pages.uploads import IntoUploads, TakenIn
from calidez.monitoring.loading.services.plans import refusal
from calidez.monitoring.models import Dataset, Import, Indicator

CHUNK = 1 << 20
FORM = "multipart/form-data"
ARROW = "application/vnd.apache.arrow.stream"
# By content type, the ending by which the engine and people know such a file.
ENDINGS = {
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    ARROW: "arrow",
}

# Written out, so that they do not become parts of the description by names that kinds of record have.
TypeName: Any = Literal[tuple(kind.value for kind in engine.ColumnType)]
RoleName: Any = Literal[tuple(role.value for role in engine.Role)]

router = Router()


class ColumnIn(Schema):
    """One column of a dataset: what the files call it, its type, and what it is for."""

    name: str = Field(description="Small letters, digits and underscores; expressions use this name.")
    source: str = Field("", description="The heading in the files; empty: as the name.")
    type: TypeName = engine.ColumnType.TEXT.value
    role: RoleName = engine.Role.VALUE.value
    unit: str = Field("", description="Unit of measure, such as min.")
    key: bool = Field(False, description="Part of what makes a row the same row.")
    required: bool = False
    date_order: str | None = Field(None, pattern="^(ymd|dmy|mdy)$")
    decimal: str = Field(".", pattern="^[.,]$")
    zone: str = "UTC"


class DatasetIn(Schema):
    """A new dataset with its declared columns, empty."""

    code: str
    name: str
    unit: str = Field(description="Identifier or code.")
    columns: list[ColumnIn] = Field(min_length=1, max_length=500)
    description: str = ""
    source: str = ""
    rows_are: str = Field("", max_length=40, description="What a row is, in the plural: calls, visits.")


class Pushed(Schema):
    """What became of the facts that were sent; `job` is null where the same content had come before."""

    again: bool
    import_: dict[str, Any] = Field(alias="import")
    job: dict[str, Any] | None


class Count(Schema):
    text: str
    rows: int


class LoadReport(Schema):
    """What came in and what was refused, in the caller's language."""

    state: str
    read: int
    loaded: int
    rejected: int
    repeated: int
    known: int
    reasons: list[Count]
    unknown: list[Count]
    first: dt.datetime | None
    last: dt.datetime | None
    already: bool
    clocks: list[str] = Field(description="What was assumed of times that the clock skipped or showed twice.")
    error: str


class Looked(Schema):
    """The view of a chart; everything that may be left out is as on the page."""

    unit: str = Field("", description="Code of the unit; empty: where the indicator belongs.")
    segment: str = Field("", description="As column=value.")
    since: dt.date | None = None
    until: dt.date | None = None
    version: int | None = Field(None, description="Number of the definition; empty: the present one.")
    chart: str = ""
    rules: str = ""


def create_dataset(given: DatasetIn, by: Any) -> Dataset:
    values = Reader(catalog.of(Dataset), ("unit",), by).read({"unit": given.unit})
    try:
        schema = engine.Schema(
            tuple(
                engine.Column(**{**column.model_dump(), "source": column.source or column.name})
                for column in given.columns
            )
        )
    except engine.EngineError as error:
        raise refusal(error) from error
    return services.create_dataset(
        code=given.code,
        name=given.name,
        unit=values["unit"],
        schema=schema,
        by=by,
        description=given.description,
        source=given.source,
        rows_are=given.rows_are,
    )


@router.post(
    "/datasets/{id}/facts",
    response={202: Pushed, 200: Pushed},
    tags=["datasets"],
    operation_id="datasets_facts",
    openapi_extra={
        "summary": gettext_lazy("Send facts"),
        "requestBody": {
            "required": True,
            "content": {
                **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in ENDINGS},
                FORM: {
                    "schema": {
                        "type": "object",
                        "required": ["facts"],
                        "properties": {
                            "facts": {"type": "string", "format": "binary"},
                            "mapping": {"type": "string"},
                        },
                    }
                },
            },
        },
    },
)
def facts(request: HttpRequest, id: str) -> HttpResponse:
    """JSON lines, CSV, Parquet or an Arrow stream, one row for each fact, with the columns of the dataset.

    The content may be compressed with gzip. It is loaded in the background: ask the import or the job how it goes.
    The same content sent twice changes nothing. As a form (multipart/form-data) the file `facts` may come with a
    `mapping`, as an import offers one: how the file is read, where that is not as the dataset was declared.
    """
    dataset = record_or_404(request, catalog.of(Dataset), id)
    ending = ENDINGS.get(request.content_type or "")
    if ending is None and request.content_type != FORM:
        kinds = ", ".join([*ENDINGS, FORM])
        raise Problem(415, "media-type", _("Send facts as: %(kinds)s.") % {"kinds": kinds})
    entity = catalog.of(Import)
    if not access.scope(request.user, entity.key, access.CREATE).covers(dataset.unit.path):
        raise access.refuse(entity.create_label, entity.label)
    if ending is None:
        received, mapping = _received_form(request)
    else:
        received, mapping = _received(request, dataset, ending), None
    pushed = imports.push(dataset, received, by=request.user, mapping=mapping)
    item = record_or_404(request, entity, str(pushed.item.uid))
    content = {
        "again": pushed.again,
        "import": records.represent(entity, item, request.user),
        "job": job_json(item.job) if item.job and not pushed.again else None,
    }
    response = answer(content, 200 if pushed.again else 202)
    response["Location"] = records.address(entity, item.uid)
    return response


@router.get(
    "/imports/{id}/report",
    response=LoadReport,
    tags=["imports"],
    operation_id="imports_report",
    openapi_extra={"summary": gettext_lazy("What came in")},
)
def report(request: HttpRequest, id: str) -> Any:
    return imports_report.report_of(record_or_404(request, catalog.of(Import), id), request.user)


@router.get(
    "/indicators/{id}/series",
    response=Series,
    tags=["indicators"],
    operation_id="indicators_series",
    openapi_extra={"summary": gettext_lazy("The chart as numbers")},
)
def series(request: HttpRequest, id: str, looked: Query[Looked]) -> Any:
    """Values, limits, target, verdicts and signals of one indicator in one unit: the numbers behind its page."""
    indicator = record_or_404(request, catalog.of(Indicator), id)
    asked = {name: str(value) for name, value in looked.model_dump().items() if value not in (None, "")}
    asked.setdefault("unit", indicator.unit.code)
    request.GET = QueryDict(mutable=True)  # type: ignore[assignment]
    request.GET.update(asked)
    view = view_of(request, indicator.uid)
    _need_understood(asked, view)
    return series_of(view)


@router.post(
    "/indicators/{id}/measure",
    response={202: dict[str, Any]},
    tags=["indicators"],
    operation_id="indicators_measure",
    openapi_extra={"summary": gettext_lazy("Measure again")},
)
def measure(request: HttpRequest, id: str) -> HttpResponse:
    """All periods, in the background. New facts and definitions are measured without being asked."""
    entity = catalog.of(Indicator)
    indicator = record_or_404(request, entity, id)
    if not access.scope(request.user, entity.key, access.EDIT).covers(indicator.unit.path):
        raise access.refuse(access.EDIT, entity.label)
    return answer({"job": job_json(enqueue(jobs.measure_indicators, indicators=[indicator.pk]))}, 202)


DATASET_CREATION = extend.SpecialCreation(
    DatasetIn, create_dataset, gettext_lazy("Its columns are declared once; facts are sent afterwards.")
)


def _received(request: HttpRequest, dataset: Dataset, ending: str) -> imports.Received:
    packed = request.headers.get("Content-Encoding", "").lower() == "gzip"
    name = f"{dataset.code}.{ending}{'.gz' if packed else ''}"
    received = imports.receive(name, iter(lambda: request.read(CHUNK), b""))
    return imports.from_arrow(received) if request.content_type == ARROW else received


def _received_form(request: HttpRequest) -> tuple[imports.Received, engine.MappingFile | None]:
    """The file straight to its place, and the mapping beside it."""
    if hasattr(request, "_files"):  # whoever is signed in with a session had the form read for its token
        return _received_whole(request)
    handler = IntoUploads(request)
    try:
        request.upload_handlers = [handler]
        given = request.POST.get("mapping", "")
        if handler.refusal is not None:
            raise handler.refusal
        sent = request.FILES.get("facts")
        if not isinstance(sent, TakenIn):
            raise RuleBroken(_("Send the file of facts too."), field="facts")
        mapping = imports.given_mapping(given) if given else None
        handler.keep()
        return sent.received, mapping
    finally:
        handler.drop()


def _received_whole(request: HttpRequest) -> tuple[imports.Received, engine.MappingFile | None]:
    sent, given = request.FILES.get("facts"), request.POST.get("mapping", "")
    if not isinstance(sent, UploadedFile):
        raise RuleBroken(_("Send the file of facts too."), field="facts")
    mapping = imports.given_mapping(given) if given else None
    return imports.receive(sent.name or "facts", sent.chunks()), mapping


def _need_understood(asked: dict[str, str], view: Any) -> None:
    """The page leaves nonsense out; a program must hear of it, or it reads the wrong figures."""
    given = {"segment": view.segment, "chart": view.chart, "rules": view.preset}
    errors = [
        {"field": name, "message": _("This is not known here.")}
        for name, found in given.items()
        if asked.get(name) and not found
    ]
    if "version" in asked and (view.version is None or str(view.version.number) != asked["version"]):
        errors.append({"field": "version", "message": _("The indicator has no such definition.")})
    if errors:
        raise Problem(
            422, "invalid", " ".join(f"{e['field']}: {e['message']}" for e in errors), errors=errors
        )
