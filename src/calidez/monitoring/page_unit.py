"""Which unit a page shows: the one looked at, as far as the record reaches and the person's roles allow."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.monitoring.models import Indicator
from calidez.people.models import Unit
from calidez.people.selectors import chosen_unit


def shown_unit(request: HttpRequest, within: Unit) -> Unit | None:
    """The chosen unit where it lies below `within`; else `within`; else the person's highest unit below it."""
    granted = access.scope(request.user, "indicator", access.VIEW)
    chosen = chosen_unit(request)
    if chosen is not None and chosen.path.startswith(within.path) and granted.covers(chosen.path):
        return chosen
    if granted.covers(within.path):
        return within
    return visible_below(request.user, within).order_by("path").first()


def visible_below(user: Any, within: Unit) -> Any:
    """The units of a subtree whose figures the person may see."""
    granted = access.scope(user, "indicator", access.VIEW)
    return Unit.objects.filter(granted.query("path"), path__startswith=within.path)


def indicator_url(indicator: Indicator, unit: Unit | None = None, **more: str) -> str:
    """The indicator's page for one unit; the address says everything that the page shows."""
    query = {**({"unit": unit.code} if unit else {}), **{k: v for k, v in more.items() if v}}
    return catalog.of(Indicator).url(indicator) + ("?" + urlencode(query) if query else "")
