"""Promises that hold in units below one and not in it as a whole, so that a broken one is seen from above."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import ngettext

from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Badge, Link, Tone
from calidez.monitoring.measuring.findings import (
    TONES,
    is_past,
    past_badge,
    standing_badge,
    standing_sentence,
)
from calidez.monitoring.models import Indicator, Standing
from calidez.monitoring.page_unit import indicator_url
from calidez.people.models import Unit
from calidez.standards.models import Standard
from calidez.standards.sentences import promised_sentence

SHOWN = 6
# The worst first; what is not measured now is neither kept nor broken.
WORST = (Standing.State.BROKEN, Standing.State.AT_RISK, Standing.State.UNKNOWN, Standing.State.KEPT)


@dataclass(frozen=True)
class Stands:
    """How one promise stands, as far as counting goes; `past`: nothing of it is measured now."""

    tone: Tone
    past: bool


@dataclass(frozen=True)
class PromiseBelow:
    """One promise by the unit where it stands worst."""

    title: str
    url: str
    target: str
    where: str
    badge: Badge
    sentence: str
    proof_url: str
    standing: Standing


@dataclass(frozen=True)
class Below:
    promises: tuple[PromiseBelow, ...] = ()
    stands: tuple[Stands, ...] = ()
    more: Link | None = None


@dataclass(frozen=True)
class _Row:
    """What tells the worst, for as many units as there are."""

    key: int
    indicator: int
    standard: int
    path: str
    state: Standing.State
    unacceptable: bool
    past: bool

    @property
    def rank(self) -> tuple[bool, int]:
        return (self.past or not self.unacceptable, WORST.index(self.standing))

    @property
    def standing(self) -> Standing.State:
        return Standing.State.UNKNOWN if self.past else self.state


def promises_below(unit: Unit, judged: Iterable[int]) -> Below:
    """Of the indicators that are not judged in the unit itself, in two queries: the highest units that are promised something."""
    by_standard: dict[int, list[_Row]] = defaultdict(list)
    for row in _highest(_rows(unit, judged)):
        by_standard[row.standard].append(row)
    worst = sorted((min(rows, key=lambda row: row.rank) for rows in by_standard.values()), key=_rank)
    stands = tuple(Stands(past_badge().tone if row.past else _tone(row), row.past) for row in worst)
    shown = worst[:SHOWN]
    told = Standing.objects.filter(pk__in=[row.key for row in shown]).defer("trace", "demonstrated")
    known = told.select_related("indicator__standard__latest", "unit").in_bulk() if shown else {}
    promises = tuple(_told(known[row.key], by_standard[row.standard]) for row in shown if row.key in known)
    return Below(promises, stands, _more(unit, len(worst)) if len(worst) > len(shown) else None)


def _rows(unit: Unit, judged: Iterable[int]) -> list[_Row]:
    proving = Indicator.objects.filter(state=Indicator.State.ACTIVE, standard__isnull=False)
    found = (
        Standing.objects.filter(
            indicator__in=proving.exclude(pk__in=list(judged)), unit__path__startswith=unit.path
        )
        .exclude(unit=unit)
        .exclude(state=Standing.State.NO_TARGET)
        .order_by("indicator", "unit__path")
        .values_list(
            "pk",
            "indicator",
            "indicator__standard",
            "unit__path",
            "state",
            "unacceptable",
            "period_start",
            "indicator__period",
        )
    )
    return [
        _Row(
            key, indicator, standard or 0, path, Standing.State(state), unacceptable, _is_past(newest, period)
        )
        for key, indicator, standard, path, state, unacceptable, newest, period in found
    ]


def _is_past(newest: dt.date | None, period: str) -> bool:
    return newest is not None and is_past(newest, period)


def _highest(rows: Sequence[_Row]) -> list[_Row]:
    """Without the units below others of the same indicator: those stand in the tally of their own unit."""
    kept: list[_Row] = []
    for row in rows:
        above = kept[-1] if kept else None
        if above is None or above.indicator != row.indicator or not row.path.startswith(above.path):
            kept.append(row)
    return kept


def _rank(row: _Row) -> tuple[bool, int]:
    return row.rank


def _tone(row: _Row) -> Tone:
    return Tone.BAD if row.unacceptable else TONES[row.standing]


def _told(worst: Standing, rows: Sequence[_Row]) -> PromiseBelow:
    standard = worst.indicator.standard
    assert standard is not None
    places = {row.path for row in rows}
    where = worst.unit.name
    if len(places) > 1:
        others = len(places) - 1
        where = ngettext("%(unit)s and %(count)s more unit", "%(unit)s and %(count)s more units", others) % {
            "unit": worst.unit.name,
            "count": number_format(others),
        }
    return PromiseBelow(
        title=standard.title,
        url=catalog.of(Standard).url(standard),
        target=promised_sentence(standard),
        where=where,
        badge=standing_badge(worst, short=True),
        sentence=standing_sentence(worst),
        proof_url=indicator_url(worst.indicator, worst.unit),
        standing=worst,
    )


def _more(unit: Unit, total: int) -> Link:
    words = ngettext(
        "%(count)s promise of the units below", "All %(count)s promises of the units below", total
    )
    address = f"{catalog.of(Standard).list_url()}?state=in_force&unit={unit.uid}"
    return Link(words % {"count": number_format(total)}, address)
