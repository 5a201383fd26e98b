"""How often a set of rules raises a false alarm, and how soon it sees a shift.

Exact where the rules only ask in which zone points fall (Markov chain after C. W. Champ and W. H. Woodall,
Technometrics 29, 1987), simulated where they compare neighbours. Limits count as known, and as in that paper
two of three and four of five count from the first points on.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse, special
from scipy.sparse import linalg

from .._types import Floats
from ..charts.run import crossings_min, longest_run_max
from .definitions import RUNS, TRENDS, WHOLE_PHASE, Rule
from .vectors import evaluate

_ZONES = (-4, -3, -2, -1, 1, 2, 3, 4)
_SEQUENCE = frozenset({*TRENDS, Rule.ALTERNATING}) | WHOLE_PHASE


@dataclass(frozen=True)
class RunLength:
    """Points until the first signal, on average, and the chance of one or more within 24 points."""

    average: float
    within_24: float


def exact(rules: Iterable[Rule], *, shift: float = 0.0) -> RunLength:
    """Run length for independent normal points whose mean lies `shift` standard deviations off the centre."""
    wanted = tuple(rules)
    if any(rule in _SEQUENCE for rule in wanted):
        raise ValueError("rules that compare neighbouring points have no exact run length here: simulate it")
    edges = special.ndtr(np.array([-np.inf, -3, -2, -1, 0, 1, 2, 3, np.inf]) - shift)
    chain = _chain(wanted, np.diff(edges))
    size = chain.shape[0]
    average = linalg.spsolve(sparse.eye(size, format="csc") - chain.tocsc(), np.ones(size))[0]
    left = np.ones(size)
    for _ in range(24):
        left = chain @ left
    return RunLength(float(average), float(1 - left[0]))


def simulate(
    rules: Iterable[Rule], *, shift: float = 0.0, runs: int = 100_000, seed: int, horizon: int = 512
) -> RunLength:
    """As `exact`, by drawing `runs` series. Series without a signal within the horizon count as censored."""
    wanted = tuple(rules)
    random = np.random.default_rng(seed)
    time = signals = early = 0
    for start in range(0, runs, 4096):
        z = random.standard_normal((min(4096, runs - start), horizon)) + shift
        hit = evaluate(z, wanted, partial=True) != 0
        found = hit.any(axis=1)
        first = np.where(found, hit.argmax(axis=1) + 1, horizon)
        time += int(first.sum())
        signals += int(found.sum())
        early += int((found & (first <= 24)).sum())
    if signals == 0:
        raise ValueError("no run ended within the horizon: lengthen it")
    return RunLength(time / signals, early / runs)


def simulate_runs_analysis(
    *, runs: int = 40_000, seed: int, horizon: int = 4000, fewest: int = 10
) -> RunLength:
    """Run length of three-sigma limits with Anhøj's rules, the chart judged anew after each point from `fewest`."""
    random = np.random.default_rng(seed)
    longest_max = np.array([longest_run_max(n) for n in range(horizon + 1)])
    fewest_crossings = np.array([crossings_min(n) for n in range(horizon + 1)])
    z = random.standard_normal(runs)
    side, run, longest, crossings = z > 0, np.ones(runs), np.ones(runs), np.zeros(runs)
    first = np.where(np.abs(z) > 3, 1, 0)
    for n in range(2, horizon + 1):
        z = random.standard_normal(len(run))
        crossed = (z > 0) != side
        side, run = z > 0, np.where(crossed, 1, run + 1)
        longest, crossings = np.maximum(longest, run), crossings + crossed
        hit = np.abs(z) > 3
        if n >= fewest:
            hit |= (longest > longest_max[n]) | (crossings < fewest_crossings[n])
        first[(first == 0) & hit] = n
        if (first > 0).all():
            break
    ended = first > 0
    time = int(first[ended].sum()) + horizon * int((~ended).sum())
    return RunLength(time / int(ended.sum()), float(np.mean(ended & (first <= 24))))


def _chain(rules: tuple[Rule, ...], chances: Floats) -> sparse.csr_matrix:
    """Transition matrix between the states that have not signalled; the first is the fresh start."""
    start: tuple[Hashable, ...] = tuple(() for _ in rules)
    index = {start: 0}
    queue = [start]
    rows, columns, weights = [], [], []
    for state in queue:
        for zone, chance in zip(_ZONES, chances, strict=True):
            moves = [_advance(rule, part, zone) for rule, part in zip(rules, state, strict=True)]
            if any(signal for _, signal in moves):
                continue
            following = tuple(part for part, _ in moves)
            if following not in index:
                index[following] = len(index)
                queue.append(following)
            rows.append(index[state])
            columns.append(index[following])
            weights.append(chance)
    return sparse.csr_matrix((weights, (rows, columns)), shape=(len(index), len(index)))


def _advance(rule: Rule, state: Hashable, zone: int) -> tuple[tuple[int, ...], bool]:
    """The memory of one rule after a point in a zone (±1 nearest the centre, ±4 beyond the limits)."""
    memory: tuple[int, ...] = state if isinstance(state, tuple) else ()
    side = 1 if zone > 0 else -1
    if rule is Rule.BEYOND_LIMITS:
        return (), abs(zone) == 4
    if rule in RUNS:
        run = memory[0] if memory else 0
        run = run + side if run * side > 0 else side
        return (run,), abs(run) >= RUNS[rule]
    if rule is Rule.TWO_OF_THREE:
        return _some_of(memory, side if abs(zone) >= 3 else 0, 2, 3)
    if rule is Rule.FOUR_OF_FIVE:
        return _some_of(memory, side if abs(zone) >= 2 else 0, 4, 5)
    if rule is Rule.TWO_OF_THREE_ONE_SIDE:
        window = (*memory, side * (2 if abs(zone) == 3 else 1))[-3:]
        one_side = len(window) == 3 and abs(sum(1 if mark > 0 else -1 for mark in window)) == 3
        return window[-2:], one_side and sum(abs(mark) == 2 for mark in window) >= 2
    if rule is Rule.FIFTEEN_WITHIN:
        run = (memory[0] if memory else 0) + 1 if abs(zone) == 1 else 0
        return (run,), run >= 15
    return _eight_outside(memory, side if abs(zone) >= 2 else 0)


def _some_of(memory: tuple[int, ...], mark: int, count: int, window: int) -> tuple[tuple[int, ...], bool]:
    seen = (*memory, mark)[-window:]
    return seen[1 - window :], mark != 0 and seen.count(mark) >= count


def _eight_outside(memory: tuple[int, ...], side: int) -> tuple[tuple[int, ...], bool]:
    """Memory: how many points in a row outside one sigma, and how many of the last on one side (signed)."""
    if side == 0:
        return (0, 0), False
    outside, same = memory or (0, 0)
    same = same + side if same * side > 0 else side
    same = max(-8, min(8, same))
    outside = min(8, outside + 1)
    return (outside, same), outside == 8 and abs(same) < 8
