"""What a record asks of people while it stands in certain states, declared beside its steps.

waits = (Waits(State.ACTIVE, say=_("Close: %(record)s"), who="owner", due="due", soon=30),)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from calidez.kit.core.operations import Operation

REMIND_BEFORE, REMIND_AGAIN = 3, 7  # days before something is due, and between reminders of what is overdue


@dataclass(frozen=True)
class Waits:
    """From it come a place in “My work” with its count, the daily mail, the calendar and reminders.

    `states` is one state or several. `who` is the path to the person for whom it waits, or an operation: then it waits
    for whoever may do that where the record belongs, except those whose own words it would approve (`by_another` of the
    operation) and the person in the field `but_not`. `where` narrows
    further, by the row that `who` leads over where there are many. `say` is a sentence with %(record)s and other fields
    by name, or a function of the record.

    `due` is the path to the day. With `soon` it waits only from so many days before (-1: once it is overdue), or from
    the moment when `early` holds. Its person is reminded `remind` days before (else `soon`), once it is overdue, and
    every `again` days from then on.

    `step` is the operation that settles it, or a function that says which: My work draws its button, and whoever may
    do it can be handed the work; without a step, whoever may edit the record. `personal` work cannot be handed on.
    `key` is stored with what people put off, so it never changes; a kind needs one where it waits in several ways.
    """

    states: Any
    say: Any
    who: str | Operation = "owner"
    due: str = ""
    soon: int | None = None
    early: Q | None = None
    where: Q | None = None
    but_not: str = ""
    since: str = ""
    about: str = ""  # the path to what stands beside the kind, as its unit; empty: its code
    step: Operation | Callable[[Any], Operation] | None = None
    personal: bool = False
    remind: int | None = None
    again: int = REMIND_AGAIN
    key: str = ""
    label: Any = ""

    @property
    def among(self) -> tuple[Any, ...]:
        return tuple(self.states) if isinstance(self.states, (tuple, list)) else (self.states,)

    @property
    def remind_before(self) -> int:
        if self.remind is not None:
            return self.remind
        return max(0, self.soon) if self.soon is not None else REMIND_BEFORE

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that its sentence names."""
        if callable(self.say):
            return ()
        return tuple(name for name in re.findall(r"%\((\w+)\)s", str(self.say)) if name != "record")

    def settling(self, record: Any) -> Operation | None:
        step = self.step or (self.who if isinstance(self.who, Operation) else None)
        return step if step is None or isinstance(step, Operation) else step(record)

    def sentence(self, record: Any) -> str:
        if callable(self.say):
            return str(self.say(record))
        values = {name: getattr(record, name) for name in self.named} | {"record": record}
        return str(self.say) % {name: "–" if value is None else value for name, value in values.items()}
