"""Promises that cannot hold together: words against targets, targets against each other, targets against what the data say.

A target that differs from another is a contradiction only where both speak of the same: the statement and what measures it,
or two measures of one name where their units overlap. Nothing is said about figures in different units of measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from calidez.policy.measures import Measure
from calidez.policy.rules.figures import Dimension, Figure, Unit, comparable, unit_of


class Kind(StrEnum):
    LAXER_THAN_WORDS = "laxer_than_words"  # the target asks less than the statement promises
    AGAINST_WORDS = "against_words"  # no figure keeps both the statement and the target
    IMPOSSIBLE = "impossible"  # no figure keeps both targets
    DIFFERENT = "different"  # two targets for the same in the same unit
    LAXER_BELOW = "laxer_below"  # a lower unit asks less of the same than a higher one
    OUT_OF_REACH = "out_of_reach"  # the target asks more than nine periods in ten have reached


@dataclass(frozen=True)
class Contradiction:
    """`commitment` is the key of the promise concerned; `words` the figure of its statement, `other` a second measure."""

    kind: Kind
    commitment: int
    measure: Measure
    words: str = ""
    other: Measure | None = None
    other_commitment: int | None = None


@dataclass(frozen=True)
class Bound:
    """A least or greatest value, in the unit of its dimension."""

    value: float
    unit: Unit
    at_least: bool

    def allows_more_than(self, other: Bound) -> bool:
        """Whether it is laxer than another bound on the same side."""
        return self.value < other.value if self.at_least else self.value > other.value

    def excludes(self, other: Bound) -> bool:
        """Whether no value keeps both: at least 95 and at most 90."""
        if self.at_least == other.at_least:
            return False
        least, most = (self, other) if self.at_least else (other, self)
        return least.value > most.value


@dataclass(frozen=True)
class Held:
    """What one promise says and what measures it."""

    commitment: int
    figures: tuple[Figure, ...]
    measures: tuple[Measure, ...]


def contradictions(promises: Sequence[Held]) -> tuple[Contradiction, ...]:
    """All of them, each once, in the order of the promises."""
    found: list[Contradiction] = []
    for promise in promises:
        found += _with_words(promise)
        found += _with_data(promise)
        found += _among(promise)
    found += _across(promises)
    return tuple(dict.fromkeys(found))


def _with_words(promise: Held) -> Iterator[Contradiction]:
    """A target is right if it asks as much as any of the statement's figures of its kind."""
    for measure in promise.measures:
        target = bound_of(measure)
        if target is None:
            continue
        said = [f for f in promise.figures if comparable(f.unit, target.unit)]
        same_side = [f for f in said if f.at_least == target.at_least]
        if same_side:
            if all(target.allows_more_than(_bound(f)) for f in same_side):
                nearest = min(same_side, key=lambda f: abs(f.value - target.value))
                yield Contradiction(Kind.LAXER_THAN_WORDS, promise.commitment, measure, nearest.text)
        elif said and not _two_sides_of_a_share(target, _bound(said[0])):
            against = [f for f in said if target.excludes(_bound(f))]
            if len(against) == len(said):
                yield Contradiction(Kind.AGAINST_WORDS, promise.commitment, measure, against[0].text)


def _with_data(promise: Held) -> Iterator[Contradiction]:
    for measure in promise.measures:
        if measure.target is None or measure.reachable is None:
            continue
        short = measure.reachable < measure.target if measure.at_least else measure.reachable > measure.target
        if short:
            yield Contradiction(Kind.OUT_OF_REACH, promise.commitment, measure)


def _among(promise: Held) -> Iterator[Contradiction]:
    for one, other in combinations(promise.measures, 2):
        if not overlap(one.unit_path, other.unit_path):
            continue
        a, b = bound_of(one), bound_of(other)
        if a is None or b is None or not comparable(a.unit, b.unit):
            continue
        if _called(one) == _called(other):
            yield from _same(promise.commitment, one, promise.commitment, other, a, b)
        elif a.excludes(b) and not _two_sides_of_a_share(a, b):
            yield Contradiction(
                Kind.IMPOSSIBLE, promise.commitment, one, other=other, other_commitment=promise.commitment
            )


def _across(promises: Sequence[Held]) -> Iterator[Contradiction]:
    """Measures of different promises are the same only where they are called the same."""
    for first, second in combinations(promises, 2):
        for one in first.measures:
            for other in second.measures:
                if one == other or _called(one) != _called(other):
                    continue
                a, b = bound_of(one), bound_of(other)
                if a is None or b is None or not comparable(a.unit, b.unit):
                    continue
                if overlap(one.unit_path, other.unit_path):
                    yield from _same(first.commitment, one, second.commitment, other, a, b)


def _same(
    first: int, one: Measure, second: int, other: Measure, a: Bound, b: Bound
) -> Iterator[Contradiction]:
    """Two targets for what has one name."""
    if a.excludes(b):
        yield Contradiction(Kind.IMPOSSIBLE, first, one, other=other, other_commitment=second)
    elif a.at_least != b.at_least or a.value == b.value:
        return
    elif one.unit_path == other.unit_path:
        yield Contradiction(Kind.DIFFERENT, first, one, other=other, other_commitment=second)
    else:
        # A lower unit may ask more of itself, never less.
        above, below = (one, other) if other.unit_path.startswith(one.unit_path) else (other, one)
        lax = b if below is other else a
        strict = a if below is other else b
        if lax.allows_more_than(strict):
            commitment = second if below is other else first
            yield Contradiction(
                Kind.LAXER_BELOW,
                commitment,
                below,
                other=above,
                other_commitment=first if below is other else second,
            )


def bound_of(measure: Measure) -> Bound | None:
    """The target in the unit of its dimension; None where there is none yet."""
    if measure.target is None:
        return None
    unit = unit_of(measure.measured_in)
    return Bound(measure.target * unit.factor, unit, measure.at_least)


def overlap(path: str, other: str) -> bool:
    """Whether two units have a unit in common: one lies in the other."""
    return path.startswith(other) or other.startswith(path)


def _bound(figure: Figure) -> Bound:
    return Bound(figure.value, figure.unit, figure.at_least)


def _two_sides_of_a_share(a: Bound, b: Bound) -> bool:
    """At least 95 % answered and at most 5 % abandoned count different cases: a good share and a bad one."""
    if a.unit.dimension != Dimension.SHARE or a.at_least == b.at_least:
        return False
    least, most = (a, b) if a.at_least else (b, a)
    return least.value >= 50 > most.value


def _called(measure: Measure) -> str:
    return " ".join(measure.title.casefold().split())
