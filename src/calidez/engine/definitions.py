"""What an indicator measures, said once and computed on any engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import ClassVar, cast

from calidez.engine.errors import EngineError
from calidez.engine.schema import check_zone


class Period(StrEnum):
    """HOUR is counted on the clock of UTC; the others in the definition's zone, weeks from Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Exactness:
    """How far a value may lie from the exact one: `error` is relative, 0 for exact (up to the last float digit)."""

    error: float = 0.0

    EXACT: ClassVar[Exactness]

    @classmethod
    def BOUNDED(cls, error: float) -> Exactness:  # noqa: N802
        if not 0 < error <= 0.1:
            raise EngineError("bad_definition", detail="a relative error lies between 0 and 0.1")
        return cls(error)

    @property
    def exact(self) -> bool:
        return self.error == 0

    def __str__(self) -> str:
        return "exact" if self.exact else f"within {self.error:.2%}"


Exactness.EXACT = Exactness()
HISTOGRAM = Exactness.BOUNDED(0.01)


@dataclass(frozen=True)
class Proportion:
    """The share of rows that meet a condition, of those for which `of` is true and the condition is known.

    For data that already hold counts per row use `Proportion.counted`.
    """

    met: str = ""
    of: str = ""
    weight: str = ""
    met_total: str = ""
    total: str = ""

    kind: ClassVar[str] = "proportion"

    @classmethod
    def counted(cls, met_total: str, total: str) -> Proportion:
        """`met_total` of `total` in each row: "attendances - breaches" of "attendances"."""
        return cls(met_total=met_total, total=total)

    @property
    def is_counted(self) -> bool:
        return bool(self.total)

    def __post_init__(self) -> None:
        if bool(self.met) == bool(self.met_total) or bool(self.met_total) != bool(self.total):
            raise EngineError("bad_definition", detail="a proportion has a condition or two totals")
        if self.is_counted and (self.of or self.weight):
            raise EngineError("bad_definition", detail="a counted proportion has no condition or weight")


@dataclass(frozen=True)
class Mean:
    """The mean of a value; with `histogram` its percentiles can be read too."""

    value: str
    weight: str = ""
    histogram: bool = False

    kind: ClassVar[str] = "mean"


@dataclass(frozen=True)
class Percentile:
    """The value below which the share `q` lies. By default from a histogram, so that it can be rolled up."""

    value: str
    q: float
    exactness: Exactness = HISTOGRAM

    kind: ClassVar[str] = "percentile"

    def __post_init__(self) -> None:
        if not 0 < self.q < 1:
            raise EngineError("bad_definition", detail="the share of a percentile lies between 0 and 1")


@dataclass(frozen=True)
class Count:
    """How many rows there are, or how many meet `where`."""

    where: str = ""

    kind: ClassVar[str] = "count"


@dataclass(frozen=True)
class Rate:
    """Events (a condition, or a number per row) per unit of exposure."""

    events: str
    exposure: str

    kind: ClassVar[str] = "rate"


@dataclass(frozen=True)
class Ratio:
    """The sum of one number over the sum of another."""

    numerator: str
    denominator: str

    kind: ClassVar[str] = "ratio"


@dataclass(frozen=True)
class Nps:
    """Promoters (9, 10) less detractors (0 to 6), in points; scores outside 0 to 10 are no answers."""

    score: str
    weight: str = ""

    kind: ClassVar[str] = "nps"


Measure = Proportion | Mean | Percentile | Count | Rate | Ratio | Nps
MEASURES: dict[str, type[Measure]] = {
    measure.kind: measure for measure in (Proportion, Mean, Percentile, Count, Rate, Ratio, Nps)
}


def measure_to_json(measure: Measure) -> dict[str, object]:
    said = {name: value for name, value in asdict(measure).items() if value not in ("", None, False)}
    return {"kind": measure.kind, **said}


def measure_from_json(data: Mapping[str, object]) -> Measure:
    kind = MEASURES.get(str(data.get("kind")))
    if not kind:
        raise EngineError("bad_definition", detail=f"there is no measure called {data.get('kind')}")
    values = {name: value for name, value in data.items() if name != "kind"}
    if "exactness" in values:
        values["exactness"] = Exactness(**cast("dict", values["exactness"]))
    try:
        return kind(**cast("dict", values))
    except TypeError as error:
        raise EngineError("bad_definition", detail=str(error)) from error


@dataclass(frozen=True)
class IndicatorDefinition:
    """An indicator: which rows of which dataset, measured how, per period, branch and segments.

    `time` is the dataset's time column when empty. `zone` decides when a day begins, for moments; dates have none.
    """

    dataset: str
    measure: Measure
    filter: str = ""
    period: Period = Period.MONTH
    time: str = ""
    branch: str | None = None
    segments: tuple[str, ...] = ()
    zone: str = "UTC"

    def __post_init__(self) -> None:
        object.__setattr__(self, "period", Period(self.period))
        object.__setattr__(self, "segments", tuple(self.segments))
        check_zone(self.zone)

    @property
    def exactness(self) -> Exactness:
        return self.measure.exactness if isinstance(self.measure, Percentile) else Exactness.EXACT

    @property
    def scan(self) -> tuple[object, ...]:
        """Definitions with the same scan are computed together."""
        return (self.dataset, self.period, self.time, self.branch, self.segments, self.zone)

    @property
    def fingerprint(self) -> str:
        """Changes exactly when what is measured changes."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def to_json(self) -> dict[str, object]:
        return {
            "dataset": self.dataset,
            "measure": measure_to_json(self.measure),
            "filter": self.filter,
            "period": str(self.period),
            "time": self.time,
            "branch": self.branch,
            "segments": list(self.segments),
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> IndicatorDefinition:
        try:
            values = {**data, "measure": measure_from_json(cast("Mapping", data["measure"]))}
            return cls(**cast("dict", values))
        except (KeyError, TypeError, ValueError) as error:
            raise EngineError("bad_definition", detail=str(error)) from error
