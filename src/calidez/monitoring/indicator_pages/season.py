"""What the page says of a season: offered where the data show one, followed where somebody chose it, never in silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from calidez.monitoring.indicator_pages.address import View
from calidez.monitoring.indicator_pages.offers import Said, Way, kept
from calidez.monitoring.measuring.drawing import measured
from calidez.monitoring.measuring.findings import cycle_words
from calidez.monitoring.measuring.season import Adjust, Followed, Offer, offered
from calidez.monitoring.sentences import figure
from calidez.stats import charts


def said(view: View, user: Any) -> Said | None:
    """The season that limits could follow, or that they follow in this view alone."""
    if view.reading.chart is None or not view.window:
        return None
    if view.adjust and view.adjust != view.indicator.adjust:
        back = Way(_("As it was"), view.url(season=""), here=True)
        if view.adjust != Adjust.NONE and not view.reading.seasons:
            return Said(_not_followed(view, Adjust(view.adjust)), (back,))
        return Said(_tried(view), (*kept(view, user, adjust=view.adjust), back))
    offer = _offer(view)
    if offer is None:
        return None
    values = {"cycle": cycle_words(offer.adjust), "share": number_format(round(offer.share * 100))}
    sentence = (
        _(
            "These figures vary with %(cycle)s, which explains %(share)s%% of their variation. Limits that follow it show what is unusual for its time."
        )
        % values
    )
    return Said(sentence, (Way(_("Let the limits follow it"), view.url(season=offer.adjust), here=True),))


def caption(view: View) -> list[str]:
    """How far the limits follow a season, and what it adds and takes away."""
    reading = view.reading
    asked = Adjust.NONE if reading.options is None else reading.options.adjust
    if asked is Adjust.NONE:
        return []
    if not reading.seasons:
        tried = view.adjust and view.adjust != view.indicator.adjust  # then it is said beside the way back
        return [] if tried else [_not_followed(view, asked)]
    return [_followed(view, season) for season in reading.seasons]


def _not_followed(view: View, asked: Adjust) -> str:
    if view.reading.kind not in charts.SEASONAL:
        return _("This chart does not follow %(cycle)s.") % {"cycle": cycle_words(asked)}
    return _("The limits cannot follow %(cycle)s yet: each must have come at least twice.") % {
        "cycle": cycle_words(asked)
    }


def _offer(view: View) -> Offer | None:
    reading = view.reading
    if reading.pattern is not None and reading.pattern.offer is not None:
        return reading.pattern.offer
    if reading.options is None or reading.options.adjust is not Adjust.NONE:
        return None
    if reading.kind not in charts.SEASONAL:
        return None
    return offered(measured(reading.series, reading.options), view.indicator.period)


def _tried(view: View) -> str:
    if view.adjust == Adjust.NONE:
        return _("In this view the limits follow no season.")
    return _("In this view the limits follow %(cycle)s.") % {"cycle": cycle_words(Adjust(view.adjust))}


def _followed(view: View, followed: Followed) -> str:
    season = followed.effects
    effects = np.array(season.effects)
    high, low = int(np.nanargmax(effects)), int(np.nanargmin(effects))
    names = _names(followed.part)
    values = {
        "cycle": cycle_words(followed.part),
        "share": number_format(round(season.share * 100)),
        "high": names[high],
        "low": names[low],
        "more": _effect(view, season, high),
        "less": _effect(view, season, low),
    }
    if followed.part is Adjust.WEEKDAY:
        said = _(
            "The limits follow %(cycle)s, which explains %(share)s%% of the variation: most on %(high)s (%(more)s), least on %(low)s (%(less)s)."
        )
    else:
        said = _(
            "The limits follow %(cycle)s, which explains %(share)s%% of the variation: most in %(high)s (%(more)s), least in %(low)s (%(less)s)."
        )
    return said % values


def _names(part: Adjust) -> Sequence[str]:
    found = WEEKDAYS if part is Adjust.WEEKDAY else {number - 1: name for number, name in MONTHS.items()}
    return [str(found[place]) for place in range(len(found))]


def _effect(view: View, season: charts.Season, place: int) -> str:
    """What a chart at its centre shows then."""
    chart = view.reading.chart
    assert chart is not None
    at = int(np.flatnonzero(season.position == place)[0])
    level = chart.phases[-1].limits.centre
    shown = float(season.expected(level, slice(at, at + 1))[0])
    return figure(shown * view.reading.series.scale, view.indicator.measured_in)
