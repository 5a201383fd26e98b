"""The endpoints that every kind of record has; they follow from its declaration alone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ninja import Router

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access, audit, finding
from calidez.kit.faces.api import editions, idempotency, listing, records, writing
from calidez.kit.faces.api.problems import Problem, missing

router = Router()
HISTORY_SHOWN = 200


@router.get("/{kind}", url_name="records", include_in_schema=False)
def index(request: HttpRequest, kind: str) -> HttpResponse:
    entity = kind_or_404(request, kind)
    return answer(listing.page(entity, request.user, request.GET.dict(), request.path))


@router.post("/{kind}", include_in_schema=False)
def create(request: HttpRequest, kind: str) -> HttpResponse:
    entity = kind_or_404(request, kind)
    if entity.creation is not None and not entity.may(request.user, access.CREATE):
        raise access.refuse(entity.create_label, entity.label)
    given = writing.body_of(request)
    if isinstance(given, list):
        return once(request, lambda: _create_many(request, entity, given))
    return once(request, lambda: _created(request, entity, writing.create(entity, given, by=request.user)))


@router.get("/{kind}/{id}", url_name="record", include_in_schema=False)
def show(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    entity = kind_or_404(request, kind)
    return one(request, entity, record_or_404(request, entity, id))


@router.patch("/{kind}/{id}", include_in_schema=False)
def change(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    entity = kind_or_404(request, kind)
    record = record_or_404(request, entity, id)
    if entity.edition is None:
        raise Problem(405, "method", _("Records of this kind are never edited."))
    version = writing.version_asked(request, needed=True)
    done = writing.perform(
        entity, entity.edition, record, writing.body_of(request), by=request.user, version=version
    )
    return one(request, entity, again(entity, done))


@router.get("/{kind}/{id}/history", include_in_schema=False)
def history(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    entity = kind_or_404(request, kind)
    record = record_or_404(request, entity, id)
    events = audit.history(record, limit=HISTORY_SHOWN)
    withheld = entity.withheld(record, request.user)
    return answer(
        {
            "items": [
                {
                    "at": records.plain(event.at),
                    "actor": event.actor,
                    "verb": event.verb,
                    "before": _without(event.before, withheld),
                    "after": _without(event.after, withheld),
                    "note": event.note,
                }
                for event in events
            ]
        }
    )


def _without(values: dict[str, Any] | None, withheld: Collection[str]) -> dict[str, Any] | None:
    return values and {name: value for name, value in values.items() if name not in withheld}


@router.get("/{kind}/{id}/versions", include_in_schema=False)
def versions(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    entity = kind_or_404(request, kind)
    record = record_or_404(request, entity, id)
    if entity.editions is None:
        raise missing()
    return answer(editions.told(request, entity, record))


@router.post("/{kind}/{id}/{step}", include_in_schema=False)
def step(request: HttpRequest, kind: str, id: str, step: str) -> HttpResponse:
    entity = kind_or_404(request, kind)
    record = record_or_404(request, entity, id)
    operation = entity.step(step)
    if operation is None or entity.log:
        raise missing()
    version = writing.version_asked(request, needed=False)

    def work() -> HttpResponse:
        done = writing.perform(
            entity, operation, record, writing.body_of(request), by=request.user, version=version
        )
        return one(request, entity, again(entity, done))

    return once(request, work)


# What part's endpoints use too


def kind_or_404(request: HttpRequest, slug: str) -> Entity:
    """A kind of which the caller may see nothing is as absent as one that does not exist."""
    entity = catalog.by_slug(slug)
    if entity is None or not entity.may(request.user, "view"):
        raise missing()
    return entity


def record_or_404(request: HttpRequest, entity: Entity, given: str) -> Any:
    """By identifier, or by the code that people know it by."""
    found = records.with_relations(entity, entity.queryset(request.user))
    try:
        return found.get(pk=finding.find(entity.model, given, request.user).pk)
    except (ValidationError, entity.model.DoesNotExist):
        raise missing() from None


def again(entity: Entity, record: Any) -> Any:
    """As it now stands; a step may have moved it out of the list of what was read with it."""
    return records.with_relations(entity, entity.model._default_manager.all()).get(pk=record.pk)


def one(request: HttpRequest, entity: Entity, record: Any, status: int = 200) -> HttpResponse:
    response = answer(records.represent(entity, record, request.user), status)
    response["ETag"] = f'"{record.version}"'
    return response


def answer(content: Any, status: int = 200) -> HttpResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def once(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    return idempotency.once(request, request.auth, work)  # type: ignore[attr-defined]


def _created(request: HttpRequest, entity: Entity, record: Any) -> HttpResponse:
    response = one(request, entity, again(entity, record), 201)
    response["Location"] = records.address(entity, record.uid)
    return response


def _create_many(request: HttpRequest, entity: Entity, rows: list[Any]) -> HttpResponse:
    """All or nothing, unless `partial=true` asks for what can be taken."""
    if not 1 <= len(rows) <= writing.MOST_AT_ONCE:
        raise Problem(
            422, "invalid", _("From 1 to %(most)s records at once.") % {"most": writing.MOST_AT_ONCE}
        )
    partial = request.GET.get("partial", "") == "true"
    reader = writing.reader_for(entity, request.user)
    made: list[tuple[int, Any]] = []
    errors: list[dict[str, Any]] = []
    status, kind = 422, "invalid"
    with transaction.atomic():
        for index, row in enumerate(rows):
            try:
                with transaction.atomic():
                    made.append((index, writing.create(entity, row, by=request.user, reader=reader)))
            except Exception as error:
                found, problem = writing.errors_of_row(index, error)
                if problem.status >= 500:
                    raise
                errors += found
                if problem.status == 403:
                    status, kind = 403, problem.kind
        if errors and not partial:
            raise Problem(status, kind, _refused(errors), errors=errors)
    fresh = records.with_relations(
        entity, entity.model._default_manager.filter(pk__in=[r.pk for _i, r in made])
    )
    by_key = {record.pk: record for record in fresh}
    items = records.represent_all(entity, [by_key[r.pk] for _i, r in made], request.user)
    return answer(
        {"items": items, "errors": errors},
        201 if made else 422,
    )


def _refused(errors: list[dict[str, Any]]) -> str:
    count = len({error["index"] for error in errors})
    return ngettext(
        "Nothing was created: %(count)s record cannot be taken.",
        "Nothing was created: %(count)s records cannot be taken.",
        count,
    ) % {"count": count}
