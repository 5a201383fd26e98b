"""The services whose charts are read: those in which nothing happens, and those in which something does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from truth_read import Scenario
from truth_worlds import (
    Calendar,
    Count,
    Floats,
    Level,
    Means,
    Rate,
    Share,
    World,
    days,
    months,
    weekdays,
    weeks,
)

from calidez.monitoring.measuring.season import Adjust

HOLIDAYS = (10, 23, 24, 25, 41)
"""Places among the working days on which the service is closed."""

SHARE = Share(0.9, 100)
FIGURE = Level()

SKEWED = "what is above the usual lies further from it than what is below; the statement is that of symmetric values"
STEPS = (
    "few events take few values, so that limits learned a little lower or higher call one value more or less a signal; what a"
    " page states follows the rate that it has learned"
)
WANDERS = "where chance hides from the page that neighbouring periods resemble each other, it states what holds for independent ones"

STEADY = (
    Scenario("daily share, Monday to Friday, 60 days", SHARE, weekdays(60)),
    Scenario("the same with five holidays", SHARE, weekdays(60, holidays=HOLIDAYS)),
    Scenario("daily share, Monday to Friday, a year", SHARE, weekdays(260)),
    Scenario("daily mean wait, seven days a week, 90 days", Means(40), days(90)),
    Scenario("weekly mean wait, 52 weeks", Means(40), weeks(52)),
    Scenario("weekly share, 52 weeks", Share(0.9, 400), weeks(52)),
    Scenario("monthly figure, 24 months", FIGURE, months(24)),
    Scenario("monthly figure, 36 months", FIGURE, months(36)),
    Scenario("monthly share, 24 months", Share(0.9, 400), months(24)),
    Scenario("monthly share, 36 months", Share(0.9, 400), months(36)),
    Scenario("monthly rate of complaints, 36 months", Rate(0.02, 2000), months(36)),
    Scenario("monthly count of some 20, 36 months", Count(20), months(36)),
    Scenario("season of the year, followed, 48 months", Level(season=2), months(48), adjust=Adjust.MONTH),
    Scenario(
        "season of the week, followed, 84 days", Level(season=2, cycle=7), days(84), adjust=Adjust.WEEKDAY
    ),
    Scenario("a season followed where there is none, 48 months", FIGURE, months(48), adjust=Adjust.MONTH),
    Scenario("few cases: share of 10, 36 months", Share(0.9, 10), months(36), because=STEPS),
    Scenario("few cases: share of 30 at 98 %, 36 months", Share(0.98, 30), months(36)),
    Scenario("few cases: count of some 4, 36 months", Count(4), months(36)),
    Scenario("overdispersed share around 60 %, 52 weeks", Share(0.6, 200, 0.02), weeks(52)),
    Scenario(
        "overdispersed share around 90 %, 52 weeks",
        Share(0.9, 200, 0.02),
        weeks(52),
    ),
    Scenario("overdispersed share around 90 %, a year of days", Share(0.9, 200, 0.02), weekdays(260)),
    Scenario("overdispersed count, 36 months", Count(50, 0.1), months(36)),
    Scenario("autocorrelated (0.3), 52 weeks", Level(memory=0.3), weeks(52), because=WANDERS),
    Scenario("autocorrelated (0.6), 52 weeks", Level(memory=0.6), weeks(52), because=WANDERS),
    Scenario("rare events: one in two months, 36 months", Count(0.5), months(36)),
    Scenario("rare events: one in three weeks, 104 weeks", Count(1 / 3), weeks(104), because=STEPS),
    Scenario(
        "rare events: one in two weeks, 104 weeks",
        Count(0.5),
        weeks(104),
        because=STEPS,
    ),
    Scenario("skewed waits far from zero, 36 months", Level(skew=0.5), months(36), because=SKEWED),
    Scenario("skewed waits down to zero, 36 months", Level(skew=0.5, level=15), months(36), because=SKEWED),
    Scenario("limits set by a person from 24 months, the 24 after", FIGURE, months(48), learned=24),
    Scenario("limits set by a person from 12 months, the 24 after", FIGURE, months(36), learned=12),
    Scenario("limits set by a person from 60 days, the 24 after", SHARE, weekdays(84), learned=60),
    Scenario("Nelson's eight rules, monthly figure, 36 months", FIGURE, months(36), preset="nelson"),
    Scenario("Western Electric, monthly figure, 36 months", FIGURE, months(36), preset="western_electric"),
    Scenario("NHS, monthly figure, 36 months", FIGURE, months(36), preset="nhs"),
    Scenario("Anhøj, monthly figure, 36 months", FIGURE, months(36), preset="anhoej"),
    Scenario("limits alone, monthly figure, 36 months", FIGURE, months(36), preset="limits_only"),
)

PEER = (
    Scenario("run chart, 24 months", FIGURE, months(24), preset="anhoej", chart="run"),
    Scenario("run chart, 36 months", FIGURE, months(36), preset="anhoej", chart="run"),
    Scenario("single values, 24 months", FIGURE, months(24), preset="anhoej"),
    Scenario("single values, 60 months", FIGURE, months(60), preset="anhoej"),
    Scenario("share of 400, 36 months", Share(0.9, 400), months(36), preset="anhoej"),
    Scenario("rate, 36 months", Rate(0.02, 2000), months(36), preset="anhoej"),
    Scenario("count of some 4, 36 months", Count(4), months(36), preset="anhoej"),
    Scenario("rare events, 36 months", Count(0.5), months(36), preset="anhoej"),
    Scenario("overdispersed share, 52 weeks", Share(0.9, 200, 0.02), weeks(52), preset="anhoej"),
)
"""Read by Anhøj's rules, which are those of qicharts2."""


@dataclass(frozen=True)
class Change:
    """What the newest periods bring, in standard deviations of a period, after so many that were as usual."""

    about: str
    world: World
    calendar: Callable[[int], Calendar]
    before: int
    size: float
    lasts: tuple[int, ...] = (6, 12, 24)
    learned: int = 0
    adjust: Adjust = Adjust.NONE
    drawn: str = ""

    def scenario(self, last: int) -> Scenario:
        return Scenario(
            self.about,
            self.world,
            self.calendar(self.before + last),
            learned=self.learned,
            adjust=self.adjust,
            drawn=self.drawn,
        )

    def shift(self, last: int) -> Floats:
        """How far each period lies from the usual."""
        by = np.zeros(len(self.calendar(self.before + last)))
        by[-last:] = self.size
        return by


BETTER = 0.025 / 0.03
"""From 90 to 92.5 % of a hundred cases."""

DAILY = "daily share from 90 to 92.5 %, Monday to Friday, after 60 days"

CHANGES = (
    Change(DAILY, SHARE, weekdays, 60, BETTER, drawn=DAILY),
    Change("the same seven days a week", SHARE, days, 60, BETTER, drawn=DAILY),
    Change(
        "the same with five holidays before",
        SHARE,
        partial(weekdays, holidays=HOLIDAYS),
        65,
        BETTER,
        drawn=DAILY,
    ),
    Change("monthly figure up by 1 sigma, after 36 months", FIGURE, months, 36, 1),
    Change("by 1.5 sigma", FIGURE, months, 36, 1.5),
    Change("by 2 sigma", FIGURE, months, 36, 2),
    Change("by 3 sigma", FIGURE, months, 36, 3),
    Change("by 1.5 sigma, limits set by a person from 24 months", FIGURE, months, 36, 1.5, learned=24),
    Change("weekly mean wait up by 1.5 sigma, after 52 weeks", Means(40), weeks, 52, 1.5),
    Change(
        "season followed: up by 1.5 sigma, after 48 months",
        Level(season=2),
        months,
        48,
        1.5,
        adjust=Adjust.MONTH,
    ),
    Change(
        "season followed: up by 3 sigma, after 48 months", Level(season=2), months, 48, 3, adjust=Adjust.MONTH
    ),
    Change("few cases: share of 10 down by 1.5 sigma, after 36 months", Share(0.9, 10), months, 36, -1.5),
    Change("few cases: count of some 4 up by 1.5 sigma, after 36 months", Count(4), months, 36, 1.5),
    Change("overdispersed share up by 1.5 sigma, after 52 weeks", Share(0.6, 200, 0.02), weeks, 52, 1.5),
    Change("autocorrelated (0.3): up by 1.5 sigma, after 52 weeks", Level(memory=0.3), weeks, 52, 1.5),
    Change("rare events: from one in two months to one a month, after 36", Count(0.5), months, 36, 0.5**0.5),
    Change(
        "rare events: from one in two months to two a month, after 36", Count(0.5), months, 36, 1.5 / 0.5**0.5
    ),
    Change("one month up by 3 sigma, after 36 months", FIGURE, months, 36, 3, lasts=(1,)),
    Change("one month up by 4 sigma, after 36 months", FIGURE, months, 36, 4, lasts=(1,)),
    Change("one month up by 5 sigma, after 36 months", FIGURE, months, 36, 5, lasts=(1,)),
    Change(
        "one day of a share down by 4 sigma, Monday to Friday, after 60 days",
        SHARE,
        weekdays,
        60,
        -4,
        lasts=(1,),
    ),
)


def rising(by: float, points: int) -> Floats:
    """A line from one end to the other, in standard deviations of what lies around it."""
    return np.linspace(-by / 2, by / 2, points)


THROUGHOUT = (
    (
        "season",
        Scenario("season of the year, a wave of 2 sigma, 48 months", Level(season=2), months(48)),
        0.0,
    ),
    (
        "season",
        Scenario("season of the year, a wave of 3 sigma, 48 months", Level(season=3), months(48)),
        0.0,
    ),
    (
        "season",
        Scenario("season of the week, a wave of 2 sigma, 84 days", Level(season=2, cycle=7), days(84)),
        0.0,
    ),
    (
        "season",
        Scenario("season of the week, a wave of 3 sigma, 84 days", Level(season=3, cycle=7), days(84)),
        0.0,
    ),
    ("trend", Scenario("rise of 4 sigma from end to end, 36 months", FIGURE, months(36)), 4.0),
    ("trend", Scenario("rise of 8 sigma from end to end, 36 months", FIGURE, months(36)), 8.0),
    ("wandering", Scenario("autocorrelated (0.6), 52 weeks", Level(memory=0.6), weeks(52)), 0.0),
    ("wandering", Scenario("autocorrelated (0.8), 52 weeks", Level(memory=0.8), weeks(52)), 0.0),
)
"""What goes on from end to end: its kind, the service, and how far it rises."""
