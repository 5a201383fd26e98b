"""What a chart says in one sentence: the title of its page and the line under every small chart."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calidez.kit.platform.display import Badge, Tone
from calidez.kit.platform.spoken import spoken
from calidez.monitoring.measuring.change import Change, Situation, change_of, present_signal
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.explaining import LONG_TREND, NEW_LEVEL
from calidez.monitoring.measuring.periods import (
    counted_periods,
    in_period,
    label,
    newest_due,
    period_name,
    since_period,
)
from calidez.monitoring.measuring.season import Adjust
from calidez.monitoring.measuring.sides import InTurns, Stretch, in_turns, target_stretch
from calidez.monitoring.models import Indicator, Standing
from calidez.monitoring.rules import ENOUGH_CASES, Schedule, Verdict
from calidez.monitoring.sentences import figure
from calidez.standards.sentences import target_words

TONES = {
    Standing.State.KEPT: Tone.GOOD,
    Standing.State.AT_RISK: Tone.CONCERN,
    Standing.State.BROKEN: Tone.BAD,
    Standing.State.UNKNOWN: Tone.UNKNOWN,
    Standing.State.NO_TARGET: Tone.QUIET,
}
NOTHING_KNOWN = "not_enough_data"  # the sign that is neither good nor bad


def finding(
    reading: Reading, indicator: Indicator, promised: Schedule | None, *, today: dt.date | None = None
) -> str:
    """The title of a chart: what it shows, since when; of data that ended long ago in the past tense."""
    last = reading.last
    if last is None:
        return _nothing_whole(reading, indicator)
    past = is_past(reading.series.periods[last], indicator.period, on=today)
    if promised is not None and (turns := in_turns(reading, promised)) is not None:
        said = (_was_in_turns if past else _in_turns)(reading, indicator, turns)
    elif promised is not None and (stretch := target_stretch(reading, promised)) is not None:
        said = (_was_against_target if past else _against_target)(reading, indicator, stretch)
    else:
        said = (_was_without_target if past else _without_target)(reading, indicator, last)
    return spoken(said)


def _nothing_whole(reading: Reading, indicator: Indicator) -> str:
    """A first period that still runs, or is known in part, has a figure all the same."""
    place = max(reading.series.so_far, default=None)
    if place is None:
        return _("%(name)s: nothing has been measured yet") % {"name": indicator.name}
    return _("%(name)s: no whole period yet; %(value)s so far %(when)s") % {
        "name": indicator.name,
        "value": figure(reading.series.so_far[place].value, indicator.measured_in),
        "when": in_period(reading.series.periods[place], indicator.period),
    }


def is_past(newest: dt.date, period: str, *, on: dt.date | None = None) -> bool:
    """Whether figures until this period say nothing of the present any more."""
    return newest < newest_due(period, on=on or timezone.localdate())


def ended(reading: Reading, period: str) -> str:
    """What follows “until” where the figures say nothing of the present any more; empty where they do."""
    if reading.last is None or not is_past(reading.series.periods[reading.last], period):
        return ""
    return since_period(reading.series.periods[reading.last], period)


def speaks_of_the_past(standing: Standing) -> bool:
    """Whether the figure is too old to say how it stands now."""
    return standing.period_start is not None and is_past(standing.period_start, standing.indicator.period)


def when(day: dt.date, period: str) -> str:
    return period_name(day, period)


def when_in_column(day: dt.date, period: str) -> str:
    """The same in a table whose head says what the periods are: there a week is called by its first day."""
    return label(day, period, get_language() or "en")


def unacceptable_badge(*, short: bool = False) -> Badge:
    text = _("Unacceptable") if short else _("Unacceptable: reaction required")
    return Badge(text, Tone.BAD, icon="alert-triangle")


def past_badge() -> Badge:
    """In place of a state that nothing shows to hold still."""
    return Badge(_("No data now"), Tone.UNKNOWN)


def signs(variation: str, assurance: str, *, past: bool) -> dict[str, str]:
    """The two icons of a chart. What was measured long ago is neither changing now nor will it miss a target."""
    if past:
        return {"variation": NOTHING_KNOWN, "assurance": NOTHING_KNOWN, "signs_title": past_badge().text}
    return {
        "variation": variation or NOTHING_KNOWN,
        "assurance": assurance or NOTHING_KNOWN,
        "signs_title": "",
    }


def standing_badge(standing: Standing, *, short: bool = False) -> Badge:
    """`short` where the reaction is said elsewhere and there is little room."""
    if speaks_of_the_past(standing) and standing.state != Standing.State.NO_TARGET:
        return past_badge()
    if standing.unacceptable:
        return unacceptable_badge(short=short)
    return Badge(str(standing.get_state_display()), TONES[Standing.State(standing.state)])


def since_words(standing: Standing) -> str:
    """Since when the state beside it holds; what holds no more has no such day."""
    if standing.since is None or speaks_of_the_past(standing):
        return ""
    return when_in_column(standing.since, standing.indicator.period)


def standing_sentence(standing: Standing) -> str:
    """“Broken since July 2018; 86.6% in March 2019”, from the stored row alone."""
    indicator = standing.indicator
    if standing.period_start is None or standing.value is None:
        return _("No whole period has been measured yet.")
    values = {
        "value": figure(standing.value, indicator.measured_in),
        "when": in_period(standing.period_start, indicator.period),
        "until": since_period(standing.period_start, indicator.period),
        "since": since_period(standing.since, indicator.period) if standing.since else "",
        "missed": since_period(standing.missed_since, indicator.period) if standing.missed_since else "",
        "n": number_format(standing.n),
        "enough": ENOUGH_CASES,
    }
    state = Standing.State(standing.state)
    if state == Standing.State.UNKNOWN and standing.n < ENOUGH_CASES:
        return _("Only %(n)s cases %(when)s; %(enough)s are needed to judge.") % values
    return spoken(_standing_words(standing, state) % values)


def _standing_words(standing: Standing, state: Standing.State) -> str:
    if speaks_of_the_past(standing):
        return {
            Standing.State.KEPT: _("Was kept until %(until)s (%(value)s); no data since"),
            Standing.State.AT_RISK: _("Was at risk until %(until)s (%(value)s); no data since"),
            Standing.State.BROKEN: _("Was not kept %(when)s (%(value)s); no data since"),
        }.get(state, _("%(value)s %(when)s; no data since"))
    if state == Standing.State.UNKNOWN:
        return _("The last data are of %(until)s.")
    if state == Standing.State.NO_TARGET or not standing.since:
        return _("%(value)s %(when)s")
    if state == Standing.State.BROKEN and standing.missed_since and standing.missed_since < standing.since:
        return _("Broken since %(since)s, short of the target since %(missed)s; %(value)s %(when)s")
    return {
        Standing.State.KEPT: _("Kept since %(since)s; %(value)s %(when)s"),
        Standing.State.AT_RISK: _("At risk since %(since)s; %(value)s %(when)s"),
        Standing.State.BROKEN: _("Broken since %(since)s; %(value)s %(when)s"),
    }[state]


def standing_note(standing: Standing) -> str:
    """What stands under a small chart whose value is written beside it."""
    period = standing.indicator.period
    state = Standing.State(standing.state)
    if state == Standing.State.UNKNOWN or standing.period_start is None:
        return standing_sentence(standing)
    values = {
        "when": in_period(standing.period_start, period),
        "since": since_period(standing.since, period) if standing.since else "",
    }
    if speaks_of_the_past(standing):
        return _("%(when)s; no data since") % values
    templates = {
        Standing.State.KEPT: _("%(when)s; kept since %(since)s"),
        Standing.State.AT_RISK: _("%(when)s; at risk since %(since)s"),
        Standing.State.BROKEN: _("%(when)s; broken since %(since)s"),
    }
    if standing.since is None or state not in templates:
        return values["when"]
    return templates[state] % values


def _against_target(reading: Reading, indicator: Indicator, stretch: Stretch) -> str:
    signal, promise = present_signal(reading), stretch.promise
    values = {
        "name": indicator.name,
        "target": target_words(promise.target, indicator.measured_in),
        "since": since_period(reading.series.periods[stretch.index], indicator.period),
        "broken": _broken_since(reading, indicator),
    }
    if stretch.met:
        if signal is not None and signal.kind == "concern":
            return _("%(name)s: on the target of %(target)s since %(since)s, but getting worse") % values
        if stretch.moved:
            return _("%(name)s: on the target of its time since %(since)s, now %(target)s") % values
        return _("%(name)s: on the target of %(target)s since %(since)s") % values
    if stretch.moved:
        return _("%(name)s: short of the target of its time since %(since)s, now %(target)s") % values
    better = signal is not None and signal.kind == "improvement"
    late = reading.since is not None and reading.since > stretch.index and reading.verdict == Verdict.BROKEN
    always = stretch.always and stretch.periods > 1
    if promise.at_least:
        if better:
            return _("%(name)s: below %(target)s since %(since)s, but improving") % values
        if late:
            return (
                _("%(name)s: below %(target)s since %(since)s, beyond the tolerance since %(broken)s")
                % values
            )
        if always:
            return _("%(name)s: below %(target)s throughout, since %(since)s") % values
        return _("%(name)s: below %(target)s since %(since)s") % values
    if better:
        return _("%(name)s: above %(target)s since %(since)s, but improving") % values
    if late:
        return _("%(name)s: above %(target)s since %(since)s, beyond the tolerance since %(broken)s") % values
    if always:
        return _("%(name)s: above %(target)s throughout, since %(since)s") % values
    return _("%(name)s: above %(target)s since %(since)s") % values


def _in_turns(reading: Reading, indicator: Indicator, turns: InTurns) -> str:
    """How often, where the newest stretch is one of many as long."""
    signal = present_signal(reading)
    values = _often(reading, indicator, turns)
    if signal is not None and signal.kind == "concern" and signal.rule != NEW_LEVEL:
        return (
            _("%(name)s: target of %(target)s met in %(met)s of %(periods)s since %(since)s, getting worse")
            % values
        )
    if turns.moved:
        return (
            _("%(name)s: target of its time met in %(met)s of %(periods)s since %(since)s, now %(target)s")
            % values
        )
    return _("%(name)s: target of %(target)s met in %(met)s of %(periods)s since %(since)s") % values


def _was_in_turns(reading: Reading, indicator: Indicator, turns: InTurns) -> str:
    return _(
        "%(name)s: target of %(target)s met in %(met)s of %(periods)s from %(since)s to %(until)s; no data since"
    ) % _often(reading, indicator, turns)


def _often(reading: Reading, indicator: Indicator, turns: InTurns) -> dict[str, str]:
    assert reading.last is not None
    return {
        "name": indicator.name,
        "target": target_words(turns.promise.target, indicator.measured_in),
        "met": number_format(turns.met),
        "periods": counted_periods(turns.periods, indicator.period),
        "since": since_period(reading.series.periods[turns.index], indicator.period),
        "until": since_period(reading.series.periods[reading.last], indicator.period),
    }


def _broken_since(reading: Reading, indicator: Indicator) -> str:
    return (
        "" if reading.since is None else since_period(reading.series.periods[reading.since], indicator.period)
    )


def _was_against_target(reading: Reading, indicator: Indicator, stretch: Stretch) -> str:
    last = reading.last
    assert last is not None
    values = {
        "name": indicator.name,
        "target": target_words(stretch.promise.target, indicator.measured_in),
        "since": since_period(reading.series.periods[stretch.index], indicator.period),
        "until": since_period(reading.series.periods[last], indicator.period),
        "when": in_period(reading.series.periods[last], indicator.period),
    }
    if stretch.periods == 1:
        if stretch.met:
            return _("%(name)s: was on the target of %(target)s %(when)s; no data since") % values
        return _("%(name)s: was short of %(target)s %(when)s; no data since") % values
    if stretch.met:
        return (
            _("%(name)s: was on the target of %(target)s from %(since)s to %(until)s; no data since") % values
        )
    return _("%(name)s: was short of %(target)s from %(since)s to %(until)s; no data since") % values


def _without_target(reading: Reading, indicator: Indicator, last: int) -> str:
    change = change_of(reading)
    values = _about(reading, indicator, last, change)
    if change.situation is Situation.UNKNOWN:
        return _("%(name)s: %(value)s %(when)s") % values
    if change.situation is Situation.THROUGHOUT and reading.pattern is not None:
        if reading.pattern.offer is not None:
            return _("%(name)s: varies with %(cycle)s") % values
        if reading.pattern.cuts:
            return _("%(name)s: its level has changed again and again, last about %(changed)s") % values
        return _("%(name)s: its level wanders, nothing is usual for it") % values
    if change.situation is Situation.THROUGHOUT:
        return _("%(name)s: unstable, %(signals)s changes since %(first)s") % values
    if change.situation is Situation.NOW and change.signal is not None and change.signal.direction:
        if change.signal.rule == LONG_TREND:
            if change.signal.direction > 0:
                return _("%(name)s: rising since %(since)s; %(value)s %(when)s") % values
            return _("%(name)s: falling since %(since)s; %(value)s %(when)s") % values
        if change.signal.rule == NEW_LEVEL:
            return _("%(name)s: %(level)s since about %(since)s, %(before)s before that") % values
        if reading.follows is not Adjust.NONE:
            if change.signal.direction > 0:
                return _("%(name)s: higher than usual for %(cycle)s since %(since)s") % values
            return _("%(name)s: lower than usual for %(cycle)s since %(since)s") % values
        if change.signal.direction > 0:
            return _("%(name)s: higher than the usual %(centre)s since %(since)s") % values
        return _("%(name)s: lower than the usual %(centre)s since %(since)s") % values
    if change.situation is Situation.LATELY:
        if values["once"] and reading.kind == "run":
            return _("%(name)s: out of the ordinary %(once)s; ordinary since") % values
        if values["once"]:
            return _("%(name)s: out of the ordinary %(once)s; back inside its limits since") % values
        if reading.kind == "run":  # which has no limits
            return _("%(name)s: out of the ordinary until %(ended)s; ordinary since") % values
        return _("%(name)s: out of the ordinary until %(ended)s; back inside its limits since") % values
    if reading.constant:
        return _("%(name)s: always %(value)s") % values
    if reading.follows is not Adjust.NONE:
        return _("%(name)s: ordinary variation for %(cycle)s") % values
    return _("%(name)s: ordinary variation around %(centre)s") % values


def _was_without_target(reading: Reading, indicator: Indicator, last: int) -> str:
    change = change_of(reading)
    values = _about(reading, indicator, last, change)
    if change.situation is Situation.UNKNOWN:
        return _("%(name)s: %(value)s %(when)s; no data since") % values
    if change.situation is Situation.THROUGHOUT and reading.pattern is not None:
        if reading.pattern.offer is not None:
            return _("%(name)s: varied with %(cycle)s until %(until)s; no data since") % values
        if reading.pattern.cuts:
            return _("%(name)s: its level changed again and again until %(until)s; no data since") % values
        return _("%(name)s: its level wandered until %(until)s; no data since") % values
    if change.situation is Situation.THROUGHOUT:
        return (
            _("%(name)s: was unstable, %(signals)s changes from %(first)s to %(until)s; no data since")
            % values
        )
    if change.situation is Situation.NOW and change.signal is not None and change.signal.direction:
        if change.signal.rule == LONG_TREND:
            if change.signal.direction > 0:
                return _("%(name)s: rose from %(since)s to %(until)s, to %(value)s; no data since") % values
            return _("%(name)s: fell from %(since)s to %(until)s, to %(value)s; no data since") % values
        if change.signal.rule == NEW_LEVEL:
            return (
                _(
                    "%(name)s: was %(level)s from about %(since)s to %(until)s, %(before)s before that; no data since"
                )
                % values
            )
        if change.signal.direction > 0:
            return (
                _("%(name)s: was higher than the usual %(centre)s from %(since)s to %(until)s; no data since")
                % values
            )
        return (
            _("%(name)s: was lower than the usual %(centre)s from %(since)s to %(until)s; no data since")
            % values
        )
    if change.situation is Situation.LATELY:
        if values["once"]:
            return _("%(name)s: was out of the ordinary %(once)s; no data since %(until)s") % values
        return _("%(name)s: was out of the ordinary until %(ended)s; no data since %(until)s") % values
    if reading.constant:
        return _("%(name)s: was always %(value)s until %(until)s; no data since") % values
    return _("%(name)s: varied ordinarily around %(centre)s until %(until)s; no data since") % values


def _about(reading: Reading, indicator: Indicator, last: int, change: Change) -> dict[str, str]:
    periods, signal = reading.series.periods, change.signal
    alone = signal is not None and min(signal.members) == max(signal.members)

    def day(index: int | None) -> str:
        return "" if index is None else since_period(periods[index], indicator.period)

    return {
        "name": indicator.name,
        "cycle": cycle_words(_season_of(reading)),
        "changed": day(reading.pattern.cuts[-1] if reading.pattern and reading.pattern.cuts else None),
        "value": figure(float(reading.series.values[last]), indicator.measured_in),
        "when": in_period(periods[last], indicator.period),
        "until": day(last),
        "centre": figure(float(reading.centre[last]), indicator.measured_in),
        "level": "" if signal is None else figure(signal.value, indicator.measured_in),
        "before": "" if signal is None else figure(signal.centre, indicator.measured_in),
        "signals": number_format(change.signals),
        "first": day(change.since),
        "since": day(None if signal is None else min(signal.members)),
        "ended": day(None if signal is None else max(signal.members)),
        "once": in_period(periods[max(signal.members)], indicator.period) if signal and alone else "",
    }


def _season_of(reading: Reading) -> Adjust:
    """The season that the limits follow, or that they could."""
    offer = reading.pattern.offer if reading.pattern is not None else None
    return reading.follows if offer is None else offer.adjust


def cycle_words(adjust: Adjust) -> str:
    """What comes back, in the midst of a sentence."""
    return {
        Adjust.WEEKDAY: _("the day of the week"),
        Adjust.MONTH: _("the month of the year"),
        Adjust.BOTH: _("the day of the week and the month of the year"),
    }.get(adjust, "")
