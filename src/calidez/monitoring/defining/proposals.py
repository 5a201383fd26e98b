"""What is likely meant by a dataset: which measure, how often, by what; proposed and never decided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from calidez import engine
from calidez.monitoring.models import Dataset, Indicator

Better, Measure = Indicator.Better, Indicator.Measure
ENOUGH = 20  # rows that a period should have, for a share or a mean that does not jump about
PERIODS_SEEN = 6  # a chart of fewer says little
LENGTHS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
LONG_BY_DAY = 400  # days from which on a chart by day is hard to read
MOST_SEGMENTS = 2
MOST_VALUES = 12  # of a column by which one looks separately
SURELY = 30  # rows that all differ
NUMERIC = frozenset({engine.ColumnType.NUMBER, engine.ColumnType.INTEGER})

# Parts of the names of columns, in both languages.
IDENTIFIERS = re.compile(
    r"(^|_)(id|ids|no|num|number|numero|nro|folio|ticket|codigo|code|clave|key|cedula|dni|nit|ruc|telefono|phone|row|fila|expediente|caso|case)(_|$)"
)
BAD = re.compile(
    r"wait|espera|tiempo|time|demora|delay|durac|durat|queja|reclam|complain|error|late|tarde|abandon|caida|fall|costo?|fallo|defect|cancel"
)
RECOMMENDS = re.compile(r"nps|recom|0_(a_|to_)?10|promot")
GOOD = re.compile(r"satisf|nps|puntaje|score|rating|calificac|resuel|solved|atendid|answered|cumpl")


def is_identifier(column: Any, seen: engine.Seen | None = None) -> bool:
    """Numbers of calls, tickets and people: a mean of them says nothing, and nothing is looked at by them."""
    if column.role is engine.Role.KEY or IDENTIFIERS.search(column.name):
        return True
    whole = column.type in {engine.ColumnType.INTEGER, engine.ColumnType.TEXT}
    return whole and seen is not None and seen.all_different and seen.rows > SURELY


def measure_of(schema: Any, seen: Mapping[str, engine.Seen]) -> dict[str, str]:
    """The fields of what a dataset most likely measures: a share of yes and no, else a mean, else how many rows."""
    stored = [c for c in schema.stored if c is not schema.time and c is not schema.branch]
    yes_no = [c for c in stored if c.type is engine.ColumnType.BOOLEAN]
    if yes_no:
        return {"measure": Measure.PROPORTION, "numerator": yes_no[0].name}
    numbers = [c for c in values_of(schema) if not is_identifier(c, seen.get(c.name))]
    if numbers:
        telling = next((c for c in numbers if _by_name(c.name)), numbers[0])
        return {"measure": Measure.MEAN, "value": telling.name}
    return {"measure": Measure.COUNT}


def values_of(schema: Any) -> list[Any]:
    """The columns that can be added up, those that the dataset calls values first."""
    numbers = [c for c in schema.stored if c.type in NUMERIC]
    return sorted(numbers, key=lambda c: (is_identifier(c), c.role is not engine.Role.VALUE))


def answers_of(schema: Any, seen: Mapping[str, engine.Seen]) -> str:
    """The column whose answers from 0 to 10 make a net promoter score: of marks from 1 to 5 all would be detractors."""
    fitting = [
        c for c in values_of(schema) if c.type is engine.ColumnType.INTEGER and _to_ten(seen.get(c.name))
    ]
    named = next((c for c in fitting if RECOMMENDS.search(c.name)), None)
    found = named or next(iter(fitting), None)
    return found.name if found is not None else ""


def _to_ten(seen: engine.Seen | None) -> bool:
    if seen is None or not seen.values:
        return False
    known = {int(value) for value in seen.values}
    return min(known) >= 0 and 5 < max(known) <= 10


def segments_of(schema: Any, seen: Mapping[str, engine.Seen]) -> list[str]:
    """The columns by which one looks separately, at most two: they have some values and not hundreds."""
    found = [
        c.name
        for c in schema.segments
        if not is_identifier(c, seen.get(c.name))
        and (c.name not in seen or 2 <= seen[c.name].different <= MOST_VALUES)
    ]
    return found[:MOST_SEGMENTS]


def period_of(dataset: Dataset, schema: Any, seen: Mapping[str, engine.Seen]) -> str:
    """The shortest period with enough rows, of which there are enough."""
    if dataset.first_at is None or dataset.last_at is None or schema.time is None:
        return Indicator.Period.MONTH
    days = max((dataset.last_at - dataset.first_at).days, 1)
    known = seen.get(schema.time.name)
    if known is not None and known.values and all(_first_of_month(value) for value in known.values):
        return Indicator.Period.MONTH
    if schema.time.is_key:  # rows that hold counts: one for each day is enough
        return Indicator.Period.DAY if days <= LONG_BY_DAY else Indicator.Period.MONTH
    for period, length in LENGTHS.items():
        readable = period != "day" or days <= LONG_BY_DAY
        if readable and dataset.rows * length / days >= ENOUGH and days / length >= PERIODS_SEEN:
            return period
    return Indicator.Period.MONTH


def _first_of_month(value: str) -> bool:
    return value[8:10] == "01"


def better_of(indicator: Indicator, schema: Any) -> str:
    """Which way is better, where the meaning leaves no doubt; else empty, and a person says it."""
    if indicator.measure == Measure.NPS:
        return Better.UP
    if indicator.measure == Measure.PROPORTION:
        return _better_share(indicator.numerator, schema)
    text = indicator.condition if indicator.measure == Measure.COUNT else indicator.value
    if indicator.measure not in {Measure.MEAN, Measure.PERCENTILE, Measure.COUNT} or not text:
        return ""
    return _by_name(text)


def _by_name(text: str) -> str:
    if BAD.search(text):
        return Better.DOWN
    return Better.UP if GOOD.search(text) else ""


def _better_share(text: str, schema: Any) -> str:
    """“Waiting at most 20” is a good case; “waiting more than 60” is none."""
    try:
        found = engine.clauses_of(text, schema)
    except engine.EngineError:
        return ""
    if found is None or (found.either and len(found.clauses) > 1):
        return ""
    opinions = {said for clause in found.clauses if (said := _better_clause(clause))}
    return opinions.pop() if len(opinions) == 1 else ""


def _better_clause(clause: Any) -> str:
    named = _by_name(clause.column)
    if clause.says in {engine.Is.LESS, engine.Is.MOST, engine.Is.FALSE} and named:
        return Better.UP if named == Better.DOWN else Better.DOWN
    return named if clause.says in {engine.Is.MORE, engine.Is.LEAST, engine.Is.TRUE} else ""
