"""The life of a standard: draft, in force, retired."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from calidez.kit.errors import RuleBroken
from calidez.kit.operations import transition
from calidez.standards import rules
from calidez.standards.models import Standard

State = Standard.State
_SENTENCES = {
    rules.MISSING_TARGET: gettext_lazy(
        "Give the standard a target first: without a number nobody can tell whether it is kept."
    ),
    rules.MISSING_START: gettext_lazy("Say from which date the standard is in force."),
    rules.ENDED: gettext_lazy("The standard ends before today: change “in force until” first."),
}


def _missing(standard: Standard) -> list[str]:
    return list(
        rules.missing_to_put_in_force(
            target=standard.target, starts=standard.starts, ends=standard.ends, on=timezone.localdate()
        )
    )


def _obstacle(standard: Standard) -> Any:
    """What no answer in the step's own form could mend: it asks for the date itself."""
    missing = [name for name in _missing(standard) if name != rules.MISSING_START]
    return _SENTENCES[missing[0]] if missing else None


@transition(
    Standard,
    source=[State.DRAFT],
    target=State.IN_FORCE,
    label=gettext_lazy("Put in force"),
    fields=["starts"],
    primary=True,
    icon="check",
    obstacle=_obstacle,
    help=gettext_lazy("From this date the standard is a promise, and its indicator is judged by it."),
)
def put_in_force(standard: Standard, *, by: Any) -> None:
    missing = _missing(standard)
    if missing:
        field = missing[0] if missing[0] == rules.MISSING_START else ""
        raise RuleBroken(_SENTENCES[missing[0]], field=field)


@transition(
    Standard,
    source=[State.DRAFT, State.IN_FORCE],
    target=State.RETIRED,
    label=gettext_lazy("Retire"),
    note=True,
    icon="archive",
    help=gettext_lazy("The standard no longer holds; what was measured under it stays."),
)
def retire(standard: Standard, *, by: Any) -> None:
    if standard.ends is None and standard.starts is not None:
        standard.ends = max(timezone.localdate(), standard.starts)
