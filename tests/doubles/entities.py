"""The kinds, declared."""

from __future__ import annotations

from typing import Any

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.children import Child
from calidez.kit.core.links import Link
from doubles.models import DOUBLES, ROWS, sort_of
from doubles.services import STEPS, State


def _declared(number: int, model: Any) -> type[Entity]:
    sort = sort_of(number)
    owner = () if sort == "plain" else ("owner",)
    state = ("state",) if number in STEPS else ()
    links = ("standard", "before") if sort in {"linked", "rich"} else ()
    said: dict[str, Any] = {
        "model": model,
        "slug": f"doubles-{number}",
        "section": "listen",
        "icon": "inbox",
        "code": f"D{number}-" + "{n:04}",
        "columns": ("code", "title", *state, "day", "unit"),
        "more_columns": ("amount", *owner),
        "filters": (*state, "unit", *owner, *links, "day"),
        "search": ("code", "title", "text"),
        "fields": ("title", "text", "day", "amount", *owner, *links, "unit"),
        "shown": ("text", "day", "amount", *owner, "unit"),
        "help": "A kind that only the tests have.",
        "empty": "Nothing here yet. Write down the first one.",
        "__doc__": f"The kind of number {number}.",
    }
    if links:
        said["links"] = (
            Link("standard", up="serves", down="is served by"),
            Link("before", up="follows", down="leads to"),
        )
    if number in STEPS:
        said |= {"steps": STEPS[number], "edit_states": (State.DRAFT, State.ACTIVE)}
    if number in ROWS:
        said["children"] = (Child(ROWS[number], ("text", "value"), "Rows", max=20),)
    return type(f"Doubles{number}", (Entity,), said)


for _number, _model in enumerate(DOUBLES):
    catalog.register(_declared(_number, _model))
