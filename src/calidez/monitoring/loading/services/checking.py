"""Looking through the whole file before anything is written, and settling which unit each name means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.operations import operation
from calidez.kit.core.values import folded
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services.datasets import map_branches
from calidez.monitoring.loading.services.failing import noting_refusals
from calidez.monitoring.loading.services.plans import (
    Plan,
    is_for_later,
    need_permission,
    plan_of,
    queue,
    refusal,
    units_below,
)
from calidez.monitoring.models import Import
from calidez.people.models import Unit

State = Import.State
BEFORE_LOAD = (State.UPLOADED, State.CHECKED, State.FAILED)
# Up to this size the person waits for the answer; a larger file is checked in the background.
CHECK_WHILE_WAITING = 24 * 1024 * 1024
CHECK_JOB = "monitoring.check_import"


def check(
    item: Import,
    *,
    by: Any,
    progress: Callable[[Any], None] | None = None,
    limits: Any = engine.STAGING,
) -> Import:
    """Read every row as the load will, write nothing, and keep what was found."""
    need_permission(item, by)
    try:
        plan = plan_of(item)
        report, branches = _validated(item, plan, progress, limits)
    except engine.EngineError as error:
        raise refusal(error) from error
    checked: Import = keep_check(item, by=by, report=report, branches=branches, left_out=left_out_of(plan))
    return checked


def left_out_of(plan: Plan) -> dict[str, Any]:
    """What is kept of the load that brought the same content, so that pages can say what is added to it."""
    return {} if plan.before is None else {"left_out": plan.before.to_json()}


def check_or_queue(item: Import, *, by: Any) -> Import:
    """Check while the person waits; what takes longer than a page may, the worker checks."""
    if item.size <= CHECK_WHILE_WAITING:
        try:
            with noting_refusals(item, by=by, last=False):
                return check(item, by=by, limits=engine.CHECKING_AT_ONCE)
        except RuleBroken as refused:
            if not is_for_later(refused):
                raise
    return queue(item, CHECK_JOB, by=by)


def check_in_background(item: Import, *, by: Any, progress: Callable[[Any], None]) -> Import:
    with noting_refusals(item, by=by, last=True):
        return check(item, by=by, progress=progress)


@operation(Import, label=gettext_lazy("Check the file"), verb=access.CREATE, source=BEFORE_LOAD)
def keep_check(
    item: Import, *, by: Any, report: Any, branches: Mapping[str, str], left_out: Mapping[str, Any]
) -> None:
    item.report = {**report.to_json(), **left_out}
    item.reject_file = str(report.reject_file or "")
    item.mapping = {**item.mapping, "branches": dict(branches)}
    item.state = State.CHECKED


def _validated(
    item: Import, plan: Plan, progress: Callable[[Any], None] | None, limits: Any
) -> tuple[Any, dict[str, str]]:
    """The report, and the names of units that the organisation already answers for, written otherwise or not."""
    branches = dict(plan.branch_map)
    report = _validate(plan, branches, progress, limits)
    understood = {
        name: code for name, code in recognised(item, report.unknown_branches).items() if name not in branches
    }
    if understood:
        branches |= understood
        report = _validate(plan, branches, progress, limits)
    return report, branches


def _validate(
    plan: Plan, branches: dict[str, str], progress: Callable[[Any], None] | None, limits: Any
) -> Any:
    plan = replace(plan, branch_map=branches)
    arguments = plan.arguments | {"stage": partial(engine.stage_apart, limits=limits)}
    return engine.validate_file(plan.held, plan.path, plan.schema, progress=progress, **arguments)


def recognised(item: Import, names: Iterable[str]) -> dict[str, str]:
    """Names that were mapped before, or that differ from a unit's code or name only in capitals, spaces or accents."""
    units, active = units_below(item.unit), units_below(item.unit, only_active=True)
    mapped = item.dataset.branch_map if item.dataset is not None else {}
    found = dict.fromkeys(names, "")
    for written in (_plain, _bare):
        # A unit that was closed has its old rows, and gives way to one that is open.
        known = _meanings(units, written) | _meanings(active, written)
        known |= {written(name): code for name, code in mapped.items() if code in units}
        found = {name: code or known.get(written(name), "") for name, code in found.items()}
    return {name: code for name, code in found.items() if code}


def _meanings(units: Mapping[str, str], written: Callable[[str], str]) -> dict[str, str]:
    """By name and code, as they are written, the unit meant; none where several cannot be told apart by it: then a person decides."""
    by_name: dict[str, str] = {}
    by_code: dict[str, str] = {}
    for code, name in units.items():
        for said, known in ((name, by_name), (code, by_code)):
            known[written(said)] = code if known.get(written(said), code) == code else ""
    return by_name | by_code


def unit_called(item: Import, text: str) -> str:
    """The code of the unit that a person means by a code, a name, or both with a dot between; empty where none or several."""
    code = text.partition(" · ")[0].strip()
    if code in units_below(item.unit):
        return code
    return recognised(item, [text.strip()]).get(text.strip(), "")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _bare(text: str) -> str:
    return folded(_plain(text))


@operation(
    Import, label=gettext_lazy("Leave out the rows that are known"), verb=access.CREATE, source=BEFORE_LOAD
)
def skip_alike(item: Import, *, by: Any, skip: bool) -> None:
    """Whether rows exactly like rows of the dataset are the same again, as in a file that goes on from the last one."""
    item.mapping = {**item.mapping, "skip_alike": skip}
    item.state = State.UPLOADED
    item.report = {}


# Names that no unit has


@dataclass(frozen=True)
class Decision:
    """One name of the file: the same as a unit (`unit`, by code), or a new unit below `parent`, or below the unit called
    `within` there, which is made where there is none."""

    name: str
    unit: str = ""
    parent: Unit | None = None
    within: str = ""


@operation(Import, label=gettext_lazy("Settle the names of units"), verb=access.CREATE, source=BEFORE_LOAD)
def resolve_branches(item: Import, *, by: Any, decisions: Iterable[Decision]) -> None:
    """Create or map what was decided; a name without a decision stays unknown and its rows are not loaded."""
    units = units_below(item.unit)
    branches = dict(item.mapping.get("branches", {}))
    made: dict[tuple[str, str, int], str] = {}
    for decision in decisions:
        if decision.parent is not None:
            same = _bare(decision.name), _bare(decision.within), decision.parent.pk
            code = made.get(same, "")  # written in several ways it is one unit all the same
            if not code:
                parent = _within(decision, item, by) if decision.within else decision.parent
                code = made[same] = _create_unit(item, decision.name, parent, by)
                units[code] = decision.name
        elif decision.unit not in units:
            raise RuleBroken(
                _("There is no unit with the code %(code)s below %(unit)s.")
                % {"code": decision.unit, "unit": item.unit}
            )
        else:
            code = decision.unit
        if code != decision.name:
            branches[decision.name] = code
    item.mapping = {**item.mapping, "branches": branches}
    item.state = State.UPLOADED
    remember_branches(item, by=by)


def remember_branches(item: Import, *, by: Any) -> None:
    """The next file into this dataset need not ask again; only who keeps datasets may change that memory."""
    names = item.mapping.get("branches", {})
    if item.dataset is None or not names:
        return
    new = {name: code for name, code in names.items() if item.dataset.branch_map.get(name) != code}
    if new and access.scope(by, "dataset", access.EDIT).covers(item.dataset.unit.path):
        map_branches(item.dataset, new, by=by)


def _within(decision: Decision, item: Import, by: Any) -> Unit:
    """The region of a branch, by its name or code."""
    assert decision.parent is not None
    below = Unit.objects.filter(path__startswith=decision.parent.path, is_active=True)
    wanted = _plain(decision.within)
    found = [unit for unit in below if wanted in (_plain(unit.name), _plain(unit.code))]
    if len(found) == 1:
        return found[0]
    code = _create_unit(item, decision.within, decision.parent, by, kind=Unit.Kind.GROUP)
    return Unit.objects.get(code=code)


def _create_unit(item: Import, name: str, parent: Unit, by: Any, *, kind: str = Unit.Kind.BRANCH) -> str:
    if not parent.path.startswith(item.unit.path):
        raise RuleBroken(
            _("%(parent)s is not below %(unit)s, to which this file belongs.")
            % {"parent": parent, "unit": item.unit}
        )
    code = _free_code(name)
    creation = catalog.of(Unit).creation
    assert creation is not None
    creation(by=by, code=code, name=name[:200], kind=kind, parent=parent)
    return code


def _free_code(name: str) -> str:
    """The name itself where it can be a code, so that the next file is understood without a map."""
    usable = len(name) <= 40 and not any(c.isspace() or c in '/\\<>"' for c in name)
    base = name if usable else (slugify(name)[:36] or "unit")
    code, number = base, 2
    while Unit.objects.filter(code__iexact=code).exists():
        code, number = f"{base[:36]}-{number}", number + 1
    return code
