"""What changed lately, as sentences: of a unit, and of those of its branches where it matters most."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When
from django.utils.formats import number_format
from django.utils.translation import ngettext

from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Badge, Link
from calidez.monitoring.measuring.branches import branches_of
from calidez.monitoring.measuring.findings import is_past
from calidez.monitoring.measuring.periods import previous_start
from calidez.monitoring.models import Indicator, Signal, Standing
from calidez.monitoring.page_unit import indicator_url
from calidez.monitoring.sentences import signal_badge, signal_sentence
from calidez.people.models import Unit

SENTENCES_HERE, SENTENCES_BELOW = 4, 3  # sentences about the unit, and about its branches
LATELY = 3  # periods that count as news
# What a sentence about a signal reads; the rest of its rows stays in the database.
FIELDS_TOLD = (
    "uid",
    "rule",
    "kind",
    "evidence",
    "period_start",
    "indicator__uid",
    "indicator__name",
    "indicator__period",
    "indicator__measured_in",
    "unit__code",
    "unit__name",
)


@dataclass(frozen=True)
class News:
    sentence: str
    url: str
    badge: Badge
    about: str  # indicator, or unit and indicator


@dataclass(frozen=True)
class Changes:
    here: tuple[News, ...]
    below: tuple[News, ...]
    more: Link | None  # to the branches with concerns that are not told
    every: Link | None  # to all signals of the units below


def news(unit: Unit, rows: Sequence[Standing]) -> Changes:
    """Of the unit as a whole; of its branches, and of indicators that are measured only below it."""
    cutoffs = cutoffs_of((r.indicator_id, r.indicator.period, r.period_start) for r in rows)
    wider = {**_cutoffs_below(unit), **cutoffs}
    # More are read than told: signals of one chart are told once.
    own = recent_signals(Q(unit=unit), cutoffs).only(*FIELDS_TOLD)[: SENTENCES_HERE * 3]
    here = tuple(_told(s, with_unit=False) for s in one_each(own, "indicator_id")[:SENTENCES_HERE])
    within = Q(unit__path__startswith=unit.path) & ~Q(unit=unit)
    # A group of branches says once more what its branches say, unless it is what the indicator is of.
    worrying = Q(kind=Signal.Kind.CONCERN, indicator__standard__isnull=False) & (
        Q(unit__in=branches_of(unit)) | Q(unit=F("indicator__unit"))
    )
    concerns = recent_signals(within & worrying, wider)
    counted = (
        recent_signals(within, wider)
        .order_by()
        .aggregate(units=Count("unit", filter=worrying, distinct=True), signals=Count("pk"))
    )
    total = counted["units"]
    # The branches with most cases touch most people.
    ranked = concerns.order_by("-period_start", F("evidence__n").desc()).only(*FIELDS_TOLD)
    shown = one_each(ranked[: SENTENCES_BELOW * 4], "unit_id")[:SENTENCES_BELOW]
    below = tuple(_told(s, with_unit=True) for s in shown)
    rest = total - len(shown)
    more = None
    if rest > 0:
        query = {
            "kind": Signal.Kind.CONCERN.value,
            "unit": str(unit.uid),
            "period_start_from": min(wider.values()).isoformat(),
        }
        words = ngettext("and %(count)s more unit", "and %(count)s more units", rest)
        more = Link(
            words % {"count": number_format(rest)}, catalog.of(Signal).list_url() + "?" + urlencode(query)
        )
    return Changes(here, below, more, _every(unit, counted["signals"], wider))


def _every(unit: Unit, signals: int, cutoffs: dict[int, dt.date]) -> Link | None:
    if not signals:
        return None
    query = {"unit": str(unit.uid), "period_start_from": min(cutoffs.values()).isoformat()}
    words = ngettext(
        "%(count)s signal of units below in their latest three periods",
        "%(count)s signals of units below in their latest three periods",
        signals,
    )
    return Link(
        words % {"count": number_format(signals)}, catalog.of(Signal).list_url() + "?" + urlencode(query)
    )


def _cutoffs_below(unit: Unit) -> dict[int, dt.date]:
    """Of the indicators that belong to units below and are measured now."""
    found = (
        Standing.objects.filter(indicator__state=Indicator.State.ACTIVE, unit__path__startswith=unit.path)
        .filter(unit=F("indicator__unit"), period_start__isnull=False)
        .exclude(unit=unit)
        .values_list("indicator_id", "indicator__period", "period_start")
    )
    return cutoffs_of(row for row in found if row[2] is not None and not is_past(row[2], row[1]))


def recent_signals(scope: Q, cutoffs: dict[int, dt.date]) -> QuerySet[Signal]:
    """Signals that still hold, of the latest periods of each indicator, concern first, then the newest."""
    since: dict[dt.date, list[int]] = defaultdict(list)
    for indicator, cutoff in cutoffs.items():
        since[cutoff].append(indicator)
    lately = Q(pk__in=[])
    for cutoff, indicators in since.items():
        lately |= Q(indicator_id__in=indicators, period_start__gte=cutoff)
    importance = Case(
        When(kind=Signal.Kind.CONCERN, then=Value(0)),
        When(kind=Signal.Kind.IMPROVEMENT, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    # The earliest day is said once more on its own: an index answers that, but not the list of alternatives.
    earliest = min(cutoffs.values(), default=dt.date.max)
    return (
        Signal.objects.filter(
            scope, lately, period_start__gte=earliest, holds=True, segment="", indicator_version__current=True
        )
        .select_related("indicator", "unit")
        .annotate(importance=importance)
        .order_by("importance", "-period_start")
    )


def latest_periods(indicators: Q | None = None) -> dict[int, dt.date]:
    """The cutoffs of all active indicators, in one query."""
    rows = (
        Standing.objects.filter(indicator__state=Indicator.State.ACTIVE)
        .order_by()
        .values_list("indicator_id", "indicator__period")
        .annotate(latest=Max("period_start"))
    )
    return cutoffs_of(rows)


def cutoffs_of(rows: Iterable[tuple[int, str, dt.date | None]]) -> dict[int, dt.date]:
    """From which day on an indicator's signals are news: its latest periods."""
    found = {}
    for indicator, period, latest in rows:
        if latest is not None:
            found[indicator] = previous_start(latest, period, LATELY - 1)
    return found


def one_each(signals: Iterable[Signal], what: str) -> list[Signal]:
    """The first signal of each: a point beyond the limits and its two of three say the same."""
    seen = set()
    kept = []
    for signal in signals:
        key = getattr(signal, what)
        if key not in seen:
            seen.add(key)
            kept.append(signal)
    return kept


def _told(signal: Signal, *, with_unit: bool) -> News:
    about = f"{signal.unit.name} · {signal.indicator.name}" if with_unit else signal.indicator.name
    return News(
        sentence=signal_sentence(signal),
        url=indicator_url(signal.indicator, signal.unit),
        badge=signal_badge(signal),
        about=about,
    )
