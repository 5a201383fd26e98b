"""The services whose charts are read: those in which nothing happens, and those in which something does."""

from __future__ import annotations

from truth_read import Scenario
from truth_worlds import Count, Level, Means, Rate, Share, days, months, weekdays, weeks

from calidez.monitoring.measuring.season import Adjust

HOLIDAYS = (10, 23, 24, 25, 41)
"""Places among the working days on which the service is closed."""

SHARE = Share(0.9, 100)

STEADY = (
    Scenario("daily share, Monday to Friday, 60 days", SHARE, weekdays(60)),
    Scenario("the same with five holidays", SHARE, weekdays(60, holidays=HOLIDAYS)),
    Scenario("daily share, Monday to Friday, a year", SHARE, weekdays(260)),
    Scenario("daily mean wait, seven days a week, 90 days", Means(40), days(90)),
    Scenario("weekly mean wait, 52 weeks", Means(40), weeks(52)),
    Scenario("weekly share, 52 weeks", Share(0.9, 400), weeks(52)),
    Scenario("monthly figure, 24 months", Level(), months(24)),
    Scenario("monthly figure, 36 months", Level(), months(36)),
    Scenario("monthly share, 24 months", Share(0.9, 400), months(24)),
    Scenario("monthly share, 36 months", Share(0.9, 400), months(36)),
    Scenario("monthly rate of complaints, 36 months", Rate(0.02, 2000), months(36)),
    Scenario("monthly count of some 20, 36 months", Count(20), months(36)),
    Scenario("season of the year followed, 48 months", Level(season=2), months(48), adjust=Adjust.MONTH),
    Scenario(
        "season of the week followed, 84 days", Level(season=2, cycle=7), days(84), adjust=Adjust.WEEKDAY
    ),
    Scenario("season followed where there is none, 48 months", Level(), months(48), adjust=Adjust.MONTH),
    Scenario("season not followed, 48 months", Level(season=2), months(48)),
    Scenario("few cases: share of 10, 36 months", Share(0.9, 10), months(36)),
    Scenario("few cases: share of 30 at 98 %, 36 months", Share(0.98, 30), months(36)),
    Scenario("few cases: count of some 4, 36 months", Count(4), months(36)),
    Scenario("overdispersed share, 52 weeks", Share(0.9, 200, 0.05), weeks(52)),
    Scenario("overdispersed count, 36 months", Count(50, 0.1), months(36)),
    Scenario("autocorrelated (0.3), 52 weeks", Level(memory=0.3), weeks(52)),
    Scenario("autocorrelated (0.6), 52 weeks", Level(memory=0.6), weeks(52)),
    Scenario("rare events: one in two months, 36 months", Count(0.5), months(36)),
    Scenario("rare events: one in two weeks, 104 weeks", Count(0.5), weeks(104)),
    Scenario("skewed waits, 36 months", Level(skew=0.5), months(36)),
    Scenario("limits set by a person from 24 months, the 24 after", Level(), months(48), learned=24),
    Scenario("limits set by a person from 60 days, the 24 after", SHARE, weekdays(84), learned=60),
    Scenario("limits set by a person from 12 months, the 24 after", Level(), months(36), learned=12),
    Scenario("Nelson's eight rules, monthly figure, 36 months", Level(), months(36), preset="nelson"),
    Scenario("Western Electric, monthly figure, 36 months", Level(), months(36), preset="western_electric"),
    Scenario("NHS, monthly figure, 36 months", Level(), months(36), preset="nhs"),
    Scenario("Anhøj, monthly figure, 36 months", Level(), months(36), preset="anhoej"),
    Scenario("limits alone, monthly figure, 36 months", Level(), months(36), preset="limits_only"),
)
