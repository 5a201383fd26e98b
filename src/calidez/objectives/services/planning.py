"""How an objective is planned: its place, its baseline, and all that it needs before it is active."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core.operations import operation, transition, unless
from calidez.kit.platform.errors import RuleBroken
from calidez.objectives import rules
from calidez.objectives.figures import last_periods
from calidez.objectives.models import Objective
from calidez.objectives.rules import Missing
from calidez.objectives.services.standing import refresh

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
    refresh([objective])


@operation(
    Objective,
    label=gettext_lazy("Take the baseline from the indicator"),
    verb="edit",
    icon="ruler-2",
    source=[State.DRAFT],
    blocked=unless(lambda objective: objective.indicator_id is not None),
    after=kept,
    help=gettext_lazy(
        "The last twelve measured periods before its start together, with their interval; you may change it."
    ),
)
def propose_baseline(objective: Objective, *, by: Any) -> None:
    assert objective.indicator is not None  # else it is blocked
    found = last_periods(objective.indicator, objective.unit, BASELINE_PERIODS, before=objective.starts)
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
        milestones=[one.on for one in objective.milestones.all()],
    )


def _blocked(objective: Objective, by: Any) -> RuleBroken | None:
    missing = _missing(objective)
    if not missing:
        return None
    field = _FIELDS.get(missing[0], str(missing[0]))
    return RuleBroken(" ".join(str(_MISSING[what]) for what in missing), field=field)


@transition(
    Objective,
    source=[State.DRAFT],
    target=State.ACTIVE,
    label=gettext_lazy("Make active"),
    primary=True,
    icon="check",
    blocked=_blocked,
    after=kept,
    help=gettext_lazy("From now on its progress is compared with the plan."),
)
def activate(objective: Objective, *, by: Any) -> None:
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
