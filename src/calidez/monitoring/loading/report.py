"""What became of a file, in the reader's words: the same values for the import's own page and for its steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.made_from import new_url
from calidez.kit.platform.display import Button, Cell, CellKind, Link
from calidez.kit.platform.formats import day, number, with_unit
from calidez.kit.platform.jobs import describe
from calidez.monitoring.loading.seen import heading
from calidez.monitoring.loading.services import taking_back
from calidez.monitoring.loading.services.datasets import happened
from calidez.monitoring.loading.services.keeping import kept_until
from calidez.monitoring.models import Dataset, Import, Indicator
from calidez.standards.models import Standard

State = Import.State
NAMED = 6
LOST_TOO_MANY = 0.01  # what is lost beyond this share can change a result
STEP_ROUTES = ("imports-reading", "imports-columns", "imports-check", "imports-load")


@dataclass(frozen=True)
class Count:
    text: str
    rows: int


@dataclass(frozen=True)
class Then:
    """One thing that may be done now: why, and the way there where no button stands for it."""

    sentence: str
    link: Link | None = None


@dataclass(frozen=True)
class Report:
    """`loaded` would come in when the load is still to be; `before` is the import that already brought the same."""

    state: str
    read: int
    loaded: int
    rejected: int
    repeated: int
    known: int
    reasons: tuple[Count, ...]
    unknown: tuple[Count, ...]
    first: dt.datetime | None
    last: dt.datetime | None
    already: bool
    before: Link | None
    reject_url: str
    error: str
    dataset: Link | None
    indicators: tuple[Link, ...]
    next_step: Button | None
    then: tuple[Then, ...] = ()  # what may be done with the rows now, in words
    mapping_url: str = ""
    kept_until: dt.date | None = None
    again: bool = False  # the same content, read alike, is loaded already: only what it lacks would come in
    added: str = ""  # what would be, or was, added to an earlier load of the same content
    take_back_url: str = ""  # of that load, where this person may
    clocks: tuple[str, ...] = ()  # what was assumed of times when clocks change
    alike: int = 0  # rows exactly like rows that the dataset has
    gaps: tuple[Count, ...] = ()  # cells left empty, by column
    gaps_url: str = ""
    warnings: tuple[str, ...] = ()  # where so much is lost that figures would not be those of all
    undecided: int = 0  # of the rejected rows, those whose unit may still be said
    where_to: str = ""  # into which dataset a file without fault goes
    is_counted: bool = False  # some indicator counts the rows of its dataset
    undo_url: str = ""  # to take back this very load, where this person may

    @property
    def counted(self) -> bool:
        return bool(self.read)

    @property
    def in_order(self) -> bool:
        """Every row of the file comes in, as it stands."""
        return bool(self.loaded) and self.loaded == self.read and not self.gaps and not self.warnings


def report_of(item: Import, user: Any) -> Report:
    kept = item.report
    found = engine.LoadReport.from_json({"batch": "", **kept})
    read_as = item.mapping.get("schema")
    schema = engine.Schema.from_json(read_as) if read_as else engine.Schema(())
    undecided = 0 if item.state == State.LOADED else sum(found.unknown_branches.values())
    return Report(
        state=item.state,
        read=found.rows_read,
        loaded=found.rows_loaded,
        rejected=found.rows_rejected,
        repeated=found.rows_repeated,
        known=found.rows_known,
        reasons=_reasons(found),
        unknown=tuple(Count(name, rows) for name, rows in found.unknown_branches.items()),
        first=happened(schema, found.time_from),
        last=happened(schema, found.time_to),
        already=found.already_loaded,
        before=_loaded_before(item, user),
        reject_url=reverse("imports-rejects", args=[item.uid])
        if found.rows_rejected and item.reject_file
        else "",
        error=error_of(item),
        dataset=_dataset_link(item, user),
        indicators=_indicators(item, user),
        next_step=_next_step(item, user),
        then=tuple(_then(item, user)),
        kept_until=kept_until(item),
        mapping_url=reverse("imports-mapping", args=[item.uid]) if read_as else "",
        again=bool(item.report.get("left_out")),
        added=added_to(item, found),
        take_back_url=_take_back_url(item, user),
        clocks=clocks(found),
        alike=found.rows_alike,
        gaps=tuple(_counted(cells) for cells in found.emptied_cells),
        gaps_url=reverse("imports-gaps", args=[item.uid]) if found.emptied_file else "",
        warnings=_warnings(found, undecided),
        undecided=undecided,
        where_to=_where_to(item),
        is_counted=item.dataset_id is not None
        and Indicator.objects.filter(dataset_id=item.dataset_id, state=Indicator.State.ACTIVE).exists(),
        undo_url=_undo_url(item, user),
    )


def added_to(item: Import, found: engine.LoadReport) -> str:
    """Of which earlier load these rows were left out, and why they may come in now."""
    kept = item.report.get("left_out")
    if not kept or not found.rows_loaded:
        return ""
    on = day(dt.datetime.fromisoformat(kept["on"])) if kept["on"] else ""
    given = {"rows": number(found.rows_loaded), "day": on, "code": kept["code"]}
    if not kept["names"] or kept["whole"]:
        words = ngettext(
            "One row of this file is no longer, or not yet, in the dataset since it was loaded on %(day)s (%(code)s): only that one is added.",
            "%(rows)s rows of this file are no longer, or not yet, in the dataset since it was loaded on %(day)s (%(code)s): only those are added.",
            found.rows_loaded,
        )
        return words % given
    names = [name for name in kept["names"] if name not in found.unknown_branches]
    named = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    if item.state == State.LOADED:
        words = ngettext(
            "One row of %(names)s, left out on %(day)s (%(code)s), was added.",
            "%(rows)s rows of %(names)s, left out on %(day)s (%(code)s), were added.",
            found.rows_loaded,
        )
    else:
        words = ngettext(
            "One row of %(names)s, left out on %(day)s (%(code)s), would be added. What came in then stays as it is.",
            "%(rows)s rows of %(names)s, left out on %(day)s (%(code)s), would be added. What came in then stays as it is.",
            found.rows_loaded,
        )
    return words % {**given, "names": named}


def _reasons(found: engine.LoadReport) -> tuple[Count, ...]:
    """By column with examples, as far as the report knows them."""
    if found.rejected_cells:
        return tuple(_counted(cells) for cells in found.rejected_cells)
    return tuple(Count(reason(code), rows) for code, rows in found.reasons.items())


def _counted(cells: Any) -> Count:
    said = f"{heading(cells.column)}: {reason(cells.code)}" if cells.column else reason(cells.code)
    if not cells.samples:
        return Count(said, cells.count)
    examples = _("As in: %(examples)s") % {"examples": " · ".join(cells.samples[:3])}
    return Count(f"{said} {examples}", cells.count)


def _where_to(item: Import) -> str:
    if item.dataset is not None:
        return _("Every row is in order. They go into the dataset %(dataset)s.") % {"dataset": item.dataset}
    return _("Every row is in order. They go into the new dataset %(dataset)s.") % {
        "dataset": item.mapping.get("name", "")
    }


YEARS_AHEAD, YEARS_BACK = 1, 50  # beyond these a year is more likely mistyped than meant


def _warnings(found: engine.LoadReport, undecided: int) -> tuple[str, ...]:
    """`undecided` rows are of names that are no units yet: those are asked about, and their rows may still come in."""
    told = []
    lost = found.rows_rejected - undecided
    if found.rows_read and lost >= max(1, LOST_TOO_MANY * found.rows_read):
        told.append(
            _("%(share)s of the rows are not loaded: figures speak of the others only.")
            % {"share": _share(lost, found.rows_read)}
        )
    taken = found.rows_loaded + found.rows_repeated + found.rows_known
    by_column: dict[str, int] = {}
    for cells in found.emptied_cells:
        by_column[cells.column] = by_column.get(cells.column, 0) + cells.count
    told += [
        _("%(share)s of the cells of %(column)s are left empty: figures of it speak of the others only.")
        % {"share": _share(count, taken), "column": heading(column)}
        for column, count in by_column.items()
        if taken and count >= LOST_TOO_MANY * taken
    ]
    return (*told, *_far_days(found))


def _far_days(found: engine.LoadReport) -> list[str]:
    """A year that was mistyped is a date like any other, and nobody sees it among thousands."""
    today, told = timezone.localdate(), []
    if found.time_to is not None and (found.time_to.date() - today).days > YEARS_AHEAD * 366:
        told.append(
            _("Some rows are of days to come, until %(day)s: is the year right? Charts end today.")
            % {"day": day(found.time_to.date())}
        )
    if found.time_from is not None and (today - found.time_from.date()).days > YEARS_BACK * 366:
        told.append(_("The rows begin on %(day)s: is the year right?") % {"day": day(found.time_from.date())})
    return told


def _share(part: int, whole: int) -> str:
    share = 100 * part / whole
    return with_unit(number(round(share, 1 if share < 10 else 0)), "%")


def clocks(found: engine.LoadReport) -> tuple[str, ...]:
    """What was assumed of times that the clock skipped or showed twice, one sentence each."""
    return tuple(
        str(_(engine.CODES[code])) % {"count": number(times)} for code, times in found.assumed.items()
    )


def panel(item: Import, user: Any, request: Any) -> Report:
    """For the import's own page, also before anything was loaded: then it says how to go on."""
    return report_of(item, user)


def is_refused(item: Import) -> bool:
    """Nobody could make out what is in it."""
    return item.state == State.FAILED and not item.reading.get("profile")


def what_is_wrong(item: Import) -> str:
    """What stands in the way of a file on which somebody should go on."""
    return error_of(item) if item.state == State.FAILED else ""


def wrong_in_short(item: Import) -> Cell:
    """For lists, in which the name of the file stands already."""
    said = " ".join(what_is_wrong(item).replace(item.file_name, "").split()) or _lost(item)
    return Cell(CellKind.SENTENCE, said) if said else Cell(CellKind.EMPTY)


def _lost(item: Import) -> str:
    """How many rows a load did not bring in, or would not."""
    rows = item.report.get("rows_rejected") or 0
    if not rows or item.state not in {State.CHECKED, State.LOADING, State.LOADED}:
        return ""
    if item.state == State.LOADED:
        words = ngettext("One row was left out.", "%(rows)s rows were left out.", rows)
    else:
        words = ngettext("One row would be left out.", "%(rows)s rows would be left out.", rows)
    return words % {"rows": number(rows)}


def size(item: Import) -> str:
    return filesizeformat(item.size)


def reason(code: str) -> str:
    """Why rows were rejected."""
    return str(_(engine.CODES.get(code, code)))


def step_of(item: Import) -> str:
    """The route of the step at which the import waits."""
    if item.state in {State.LOADING, State.LOADED}:
        return "imports-load"
    if item.state == State.FAILED:
        return _step_that_failed(item)
    if item.mapping.get("schema"):
        return "imports-check"
    return "imports-columns" if item.reading.get("confirmed") else "imports-reading"


def _step_that_failed(item: Import) -> str:
    if not item.reading.get("profile"):
        return "imports-reading"
    checked = "rows_read" in item.report
    beyond = checked or not item.mapping.get(
        "schema"
    )  # what a program sent has no step of its own for its columns
    return "imports-load" if item.report.get("error") and beyond else "imports-check"


def error_of(item: Import) -> str:
    failed = item.report.get("error") or {}
    if failed:
        template = engine.CODES.get(failed.get("code", ""))
        return str(_(template)) % failed["params"] if template else str(failed.get("text", ""))
    status = describe(item.job) if item.job and item.state == State.LOADING else None
    return status.error if status is not None and status.over else ""


def _loaded_before(item: Import, user: Any) -> Link | None:
    """The same bytes came in already: worth saying before they are loaded twice."""
    earlier = _same_before(item, user)
    return Link(str(earlier.code), catalog.of(Import).url(earlier)) if earlier else None


def _same_before(item: Import, user: Any) -> Import | None:
    if not item.sha256 or item.dataset_id is None:
        return None
    seen = catalog.of(Import).queryset(user)
    same = seen.filter(sha256=item.sha256, dataset_id=item.dataset_id, state=State.LOADED).exclude(pk=item.pk)
    found: Import | None = same.order_by("-created_at").first()
    return found


def _take_back_url(item: Import, user: Any) -> str:
    """So that the same content can be read otherwise without counting twice."""
    earlier = None if item.state == State.LOADED else _same_before(item, user)
    step = taking_back.take_back
    if earlier is None or not step.offered_to(earlier, user):
        return ""
    return reverse("kit:step", args=[catalog.of(Import).slug, earlier.uid, step.name])


def _undo_url(item: Import, user: Any) -> str:
    step = taking_back.take_back
    if item.state != State.LOADED or not step.offered_to(item, user):
        return ""
    return reverse("kit:step", args=[catalog.of(Import).slug, item.uid, step.name])


def _dataset_link(item: Import, user: Any) -> Link | None:
    if item.dataset is None:
        return Link(str(item.mapping.get("name", "")), "") if item.mapping.get("name") else None
    entity = catalog.of(Dataset)
    visible = entity.queryset(user).filter(pk=item.dataset_id).exists()
    return Link(str(item.dataset), entity.url(item.dataset) if visible else "")


def _indicators(item: Import, user: Any) -> tuple[Link, ...]:
    if item.dataset_id is None or item.state != State.LOADED:
        return ()
    entity = catalog.of(Indicator)
    found = (
        entity.queryset(user)
        .filter(dataset_id=item.dataset_id, state=Indicator.State.ACTIVE)
        .order_by("name")
    )
    return tuple(Link(f"{i.code} {i.name}", entity.url(i)) for i in found[:12])


def _next_step(item: Import, user: Any) -> Button | None:
    if item.state == State.LOADED:
        return _create_indicator(item, user)
    if item.state in {State.DISCARDED, State.TAKING_BACK}:
        return None
    if item.state == State.TAKEN_BACK:
        return _load_anew(user)
    if not catalog.of(Import).queryset(user, access.CREATE).filter(pk=item.pk).exists():
        return None
    words = {State.LOADING: _("See how it goes"), State.FAILED: _("See what can be done")}
    url = reverse(step_of(item), args=[item.uid])
    return Button(
        words.get(State(item.state), _("Go on with this file")), url, icon="player-play", primary=True
    )


def _load_anew(user: Any) -> Button | None:
    """The file is not kept: whoever takes a load back to load it better has it, and gives it again."""
    if not catalog.of(Import).may(user, access.CREATE):
        return None
    return Button(_("Load the file again"), reverse("imports-new"), icon="upload", primary=True)


def _then(item: Import, user: Any) -> Iterator[Then]:
    """After a load: what its indicators still lack, in the order in which one does it."""
    if item.state != State.LOADED or item.dataset_id is None:
        return
    indicators = (
        catalog.of(Indicator).queryset(user).filter(dataset_id=item.dataset_id, state=Indicator.State.ACTIVE)
    )
    found = list(indicators.select_related("standard", "unit").order_by("name")[:50])
    alone = next((i for i in found if i.standard is None), None)
    standards = catalog.of(Standard)
    if alone is not None and standards.may(user, access.CREATE):
        given = {"title": alone.name, "unit": alone.unit_id, "measured_in": alone.measured_in}
        yield Then(
            _("%(indicator)s has no standard yet: say what you promise of it.") % {"indicator": alone},
            Link(_("Promise a standard"), new_url(standards, **given)),
        )
    promised = next((i.standard for i in found if i.standard is not None), None)
    if promised is not None and standards.queryset(user).filter(pk=promised.pk).exists():
        yield Then(
            _("See whether “%(standard)s” can be kept as the service works now.") % {"standard": promised},
            Link(_("Can it be kept?"), reverse("feasibility", args=[promised.uid])),
        )
    if not found and catalog.of(Indicator).may(user, access.CREATE):
        yield Then(
            _(
                "No indicator counts these rows yet. Once there is one, a standard says what you promise of it, and its page whether that can be kept."
            ),
        )


def _create_indicator(item: Import, user: Any) -> Button | None:
    entity = catalog.of(Indicator)
    if item.dataset is None or not entity.may(user, access.CREATE):
        return None
    # What it measures, how often and by what is proposed there, where the rows are looked at.
    url = new_url(entity, dataset=item.dataset.pk, unit=item.dataset.unit_id)
    return Button(_("Create an indicator from this"), url, icon="chart-line", primary=True)
