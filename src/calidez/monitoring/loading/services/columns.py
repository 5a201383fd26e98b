"""What a person says of each column of a file, and the schema that follows from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services.plans import refusal
from calidez.monitoring.models import Dataset

DATES = (engine.ColumnType.DATE, engine.ColumnType.TIMESTAMP)
NUMBERS = (engine.ColumnType.NUMBER, engine.ColumnType.INTEGER)


@dataclass(frozen=True)
class Choice:
    """One column as said on the page. `kind` is the type with what must be known to read it, as `kind_of` writes it.

    `missing` are words that stand for nothing in it, `joined` further columns of the file with the rest of a date, and
    `constant` what holds for every row of a file that has no such column.
    """

    source: str
    kind: str  # empty: still to be said
    role: str
    key: bool = False
    unit: str = ""
    name: str = ""
    missing: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    constant: str = ""
    label: str = ""  # of a dataset that is there, what people are shown

    @property
    def loaded(self) -> bool:
        return self.role != engine.Role.IGNORE


def kind_of(column: Any) -> str:
    """text, boolean, date:dmy, number:, or, with a form, date:ymd:YYMMDD, number:.:duration, number:,:%."""
    detail = column.date_order or "ymd" if column.type in DATES else column.decimal
    if column.type not in (*DATES, *NUMBERS):
        return str(column.type)
    return ":".join(filter(None, (str(column.type), str(detail), column.form)))


def parts_of(kind: str) -> tuple[str, str, str]:
    """(type, order or decimal sign, form) of a kind."""
    type_, detail, form = [*kind.split(":", 2), "", ""][:3]
    return type_, detail, form


def suggested(seen: Any, key: Sequence[str]) -> Choice:
    """The column as the file looks; what the file alone does not tell stays to be said."""
    if seen.ambiguous and (seen.forms or len(seen.date_orders) != 1):
        kind = date_kind(seen.type, seen) if seen.type in DATES and not seen.forms else ""
    elif seen.type in DATES and not seen.form:
        kind = date_kind(seen.type, seen)
    else:
        kind = kind_of(seen.column())
    return Choice(
        seen.source,
        kind,
        str(seen.suggested_role),
        seen.source in key,
        seen.unit,
        name=seen.name,
        joined=seen.joined,
    )


def said_of(column: Any, seen: Any) -> Choice:
    """A column kept from a load before, over this file: dates are looked at anew."""
    return Choice(
        seen.source,
        kind_again(column, seen),
        str(column.role),
        column.key,
        column.unit,
        name=column.name,
        missing=column.missing,
        joined=column.joined,
    )


def date_kind(type_: Any, seen: Any) -> str:
    """Empty where day and month could be either: nobody guesses, the person says."""
    if _year_first(seen):
        return f"{type_}:ymd"
    return f"{type_}:{seen.date_orders[0]}" if len(seen.date_orders) == 1 and not seen.ambiguous else ""


def _year_first(seen: Any) -> bool:
    """A few slips among dates that begin with the year leave no doubt about the others."""
    return bool(seen.samples) and all(re.match(r"\s*\d{4}[-/]", sample) for sample in seen.samples)


def kind_again(said: Any, seen: Any) -> str:
    """What a person said of these headings holds, unless this file's dates show that it cannot."""
    if said.type not in DATES or said.form:
        return kind_of(said)
    fits = not seen.date_orders or said.date_order in seen.date_orders
    if said.date_order and (fits or (said.date_order == "ymd" and _year_first(seen))):
        return kind_of(said)
    return date_kind(said.type, seen)


# The schema


def schema_for_new(choices: Sequence[Choice]) -> Any:
    """The schema of a new dataset; RuleBroken beside the column that is not settled."""
    loaded = [choice for choice in choices if choice.loaded]
    if not loaded:
        raise RuleBroken(_("Every column is left out: choose at least one to load."))
    _need_one(
        choices, engine.Role.TIME, _("Only one column can be the time of each row; the others may be values.")
    )
    _need_one(
        choices,
        engine.Role.BRANCH,
        _("Only one column can say the unit of each row; the others may be segments."),
    )
    names: list[str] = []
    columns = []
    for position, choice in enumerate(choices):
        if not choice.loaded:
            continue
        names.append(choice.name or engine.safe_name(choice.source, names))
        columns.append(_column(choice, names[-1], position))
    return _schema(columns)


def schema_for_existing(dataset: Dataset, choices: Sequence[Choice]) -> Any:
    """How this file fills the columns of a dataset, whose types and roles stay as they are."""
    columns = []
    for position, (column, choice) in enumerate(
        zip(engine.Schema.from_json(dataset.schema).stored, choices, strict=True)
    ):
        if not choice.source and not choice.constant:
            if column.is_required or column.is_key:
                raise RuleBroken(
                    _("Every row needs it: say which column of the file it is."), field=f"{position}-source"
                )
            continue
        said = _column(
            replace(choice, role=column.role, key=column.key, unit=column.unit), column.name, position
        )
        columns.append(replace(said, required=column.required, zone=column.zone))
    return _schema(columns)


def need_time(schema: Any) -> None:
    """A row that never happened belongs to no period, and nothing could be followed: so this is not left open."""
    if schema.time is None:
        raise RuleBroken(
            _(
                "Say when each row happened: choose the column with its date, or give the day of which all rows are."
            ),
            field="one_day",
        )


def _need_one(choices: Sequence[Choice], role: Any, said: str) -> None:
    having = [position for position, choice in enumerate(choices) if choice.role == role]
    if len(having) > 1:
        raise RuleBroken(said, field=f"{having[1]}-role")


def _column(choice: Choice, name: str, position: int) -> Any:
    if not choice.kind:
        raise RuleBroken(
            _("Say how this is to be read: the file alone does not tell."), field=f"{position}-kind"
        )
    kind, detail, form = parts_of(choice.kind)
    type_ = engine.ColumnType(kind)
    if choice.role == engine.Role.TIME and type_ not in DATES:
        raise RuleBroken(
            _("The time of a row must be read as a date, or as a date and time."), field=f"{position}-kind"
        )
    try:
        return engine.Column(
            name=name,
            source=choice.source,
            type=type_,
            role=engine.Role(choice.role),
            unit=choice.unit.strip(),
            date_order=cast("engine.schema.DateOrder", detail) if type_ in DATES else None,
            decimal="," if type_ not in DATES and detail == "," else ".",
            zone=settings.TIME_ZONE,
            key=choice.key,
            form=form,
            missing=choice.missing,
            joined=choice.joined,
            constant=choice.constant,
            label=choice.label.strip(),
        )
    except engine.EngineError as error:
        field = f"{position}-form" if error.code == "bad_date_form" else ""
        raise RuleBroken(str(refusal(error)), field=field) from error


def _schema(columns: Sequence[Any]) -> Any:
    try:
        return engine.Schema(tuple(columns))
    except engine.EngineError as error:
        raise refusal(error) from error
