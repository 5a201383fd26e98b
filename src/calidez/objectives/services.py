"""The life of an objective: planned, active, closed with its result by somebody other than its owner."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.errors import RuleBroken
from calidez.kit.operations import operation, transition
from calidez.monitoring.findings import when
from calidez.objectives import progress, rules
from calidez.objectives.figures import last_periods
from calidez.objectives.models import Objective
from calidez.objectives.rules import Missing, Refusal
from calidez.objectives.words import target_sentence, with_interval

State = Objective.State
BASELINE_PERIODS = 12
_MISSING: dict[Missing, Any] = {
    Missing.INDICATOR: gettext_lazy(
        "Choose an indicator: without one nobody can tell whether it is reached."
    ),
    Missing.TARGET: gettext_lazy("Give the objective a target: a number that says when it is reached."),
    Missing.BASELINE: gettext_lazy("Say where the figure stands now, or why there is no baseline."),
    Missing.STARTS: gettext_lazy("Say from which day the plan asks for progress."),
    Missing.DUE: gettext_lazy("Say by which day the target is to be reached."),
    Missing.RESOURCES: gettext_lazy("Say what it takes: people, money, time, equipment."),
    Missing.EVALUATION: gettext_lazy("Say how it is evaluated: who looks at the figure, and how often."),
    Missing.NO_WAY: gettext_lazy("The baseline already meets the target: set a target that asks for more."),
    Missing.MILESTONES: gettext_lazy("Every milestone lies between the start and the due date."),
}
_FIELDS = {Missing.NO_WAY: "target", Missing.MILESTONES: ""}
_REFUSALS: dict[Refusal, Any] = {
    Refusal.OWNER: gettext_lazy(
        "An objective is closed by somebody other than its owner: nobody judges their own result."
    ),
    Refusal.NOT_MEASURED: gettext_lazy(
        "No period with enough cases has been measured yet, so there is no result to close it with."
    ),
    Refusal.NOT_MET: gettext_lazy(
        "The figure of %(when)s, %(value)s, does not meet the target of %(target)s: close it as not reached once it is due."
    ),
    Refusal.NOT_YET_SURE: gettext_lazy(
        "Before its due date it is closed as reached only where the whole interval meets the target; "
        "%(when)s was %(value)s."
    ),
    Refusal.NOT_DUE: gettext_lazy(
        "The period in which it is due has not been measured yet: until then it may still be reached. "
        "Withdraw it if it is given up."
    ),
    Refusal.MET: gettext_lazy("The figure of %(when)s, %(value)s, meets the target: close it as reached."),
}


def check(objective: Objective, *, by: Any) -> None:
    """What must hold in every draft: units of measure, the place in the cascade, and whose baseline it is."""
    if objective.indicator is not None:
        objective.measured_in = objective.indicator.measured_in
        if not objective.unit.path.startswith(objective.indicator.unit.path):
            raise RuleBroken(
                _("The indicator is not measured in %(unit)s: it belongs to %(place)s.")
                % {"unit": objective.unit, "place": objective.indicator.unit},
                field="indicator",
            )
    _check_parent(objective)
    low, high = objective.baseline_low, objective.baseline_high
    written = objective.baseline
    if written is None or (low is not None and high is not None and not low <= written <= high):
        # A figure written by hand is not the one whose interval was taken from the indicator.
        objective.baseline_low = objective.baseline_high = objective.baseline_n = None


def _check_parent(objective: Objective) -> None:
    parent = objective.parent
    if parent is None:
        return
    above = _with_ancestors(parent)
    if rules.would_circle(objective.pk, above):
        raise RuleBroken(
            _("%(parent)s contributes to this objective itself: the cascade cannot run in a circle.")
            % {"parent": parent},
            field="parent",
        )
    if not rules.lies_below(objective.unit.path, parent.unit.path):
        raise RuleBroken(
            _("%(unit)s does not lie below %(above)s, the unit of the objective above.")
            % {"unit": objective.unit, "above": parent.unit},
            field="parent",
        )


def _with_ancestors(objective: Objective) -> list[int]:
    """The objective and all above it; stops where the way has been."""
    way: list[int] = []
    present: Objective | None = objective
    while present is not None and present.pk not in way:
        way.append(present.pk)
        present = present.parent
    return way


def kept(objective: Objective, *, by: Any) -> None:
    """After each write: how it stands now."""
    progress.refresh([objective])


@operation(
    Objective,
    label=gettext_lazy("Take the baseline from the indicator"),
    verb="edit",
    icon="ruler-2",
    source=[State.DRAFT],
    when=lambda objective: objective.indicator_id is not None,
    after=kept,
    help=gettext_lazy("The last twelve measured periods together, with their interval; you may change it."),
)
def propose_baseline(objective: Objective, *, by: Any) -> None:
    assert objective.indicator is not None  # `when` says so
    found = last_periods(objective.indicator, objective.unit, BASELINE_PERIODS)
    if found is None or not found[0].enough:
        raise RuleBroken(
            _("The indicator has no data for %(unit)s yet: say why there is no baseline.")
            % {"unit": objective.unit}
        )
    figure, first, last = found
    objective.baseline = float(f"{figure.value:.6g}")
    objective.baseline_low, objective.baseline_high = figure.low, figure.high
    objective.baseline_n = figure.n
    objective.baseline_from, objective.baseline_until = first, last
    objective.no_baseline = ""


def _missing(objective: Objective) -> list[Missing]:
    return rules.missing_to_activate(
        has_indicator=objective.indicator_id is not None,
        target=objective.target,
        starts=objective.starts,
        due=objective.due,
        baseline=objective.baseline,
        no_baseline=objective.no_baseline,
        resources=objective.resources,
        evaluation=objective.evaluation,
        at_least=objective.at_least,
        milestones=list(objective.milestones.values_list("on", flat=True)),
    )


def _obstacle(objective: Objective) -> Any:
    missing = _missing(objective)
    return _MISSING[missing[0]] if missing else None


@transition(
    Objective,
    source=[State.DRAFT],
    target=State.ACTIVE,
    label=gettext_lazy("Make active"),
    primary=True,
    icon="check",
    obstacle=_obstacle,
    after=kept,
    help=gettext_lazy("From now on its progress is compared with the plan."),
)
def activate(objective: Objective, *, by: Any) -> None:
    missing = _missing(objective)
    if missing:
        raise RuleBroken(
            " ".join(str(_MISSING[what]) for what in missing), field=_FIELDS.get(missing[0], str(missing[0]))
        )
    check(objective, by=by)
    parent = objective.parent
    if parent is not None and parent.state not in {State.ACTIVE, State.DRAFT}:
        raise RuleBroken(_("“%(parent)s”, to which it contributes, is already closed.") % {"parent": parent})


@transition(
    Objective,
    source=[State.ACTIVE],
    target=State.DRAFT,
    label=gettext_lazy("Plan anew"),
    note=True,
    icon="pencil",
    after=kept,
    help=gettext_lazy(
        "Back to a draft, to change target, dates or milestones; the history keeps the old plan."
    ),
)
def plan_anew(objective: Objective, *, by: Any) -> None:
    """Nothing to decide: the reason is kept, and what was planned stays in the history."""


@transition(
    Objective,
    source=[State.ACTIVE],
    target=State.REACHED,
    label=gettext_lazy("Close as reached"),
    verb="close",
    icon="circle-check",
    bulk=False,
    note=True,
    obstacle=lambda objective: _refusal(objective, reached=True),
    help=gettext_lazy("The result is that of the period in which it was due."),
)
def close_reached(objective: Objective, *, by: Any) -> None:
    _close(objective, by=by, reached=True)


@transition(
    Objective,
    source=[State.ACTIVE],
    target=State.NOT_REACHED,
    label=gettext_lazy("Close as not reached"),
    verb="close",
    icon="circle-x",
    bulk=False,
    note=True,
    obstacle=lambda objective: _refusal(objective, reached=False),
    help=gettext_lazy("The result is that of the period in which it was due. Say what was learned."),
)
def close_not_reached(objective: Objective, *, by: Any) -> None:
    _close(objective, by=by, reached=False)


@transition(
    Objective,
    source=[State.DRAFT, State.ACTIVE],
    target=State.WITHDRAWN,
    label=gettext_lazy("Withdraw"),
    note=True,
    icon="archive",
    help=gettext_lazy("It is given up, whatever the figures say; the reason stays with it."),
)
def withdraw(objective: Objective, *, by: Any) -> None:
    objective.closed_on, objective.closed_by = timezone.localdate(), by


def _close(objective: Objective, *, by: Any, reached: bool) -> None:
    refusal = _refusal(objective, reached=reached, by=by)
    if refusal:
        raise RuleBroken(refusal)
    plan = progress.plan_of(objective)
    assert plan is not None  # an active objective is planned: the database says so
    point = progress.closing_point(_enough(objective), plan.due)
    assert point is not None  # else it was refused
    objective.result, objective.result_n, objective.result_on = point.value, point.n, point.start
    objective.result_low, objective.result_high = point.low, point.high
    objective.closed_on, objective.closed_by = timezone.localdate(), by


def _refusal(objective: Objective, *, reached: bool, by: Any = None) -> str:
    """The sentence that says why not; empty where it may be closed."""

    plan = progress.plan_of(objective)
    if plan is None or objective.indicator is None:
        return str(_REFUSALS[Refusal.NOT_MEASURED])
    point = progress.closing_point(_enough(objective), plan.due)
    owner = by is not None and objective.owner_id == by.pk
    refusal = rules.refusal_to_close(reached=reached, by_owner=owner, last=point, plan=plan)
    if refusal is None:
        return ""
    if point is None:
        return str(_REFUSALS[refusal])
    return str(_REFUSALS[refusal]) % {
        "when": when(point.start, objective.indicator.period),
        "value": with_interval(point.value, point.low, point.high, objective.measured_in),
        "target": target_sentence(objective),
    }


def _enough(objective: Objective) -> tuple[rules.Point, ...]:
    return tuple(p for p in progress.measured(objective) if p.enough)
