"""The life of a kind of record as a drawing: its states, the moves between them, and where one record stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from calidez.kit.core.fields import tones
from calidez.kit.platform.display import LifePage, LifeState, NextMove


@dataclass(frozen=True)
class State:
    value: str
    label: Any
    initial: bool = False
    final: bool = False


@dataclass(frozen=True)
class Move:
    """An edge of the life cycle. One that is no step of the page (a job makes it) is declared in `Entity.moves`.

    So is each way of a step that leads to one of several states; `when` says for which records it leads there.
    """

    name: str
    label: Any
    source: str
    target: str
    when: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Lifecycle:
    states: tuple[State, ...]
    moves: tuple[Move, ...]


def lifecycle(entity: Any) -> Lifecycle | None:
    """The states in the order of their declaration, and every move between them; None for kinds without states."""
    field = _state_field(entity.model)
    if field is None:
        return None
    choices = [(str(value), label) for value, label in field.flatchoices]
    moves = (*_moves_of_steps(entity, [value for value, _label in choices]), *entity.moves)
    left = {move.source for move in moves}
    states = tuple(
        State(value, label, initial=value == str(field.get_default()), final=value not in left)
        for value, label in choices
    )
    return Lifecycle(states, moves)


def life_page(entity: Any, record: Any, user: Any, events: Callable[[], Iterable[Any]]) -> LifePage | None:
    """Where the record stands: what it has been (the trail says since when and by whom) and what may come next.

    A move that is not open to this reader says why, as far as that is known without trying it.
    """
    life = lifecycle(entity)
    if life is None or not life.moves:
        return None
    entered = _entered(events())
    present = str(record.state)
    states = (_state(life, state, present, entered, entity, record, user) for state in life.states)
    aside = {str(value) for value in entity.aside_states}
    told = tuple(
        shown
        for state, shown in zip(life.states, states, strict=True)
        if state.value not in aside or shown.status in {"present", "passed"}
    )
    # A life of one state says no more than the badge beside the title.
    return LifePage(told) if len(told) > 1 else None


def _state(
    life: Lifecycle, state: State, present: str, entered: dict[str, Any], entity: Any, record: Any, user: Any
) -> LifeState:
    event = entered.get(state.value)
    moves = [
        m
        for m in life.moves
        if (m.source, m.target) == (present, state.value) and (m.when is None or m.when(record))
    ]
    here = state.value == present
    return LifeState(
        text=str(state.label),
        status="present" if here else "passed" if event is not None else "next" if moves else "other",
        moment=event.at if event is not None else None,
        by=(event.actor or _("Calidez")) if event is not None else "",
        moves=() if here else tuple(_next(m, entity, record, user) for m in moves),
        tone=tones(entity.model).get(state.value, ""),
    )


def _next(move: Move, entity: Any, record: Any, user: Any) -> NextMove:
    step = entity.step(move.name)
    if step is None:
        return NextMove(str(move.label))
    if not step.permitted(record, user):
        return NextMove(str(step.label), _("your role does not include it here"))
    return NextMove(str(step.label), step.why_not(record, user))


def _entered(events: Iterable[Any]) -> dict[str, Any]:
    """For each state, the event by which the record last came into it. `events` are newest first."""
    entered: dict[str, Any] = {}
    for event in events:
        state = (event.after or {}).get("state")
        if state is not None:
            entered.setdefault(str(state), event)
    return entered


def _moves_of_steps(entity: Any, values: list[str]) -> Iterable[Move]:
    for step in entity.steps:
        if step.target is None:
            continue
        sources = values if step.source is None else [str(source) for source in step.source]
        target = str(step.target)
        yield from (Move(step.name, step.label, source, target) for source in sources if source != target)


def _state_field(model: Any) -> Any:
    try:
        field = model._meta.get_field("state")
    except FieldDoesNotExist:
        return None
    return field if field.flatchoices else None
