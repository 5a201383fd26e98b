"""The rules by which a chart speaks: what each looks for, over how many points.

Sources: L. S. Nelson, Journal of Quality Technology 16 (1984) 237; Western Electric, Statistical Quality
Control Handbook (1956); NHS England, Making Data Count; J. Anhøj, PLoS ONE 9 (2014) e113825.
"""

from enum import StrEnum

TOLERANCE = 1e-9
"""In standard deviations: a point this close to a line lies on it, and on a line is not beyond it."""


class Rule(StrEnum):
    """Signals of special causes. A point is listed where its pattern is complete (end-point convention)."""

    BEYOND_LIMITS = "beyond_limits"
    RUN_OF_SEVEN = "run_of_seven"
    RUN_OF_EIGHT = "run_of_eight"
    RUN_OF_NINE = "run_of_nine"
    TREND_OF_SIX = "trend_of_six"
    TREND_OF_SEVEN = "trend_of_seven"
    ALTERNATING = "alternating"
    TWO_OF_THREE = "two_of_three"
    TWO_OF_THREE_ONE_SIDE = "two_of_three_one_side"
    FOUR_OF_FIVE = "four_of_five"
    FIFTEEN_WITHIN = "fifteen_within"
    EIGHT_OUTSIDE = "eight_outside"
    LONGEST_RUN = "longest_run"
    FEW_CROSSINGS = "few_crossings"


RUNS = {Rule.RUN_OF_SEVEN: 7, Rule.RUN_OF_EIGHT: 8, Rule.RUN_OF_NINE: 9}
"""Points in a row on one side of the centre."""

TRENDS = {Rule.TREND_OF_SIX: 6, Rule.TREND_OF_SEVEN: 7}
"""Points in a row each higher (or each lower) than the one before; a tie breaks the trend."""

ZONES = frozenset(
    {
        Rule.TWO_OF_THREE,
        Rule.TWO_OF_THREE_ONE_SIDE,
        Rule.FOUR_OF_FIVE,
        Rule.FIFTEEN_WITHIN,
        Rule.EIGHT_OUTSIDE,
    }
)
"""Rules that count standard deviations and so need a roughly symmetric statistic."""

WHOLE_PHASE = frozenset({Rule.LONGEST_RUN, Rule.FEW_CROSSINGS})
"""Rules that judge a phase as a whole and not point by point."""

WINDOWS = {
    Rule.BEYOND_LIMITS: 1,
    **RUNS,
    **TRENDS,
    Rule.ALTERNATING: 14,
    Rule.TWO_OF_THREE: 3,
    Rule.TWO_OF_THREE_ONE_SIDE: 3,
    Rule.FOUR_OF_FIVE: 5,
    Rule.FIFTEEN_WITHIN: 15,
    Rule.EIGHT_OUTSIDE: 8,
}
"""How many points in a row each rule looks at; all of them must have data."""

POINTWISE = tuple(WINDOWS)
BITS = {rule: 1 << position for position, rule in enumerate(POINTWISE)}
"""The bit of each rule in the masks that `evaluate` and `scan` return."""

OVERLAP = max(WINDOWS.values()) - 1
"""Points of history that a later stretch of a series needs to be judged like the whole."""

NELSON = (
    Rule.BEYOND_LIMITS,
    Rule.RUN_OF_NINE,
    Rule.TREND_OF_SIX,
    Rule.ALTERNATING,
    Rule.TWO_OF_THREE,
    Rule.FOUR_OF_FIVE,
    Rule.FIFTEEN_WITHIN,
    Rule.EIGHT_OUTSIDE,
)
"""Nelson's eight rules in his order."""

WESTERN_ELECTRIC = (Rule.BEYOND_LIMITS, Rule.TWO_OF_THREE, Rule.FOUR_OF_FIVE, Rule.RUN_OF_EIGHT)
"""The four Western Electric rules in their order."""
