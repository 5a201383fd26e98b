"""The part of an indicator's page that asks “How long between?”: for what happens less than once in a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.display import Badge, Tone
from calidez.monitoring import selectors, vega
from calidez.monitoring.chart_names import CHART_NAMES
from calidez.monitoring.indicator_pages import caption
from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.indicator_pages.points import KIND_TONES, kind_badge, known, number
from calidez.monitoring.measuring.between import Between
from calidez.monitoring.measuring.episodes import Found
from calidez.monitoring.measuring.findings import when
from calidez.monitoring.models import Indicator
from calidez.monitoring.rules import kind_of_signal
from calidez.monitoring.sentences import figure, reason_names
from calidez.stats import charts


@dataclass(frozen=True)
class Row:
    day: str
    length: str
    expected: str
    signal: str
    tone: Tone


@dataclass(frozen=True)
class Told:
    sentence: str
    rule: str
    badge: Badge


@dataclass(frozen=True)
class BetweenPage:
    missing: str
    spec: vega.Spec
    subtitle: str
    now: str
    caption: tuple[str, ...]
    length_word: str
    rows: tuple[Row, ...]
    signals: tuple[Told, ...]


def between_page(view: View) -> BetweenPage:
    found = selectors.between_of(view.reading)
    if found is None or found.chart is None:
        return BetweenPage(_missing(found), {}, "", "", (), "", (), ())
    return BetweenPage(
        missing="",
        spec=_specification(view, found),
        subtitle=caption.definition(view),
        now=_now(found),
        caption=_caption(view, found),
        length_word=_length_word(found),
        rows=tuple(_row(found, i) for i in reversed(range(len(found.lengths)))),
        signals=(*_running(found), *(_told(found, s) for s in sorted(found.signals, key=lambda s: -s.last))),
    )


def drawn(view: View) -> bool:
    """Whether there are stretches enough for a chart of them."""
    found = selectors.between_of(view.reading)
    return found is not None and found.chart is not None


def numbers(view: View) -> Iterator[list[Any]]:
    """What the chart of the stretches shows, one row each, and last the one that has not ended."""
    found = selectors.between_of(view.reading)
    assert found is not None  # it is drawn
    chart = found.chart
    assert chart is not None
    yield [
        _("Event"),
        _("Indicator"),
        _("Unit"),
        _length_word(found),
        _("Has ended"),
        _("Lower limit"),
        _("Centre line"),
        _("Upper limit"),
        _("Limits are provisional"),
        _("Left out of the limits"),
        _("Signals"),
    ]
    place = [view.indicator.name, view.unit.code]
    provisional = _("yes") if chart.phases[-1].provisional else _("no")
    for i, ended in enumerate(found.ended):
        limits = (number(known(line[i])) for line in (chart.lower, chart.centre, chart.upper))
        left_out = i in found.aside
        yield [
            ended.isoformat(),
            *place,
            number(float(found.lengths[i])),
            _("yes"),
            *limits,
            provisional,
            _("yes") if left_out else _("no"),
            "" if left_out else "; ".join(_marks(found, i)),
        ]
    now = _("longer than chance explains") if found.longer else ""
    yield [found.until.isoformat(), *place, number(found.running), _("no"), "", "", "", "", "", now]


def headline(view: View) -> str:
    """What the stretches say, as the title of the part."""
    found, name = selectors.between_of(view.reading), view.indicator.name
    if found is None or found.chart is None:
        return f"{name}: {_missing(found)}"
    last = len(found.lengths) - 1
    values = {
        "name": name,
        "length": _long(found, found.running),
        "centre": _long(found, float(found.chart.centre[last])),
    }
    if found.longer and not found.again:
        return _("%(name)s: none for %(length)s, longer than chance explains") % values
    now = next((s for s in found.signals if last in s.members and s.direction), None)
    if now is not None:
        since = {**values, "since": when(found.ended[now.members[0]], "day")}
        if now.direction > 0:
            return _("%(name)s: longer between them than the usual %(centre)s since %(since)s") % since
        return _("%(name)s: shorter between them than the usual %(centre)s since %(since)s") % since
    ends = [found.ended[s.last] for s in found.signals]
    if found.longer or ends:
        ended = when(found.until if found.longer else max(ends), "day")
        return _(
            "%(name)s: out of the ordinary until %(ended)s; otherwise usually %(centre)s from one to the next"
        ) % {
            **values,
            "ended": ended,
        }
    return _("%(name)s: usually %(centre)s from one to the next, as chance makes it vary") % values


def _running(found: Between) -> tuple[Told, ...]:
    """The stretch that has not ended is a signal once it is longer than chance explains."""
    if not found.longer:
        return ()
    kind = str(kind_of_signal(1, found.better))
    return (Told(_now(found), reason_names(["beyond_limits"]), kind_badge(kind)),)


def _missing(found: Between | None) -> str:
    if found is None:
        return _("There is nothing here whose occurrences can be counted one by one.")
    return _("It takes three events at least to compare how long it was between them.")


def _specification(view: View, found: Between) -> vega.Spec:
    chart = found.chart
    assert chart is not None
    kinds = {m: s.kind for s in found.signals for m in s.members}
    beyond = {m for s in found.signals for m in s.shown_by.get("beyond_limits", ())}
    points = [
        vega.Point(
            start=found.ended[i],
            value=float(found.lengths[i]),
            lower=known(chart.lower[i]),
            upper=known(chart.upper[i]),
            centre=known(chart.centre[i]),
            label=_sentence(found, i),
            provisional=chart.phases[-1].provisional,
            signal=kinds.get(i, ""),
            beyond=i in beyond,
            aside=i in found.aside,
        )
        for i in range(len(found.lengths))
    ]
    points.append(
        vega.Point(
            start=found.until,
            value=found.running,
            lower=None,
            upper=None,
            centre=None,
            label=_now(found),
            unfinished=True,
        )
    )
    words = vega.Words(centre=figure(known(chart.centre[-1])), upper=figure(known(chart.upper[-1])))
    return vega.control_chart(points, period="day", words=words, title=_length_word(found))


def _length_word(found: Between) -> str:
    return {
        charts.Measure.COUNT: _("Days since the one before"),
        charts.Measure.PROPORTION: _("Cases since the one before"),
    }.get(found.measure, _("Exposure since the one before"))


def _long(found: Between, length: float) -> str:
    """“17.5 days”, “412 cases”."""
    if found.measure is charts.Measure.COUNT:
        text = figure(length, digits=0 if length == round(length) else 1)
        return ngettext("%(count)s day", "%(count)s days", round(length) if length != 1 else 1) % {
            "count": text
        }
    if found.measure is charts.Measure.PROPORTION:
        return ngettext("%(count)s case", "%(count)s cases", round(length)) % {
            "count": figure(length, digits=0)
        }
    return _("%(count)s of exposure") % {"count": figure(length)}


def _range(found: Between, i: int) -> str:
    chart = found.chart
    assert chart is not None
    low, high = known(chart.lower[i]), known(chart.upper[i])
    return "–" if low is None or high is None else f"{figure(low)}–{figure(high)}"


def _sentence(found: Between, i: int) -> str:
    lines = [f"{when(found.ended[i], 'day')}: {_long(found, float(found.lengths[i]))}"]
    if found.chart is not None and np.isfinite(found.chart.upper[i]):
        lines.append(_("expected %(range)s") % {"range": _range(found, i)})
    return "\n".join([*lines, *_marks(found, i)])


def _marks(found: Between, i: int) -> list[str]:
    if i in found.aside:
        return [_("left out of the limits")]
    names = [reason_names(s.reasons_at(i)) for s in found.signals if i in s.members]
    return list(dict.fromkeys(name for name in names if name))


def _row(found: Between, i: int) -> Row:
    kinds = [s.kind for s in found.signals if i in s.members]
    return Row(
        day=when(found.ended[i], "day"),
        length=figure(float(found.lengths[i])),
        expected=_range(found, i),
        signal=" · ".join(_marks(found, i)),
        tone=KIND_TONES[kinds[0]] if kinds else Tone.NEUTRAL,
    )


def _now(found: Between) -> str:
    """The stretch that has not ended is part of what is known."""
    chart = found.chart
    assert chart is not None
    values = {
        "length": _long(found, found.running),
        "until": when(found.until, "day"),
        "upper": _long(found, float(chart.upper[-1])),
    }
    if found.again:
        return (
            _(
                "%(length)s without one until %(until)s; there has been one since, in a period that is not over yet."
            )
            % values
        )
    if found.longer:
        return (
            _("None since: %(length)s until %(until)s, longer than the %(upper)s that chance explains.")
            % values
        )
    return _("None since: %(length)s until %(until)s; that is not unusual yet.") % values


def _told(found: Between, signal: Found) -> Told:
    values = {
        "length": _long(found, signal.value),
        "when": when(found.ended[signal.last], "day"),
        "since": when(found.ended[signal.members[0]], "day"),
        "range": _range(found, signal.last),
        "centre": _long(found, signal.centre),
        "count": len(signal.members),
        "rule": reason_names(signal.reasons[:1]),
    }
    if signal.rule == "beyond_limits" and len(signal.members) == 1:
        sentence = _("%(length)s without one until %(when)s, expected %(range)s") % values
    elif signal.direction > 0:
        sentence = _("Longer between them than the usual %(centre)s since %(since)s, until %(when)s") % values
    elif signal.direction < 0:
        sentence = (
            _("Shorter between them than the usual %(centre)s since %(since)s, until %(when)s") % values
        )
    else:
        sentence = _("%(rule)s: until %(when)s") % values
    return Told(sentence, reason_names(signal.reasons), kind_badge(signal.kind))


def _caption(view: View, found: Between) -> tuple[str, ...]:
    chart = found.chart
    assert chart is not None
    values = {
        "count": len(found.lengths),
        "first": when(found.ended[0], "day"),
        "last": when(found.ended[-1], "day"),
        "chart": CHART_NAMES[str(chart.kind)],
    }
    lines = [
        ngettext(
            "%(count)s stretch between two events, ended from %(first)s to %(last)s; the one before the first event is of unknown length.",
            "%(count)s stretches between two events, ended from %(first)s to %(last)s; the one before the first event is of unknown length.",
            len(found.lengths),
        )
        % values
    ]
    if chart.kind is charts.ChartKind.T:
        lines.append(
            _(
                "t chart: times between rare events are skewed; the limits are found on a scale on which they are even, their root of order 3.6."
            )
        )
    else:
        lines.append(
            _("g chart: of how many cases pass between rare events, as their own distribution has it.")
        )
    lines.append(
        _(
            "On average %(mean)s from one to the next; about half of the stretches are shorter than the usual %(centre)s."
        )
        % {
            "mean": _long(found, float(np.mean(found.lengths))),
            "centre": _long(found, float(chart.centre[-1])),
        }
    )
    if view.indicator.period != Indicator.Period.DAY:
        lines.append(
            _(
                "This indicator counts by period, not by day: events are taken as evenly spread over theirs, so days are rough."
            )
        )
    if chart.phases[-1].provisional:
        lines.append(
            ngettext(
                "The limits are provisional: they rest on %(count)s stretch and become firm at 20.",
                "The limits are provisional: they rest on %(count)s stretches and become firm at 20.",
                chart.phases[-1].points,
            )
            % {"count": chart.phases[-1].points}
        )
    return tuple(lines)
