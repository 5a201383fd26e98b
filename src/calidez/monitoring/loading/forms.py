"""Forms of the import's steps: one row of fields per column of the file, built for what the file holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.formats import day, number
from calidez.monitoring.loading.services import Choice
from calidez.monitoring.models import Dataset
from calidez.monitoring.panels import role_name

ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "cp850", "mac-roman")
MOST_PASTED = 1_000_000  # letters; a form takes little more
ROLES = ("time", "branch", "segment", "value", "key", "text", "ignore")


class ReadingForm(forms.Form):
    """How the file is written and where its table lies; what is left as detected is detected again."""

    encoding = forms.ChoiceField()
    delimiter = forms.ChoiceField()
    header = forms.ChoiceField()
    sheets = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    sheet_column = forms.CharField(required=False, max_length=60)
    leave_out = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    turn = forms.ChoiceField(required=False)
    year = forms.IntegerField(required=False, min_value=1900, max_value=2100)
    heading_rows = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, profile: Any, data: Any = None) -> None:
        super().__init__(data, initial=self._as_found(profile), auto_id="reading_%s")
        self.profile, self.found = profile, profile.found
        self._fill("encoding", _("Encoding"), _encodings(profile.encoding))
        self._fill("delimiter", _("Cells are kept apart by"), _delimiters(profile.delimiter))
        self._fill("header", _("Names of the columns"), self._headers())
        self._fill("sheets", _("Sheets"), [(name, self._sheet(name)) for name in profile.sheets])
        self._fill(
            "leave_out", _("Rows to leave out"), [(row.name, left_out(row)) for row in self.found.offered]
        )
        self._fill("turn", turn_question(self.found), turns(self.found))
        column, year = self.fields["sheet_column"], self.fields["year"]
        column.label, column.help_text = _("Column for the name of the sheet"), _("Leave it empty for none.")
        year.label = _("Year of the months")
        for name in ("sheets", "leave_out", "turn", "year"):  # what is shown there is decided, ticked or not
            self.fields[name].demanded = True  # type: ignore[attr-defined]
        # A workbook knows its encoding, text has no sheets, Parquet names its columns.
        for name in self._needless(profile):
            del self.fields[name]

    @property
    def of_the_file(self) -> list[Any]:
        return [self[name] for name in ("encoding", "delimiter", "header") if name in self.fields]

    @property
    def of_the_table(self) -> list[Any]:
        return [self[name] for name in ("sheets", "sheet_column", "leave_out") if name in self.fields]

    @property
    def of_the_turn(self) -> list[Any]:
        return [self[name] for name in ("turn", "year") if name in self.fields]

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data.get("year")
        if self.cleaned_data.get("turn") == "turn" and not year:
            raise forms.ValidationError(_("Say of which year these months are."))
        return year

    def options(self) -> dict[str, Any]:
        """What the engine is asked to follow."""
        values = self.cleaned_data
        said: dict[str, Any] = {"encoding": values.get("encoding") or None}
        said["delimiter"] = DELIMITER_CODES.get(values.get("delimiter") or "")
        said["sheets"] = values.get("sheets") or None
        said["sheet_column"] = values.get("sheet_column", "").strip() or None
        said |= self._headings(values.get("header", ""))
        # Rows have other numbers, and may be other rows, once the file is read in another way.
        if (
            "leave_out" in self.fields
            and not self._reads_otherwise
            and said["heading_rows"] == self._kept_headings
        ):
            said["leave_out"] = values["leave_out"]
        said["turn"] = self._turn(values)
        return said

    def _headings(self, header: str) -> dict[str, Any]:
        """The row that was just pointed at, else those of before, as long as the rows are the same."""
        pointed = self.data.get("heading", "")
        kept = self._kept_headings or []
        if pointed.isdigit():
            return {"header": None, "heading_rows": [int(pointed)]}
        if pointed.startswith("+") and pointed[1:].isdigit():
            return {"header": None, "heading_rows": sorted({*kept, int(pointed[1:])})}
        if header == "no":
            return {"header": False, "heading_rows": None}
        if header == "yes" and not self.profile.has_header:
            return {"header": True, "heading_rows": None}
        return {"header": None, "heading_rows": None if self._reads_otherwise else self._kept_headings}

    @property
    def _kept_headings(self) -> list[int] | None:
        given = self.data.get("heading_rows", "").split(",")
        return [int(row) for row in given if row.isdigit()] or None

    @property
    def _reads_otherwise(self) -> bool:
        """Whether the file is to be cut into cells in another way, or other sheets of it are to be read."""
        changed = {"encoding", "delimiter", "sheets"} & set(self.fields)
        before = self._as_found(self.profile)
        return any(self.cleaned_data.get(name) != before[name] for name in changed)

    def _turn(self, values: dict[str, Any]) -> dict[str, Any] | None:
        if values.get("turn") != "turn":
            return None
        names = turned_names(self.found.by)
        return {"headings": list(self.found.wide), "names": list(names), "year": values.get("year")}

    @staticmethod
    def _as_found(profile: Any) -> dict[str, Any]:
        codes = {text: code for code, text in DELIMITER_CODES.items()}
        found = profile.found
        return {
            "encoding": profile.encoding,
            "delimiter": codes.get(profile.delimiter, ""),
            "header": "yes" if profile.has_header else "no",
            "sheets": list(found.sheets),
            "sheet_column": found.sheet_column,
            "leave_out": list(found.left_out),
            "heading_rows": ",".join(map(str, found.heading_rows)),
            "turn": "turn" if found.turned else "",
            "year": found.year or None,
        }

    @staticmethod
    def _needless(profile: Any) -> set[str]:
        found = profile.found
        needless = {
            name
            for name in ("leave_out", "turn")
            if not getattr(found, {"turn": "wide"}.get(name, "offered"))
        }
        needless |= set() if len(found.sheets) > 1 else {"sheet_column"}
        needless |= set() if len(profile.sheets) > 1 else {"sheets"}
        needless |= set() if found.wide and found.year is not None else {"year"}
        if profile.format == "workbook":
            return needless | {"encoding", "delimiter"}
        if profile.format == "csv":
            return needless
        return needless | {"delimiter", "header"} | ({"encoding"} if profile.format != "jsonl" else set())

    def _headers(self) -> list[tuple[str, str]]:
        rows = self.found.heading_rows
        if len(rows) > 1:
            first = _("in the rows %(first)s to %(last)s") % {"first": rows[0], "last": rows[-1]}
        else:
            first = _("in row %(row)s") % {"row": rows[0]} if rows else _("in the first row")
        return [("yes", first), ("no", _("none: the first row is already data"))]

    def _sheet(self, name: str) -> str:
        return _("%(sheet)s (hidden)") % {"sheet": name} if name in self.found.hidden else name

    def _fill(self, name: str, label: str, choices: Sequence[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.label, field.choices = label, choices


def left_out(row: Any) -> str:
    """A row that looks as if it were none of the table, and why it does."""
    reasons = {
        "total_of_rows": _("row %(row)s: “%(text)s”, the sum of rows above it"),
        "total_by_word": _("row %(row)s: “%(text)s”, a total by its name"),
        "footer": _("row %(row)s: “%(text)s”, text below the table"),
        "said": _("row %(row)s"),
    }
    text = row.cells[0] if row.cells else ""
    if row.reason == "total_of_rows" and not text:
        return _("row %(row)s: the sum of the rows above it, without a name") % {"row": row.name}
    return reasons[row.reason] % {"row": row.name, "text": text}


def turn_question(found: Any) -> str:
    """What was noticed about the columns, where they may be rows."""
    said = (
        {"first": found.wide[0], "last": found.wide[-1], "count": number(len(found.wide))}
        if found.wide
        else {}
    )
    return {
        "month": _("There is one column for each month: %(count)s, from %(first)s to %(last)s"),
        "day": _("There is one column for each day: %(count)s, from %(first)s to %(last)s"),
        "year": _("There is one column for each year: %(count)s, from %(first)s to %(last)s"),
        "step": _("Each row has %(count)s dates, from %(first)s to %(last)s"),
        "": "",
    }[found.by] % said


def turns(found: Any) -> list[tuple[str, str]]:
    turned = {
        "month": _("make each month a row, so that it can be followed in time"),
        "day": _("make each day a row, so that it can be followed in time"),
        "year": _("make each year a row, so that it can be followed in time"),
        "step": _("make each date a row, with its name beside it"),
        "": "",
    }[found.by]
    return [("", _("leave the columns as they are")), ("turn", turned)]


def turned_names(by: str) -> tuple[str, str]:
    """What the two columns are called that take the place of many."""
    return {
        "month": (_("month"), _("value")),
        "day": (_("day"), _("value")),
        "year": (_("year"), _("value")),
        "step": (_("step"), _("date")),
    }[by]


# As codes, because a tabulator does not survive a form.
DELIMITER_CODES = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "bar": "|",
    "colon": ":",
    "caret": "^",
    "tilde": "~",
}


def delimiter_name(code: str) -> str:
    return {
        "comma": _("comma ,"),
        "semicolon": _("semicolon ;"),
        "tab": _("tabulator"),
        "bar": _("bar |"),
        "colon": _("colon :"),
        "caret": "^",
        "tilde": "~",
    }[code]


def _delimiters(found: str) -> list[tuple[str, str]]:
    known = [(code, delimiter_name(code)) for code in DELIMITER_CODES]
    return known[:4] + [pair for pair in known[4:] if DELIMITER_CODES[pair[0]] == found]


def _encodings(found: str) -> list[tuple[str, str]]:
    names = list(dict.fromkeys([*([found] if found else []), *ENCODINGS]))
    return [(name, encoding_name(name)) for name in names]


def encoding_name(code: str) -> str:
    known = {
        "utf-8": "UTF-8",
        "utf-8-sig": "UTF-8",
        "cp1252": _("Windows, western European (1252)"),
        "latin-1": _("ISO 8859-1, western European"),
        "utf-16": _("UTF-16 (“Unicode text” of Excel)"),
        "cp850": _("DOS, western European (850)"),
        "mac-roman": _("Macintosh, western"),
    }
    return known.get(code, code)


# Columns


@dataclass(frozen=True)
class ColumnRow:
    """One line of the columns step."""

    name: str
    samples: tuple[str, ...]
    note: str
    fields: Mapping[str, Any]

    @property
    def bound(self) -> list[Any]:
        return list(self.fields.values())


class ColumnsForm(forms.Form):
    """What each column of the file means; the file goes into a new dataset."""

    def __init__(self, choices: Sequence[Choice], profile: Any, data: Any = None, **initial: str) -> None:
        super().__init__(data, auto_id="c_%s")
        self.choices, self.profile = choices, profile
        self.fields["name"] = forms.CharField(
            label=_("Name of the dataset"), max_length=200, initial=initial.get("name")
        )
        self.fields["code"] = forms.CharField(
            label=_("Code"),
            max_length=60,
            initial=initial.get("code"),
            help_text=_(
                "Short and lasting: expressions and files use it. Small letters, digits and underscores."
            ),
        )
        for position, choice in enumerate(choices):
            self._add(position, choice)

    def _add(self, position: int, choice: Choice) -> None:
        seen = self.profile.column(choice.source)
        kinds = kinds_for(seen, choice.kind)
        self.fields[f"{position}-kind"] = forms.ChoiceField(
            label=_("How %(column)s is read") % {"column": choice.source},
            required=False,
            choices=kinds,
            initial=choice.kind,
        )
        self.fields[f"{position}-role"] = forms.ChoiceField(
            label=_("What %(column)s is for") % {"column": choice.source},
            choices=[(role, role_name(role)) for role in ROLES],
            initial=choice.role,
        )
        self.fields[f"{position}-key"] = forms.BooleanField(
            label=_("%(column)s is part of the key") % {"column": choice.source},
            required=False,
            initial=choice.key,
        )
        self.fields[f"{position}-unit"] = forms.CharField(
            label=_("Unit of measure of %(column)s") % {"column": choice.source},
            required=False,
            max_length=20,
            initial=choice.unit,
        )

    def rows(self) -> Iterator[ColumnRow]:
        for position, choice in enumerate(self.choices):
            seen = self.profile.column(choice.source)
            fields = {name: self[f"{position}-{name}"] for name in ("kind", "role", "key", "unit")}
            yield ColumnRow(choice.source, shown_samples(seen.samples), note_of(seen), fields)

    def said(self) -> tuple[Choice, ...]:
        values = self.cleaned_data
        return tuple(
            Choice(
                choice.source,
                values[f"{n}-kind"],
                values[f"{n}-role"],
                values[f"{n}-key"],
                values[f"{n}-unit"],
                choice.name,
            )
            for n, choice in enumerate(self.choices)
        )


class MatchForm(forms.Form):
    """Which column of the file fills each column of an existing dataset."""

    def __init__(self, choices: Sequence[Choice], profile: Any, data: Any = None) -> None:
        super().__init__(data, auto_id="c_%s")
        self.choices, self.profile = choices, profile
        headings = [("", _("not in this file")), *((c.source, c.source) for c in profile.columns)]
        for position, choice in enumerate(choices):
            self.fields[f"{position}-source"] = forms.ChoiceField(
                label=_("The file's column for %(column)s") % {"column": choice.name},
                required=False,
                choices=headings,
                initial=choice.source,
            )
            seen = next((c for c in profile.columns if c.source == choice.source), None)
            self.fields[f"{position}-kind"] = forms.ChoiceField(
                label=_("How %(column)s is read") % {"column": choice.name},
                required=False,
                choices=kinds_of_type(choice.kind, seen, column_type=_type_of(choice, seen)),
                initial=choice.kind,
            )

    def rows(self) -> Iterator[ColumnRow]:
        for position, choice in enumerate(self.choices):
            seen = next((c for c in self.profile.columns if c.source == choice.source), None)
            fields = {name: self[f"{position}-{name}"] for name in ("source", "kind")}
            note = role_name(choice.role) + (f" · {_('part of the key')}" if choice.key else "")
            yield ColumnRow(choice.name, shown_samples(seen.samples) if seen else (), note, fields)

    def said(self) -> tuple[Choice, ...]:
        values = self.cleaned_data
        return tuple(
            Choice(
                values[f"{n}-source"], values[f"{n}-kind"], choice.role, choice.key, choice.unit, choice.name
            )
            for n, choice in enumerate(self.choices)
        )


class PickForm(forms.Form):
    """Of a very wide file: which columns to go on with."""

    def __init__(self, profile: Any, chosen: Sequence[str], data: Any = None) -> None:
        super().__init__(data, initial={"sources": list(chosen)})
        self.fields["sources"] = forms.MultipleChoiceField(
            label=_("Columns to load"),
            choices=[(c.source, c.source) for c in profile.columns],
            help_text=_("Those left out are not loaded; a later file may bring them."),
        )


def _type_of(choice: Choice, seen: Any) -> str:
    if choice.kind:
        return choice.kind.partition(":")[0]
    return str(seen.type) if seen is not None and seen.type in ("date", "timestamp") else "date"


def kinds_for(seen: Any, chosen: str) -> list[tuple[str, str]]:
    """Every way to read the column; where the order of day and month is open, the first choice is to be made."""
    dates = [(kind, text) for type_ in ("date", "timestamp") for kind, text in _date_kinds(type_, seen)]
    open_date = [("", _("Choose: day or month first?"))] if not chosen else []
    first = str(seen.type)
    plain = [
        ("text", _("text")),
        (f"integer:{seen.decimal}", _("whole number")),
        ("number:.", _("number, decimals as 1.5")),
        ("number:,", _("number, decimals as 1,5")),
        ("boolean", _("yes or no")),
    ]
    plain += [
        (f"integer:{sign}", _("whole number"))
        for sign in (".", ",")
        if chosen == f"integer:{sign}" != f"integer:{seen.decimal}"
    ]
    return [*open_date, *dates, *plain] if first in {"date", "timestamp"} else [*plain, *dates]


def kinds_of_type(chosen: str, seen: Any, *, column_type: str) -> list[tuple[str, str]]:
    """The ways to read a column whose type is settled."""
    if column_type in {"date", "timestamp"}:
        open_date = [("", _("Choose: day or month first?"))] if not chosen else []
        return [*open_date, *_date_kinds(column_type, seen)]
    if column_type == "number":
        return [("number:.", _("number, decimals as 1.5")), ("number:,", _("number, decimals as 1,5"))]
    if column_type == "integer":
        return [
            ("integer:.", _("whole number, thousands as 1,500")),
            ("integer:,", _("whole number, thousands as 1.500")),
        ]
    return [(chosen, {"text": _("text"), "boolean": _("yes or no")}.get(column_type, column_type))]


def _date_kinds(type_: str, seen: Any) -> list[tuple[str, str]]:
    """Each order with what it makes of a value of this very file."""
    names = {
        ("date", "ymd"): _("date, year first"),
        ("date", "dmy"): _("date, day first"),
        ("date", "mdy"): _("date, month first"),
        ("timestamp", "ymd"): _("date and time, year first"),
        ("timestamp", "dmy"): _("date and time, day first"),
        ("timestamp", "mdy"): _("date and time, month first"),
    }
    kinds = []
    for order in ("ymd", "dmy", "mdy"):
        example = _example(seen, order)
        kinds.append((f"{type_}:{order}", f"{names[type_, order]}{example}"))
    return kinds


def _example(seen: Any, order: str) -> str:
    for sample in seen.samples if seen is not None and seen.ambiguous else ():
        parts = sample.replace(".", "/").replace("-", "/").split()[0].split("/") if sample.strip() else []
        if len(parts) != 3 or not all(part.isdigit() for part in parts) or parts[0] == parts[1]:
            continue
        try:
            read = _as_day([int(part) for part in parts], order)
        except ValueError:
            continue
        return f": {sample} = {day(read)}"
    return ""


def _as_day(parts: list[int], order: str) -> dt.date:
    places = {letter: place for place, letter in enumerate(order)}
    year = parts[places["y"]]
    if year < 100:
        year += 1900 if year >= 69 else 2000
    return dt.date(year, parts[places["m"]], parts[places["d"]])


def shown_samples(samples: Sequence[str]) -> tuple[str, ...]:
    return tuple(sample if len(sample) <= 28 else sample[:27] + "…" for sample in samples[:3])


def note_of(seen: Any) -> str:
    """What a person should know before deciding."""
    if seen.misfits:
        return ngettext(
            "%(count)s value does not fit this type and would be rejected.",
            "%(count)s values do not fit this type and would be rejected.",
            seen.misfits,
        ) % {"count": number(seen.misfits)}
    if not seen.distinct:
        return _("Always empty.")
    return ""


# File and dataset


class UploadForm(forms.Form):
    """A file, or rows copied in a spreadsheet."""

    file = forms.FileField(allow_empty_file=True, required=False)
    pasted = forms.CharField(
        required=False, strip=False, max_length=MOST_PASTED, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("File")
        pasted = self.fields["pasted"]
        pasted.label = _("Or paste rows from a spreadsheet")
        pasted.help_text = _(
            "With the names of the columns in the first row. A file is better for many rows."
        )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and not values.get("file") and not values.get("pasted", "").strip():
            self.add_error("file", _("Choose a file, or paste rows."))
        return values


def dataset_options(pairs: Sequence[tuple[Dataset, bool]], chosen: Dataset | None) -> list[dict[str, Any]]:
    return [
        {
            "value": str(dataset.uid),
            "text": _("%(dataset)s: all its columns are in this file") % {"dataset": dataset}
            if fits
            else str(dataset),
            "selected": chosen is not None and dataset.pk == chosen.pk,
        }
        for dataset, fits in pairs
    ]
