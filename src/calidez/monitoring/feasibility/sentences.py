"""What the figures say of a target, as sentences: the finding, what to do, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.display import Badge, Tone
from calidez.kit.platform.spoken import spoken
from calidez.monitoring.feasibility.capability import LATEST, Counted
from calidez.monitoring.measuring.periods import since_period
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


def finding(found: Feasibility, measured_in: str) -> str:
    """The title: what the past says of the target."""
    if found.target is None:
        return _("Choose a target to see what the past says of it")
    values = {"target": bound(found.target, measured_in, at_least=found.at_least)}
    if found.met is None:
        return _("Not enough data yet to judge %(target)s") % values
    values |= {"met": number_format(found.met.met), "periods": number_format(found.met.periods)}
    if found.verdict is Verdict.NOT_ENOUGH:
        return _("%(met)s of %(periods)s periods met %(target)s: too few to judge it") % values
    if found.verdict is Verdict.WITHIN_REACH:
        return _("Within reach: %(met)s of %(periods)s periods met %(target)s") % values
    if found.verdict is Verdict.OPEN:
        return _("It is open whether %(target)s can be kept: %(met)s of %(periods)s periods met it") % values
    return _("Beyond reach so far: %(met)s of %(periods)s periods met %(target)s") % values


def advice(found: Feasibility, measured_in: str, *, in_force: bool = False) -> str:
    """What to do, in one sentence; `in_force`: the target is promised already."""
    if found.target is None:
        return ""
    values = {"reachable": ""}
    if found.reachable is not None:
        easier = easier_than(found.reachable.value, at_least=found.at_least)
        values["reachable"] = bound(easier, measured_in, at_least=found.at_least)
    if found.verdict is Verdict.NOT_ENOUGH:
        return _missing(found)
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
        return _("What the periods so far reached")
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
    if these.rebased is not None:
        lines.append(
            spoken(
                _(
                    "Periods before %(since)s do not count: limits were set anew then, and what the service could do before is not what it can do now."
                )
                % {"since": since_period(these.rebased, period)}
            )
        )
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


def unstable(found: Feasibility) -> str:
    if found.stable is not False:
        return ""
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
