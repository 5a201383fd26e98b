"""Objectives on the pages of what they serve and what measures them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import cells
from calidez.kit.platform.display import Header, Link, Row
from calidez.monitoring.models import Indicator
from calidez.objectives import words
from calidez.objectives.models import Objective


def objectives_of_indicator(indicator: Indicator, user: Any, request: Any) -> Any:
    """The objectives that an indicator measures, for its page."""
    return _table(catalog.of(Objective).queryset(user).filter(indicator=indicator), indicator.unit_id)


def objectives_of_commitment(commitment: Any, user: Any, request: Any) -> Any:
    return _table(catalog.of(Objective).queryset(user).filter(commitment=commitment), commitment.unit_id)


def _table(found: Any, unit_id: int | None) -> dict[str, Any] | None:
    entity = catalog.of(Objective)
    listed = list(
        found.exclude(state=Objective.State.WITHDRAWN)
        .select_related("unit", "indicator")
        .order_by("due", "pk")[:20]
    )
    # Where all hold in the unit of the page itself, its name in each row would only take room.
    elsewhere = any(one.unit_id != unit_id for one in listed)
    rows = tuple(
        Row(
            entity.url(one),
            (
                cells.cell(Link(one.code, entity.url(one))),
                cells.cell(one.title),
                *((cells.cell(one.unit.name),) if elsewhere else ()),
                cells.cell(words.short_target(one)),
                cells.cell(one.due),
                cells.cell(words.progress_badge(one)),
            ),
        )
        for one in listed
    )
    if not rows:
        return None
    unit = (_("Unit"),) if elsewhere else ()
    texts = (_("Code"), _("What is to be reached"), *unit, _("Target"), _("Due"), _("Progress"))
    return {"headers": tuple(Header(text) for text in texts), "rows": rows}
