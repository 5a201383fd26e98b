"""Records of the doubles, made as their forms would make them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from calidez.kit.conformance import World, create, factory_for
from calidez.kit.core.children import Row
from doubles.models import DOUBLES, ROWS, sort_of


def _factory(place: int, model: Any) -> None:
    @factory_for(model)
    def double(world: World, unit: Any, number: int) -> Any:
        values: dict[str, Any] = {"title": f"Double {number}", "day": dt.date(2026, 3, 12), "unit": unit}
        if sort_of(place) != "plain":
            values["owner"] = world.admin
        if place in ROWS:
            values["child_rows"] = {f"rows_row{place}": [Row({"text": "First"}), Row({"text": "Second"})]}
        return create(model, world.admin, **values)


for _place, _model in enumerate(DOUBLES):
    _factory(_place, _model)
