"""One definition of every kind over one table, for the tests that compute them and those that only compile them."""

from __future__ import annotations

from calidez.engine import (
    Column,
    ColumnType,
    Count,
    Exactness,
    IndicatorDefinition,
    Mean,
    Measure,
    Nps,
    Percentile,
    Period,
    Proportion,
    Rate,
    Ratio,
    Role,
    Schema,
)

SCHEMA = Schema(
    (
        Column("at", "at", ColumnType.TIMESTAMP, Role.TIME, date_order="ymd"),
        Column("day", "day", ColumnType.DATE, date_order="ymd"),
        Column("branch", "branch", role=Role.BRANCH),
        Column("channel", "channel", role=Role.SEGMENT),
        Column("waiting", "waiting", ColumnType.NUMBER),
        Column("score", "score", ColumnType.INTEGER),
        Column("solved", "solved", ColumnType.BOOLEAN),
        Column("weight", "weight", ColumnType.NUMBER),
    )
)
MEASURES: dict[str, Measure] = {
    "proportion": Proportion("waiting <= 10", of="channel <> 'mail'"),
    "weighted proportion": Proportion("solved", weight="weight"),
    "counted proportion": Proportion.counted("score - 1", "score"),
    "mean": Mean("waiting", histogram=True),
    "weighted mean": Mean("score", weight="weight"),
    "percentile": Percentile("waiting - 20", 0.9),
    "exact percentile": Percentile("waiting", 0.9, Exactness.EXACT),
    "count": Count("score < 5"),
    "rate of events": Rate("solved", "weight"),
    "rate of numbers": Rate("score", "waiting / 60"),
    "ratio": Ratio("round(waiting, 1)", "score"),
    "nps": Nps("score"),
    "weighted nps": Nps("score", weight="weight"),
}


def definitions(**more: object) -> dict[str, IndicatorDefinition]:
    given = {"branch": "branch", "segments": ("channel",), "period": Period.MONTH, **more}
    return {name: IndicatorDefinition("visits", measure, **given) for name, measure in MEASURES.items()}  # type: ignore[arg-type]


def rows(count: int = 4000) -> list[tuple]:
    """Deterministic rows with every kind of gap: empty values, zeros, negative numbers, scores out of range."""
    found = []
    for n in range(count):
        minute = n * 7919 % 129_600  # ninety days
        day = f"2024-{minute // 43_200 + 1:02}-{minute % 43_200 // 1440 % 28 + 1:02}"
        at = f"{day} {minute % 1440 // 60:02}:{minute % 60:02}:00+00"
        found.append(
            (
                at,
                day,
                None if n % 97 == 0 else f"Branch {n % 5}",
                ("phone", "chat", "mail", None)[n % 4],
                None if n % 11 == 0 else (n * 37 % 1000) / 10 - (5 if n % 13 == 0 else 0),
                None if n % 7 == 0 else n * 31 % 13 - 1,
                (True, False, None)[n % 3],
                None if n % 17 == 0 else n % 9 / 4,
            )
        )
    return found
