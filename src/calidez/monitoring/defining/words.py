"""An indicator's definition as a sentence: “Share of calls where Wait ≤ 20, by day”."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.platform.formats import day
from calidez.monitoring.models import Dataset, Indicator

Is = engine.Is
Measure = Indicator.Measure

# What a measure is called in the list from which the sentence begins, in the order in which people look for it.
MEASURES: dict[str, Any] = {
    Measure.PROPORTION: gettext_lazy("the share of rows that meet a condition"),
    Measure.COUNT: gettext_lazy("the number of rows"),
    Measure.MEAN: gettext_lazy("the mean of a column"),
    Measure.PERCENTILE: gettext_lazy("a percentile of a column, the median for one"),
    Measure.SUM: gettext_lazy("the sum of a column"),
    Measure.COUNTED: gettext_lazy("the share that one column makes of another, where rows hold counts"),
    Measure.RATIO: gettext_lazy("the sum of one column over the sum of another"),
    Measure.RATE: gettext_lazy("events per exposure, as falls per day of stay"),
    Measure.NPS: gettext_lazy("the net promoter score of answers from 0 to 10"),
}
PERIODS: dict[str, Any] = {
    Indicator.Period.DAY: gettext_lazy("%(what)s, by day"),
    Indicator.Period.WEEK: gettext_lazy("%(what)s, by week"),
    Indicator.Period.MONTH: gettext_lazy("%(what)s, by month"),
    Indicator.Period.QUARTER: gettext_lazy("%(what)s, by quarter"),
    Indicator.Period.YEAR: gettext_lazy("%(what)s, by year"),
}
OPERATORS: dict[Is, Any] = {
    Is.EQUAL: gettext_lazy("is"),
    Is.OTHER: gettext_lazy("is not"),
    Is.MOST: gettext_lazy("is at most"),
    Is.LEAST: gettext_lazy("is at least"),
    Is.LESS: gettext_lazy("is less than"),
    Is.MORE: gettext_lazy("is more than"),
    Is.BETWEEN: gettext_lazy("is between"),
    Is.ONE_OF: gettext_lazy("is one of"),
    Is.NONE_OF: gettext_lazy("is none of"),
    Is.HOLDS: gettext_lazy("contains"),
    Is.TRUE: gettext_lazy("is yes"),
    Is.FALSE: gettext_lazy("is no"),
    Is.EMPTY: gettext_lazy("is empty"),
    Is.FILLED: gettext_lazy("is not empty"),
}
DAY_OPERATORS: dict[Is, Any] = {
    Is.LEAST: gettext_lazy("is on or after"),
    Is.MOST: gettext_lazy("is on or before"),
    Is.EQUAL: gettext_lazy("is on"),
}
SIGNS = {Is.EQUAL: "=", Is.OTHER: "≠", Is.MOST: "≤", Is.LEAST: "≥", Is.LESS: "<", Is.MORE: ">"}


def rows_of(dataset: Dataset | None) -> str:
    """What the rows of a dataset are, as it stands after a number: “calls”; where nobody said it, “rows”."""
    return dataset.rows_are if dataset is not None and dataset.rows_are else _("rows")


def cases_of(indicator: Indicator) -> str:
    """What “n” counts: rows, but where a row holds the counts of many cases, those."""
    return _("cases") if indicator.measure == Measure.COUNTED else rows_of(indicator.dataset)


def sentence_of(indicator: Indicator, schema: Any) -> str:
    """What is counted, of which rows, how often, and by what it is looked at separately."""
    said = str(PERIODS[indicator.period]) % {"what": name_of(indicator, schema)}
    columns = [label_of(schema, name) for name in indicator.segment_columns]
    if not columns:
        return said
    return _("%(what)s, also separately by %(columns)s") % {"what": said, "columns": listed(columns)}


def name_of(indicator: Indicator, schema: Any) -> str:
    """What is counted of which rows: the name that an indicator is given unless somebody knows a better one."""
    rows = rows_of(indicator.dataset)
    said = _measured(indicator, schema) % {
        "rows": rows,
        "numerator": _expression(indicator.numerator, schema),
        "denominator": _expression(indicator.denominator, schema),
        "value": _expression(indicator.value, schema),
        "quantile": _value(float(indicator.quantile or 50)),
    }
    if not indicator.condition:
        return said
    condition = condition_words(indicator.condition, schema)
    if indicator.measure == Measure.COUNT:
        return _("%(what)s where %(condition)s") % {"what": said, "condition": condition}
    return _("%(what)s, only %(rows)s where %(condition)s") % {
        "what": said,
        "rows": rows,
        "condition": condition,
    }


def _measured(indicator: Indicator, schema: Any) -> str:
    if indicator.measure == Measure.PERCENTILE and indicator.quantile == 50:
        return _("Median of %(value)s")
    return {
        Measure.PROPORTION: _("Share of %(rows)s where %(numerator)s"),
        Measure.COUNTED: _("%(numerator)s as a share of %(denominator)s"),
        Measure.MEAN: _("Mean of %(value)s"),
        Measure.PERCENTILE: _("Percentile %(quantile)s of %(value)s"),
        Measure.COUNT: _("Number of %(rows)s"),
        Measure.SUM: _("Sum of %(value)s"),
        Measure.RATE: _("%(numerator)s per %(denominator)s"),
        Measure.RATIO: _("%(numerator)s over %(denominator)s"),
        Measure.NPS: _("Net promoter score of %(value)s"),
    }[Measure(indicator.measure)]


def _expression(text: str, schema: Any) -> str:
    """A column by its heading, conditions in words, anything else as it is written."""
    column = schema.column(text)
    if column is not None and column.type is not engine.ColumnType.BOOLEAN:
        return label_of(schema, text)
    return condition_words(text, schema)


def condition_words(text: str, schema: Any) -> str:
    try:
        found = engine.clauses_of(text, schema)
    except engine.EngineError:
        return text
    if found is None or not found.clauses:
        return text
    return joined([_clause(clause, schema) for clause in found.clauses], either=found.either)


def _clause(clause: Any, schema: Any) -> str:
    column = label_of(schema, clause.column)
    values = [_value(value) for value in clause.values]
    if clause.says in SIGNS and isinstance(clause.values[0], (int, float)):
        return f"{column} {SIGNS[clause.says]} {values[0]}"
    if clause.says is Is.BETWEEN:
        return _("%(column)s is between %(low)s and %(high)s") % {
            "column": column,
            "low": values[0],
            "high": values[1],
        }
    operator = operator_words(clause.says, schema.column(clause.column).type)
    return " ".join([column, operator, *([listed(values, either=True)] if values else [])])


def operator_words(says: Any, type_: Any) -> str:
    by_day = DAY_OPERATORS if type_ is engine.ColumnType.DATE else {}
    return str(by_day.get(says, OPERATORS[says]))


def _value(value: Any) -> str:
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, float):
        return str(number_format(int(value) if value.is_integer() else value))
    return f"“{value}”" if isinstance(value, str) else str(number_format(value))


def joined(parts: Sequence[str], *, either: bool) -> str:
    """Several conditions as one: all of them, or at least one."""
    word = _("%(first)s or %(second)s") if either else _("%(first)s and %(second)s")
    said = parts[0]
    for part in parts[1:]:
        said = word % {"first": said, "second": part}
    return said


def listed(parts: Sequence[str], *, either: bool = False) -> str:
    """“A, B and C”."""
    if len(parts) < 2:
        return "".join(parts)
    return joined([", ".join(parts[:-1]), parts[-1]], either=either)


def label_of(schema: Any, name: str) -> str:
    """A column as somebody named it, else as its file calls it, which is what people know it by."""
    column = schema.column(name)
    return name if column is None else column.label or column.source.strip() or column.name
