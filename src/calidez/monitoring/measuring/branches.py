"""The branches below a unit: who they are, how many stand how, and which of them need help first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, QuerySet, Value, When
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.display import Tone
from calidez.monitoring.measuring.findings import TONES
from calidez.monitoring.measuring.promises import more_is_promised
from calidez.monitoring.models import Indicator, Standing
from calidez.people.models import Unit

BAR_WIDTH = 1000
STATES = (Standing.State.KEPT, Standing.State.AT_RISK, Standing.State.BROKEN, Standing.State.UNKNOWN)


@dataclass(frozen=True)
class Share:
    """One piece of a bar: place and width in thousandths of it, ready for an SVG."""

    tone: Tone
    x: str
    width: str


@dataclass(frozen=True)
class Tally:
    """How many branches stand in each state."""

    counts: tuple[int, int, int, int]  # kept, at risk, broken, not enough data
    past: bool = False  # as last measured, which says nothing of the present any more

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def shares(self) -> tuple[Share, ...]:
        """Nothing is kept or broken now where nothing is measured now."""
        return shares(self.counts, [Tone.UNKNOWN if self.past else TONES[state] for state in STATES])

    @property
    def sentence(self) -> str:
        values = {"kept": number_format(self.counts[0]), "total": number_format(self.total)}
        if self.past:
            words = ngettext(
                "%(kept)s of %(total)s unit kept it when last measured",
                "%(kept)s of %(total)s units kept it when last measured",
                self.total,
            )
            return words % values
        return (
            ngettext(
                "%(kept)s of %(total)s unit keeps it",
                "%(kept)s of %(total)s units keep it",
                self.total,
            )
            % values
        )

    @property
    def rest(self) -> str:
        """The other states in words, leaving out those without a branch."""
        words = (
            (self.counts[1], _("%(count)s at risk")),
            (self.counts[2], _("%(count)s broken")),
            (self.counts[3], _("%(count)s without enough data")),
        )
        return " · ".join(text % {"count": number_format(count)} for count, text in words if count)


def shares(counts: Sequence[int], tones: Sequence[Tone]) -> tuple[Share, ...]:
    """Counts as pieces of one bar, with a hair of space between them."""
    total = sum(counts)
    pieces = []
    start = 0.0
    for count, tone in zip(counts, tones, strict=True):
        width = BAR_WIDTH * count / total if total else 0.0
        if count:
            pieces.append(Share(tone, f"{start:.1f}", f"{max(width - 3, 2):.1f}"))
        start += width
    return tuple(pieces)


def branches_of(unit: Unit) -> QuerySet[Unit]:
    """The units at the ends of the tree below this one."""
    children = Unit.objects.filter(parent=OuterRef("pk"))
    return Unit.objects.filter(~Exists(children), path__startswith=unit.path).exclude(pk=unit.pk)


def tallies_below(unit: Unit, indicators: Iterable[int]) -> dict[int, Tally]:
    """Branches per state for each indicator, in one query."""
    found = (
        Standing.objects.filter(indicator__in=list(indicators), unit__in=branches_of(unit))
        .order_by()
        .values_list("indicator_id", "state")
        .annotate(branches=Count("unit"))
    )
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for indicator, state, branches in found:
        counted[indicator][state] = branches
    return {
        indicator: Tally(tuple(states.get(state, 0) for state in STATES))  # type: ignore[arg-type]
        for indicator, states in counted.items()
    }


@dataclass(frozen=True)
class Below:
    """What is known of the branches below a unit under one indicator."""

    branches: int
    newest: dt.date | None
    tally: Tally


def known_below(unit: Unit, indicator: Indicator) -> Below:
    """How many branches have data, how new it is and how they stand, in one query."""
    found = (
        Standing.objects.filter(indicator=indicator, unit__in=branches_of(unit))
        .order_by()
        .values_list("state")
        .annotate(branches=Count("unit"), newest=Max("period_start"))
    )
    states = {state: (branches, newest) for state, branches, newest in found}
    counts = tuple(states.get(state, (0, None))[0] for state in STATES)
    return Below(
        branches=sum(branches for branches, _newest in states.values()),
        newest=max((newest for _branches, newest in states.values() if newest), default=None),
        tally=Tally(counts),  # type: ignore[arg-type]
    )


def worst_first(indicator: Indicator, unit: Unit) -> QuerySet[Standing]:
    """The branches below a unit: broken, at risk, kept, not enough data; in each the farthest from the target first."""
    states = (Standing.State.BROKEN, Standing.State.AT_RISK, Standing.State.KEPT, Standing.State.UNKNOWN)
    rank = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(states)),
        default=Value(len(states)),
        output_field=IntegerField(),
    )
    upwards = more_is_promised(indicator)
    return (
        Standing.objects.filter(indicator=indicator, unit__in=branches_of(unit))
        .select_related("unit")
        .defer("trace")
        .annotate(rank=rank)
        .order_by("rank", "-unacceptable", "value" if upwards else "-value", "unit__name")
    )
