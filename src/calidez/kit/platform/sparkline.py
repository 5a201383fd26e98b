"""A series drawn small: ready SVG paths, so that a page of fifty branches needs no script and templates no sums."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from calidez.kit.platform.display import Tone

Limit = float | Sequence[float | None] | None


@dataclass(frozen=True)
class Mark:
    """A point worth seeing; `tone` gives its colour."""

    x: float
    y: float
    radius: float
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True)
class Sparkline:
    """Everything an SVG needs; empty paths are not drawn. `label` is what it says to those who cannot see it."""

    width: int
    height: int
    label: str
    line: str
    band: str = ""
    centre: str = ""
    target: str = ""
    lone: tuple[Mark, ...] = ()  # values with a gap on both sides, which a line cannot show
    marks: tuple[Mark, ...] = ()
    last: Mark | None = None


def sparkline(
    values: Sequence[float | None],
    *,
    label: str,
    lower: Limit = None,
    upper: Limit = None,
    centre: Limit = None,
    target: Limit = None,
    marks: Mapping[int, Tone] | None = None,
    domain: tuple[float, float] | None = None,
    width: int = 200,
    height: int = 48,
) -> Sparkline:
    """Draws `values` in order, None being a gap, with its limits and target (one number, or one for each point).

    `domain` fixes the vertical scale so that small multiples can share one.
    """
    if width < 20 or height < 12:
        raise ValueError("a sparkline needs at least 20 by 12 pixels")
    known = {
        "values": list(values),
        "lower": _spread(lower, len(values)),
        "upper": _spread(upper, len(values)),
        "centre": _spread(centre, len(values)),
        "target": _spread(target, len(values)),
    }
    scale = _Scale.around(known, domain, width, height)
    points = scale.points(known["values"])
    shown = [p for p in points if p is not None]
    return Sparkline(
        width=width,
        height=height,
        label=label,
        line=_path(points),
        band=_band(scale.points(known["lower"]), scale.points(known["upper"])),
        centre=_path(scale.points(known["centre"])),
        target=_target(known["target"], scale, width),
        lone=tuple(Mark(*p, 1.4) for p in _lone(points)),
        marks=_marks(points, marks or {}),
        last=Mark(*shown[-1], 2.2) if shown else None,
    )


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    step: float
    left: float
    top: float
    inner_height: float

    @classmethod
    def around(
        cls,
        known: Mapping[str, Sequence[float | None]],
        domain: tuple[float, float] | None,
        width: int,
        height: int,
    ) -> _Scale:
        margin = 4.0  # a marked point at the edge stays whole
        numbers = [v for series in known.values() for v in series if _is_number(v)]
        low, high = domain or (min(numbers, default=0.0), max(numbers, default=1.0))
        if high <= low:
            low, high = low - 0.5, low + 0.5
        gaps = max(1, len(known["values"]) - 1)
        return cls(low, high, (width - 2 * margin) / gaps, margin, margin, height - 2 * margin)

    def x(self, index: int) -> float:
        return round(self.left + index * self.step, 1)

    def y(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.top + (1 - share) * self.inner_height, 1)

    def points(self, values: Sequence[float | None]) -> list[tuple[float, float] | None]:
        return [(self.x(i), self.y(v)) if _is_number(v) else None for i, v in enumerate(values)]


def _is_number(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def _spread(limit: Limit, count: int) -> list[float | None]:
    if limit is None:
        return [None] * count
    if isinstance(limit, (int, float)):
        return [float(limit)] * count
    if len(limit) != count:
        raise ValueError("limits given for each point must be as many as the values")
    return list(limit)


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    parts = []
    drawing = False
    for point in points:
        if point is not None:
            parts.append(f"{'L' if drawing else 'M'}{point[0]:g} {point[1]:g}")
        drawing = point is not None
    return "".join(parts) if "L" in "".join(parts) else ""


def _band(lower: Sequence[tuple[float, float] | None], upper: Sequence[tuple[float, float] | None]) -> str:
    """The area between the limits, in one piece for each stretch where both are known."""
    pieces = []
    stretch: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for low, high in [*zip(lower, upper, strict=True), (None, None)]:
        if low is not None and high is not None:
            stretch.append((low, high))
            continue
        if len(stretch) > 1:
            around = [high_ for _low, high_ in stretch] + [low_ for low_, _high in reversed(stretch)]
            pieces.append(_path(around) + "Z")
        stretch = []
    return "".join(pieces)


def _target(values: Sequence[float | None], scale: _Scale, width: int) -> str:
    """One line from edge to edge, or steps where the target changed or did not hold yet."""
    if len(set(values)) == 1:
        return f"M0 {scale.y(values[0]):g}L{width} {scale.y(values[0]):g}" if _is_number(values[0]) else ""
    steps: list[tuple[float, float] | None] = []
    for index, value in enumerate(values):
        if not _is_number(value):
            steps.append(None)
            continue
        following = width if index + 1 == len(values) else scale.x(index + 1)
        steps += [(scale.x(index), scale.y(value)), (following, scale.y(value))]
    return _path(steps)


def _lone(points: Sequence[tuple[float, float] | None]) -> list[tuple[float, float]]:
    padded = [None, *points, None]
    around = zip(padded, padded[1:], padded[2:], strict=False)
    return [here for before, here, after in around if here is not None and before is None and after is None]


def _marks(points: Sequence[tuple[float, float] | None], tones: Mapping[int, Tone]) -> tuple[Mark, ...]:
    found = []
    for index, tone in sorted(tones.items()):
        if not 0 <= index < len(points):
            raise ValueError(f"there is no value {index} to mark")
        point = points[index]
        if point is not None:
            found.append(Mark(*point, 3.2, tone))
    return tuple(found)
