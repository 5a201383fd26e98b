"""Home in plain values: the promises of a unit and of its branches, what changed, and what waits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk import inbox
from calidez.kit.desk.brought import brought
from calidez.kit.platform.display import Badge, Link, Tone
from calidez.kit.platform.sparkline import Sparkline, sparkline
from calidez.monitoring import selectors
from calidez.monitoring.measuring.branches import STATES, Tally, tallies_below
from calidez.monitoring.measuring.findings import (
    TONES,
    signs,
    speaks_of_the_past,
    standing_badge,
    standing_note,
    standing_sentence,
)
from calidez.monitoring.measuring.periods import in_period, since_period
from calidez.monitoring.models import Indicator, Standing
from calidez.monitoring.news import News, news
from calidez.monitoring.page_unit import indicator_url
from calidez.monitoring.promises_below import WORST, PromiseBelow, Stands, promises_below
from calidez.monitoring.sentences import figure
from calidez.monitoring.unacceptable import reaction_to, required_sentence
from calidez.people.models import Unit
from calidez.standards.models import Standard
from calidez.standards.selectors import promised
from calidez.standards.sentences import promised_sentence

PENDING = 6


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
    past: str  # how it stood when it was last measured, where nothing says how it stands now
    reaction: str  # what the standard requires where a figure is unacceptable
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
    signs_title: str  # what both signs say where the figures are of long ago


@dataclass(frozen=True)
class ChartGroup:
    title: str
    scale: str  # what is said about the vertical scale
    charts: tuple[SmallChart, ...]


@dataclass(frozen=True)
class Overview:
    unit: str
    headline: str
    counts: tuple[StateCount, ...]
    promises: tuple[PromiseBlock, ...]
    promises_below: tuple[PromiseBelow, ...]  # those that hold in units below and not in this one as a whole
    more_below: Link | None
    unproved: str  # promises in force that nothing measures
    unproved_url: str
    groups: tuple[ChartGroup, ...]
    changes: str  # over what changed
    unchanged: str  # where nothing did
    here: tuple[News, ...]
    below: tuple[News, ...]
    more: Link | None
    every: Link | None  # to all that changed in units below
    pending: tuple[inbox.Pending, ...]
    pending_total: int
    brought: tuple[Link, ...]  # what came to begin with and waits
    empty: bool


def overview(user: Any, unit: Unit | None) -> Overview:
    """What home shows for one unit: rows of standings and signals only, never a chart computed anew."""
    granted = access.scope(user, "indicator", access.VIEW)
    if unit is None or not granted.covers(unit.path):
        return _nothing(user, unit)
    rows = list(selectors.standings([unit]))
    if not rows and not selectors.measured_below(unit):
        return _nothing(user, unit)
    tallies = tallies_below(unit, [row.indicator_id for row in rows])
    promises = _promises(rows, unit, tallies)
    below = promises_below(unit, [r.indicator_id for r in rows if r.state != Standing.State.NO_TARGET])
    stands = (*(Stands(p.badge.tone, bool(p.past)) for p in promises), *below.stands)
    alone = [*(p.past for p in promises), *(_how_it_stood(p.standing) for p in below.promises)]
    changed = news(unit, _measured_now(rows))
    unproved = _unproved(user, unit)
    waiting = inbox.pending(user)
    return Overview(
        unit=unit.name,
        headline=_headline(stands, alone),
        counts=_counts(stands),
        promises=promises,
        promises_below=below.promises,
        more_below=below.more,
        unproved=_unproved_sentence(unproved),
        unproved_url=catalog.of(Standard).list_url() + "?state=in_force",
        groups=_groups(rows, unit),
        changes=_changes(rows),
        unchanged=_unchanged(rows, unit, elsewhere=changed.every is not None),
        here=changed.here,
        below=changed.below,
        more=changed.more,
        every=changed.every,
        pending=waiting[:PENDING],
        pending_total=len(waiting),
        brought=brought(user),
        empty=False,
    )


def small_chart(standing: Standing, url: str, *, domain: tuple[float, float] | None = None) -> SmallChart:
    """A standing's trace drawn small, with its icons."""
    indicator, trace = standing.indicator, standing.trace
    badge = None if standing.state == Standing.State.NO_TARGET else standing_badge(standing, short=True)
    tones = {"concern": Tone.CONCERN, "improvement": Tone.GOOD}
    marks = dict(
        zip(
            trace.get("marked", ()),
            (tones.get(kind, Tone.NEUTRAL) for kind in trace.get("kinds", ())),
            strict=False,
        )
    )
    if not trace.get("values"):
        trace = {}  # a first figure that is still being counted has limits of nothing
    drawn = sparkline(
        trace.get("values") or [None],
        label=f"{indicator.name}: {standing_sentence(standing)}",
        lower=trace.get("lower"),
        upper=trace.get("upper"),
        centre=trace.get("centre"),
        target=_targets(standing) if trace else None,
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
        **signs(standing.variation, standing.assurance, past=speaks_of_the_past(standing)),
    )


def _targets(standing: Standing) -> list[float | None] | None:
    """The target of each point of the trace, as promised then and there; None where the figure has none."""
    standard = standing.indicator.standard
    known = standing.trace.get("targets")
    if known is None and standard is not None and standard.latest is not None:
        # Kept before targets were: it is judged anew with the next figures.
        known = [standard.latest.target] * len(standing.trace.get("values") or [None])
    targets: list[float | None] = known or []
    judged = standing.state != Standing.State.NO_TARGET and any(t is not None for t in targets)
    return targets if judged else None


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
        worst = min(members, key=lambda row: (not row.unacceptable, WORST.index(Standing.State(row.state))))
        blocks.append(
            PromiseBlock(
                title=standard.title,
                url=catalog.of(Standard).url(standard),
                target=promised_sentence(standard),
                badge=standing_badge(worst),
                past=_how_it_stood(worst),
                reaction=required_sentence(reaction)
                if not speaks_of_the_past(worst) and (reaction := reaction_to(worst))
                else "",
                proofs=tuple(_proof(row, unit, tallies.get(row.indicator_id)) for row in members),
            )
        )
    return tuple(sorted(blocks, key=lambda b: [TONES[s] for s in WORST].index(b.badge.tone)))


def _proof(row: Standing, unit: Unit, tally: Tally | None) -> Proof:
    return Proof(
        name=row.indicator.name,
        url=indicator_url(row.indicator, unit),
        sentence=standing_sentence(row),
        badge=standing_badge(row, short=True),
        tally=tally and replace(tally, past=speaks_of_the_past(row)),
        compare_url=indicator_url(row.indicator, unit, show="branches"),
    )


def _counts(promises: Sequence[Stands]) -> tuple[StateCount, ...]:
    words = (_("Kept"), _("At risk"), _("Broken"), _("Not enough data"))
    return tuple(
        StateCount(sum(p.tone == TONES[state] for p in promises), TONES[state], Badge(word, TONES[state]))
        for word, state in zip(words, STATES, strict=True)
    )


def _how_it_stood(standing: Standing) -> str:
    if not speaks_of_the_past(standing) or standing.period_start is None:
        return ""
    templates = {
        Standing.State.KEPT: _("The promise was kept %(when)s; there are no data since"),
        Standing.State.AT_RISK: _("The promise was at risk %(when)s; there are no data since"),
        Standing.State.BROKEN: _("The promise was not kept %(when)s; there are no data since"),
    }
    words = templates.get(Standing.State(standing.state), _("There are no data since %(until)s"))
    period = standing.indicator.period
    return words % {
        "when": in_period(standing.period_start, period),
        "until": since_period(standing.period_start, period),
    }


def _headline(promises: Sequence[Stands], alone: Sequence[str]) -> str:
    """How the promises stand, of the unit and of those below; what is not measured any more does not count as kept or not kept.

    `alone` is what is said of each when nothing of it is measured any more.
    """
    past = [p for p in promises if p.past]
    if past and len(past) == len(promises):
        if len(past) == 1:
            return alone[0]
        return _("None of the %(total)s promises is measured at present") % {
            "total": number_format(len(past))
        }
    tones = [p.tone for p in promises]
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


def _measured_now(rows: Sequence[Standing]) -> Sequence[Standing]:
    """Without what ended years ago, unless nothing else is there: under “lately” stands only what is of now."""
    return [row for row in rows if not speaks_of_the_past(row)] or rows


def _changes(rows: Sequence[Standing]) -> str:
    """What is years old is not called recent."""
    newest = max((r for r in rows if r.period_start is not None), key=_start, default=None)
    if newest is None or not all(speaks_of_the_past(r) for r in rows if r.period_start is not None):
        return _("Changed lately")
    return _("The last changes, until %(when)s") % {
        "when": since_period(_start(newest), newest.indicator.period)
    }


def _unchanged(rows: Sequence[Standing], unit: Unit, *, elsewhere: bool) -> str:
    """`elsewhere`: there are signals in units below."""
    if elsewhere:
        return _("No signal of %(unit)s as a whole in the latest three periods.") % {"unit": unit.name}
    if all(speaks_of_the_past(r) for r in rows if r.period_start is not None):
        return _("No signal in the last three periods with data.")
    return _(
        "No signal in the latest three periods: what varies now is the ordinary variation of the service."
    )


def _start(standing: Standing) -> dt.date:
    assert standing.period_start is not None
    return standing.period_start


def _groups(rows: Sequence[Standing], unit: Unit) -> tuple[ChartGroup, ...]:
    """Charts of promises share one scale for each unit of measure; context figures have their own."""
    judged = [r for r in rows if _targets(r) is not None]
    context = [r for r in rows if _targets(r) is None]
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
        held.extend(v for v in _targets(row) or () if v is not None)
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


def _unproved(user: Any, unit: Unit) -> int:
    parts = unit.path.strip("/").split("/")
    above = ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]
    active = Indicator.objects.filter(standard=OuterRef("pk"), state=Indicator.State.ACTIVE)
    standards = catalog.of(Standard).queryset(user)
    return (
        promised(standards.filter(~Exists(active)))
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
        changes="",
        unchanged="",
        counts=(),
        promises=(),
        promises_below=(),
        more_below=None,
        unproved="",
        unproved_url="",
        groups=(),
        here=(),
        below=(),
        more=None,
        every=None,
        pending=waiting[:PENDING],
        pending_total=len(waiting),
        brought=brought(user),
        empty=True,
    )
