"""Home in plain values: the promises of a unit and of its branches, what changed, and what waits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Value, When
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit import access, inbox
from calidez.kit.catalog import catalog
from calidez.kit.display import Badge, Link, Tone
from calidez.kit.sparkline import Sparkline, sparkline
from calidez.monitoring import selectors
from calidez.monitoring.findings import (
    TONES,
    standing_badge,
    standing_note,
    standing_sentence,
    target_sentence,
)
from calidez.monitoring.models import Indicator, Signal, Standing
from calidez.monitoring.periods import previous_start
from calidez.monitoring.sentences import figure, signal_badge, signal_sentence
from calidez.people.models import Unit
from calidez.standards.models import Standard

LATELY = 3  # periods that count as news
HERE, BELOW = 4, 6  # sentences about the unit, and about its branches
PENDING = 6
BAR_WIDTH = 1000

_ORDER = (Standing.State.KEPT, Standing.State.AT_RISK, Standing.State.BROKEN, Standing.State.UNKNOWN)
# The state of a promise that several indicators prove is that of the worst one.
_WORST = (Standing.State.BROKEN, Standing.State.AT_RISK, Standing.State.UNKNOWN, Standing.State.KEPT)


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

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def shares(self) -> tuple[Share, ...]:
        return shares(self.counts, [TONES[state] for state in _ORDER])

    @property
    def sentence(self) -> str:
        return ngettext(
            "%(kept)s of %(total)s branch keeps it",
            "%(kept)s of %(total)s branches keep it",
            self.total,
        ) % {"kept": number_format(self.counts[0]), "total": number_format(self.total)}

    @property
    def rest(self) -> str:
        """The other states in words, leaving out those without a branch."""
        words = (
            (self.counts[1], _("%(count)s at risk")),
            (self.counts[2], _("%(count)s broken")),
            (self.counts[3], _("%(count)s without enough data")),
        )
        return " · ".join(text % {"count": number_format(count)} for count, text in words if count)


@dataclass(frozen=True)
class Proof:
    """One indicator of a promise, as it stands in the unit."""

    name: str
    url: str
    sentence: str
    badge: Badge
    tally: Tally | None
    compare_url: str


@dataclass(frozen=True)
class PromiseBlock:
    title: str
    url: str
    target: str
    badge: Badge
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class StateCount:
    """One of the four figures on top of home."""

    value: int
    tone: Tone
    badge: Badge


@dataclass(frozen=True)
class SmallChart:
    name: str
    url: str
    value: str
    note: str
    badge: Badge | None
    sparkline: Sparkline
    variation: str
    assurance: str


@dataclass(frozen=True)
class ChartGroup:
    title: str
    scale: str  # what is said about the vertical scale
    charts: tuple[SmallChart, ...]


@dataclass(frozen=True)
class News:
    sentence: str
    url: str
    badge: Badge
    about: str  # indicator, or unit and indicator


@dataclass(frozen=True)
class Overview:
    unit: str
    headline: str
    counts: tuple[StateCount, ...]
    promises: tuple[PromiseBlock, ...]
    unproved: str  # promises in force that nothing measures
    unproved_url: str
    groups: tuple[ChartGroup, ...]
    here: tuple[News, ...]
    below: tuple[News, ...]
    more: Link | None
    pending: tuple[inbox.Pending, ...]
    pending_total: int
    empty: bool


def overview(user: Any, unit: Unit | None) -> Overview:
    """What home shows for one unit: rows of standings and signals only, never a chart computed anew."""
    granted = access.scope(user, "indicator", access.VIEW)
    if unit is None or not granted.covers(unit.path):
        return _nothing(user, unit)
    rows = list(selectors.standings([unit]))
    if not rows:
        return _nothing(user, unit)
    tallies = tallies_below(unit, [row.indicator_id for row in rows])
    promises = _promises(rows, unit, tallies)
    here, below, more = _news(unit, rows)
    unproved = _unproved(user, unit)
    waiting = inbox.pending(user)
    return Overview(
        unit=unit.name,
        headline=_headline([p.badge.tone for p in promises]),
        counts=_counts(promises),
        promises=promises,
        unproved=_unproved_sentence(unproved),
        unproved_url=catalog.of(Standard).list_url() + "?state=in_force",
        groups=_groups(rows, unit),
        here=here,
        below=below,
        more=more,
        pending=waiting[:PENDING],
        pending_total=len(waiting),
        empty=False,
    )


def indicator_url(indicator: Indicator, unit: Unit | None = None, **more: str) -> str:
    """The indicator's page for one unit; the address says everything that the page shows."""
    query = {**({"unit": unit.code} if unit else {}), **{k: v for k, v in more.items() if v}}
    return catalog.of(Indicator).url(indicator) + ("?" + urlencode(query) if query else "")


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
        indicator: Tally(tuple(states.get(state, 0) for state in _ORDER))  # type: ignore[arg-type]
        for indicator, states in counted.items()
    }


def worst_first(indicator: Indicator, unit: Unit) -> QuerySet[Standing]:
    """The branches below a unit: broken, at risk, kept, not enough data; in each the farthest from the target first."""
    states = (Standing.State.BROKEN, Standing.State.AT_RISK, Standing.State.KEPT, Standing.State.UNKNOWN)
    rank = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(states)),
        default=Value(len(states)),
        output_field=IntegerField(),
    )
    standard = indicator.standard
    upwards = standard is None or standard.direction == standard.Direction.AT_LEAST
    return (
        Standing.objects.filter(indicator=indicator, unit__in=branches_of(unit))
        .select_related("indicator__standard", "unit")
        .annotate(rank=rank)
        .order_by("rank", "value" if upwards else "-value", "unit__name")
    )


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


def small_chart(standing: Standing, url: str, *, domain: tuple[float, float] | None = None) -> SmallChart:
    """A standing's trace drawn small, with its icons."""
    indicator, trace = standing.indicator, standing.trace
    badge = None if standing.state == Standing.State.NO_TARGET else standing_badge(standing)
    tones = {"concern": Tone.CONCERN, "improvement": Tone.GOOD}
    marks = dict(
        zip(
            trace.get("marked", ()),
            (tones.get(kind, Tone.NEUTRAL) for kind in trace.get("kinds", ())),
            strict=False,
        )
    )
    drawn = sparkline(
        trace.get("values") or [None],
        label=f"{indicator.name}: {standing_sentence(standing)}",
        lower=trace.get("lower"),
        upper=trace.get("upper"),
        centre=trace.get("centre"),
        target=_target(standing),
        marks=marks,
        domain=domain,
        width=320,
        height=72,
    )
    return SmallChart(
        name=indicator.name,
        url=url,
        value=figure(standing.value, indicator.measured_in),
        note=standing_note(standing),
        badge=badge,
        sparkline=drawn,
        variation=standing.variation or "not_enough_data",
        assurance=standing.assurance or "not_enough_data",
    )


def _target(standing: Standing) -> float | None:
    standard = standing.indicator.standard
    judged = standing.state != Standing.State.NO_TARGET
    return standard.target if standard is not None and judged else None


def _promises(rows: Sequence[Standing], unit: Unit, tallies: dict[int, Tally]) -> tuple[PromiseBlock, ...]:
    grouped: dict[int, list[Standing]] = defaultdict(list)
    for row in rows:
        standard = row.indicator.standard
        if standard is not None and row.state != Standing.State.NO_TARGET:
            grouped[standard.pk].append(row)
    blocks = []
    for members in grouped.values():
        standard = members[0].indicator.standard
        assert standard is not None
        worst = min(members, key=lambda row: _WORST.index(Standing.State(row.state)))
        blocks.append(
            PromiseBlock(
                title=standard.title,
                url=catalog.of(Standard).url(standard),
                target=target_sentence(standard),
                badge=standing_badge(worst),
                proofs=tuple(_proof(row, unit, tallies.get(row.indicator_id)) for row in members),
            )
        )
    return tuple(sorted(blocks, key=lambda b: [TONES[s] for s in _WORST].index(b.badge.tone)))


def _proof(row: Standing, unit: Unit, tally: Tally | None) -> Proof:
    return Proof(
        name=row.indicator.name,
        url=indicator_url(row.indicator, unit),
        sentence=standing_sentence(row),
        badge=standing_badge(row),
        tally=tally,
        compare_url=indicator_url(row.indicator, unit, show="branches"),
    )


def _counts(promises: Sequence[PromiseBlock]) -> tuple[StateCount, ...]:
    words = (_("Kept"), _("At risk"), _("Broken"), _("Not enough data"))
    return tuple(
        StateCount(
            sum(p.badge.tone == TONES[state] for p in promises), TONES[state], Badge(word, TONES[state])
        )
        for word, state in zip(words, _ORDER, strict=True)
    )


def _headline(tones: Sequence[Tone]) -> str:
    total, broken, risk = len(tones), tones.count(Tone.BAD), tones.count(Tone.CONCERN)
    kept = tones.count(Tone.GOOD)
    if not total:
        return _("No promise with data is in force here yet")
    if broken:
        if total == 1:
            return _("The promise is not kept")
        words = ngettext(
            "%(count)s of %(total)s promises is not kept",
            "%(count)s of %(total)s promises are not kept",
            broken,
        )
        return words % {"count": broken, "total": total}
    if risk:
        if total == 1:
            return _("The promise is at risk")
        words = ngettext(
            "%(count)s of %(total)s promises is at risk",
            "%(count)s of %(total)s promises are at risk",
            risk,
        )
        return words % {"count": risk, "total": total}
    if kept == total:
        return (
            _("The promise is kept")
            if total == 1
            else _("All %(total)s promises are kept") % {"total": total}
        )
    return _("There is not enough data to judge every promise")


def _groups(rows: Sequence[Standing], unit: Unit) -> tuple[ChartGroup, ...]:
    """Charts of promises share one scale for each unit of measure; context figures have their own."""
    judged = [r for r in rows if _target(r) is not None]
    context = [r for r in rows if _target(r) is None]
    domains = _domains(judged)
    groups = []
    if judged:
        charts = tuple(
            small_chart(r, indicator_url(r.indicator, unit), domain=domains.get(r.indicator.measured_in))
            for r in judged
        )
        groups.append(ChartGroup(_("Promises, period by period"), _scale_words(judged, domains), charts))
    if context:
        charts = tuple(small_chart(r, indicator_url(r.indicator, unit)) for r in context)
        groups.append(ChartGroup(_("In context"), _("Each chart has its own vertical scale."), charts))
    return tuple(groups)


def _domains(rows: Sequence[Standing]) -> dict[str, tuple[float, float]]:
    numbers: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        held = numbers[row.indicator.measured_in]
        for name in ("values", "lower", "upper"):
            held.extend(v for v in row.trace.get(name) or () if v is not None)
        target = _target(row)
        if target is not None:
            held.append(target)
    return {unit: (min(held), max(held)) for unit, held in numbers.items() if held}


def _scale_words(rows: Sequence[Standing], domains: dict[str, tuple[float, float]]) -> str:
    if len(rows) < 2:
        return ""
    parts = [
        _("from %(low)s to %(high)s") % {"low": figure(low, digits=0), "high": figure(high, unit, digits=0)}
        for unit, (low, high) in domains.items()
    ]
    return _("Charts in the same unit of measure share their vertical scale: %(ranges)s.") % {
        "ranges": "; ".join(parts)
    }


def recent_signals(scope: Q, cutoffs: dict[int, dt.date]) -> QuerySet[Signal]:
    """Signals that still hold, of the latest periods of each indicator, concern first, then the newest."""
    lately = Q(pk__in=[])
    for indicator, cutoff in cutoffs.items():
        lately |= Q(indicator_id=indicator, period_start__gte=cutoff)
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
        .annotate(importance=importance)
        .order_by("importance", "-period_start")
    )


def cutoffs_of(rows: Iterable[tuple[int, str, dt.date | None]]) -> dict[int, dt.date]:
    """From which day on an indicator's signals are news: its latest periods."""
    found = {}
    for indicator, period, latest in rows:
        if latest is not None:
            found[indicator] = previous_start(latest, period, LATELY - 1)
    return found


def latest_periods(indicators: Q | None = None) -> dict[int, dt.date]:
    """The cutoffs of all active indicators, in one query."""
    rows = (
        Standing.objects.filter(indicator__state=Indicator.State.ACTIVE)
        .order_by()
        .values_list("indicator_id", "indicator__period")
        .annotate(latest=Max("period_start"))
    )
    return cutoffs_of(rows)


def _news(unit: Unit, rows: Sequence[Standing]) -> tuple[tuple[News, ...], tuple[News, ...], Link | None]:
    cutoffs = cutoffs_of((r.indicator_id, r.indicator.period, r.period_start) for r in rows)
    related = ("indicator", "unit")
    # More are read than told: signals of one chart are told once.
    own = recent_signals(Q(unit=unit), cutoffs).select_related(*related)[: HERE * 3]
    here = tuple(_told(s, with_unit=False) for s in one_each(own, "indicator_id")[:HERE])
    concerns = recent_signals(
        Q(unit__in=branches_of(unit), kind=Signal.Kind.CONCERN, indicator__standard__isnull=False), cutoffs
    )
    total = concerns.order_by().aggregate(units=Count("unit", distinct=True))["units"]
    # The branches with most cases touch most people.
    ranked = concerns.order_by("-period_start", F("evidence__n").desc()).select_related(*related)
    shown = one_each(ranked[: BELOW * 4], "unit_id")[:BELOW]
    below = tuple(_told(s, with_unit=True) for s in shown)
    rest = total - len(shown)
    more = None
    if rest > 0:
        query = {
            "kind": Signal.Kind.CONCERN.value,
            "unit": str(unit.uid),
            "period_start_from": min(cutoffs.values()).isoformat(),
        }
        words = ngettext("and %(count)s more branch", "and %(count)s more branches", rest)
        more = Link(
            words % {"count": number_format(rest)}, catalog.of(Signal).list_url() + "?" + urlencode(query)
        )
    return here, below, more


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


def _unproved(user: Any, unit: Unit) -> int:
    parts = unit.path.strip("/").split("/")
    above = ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]
    active = Indicator.objects.filter(standard=OuterRef("pk"), state=Indicator.State.ACTIVE)
    standards = catalog.of(Standard).queryset(user)
    return (
        standards.filter(~Exists(active), state=Standard.State.IN_FORCE)
        .filter(Q(unit__path__in=above) | Q(unit__path__startswith=unit.path))
        .count()
    )


def _unproved_sentence(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)s promise in force is proved by no indicator yet.",
        "%(count)s promises in force are proved by no indicator yet.",
        count,
    ) % {"count": count}


def _nothing(user: Any, unit: Unit | None) -> Overview:
    waiting = inbox.pending(user)
    return Overview(
        unit=unit.name if unit else "",
        headline="",
        counts=(),
        promises=(),
        unproved="",
        unproved_url="",
        groups=(),
        here=(),
        below=(),
        more=None,
        pending=waiting[:PENDING],
        pending_total=len(waiting),
        empty=True,
    )
