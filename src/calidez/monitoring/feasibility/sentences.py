"""What the figures say of a target, as sentences: the finding, what to do, and how sure that is."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.display import Badge, Tone
from calidez.kit.platform.spoken import spoken
from calidez.monitoring.feasibility.capability import LATEST, Counted
from calidez.monitoring.measuring.findings import past_badge
from calidez.monitoring.measuring.periods import since_period
from calidez.monitoring.measuring.present import Since
from calidez.monitoring.rules import ENOUGH_CASES
from calidez.monitoring.sentences import figure
from calidez.standards.sentences import target_words
from calidez.stats.feasibility import ENOUGH, Feasibility, Verdict

PER_CENT = 100.0
TONES = {
    Verdict.WITHIN_REACH: Tone.GOOD,
    Verdict.OPEN: Tone.CONCERN,
    Verdict.BEYOND: Tone.BAD,
    Verdict.NOT_ENOUGH: Tone.UNKNOWN,
}


@dataclass(frozen=True)
class Stat:
    """One figure with how sure it is."""

    label: str
    value: str
    note: str = ""
    tone: Tone | str = ""


def badge_of(found: Feasibility, *, until: str = "") -> Badge:
    """How it stands, by periods and by cases; `until`: the last period of figures that say nothing of the present."""
    if until:
        return past_badge()
    if found.divided and found.cases is not None and found.cases.meets is not None:
        words = _("Only over all cases") if found.cases.meets else _("Only in single periods")
        return Badge(words, Tone.CONCERN)
    return badge(Verdict.OPEN if found.divided else found.verdict)


def badge(verdict: Verdict) -> Badge:
    words = {
        Verdict.WITHIN_REACH: _("Within reach"),
        Verdict.OPEN: _("Still open"),
        Verdict.BEYOND: _("Beyond reach"),
        Verdict.NOT_ENOUGH: _("Not enough data"),
    }
    return Badge(words[verdict], TONES[verdict])


def bound(target: float, measured_in: str, *, at_least: bool) -> str:
    """“at least 95%”."""
    text = _("at least %(target)s") if at_least else _("at most %(target)s")
    return text % {"target": target_words(target, measured_in)}


def finding(found: Feasibility, measured_in: str, *, until: str = "") -> str:
    """The title: what the past says of the target; `until` as in `badge_of`."""
    return spoken(_finding(found, measured_in, until))


def _finding(found: Feasibility, measured_in: str, until: str) -> str:
    if found.target is None:
        return _("Choose a target to see what the past says of it")
    values = {"target": bound(found.target, measured_in, at_least=found.at_least)}
    if found.met is None:
        return _("Not enough data yet to judge %(target)s") % values
    values |= {"met": number_format(found.met.met), "periods": number_format(found.met.periods)}
    if found.verdict is Verdict.NOT_ENOUGH:
        return _("%(met)s of %(periods)s periods met %(target)s: too few to judge it") % values
    if found.divided:
        return _divided(found, values)
    if until:
        return _was(found.verdict) % {**values, "until": until}
    if found.verdict is Verdict.WITHIN_REACH:
        return _("Within reach: %(met)s of %(periods)s periods met %(target)s") % values
    if found.verdict is Verdict.OPEN:
        return _("It is open whether %(target)s can be kept: %(met)s of %(periods)s periods met it") % values
    return _("Beyond reach so far: %(met)s of %(periods)s periods met %(target)s") % values


def _was(verdict: Verdict) -> str:
    return {
        Verdict.WITHIN_REACH: _(
            "Was within reach until %(until)s: %(met)s of %(periods)s periods met %(target)s; no data since"
        ),
        Verdict.OPEN: _(
            "It was open until %(until)s whether %(target)s can be kept: %(met)s of %(periods)s periods met it; no data since"
        ),
        Verdict.BEYOND: _(
            "Was beyond reach until %(until)s: %(met)s of %(periods)s periods met %(target)s; no data since"
        ),
    }[verdict]


def _divided(found: Feasibility, values: dict[str, str]) -> str:
    """True at any time, so it is said alike of the present and of the past."""
    cases = found.cases
    assert cases is not None
    values = {**values, "share": figure((1 - cases.share) * PER_CENT, "%")}
    if cases.meets is None:
        return _("Open over all cases (%(share)s); %(met)s of %(periods)s periods met %(target)s") % values
    if cases.meets:
        return (
            _("Kept over all cases (%(share)s), but only %(met)s of %(periods)s periods met %(target)s")
            % values
        )
    return (
        _("Not kept over all cases (%(share)s), though %(met)s of %(periods)s periods met %(target)s")
        % values
    )


def advice(found: Feasibility, measured_in: str, *, in_force: bool = False, until: str = "") -> str:
    """What to do, in one sentence; `in_force`: the target is promised already; `until` as in `badge_of`."""
    return spoken(_advice(found, measured_in, in_force, until))


def _advice(found: Feasibility, measured_in: str, in_force: bool, until: str) -> str:
    if found.target is None:
        return ""
    values = {"reachable": ""}
    if found.reachable is not None:
        easier = easier_than(found.reachable.value, at_least=found.at_least)
        values["reachable"] = bound(easier, measured_in, at_least=found.at_least)
    if found.verdict is Verdict.NOT_ENOUGH:
        return (
            _("There are no data since %(until)s, and too few before to judge it.") % {"until": until}
            if until
            else _missing(found)
        )
    if until:
        values["until"] = until
        return (
            _(
                "There are no data since %(until)s: they do not say what the service can do now. Nine in ten periods reached %(reachable)s then."
            )
            % values
        )
    if found.divided:
        return (
            _(
                "Say in the promise which is meant, all cases together or each period: the fewer cases a period has, the more chance moves it. Nine in ten periods reached %(reachable)s."
            )
            % values
        )
    if found.verdict is Verdict.BEYOND and in_force:
        return (
            _(
                "A promise above what was shown needs a dated plan of what will change; as it works now, nine in ten periods "
                "reach %(reachable)s."
            )
            % values
        )
    if found.verdict is Verdict.BEYOND:
        return (
            _(
                "Putting it in force needs a reason and a dated plan of what will change; as it works now, nine in ten periods "
                "reach %(reachable)s."
            )
            % values
        )
    if found.verdict is Verdict.OPEN:
        return (
            _(
                "Fewer than nine in ten periods met it, though by no more than chance explains: promise it knowing that, "
                "or promise what nine in ten reached, %(reachable)s."
            )
            % values
        )
    if in_force:
        return _("Nine in ten periods keep this promise.")
    if found.certain and found.stable is not False:
        return _(
            "Put it in force: one may be sure that nine in ten periods keep it as long as nothing changes."
        )
    return _("It can be put in force, with an eye on it: chance may have helped these periods.")


def easier_than(value: float, *, at_least: bool) -> float:
    """A value as short as it is written elsewhere, and never harder than it: what is named was really reached."""
    scale = 10.0 ** (0 if abs(value) >= 1000 else 1 if abs(value) >= 1 else 3)
    scaled = value * scale
    return (math.floor(scaled + 1e-9) if at_least else math.ceil(scaled - 1e-9)) / scale


def history_title(found: Feasibility, measured_in: str) -> str:
    if found.reachable is None:
        return _("What the periods reached")
    easier = easier_than(found.reachable.value, at_least=found.at_least)
    return _("Nine in ten periods reached %(reachable)s") % {
        "reachable": bound(easier, measured_in, at_least=found.at_least)
    }


def _missing(found: Feasibility) -> str:
    more = max(1, ENOUGH - found.periods)
    return ngettext(
        "A verdict takes %(enough)s periods with enough cases; %(more)s more is needed. Load older data, or wait and measure.",
        "A verdict takes %(enough)s periods with enough cases; %(more)s more are needed. Load older data, or wait and measure.",
        more,
    ) % {"enough": number_format(ENOUGH), "more": number_format(more)}


def stats(found: Feasibility, measured_in: str) -> tuple[Stat, ...]:
    items = [_met(found), _reachable(found, measured_in)]
    if found.cases is not None:
        items.append(_cases(found))
    elif found.index is not None and found.index.ppk is not None:
        interval = found.index.ppk.interval
        note = _("of the values of the periods; 1 or more leaves room")
        if interval is not None:
            note = _("95%% sure: %(low)s–%(high)s; 1 or more leaves room") % {
                "low": figure(interval.lower, digits=2),
                "high": figure(interval.upper, digits=2),
            }
        items.append(Stat("Ppk", figure(found.index.ppk.value, digits=2), note))
    return tuple(item for item in items if item is not None)


def caveats(found: Feasibility, these: Counted, periods: tuple, period: str) -> tuple[str, ...]:
    """Which periods count, since when, and what makes the figures less sure than they look."""
    lines = []
    if these.places:
        lines.append(
            spoken(
                _("%(count)s periods count, %(first)s to %(last)s.")
                % {
                    "count": number_format(len(these.places)),
                    "first": since_period(periods[these.places[0]], period),
                    "last": since_period(periods[these.places[-1]], period),
                }
            )
        )
    if len(these.places) == LATEST:
        lines.append(_("Only the latest %(count)s periods count.") % {"count": number_format(LATEST)})
    if these.begins is not None:
        lines.append(before_it_changed(these.begins, these.since, period))
    if these.thin:
        lines.append(
            ngettext(
                "%(count)s period with fewer than %(enough)s cases is left out.",
                "%(count)s periods with fewer than %(enough)s cases are left out.",
                these.thin,
            )
            % {"count": number_format(these.thin), "enough": number_format(ENOUGH_CASES)}
        )
    if these.correlation is not None and these.correlation > 0:
        lines.append(
            _(
                "Neighbouring periods resemble each other (correlation %(r)s), so the shares are less sure than their intervals say."
            )
            % {"r": figure(these.correlation, digits=2)}
        )
    return tuple(lines)


def before_it_changed(begins: dt.date, since: Since, period: str) -> str:
    """Why what was measured before does not say what the service can do."""
    words = {
        Since.LEVEL: _(
            "Periods before %(since)s do not count: the level changed about then, and what the service could do before says nothing of what it could do since."
        )
    }.get(
        since,
        _(
            "Periods before %(since)s do not count: limits were set anew then, and what the service could do before says nothing of what it could do since."
        ),
    )
    return spoken(words % {"since": since_period(begins, period)})


def unstable(found: Feasibility, *, until: str = "") -> str:
    if found.stable is not False:
        return ""
    return changing(until)


def changing(until: str) -> str:
    if until:
        return _(
            "The service was changing when the data ended, so these figures do not say what it could do then."
        )
    return _("The service is changing at present, so these figures say what was, not what can be expected.")


def _met(found: Feasibility) -> Stat | None:
    if found.met is None:
        return None
    value = _("%(kept)s of %(total)s") % {
        "kept": number_format(found.met.met),
        "total": number_format(found.met.periods),
    }
    note = _("95%% sure that it is between %(low)s and %(high)s of all periods") % {
        "low": figure(found.met.interval.lower * PER_CENT, digits=0),
        "high": figure(found.met.interval.upper * PER_CENT, "%", digits=0),
    }
    tone = TONES[found.verdict] if found.verdict is not Verdict.NOT_ENOUGH else ""
    return Stat(_("Periods that would have met it"), value, note, tone)


def _reachable(found: Feasibility, measured_in: str) -> Stat:
    label = _("Target that 90% of the periods met")
    if found.reachable is None:
        return Stat(label, "–", _("takes %(count)s periods") % {"count": number_format(ENOUGH)}, Tone.UNKNOWN)
    values = {"rank": number_format(found.reachable.rank), "count": number_format(found.periods)}
    if found.reachable.safe is None:
        note = _("the value that %(rank)s of %(count)s periods reached") % values
    else:
        values["safe"] = figure(easier_than(found.reachable.safe, at_least=found.at_least), measured_in)
        note = _("the value that %(rank)s of %(count)s periods reached; 95%% sure of %(safe)s") % values
    value = easier_than(found.reachable.value, at_least=found.at_least)
    return Stat(label, figure(value, measured_in), note)


def _cases(found: Feasibility) -> Stat:
    cases = found.cases
    assert cases is not None
    note = _("of %(n)s; 95%% sure: %(low)s–%(high)s") % {
        "n": number_format(cases.n),
        "low": figure((1 - cases.interval.upper) * PER_CENT, digits=2),
        "high": figure((1 - cases.interval.lower) * PER_CENT, "%", digits=2),
    }
    return Stat(_("Cases that kept it"), figure((1 - cases.share) * PER_CENT, "%"), note)
