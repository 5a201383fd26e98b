"""The address of a view: which standard, indicator and unit, and which target is tried out."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.faces.pages.common import record_or_404, viewable_entity
from calidez.monitoring import selectors
from calidez.monitoring.feasibility.capability import Counted, counted, judged, place_of, target_of
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.models import Indicator
from calidez.monitoring.page_unit import shown_unit
from calidez.people.models import Unit
from calidez.standards.models import Standard
from calidez.stats.feasibility import Feasibility

MOST_OFFERED = 200


@dataclass(frozen=True)
class View:
    """One reproducible view; `asked` is what stands in the field, `wrong` that it is no number."""

    standard: Standard
    indicators: tuple[Indicator, ...]
    indicator: Indicator | None
    unit: Unit | None
    target: float | None
    asked: str = ""
    wrong: bool = False

    @property
    def at_least(self) -> bool:
        return self.standard.direction == Standard.Direction.AT_LEAST

    @property
    def own_target(self) -> float | None:
        return None if self.unit is None else target_of(self.standard, self.unit)

    @property
    def promised(self) -> bool:
        """Whether the target shown is the one in force."""
        return self.standard.state == Standard.State.IN_FORCE and self.target == self.own_target

    @property
    def path(self) -> str:
        return reverse("feasibility", args=[self.standard.uid])

    def url(self, **changes: str) -> str:
        given = {
            "indicator": self.indicator.code if self.indicator and len(self.indicators) > 1 else "",
            "unit": self.unit.code if self.unit else "",
            "target": self.asked,
        }
        merged = {name: value for name, value in {**given, **changes}.items() if value}
        return self.path + ("?" + urlencode(merged) if merged else "")

    @property
    def ask_url(self) -> str:
        return self.url().replace(self.path, reverse("feasibility-ask", args=[self.standard.uid]), 1)

    @cached_property
    def reading(self) -> Reading:
        assert self.indicator is not None
        assert self.unit is not None
        return selectors.reading_of(self.indicator, self.unit)

    @cached_property
    def counted(self) -> Counted:
        assert self.indicator is not None
        return counted(self.indicator, self.reading)

    @cached_property
    def found(self) -> Feasibility:
        return judged(self.counted, self.target, at_least=self.at_least)


def view_of(request: HttpRequest, uid: uuid.UUID) -> View:
    """A unit outside the person's scope is a 404; a target that is no number is said beside its field."""
    standard = record_or_404(request, viewable_entity(request, "standards"), uid)
    indicators = selectors.proving(standard, request.user)
    code = request.GET.get("indicator", "")
    indicator = next((i for i in indicators if i.code == code), indicators[0] if indicators else None)
    unit = _unit(request, indicator, standard) if indicator is not None else None
    asked = request.GET.get("target", "").strip()
    number = number_in(asked) if asked else None
    own = target_of(standard, unit) if unit is not None else standard.target
    return View(
        standard=standard,
        indicators=indicators,
        indicator=indicator,
        unit=unit,
        target=own if number is None else number,
        asked=asked,
        wrong=bool(asked) and number is None,
    )


def candidates(standard: Standard, user: Any) -> list[Indicator]:
    """Indicators that prove nothing yet, count in the standard's unit of measure and reach its units."""
    near = Q(unit__path__startswith=standard.unit.path)
    path = standard.unit.path
    above = ["/" + "/".join(path.strip("/").split("/")[:depth]) + "/" for depth in range(1, path.count("/"))]
    found = (
        catalog.of(Indicator)
        .queryset(user, access.EDIT)
        .filter(standard=None, state=Indicator.State.ACTIVE, measured_in=standard.measured_in.strip())
        .filter(near | Q(unit__path__in=above))
    )
    return list(found.select_related("unit").order_by("name")[:MOST_OFFERED])


def number_in(text: str) -> float | None:
    """A number as people write it: with a point or a comma, with or without its sign of per cent."""
    cleaned = text.replace("%", "").replace("\N{NO-BREAK SPACE}", "").strip()
    if "," in cleaned and "." not in cleaned:
        cleaned = cleaned.replace(",", ".")
    try:
        number = float(cleaned)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e12 else None


def _unit(request: HttpRequest, indicator: Indicator, standard: Standard) -> Unit:
    place = place_of(indicator, standard)
    code = request.GET.get("unit", "")
    if code:
        unit = Unit.objects.filter(code=code, path__startswith=place.path).first()
    else:
        unit = shown_unit(request, place)
    if unit is None or not access.scope(request.user, "indicator", access.VIEW).covers(unit.path):
        raise Http404(_("This record does not exist, or it belongs to a unit that you cannot see."))
    return unit
