"""How an objective ends: closed with its result by somebody other than its owner, or withdrawn."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from calidez.kit.core.operations import Operation, transition
from calidez.kit.platform.spoken import spoken
from calidez.monitoring.measuring.periods import in_period, since_period
from calidez.objectives import progress, rules
from calidez.objectives.models import Objective
from calidez.objectives.rules import Refusal
from calidez.objectives.sentences import target_sentence, with_interval

State = Objective.State
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
        "%(then)s it was %(value)s."
    ),
    Refusal.NOT_DUE: gettext_lazy(
        "The period in which it is due has not been measured yet: until then it may still be reached. "
        "Withdraw it if it is given up."
    ),
    Refusal.MET: gettext_lazy("The figure of %(when)s, %(value)s, meets the target: close it as reached."),
}
_CLOSING: dict[str, Any] = {"source": [State.ACTIVE], "verb": "close", "bulk": False, "note": True}


@transition(
    Objective,
    **_CLOSING,
    target=State.REACHED,
    label=gettext_lazy("Close as reached"),
    icon="circle-check",
    blocked=lambda objective, by: _refusal(objective, by, reached=True),
    help=gettext_lazy("The result is that of the period in which it was due."),
)
def close_reached(objective: Objective, *, by: Any) -> None:
    _close(objective, by=by)


@transition(
    Objective,
    **_CLOSING,
    target=State.NOT_REACHED,
    label=gettext_lazy("Close as not reached"),
    icon="circle-x",
    blocked=lambda objective, by: _refusal(objective, by, reached=False),
    help=gettext_lazy("The result is that of the period in which it was due. Say what was learned."),
)
def close_not_reached(objective: Objective, *, by: Any) -> None:
    _close(objective, by=by)


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


def closing_step(objective: Objective) -> Operation:
    """The step that closes it as the newest figure says."""
    return close_reached if objective.status == Objective.Status.REACHED else close_not_reached


def _close(objective: Objective, *, by: Any) -> None:
    plan, points = progress.read_for_page(objective)
    assert plan is not None  # an active objective is planned: the database says so
    point = progress.closing_point(_enough(points), plan.due)
    assert point is not None  # else it is blocked
    objective.result, objective.result_n, objective.result_on = point.value, point.n, point.start
    objective.result_low, objective.result_high = point.low, point.high
    objective.closed_on, objective.closed_by = timezone.localdate(), by


def _refusal(objective: Objective, by: Any, *, reached: bool) -> str:
    """The sentence that says why not; empty where it may be closed."""
    plan, points = progress.read_for_page(objective)
    if plan is None or objective.indicator is None:
        return str(_REFUSALS[Refusal.NOT_MEASURED])
    point = progress.closing_point(_enough(points), plan.due)
    owner = by is not None and objective.owner_id == by.pk
    refusal = rules.refusal_to_close(reached=reached, by_owner=owner, last=point, plan=plan)
    if refusal is None:
        return ""
    if point is None:
        return str(_REFUSALS[refusal])
    return spoken(
        str(_REFUSALS[refusal])
        % {
            "when": since_period(point.start, objective.indicator.period),
            "then": in_period(point.start, objective.indicator.period),
            "value": with_interval(point.value, point.low, point.high, objective.measured_in),
            "target": target_sentence(objective),
        }
    )


def _enough(points: tuple[rules.Point, ...]) -> tuple[rules.Point, ...]:
    return tuple(p for p in points if p.enough)
