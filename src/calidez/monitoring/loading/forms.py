"""Forms of the import's steps but the columns: the file, how it is written, which columns of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from calidez.kit.platform.formats import number
from calidez.monitoring.loading.seen import heading
from calidez.monitoring.models import Dataset

ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "cp850", "mac-roman")
MOST_PASTED = 1_000_000  # letters; a form takes little more


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
        self._fill("delimiter", _("Separator"), _delimiters(profile.delimiter))
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
            said["leave_out"] = self._left_out(values["leave_out"])
        said["turn"] = self._turn(values)
        return said

    def _left_out(self, ticked: list[str]) -> list[str] | None:
        """Nothing is said where all that was found stays ticked: in another file of the kind it has other numbers."""
        found = {row.name for row in self.found.offered if row.reason != "said"}
        return None if set(ticked) == found else ticked

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


class PickForm(forms.Form):
    """Of a very wide file: which columns to go on with."""

    def __init__(self, profile: Any, chosen: Sequence[str], data: Any = None) -> None:
        super().__init__(data, initial={"sources": list(chosen)})
        self.fields["sources"] = forms.MultipleChoiceField(
            label=_("Columns to load"),
            choices=[(c.source, heading(c.source)) for c in profile.columns],
            help_text=_("Those left out are not loaded; a later file may bring them."),
        )


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
