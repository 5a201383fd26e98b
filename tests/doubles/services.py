"""The steps of those that have a life; the last asks somebody who did not write it, and a rule."""

from __future__ import annotations

from typing import Any

from calidez.kit.core.operations import Operation, transition
from calidez.kit.platform.errors import RuleBroken
from doubles.models import DOUBLES, State, sort_of


def _steps(model: Any) -> tuple[Operation, ...]:
    @transition(model, source=[State.DRAFT], target=State.ACTIVE, label="Begin", primary=True)
    def begin(record: Any, *, by: Any) -> None: ...

    @transition(model, source=[State.ACTIVE], target=State.CLOSED, label="Close", note=True)
    def close(record: Any, *, by: Any) -> None:
        if record.amount is None:
            raise RuleBroken("Say how much it was.", field="amount")

    return begin, close


STEPS = {
    number: _steps(model) for number, model in enumerate(DOUBLES) if sort_of(number) in {"owned", "rich"}
}
