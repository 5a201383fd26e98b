"""Sets of rules to choose from, each with the price of choosing it: how often it alarms for nothing."""

from dataclasses import dataclass

from .definitions import NELSON, WESTERN_ELECTRIC, Rule


@dataclass(frozen=True)
class FalseAlarm:
    """False alarms of a stable process of independent normal points.

    `average_run_length`: points between alarms on average. `within_24`: chance of one or more in 24 points.
    `method`: how both were found. `points` is how many points the limits rest on (0: they are known, which is what
    presets state); `learned.false_alarms` gives the answer for learned limits. `within_points` is the chance of one
    or more anywhere on the chart from which the limits were learned.
    """

    average_run_length: float
    within_24: float
    method: str
    points: int = 0
    within_points: float | None = None


@dataclass(frozen=True)
class Preset:
    """Rules, what they cost, and whether those who use them screen moving ranges (`charts.MAKING_DATA_COUNT`)."""

    name: str
    rules: tuple[Rule, ...]
    false_alarm: FalseAlarm
    screened: bool = False


MARKOV = "markov_chain"
SIMULATED = "simulation of 1,000,000 series, seed 20261101"
SIMULATED_CHARTS = "simulation of 40,000 series judged anew after each point from the tenth, seed 20261101"

_DEFAULT = (Rule.BEYOND_LIMITS, Rule.RUN_OF_NINE, Rule.TWO_OF_THREE)
_NHS = (Rule.BEYOND_LIMITS, Rule.TREND_OF_SEVEN, Rule.TWO_OF_THREE_ONE_SIDE, Rule.RUN_OF_SEVEN)
_ANHOEJ = (Rule.BEYOND_LIMITS, Rule.LONGEST_RUN, Rule.FEW_CROSSINGS)

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("default", _DEFAULT, FalseAlarm(158.74, 0.1287, MARKOV)),
        Preset("nelson", NELSON, FalseAlarm(73.5, 0.245, SIMULATED)),
        Preset("western_electric", WESTERN_ELECTRIC, FalseAlarm(91.75, 0.2106, MARKOV)),
        Preset("nhs", _NHS, FalseAlarm(86.0, 0.220, SIMULATED), screened=True),
        Preset("anhoej", _ANHOEJ, FalseAlarm(247.7, 0.190, SIMULATED_CHARTS)),
        Preset("limits_only", (Rule.BEYOND_LIMITS,), FalseAlarm(370.40, 0.0628, MARKOV)),
    )
}
"""On a run chart, which has no limits, Anhøj's preset comes down to its two rules of runs."""
