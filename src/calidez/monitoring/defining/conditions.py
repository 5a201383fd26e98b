"""The rows of a form in which conditions are put together, and the expression that they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.core.values import folded
from calidez.kit.desk.forms import NumberField
from calidez.kit.platform.display import Option
from calidez.monitoring.defining.columns import Columns
from calidez.monitoring.defining.proposals import NUMERIC
from calidez.monitoring.defining.words import operator_words
from calidez.monitoring.measuring.time_units import of_clock, seconds_in, taken_apart, times

Is, ColumnType = engine.Is, engine.ColumnType
MOST_ROWS = 12
LISTS = frozenset({Is.ONE_OF, Is.NONE_OF})
SEPARATOR = ";"


@dataclass(frozen=True)
class Typed:
    """One row as it was filled in: texts, for nobody knows yet whether they make sense."""

    column: str = ""
    says: str = ""
    value: str = ""
    other: str = ""  # the second end of “between”

    @property
    def blank(self) -> bool:
        return not self.column


@dataclass(frozen=True)
class Row:
    """One row as it is drawn; `kind` is the type of its inputs, empty where nothing is filled in."""

    name: str
    label: str
    columns: tuple[Option, ...]
    operators: tuple[Option, ...]
    kind: str
    value: str
    other: str
    two: bool
    many: bool
    values: tuple[str, ...]
    error: str = ""
    unit: str = ""
    note: str = ""
    also: str = ""  # the value with the other ways in which it is written, for a list of values


@dataclass(frozen=True)
class Block:
    """The conditions of one field: all of them or at least one."""

    name: str
    rows: tuple[Row, ...]
    joined: tuple[Option, ...]
    full: bool


def typed_rows(data: Mapping[str, Any], name: str) -> list[Typed]:
    """The rows of a field in the order in which they stand; those taken away leave a gap in the numbers."""
    found = []
    for place in range(MOST_ROWS * 2):
        row = f"{name}-{place}"
        if f"{row}-column" in data:
            parts = (
                str(data.get(f"{row}-{part}", "")).strip() for part in ("column", "says", "value", "other")
            )
            found.append(Typed(*parts))
    return found[:MOST_ROWS]


def either(data: Mapping[str, Any], name: str) -> bool:
    return data.get(f"{name}-joined") == "or"


def rows_of_text(text: str, schema: Any) -> tuple[list[Typed], bool] | None:
    """The rows that say what an expression says; None where rows cannot say it."""
    try:
        found = engine.clauses_of(text, schema)
    except engine.EngineError:
        return None
    if found is None or any(_unlisted(clause) for clause in found.clauses):
        return None
    return [_typed(clause) for clause in found.clauses], found.either


def _unlisted(clause: Any) -> bool:
    """Whether the inputs of a form would not give a value back: it has blanks around it, or what separates values."""
    texts = [value for value in clause.values if isinstance(value, str)]
    if any(text != text.strip() or not text.isprintable() for text in texts):
        return True
    return clause.says in LISTS and any(SEPARATOR in text for text in texts)


def _typed(clause: Any) -> Typed:
    values = [_written(value) for value in clause.values]
    if clause.says in LISTS:
        return Typed(clause.column, clause.says, f"{SEPARATOR} ".join(values))
    return Typed(clause.column, clause.says, *values)


def _written(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(NumberField().prepare_value(value))


def text_of(rows: list[Typed], joined_by_or: bool, schema: Any) -> tuple[str, dict[int, str]]:
    """The expression, and the sentence for each row that makes no sense yet."""
    clauses, errors = [], {}
    for place, row in enumerate(rows):
        if row.blank:
            continue
        try:
            clauses.append(_clause(row, schema))
        except ValidationError as error:
            errors[place] = error.messages[0]
    return engine.written(engine.Clauses(tuple(clauses), joined_by_or)), errors


def _clause(row: Typed, schema: Any) -> Any:
    column = schema.column(row.column)
    if column is None:
        raise ValidationError(_("The dataset has no column “%(column)s”.") % {"column": row.column})
    says = said_of(row, column)
    if says in engine.WITHOUT_VALUE:
        return engine.Clause(column.name, says)
    texts = [row.value, row.other] if says is Is.BETWEEN else _texts(row, says)
    if not all(texts) or not texts:
        raise ValidationError(_("Say which value."))
    return engine.Clause(column.name, says, tuple(_read(text, column) for text in texts))


def said_of(row: Typed, column: Any) -> Any:
    """What the row says, as far as it can be said of this column; else the usual."""
    offered = engine.OFFERED[column.type]
    return next((says for says in offered if says == row.says), offered[0])


def _texts(row: Typed, says: Any) -> list[str]:
    if says not in LISTS:
        return [row.value]
    return [part.strip() for part in row.value.split(SEPARATOR) if part.strip()]


def _read(text: str, column: Any) -> Any:
    if column.type in NUMERIC:
        return _number(text, column)
    if column.type is ColumnType.DATE:
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(_("“%(text)s” is no date.") % {"text": text}) from error
    if "\\" in text:
        raise ValidationError(_("The character %(character)s is not expected here.") % {"character": "\\"})
    return text


def _number(text: str, column: Any) -> Any:
    """In the column's unit of time, where another is written: 20 min, 0:20."""
    clock, parts = of_clock(text), taken_apart(text)
    if seconds_in(column.unit) is None or (clock is None and parts is None):
        return NumberField().to_python(text)
    had, number = ("s", clock) if parts is None else (parts[1], NumberField().to_python(parts[0]))
    factor = times(had, column.unit)
    if number is None or factor is None:
        return NumberField().to_python(text)
    found = float(number) * factor
    return int(found) if found.is_integer() else round(found, 6)


def block(
    name: str, rows: list[Typed], joined_by_or: bool, columns: Columns, errors: Mapping[int, str]
) -> Block:
    """The rows with what can be chosen in each; one to begin with where there are none."""
    drawn = rows or [Typed()]
    words = {"and": _("all of these hold"), "or": _("at least one of these holds")}
    chosen = "or" if joined_by_or else "and"
    return Block(
        name,
        tuple(_row(name, place, row, columns, errors.get(place, "")) for place, row in enumerate(drawn)),
        tuple(Option(value, text, value == chosen) for value, text in words.items())
        if len(drawn) > 1
        else (),
        len(drawn) >= MOST_ROWS,
    )


def _row(name: str, place: int, row: Typed, columns: Columns, error: str) -> Row:
    column = columns.schema.column(row.column)
    says = None if column is None else said_of(row, column)
    kind = "" if column is None or says in engine.WITHOUT_VALUE else _kind(column, says)
    note, also = _doubts(row, column, says, columns) if kind == "text" and not error else ("", "")
    return Row(
        name=f"{name}-{place}",
        label=_("Condition %(number)s") % {"number": place + 1},
        columns=columns.options(columns.schema.stored, row.column),
        operators=tuple(_operators(column, says)),
        kind=kind,
        value=row.value,
        other=row.other,
        two=says is Is.BETWEEN,
        many=says in LISTS,
        values=columns.values(row.column) if kind == "text" else (),
        error=error,
        unit=column.unit if column is not None and kind == "number" else "",
        note=note,
        also=also,
    )


def _doubts(row: Typed, column: Any, says: Any, columns: Columns) -> tuple[str, str]:
    """Values that no row has, and those that rows write in other ways too: capitals and accents tell them apart."""
    known = columns.every_value(row.column)
    if column.type is not ColumnType.TEXT or says not in {Is.EQUAL, Is.OTHER, *LISTS} or not known:
        return "", ""
    given = _texts(row, says)
    others = [
        value for value in known if value not in given and folded(value) in {folded(one) for one in given}
    ]
    if others:
        listed = SEPARATOR.join(dict.fromkeys([*(one for one in given if one in known), *others]))
        words = _("Rows write it in other ways too: %(values)s.") % {"values": ", ".join(others[:4])}
        cut = any(SEPARATOR in one for one in (*given, *others))  # a list could not say such a value
        return words, "" if cut else listed.replace(SEPARATOR, f"{SEPARATOR} ")
    absent = [one for one in given if one not in known]
    if absent:
        return _("None of the newest rows has “%(value)s”.") % {"value": absent[0]}, ""
    return "", ""


def _operators(column: Any, chosen: Any) -> Iterator[Option]:
    if column is not None:
        for says in engine.OFFERED[column.type]:
            yield Option(str(says), operator_words(says, column.type), says is chosen)


def _kind(column: Any, says: Any) -> str:
    if column.type is ColumnType.DATE:
        return "date"
    return "number" if column.type in NUMERIC and says not in LISTS else "text"
