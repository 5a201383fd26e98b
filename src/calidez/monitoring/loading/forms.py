"""Forms of the import's steps but the columns: the file, how it is written, which columns of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from calidez.monitoring.models import Dataset

ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "cp850", "mac-roman")


class ReadingForm(forms.Form):
    """How the file is written; what is left as detected is detected again."""

    encoding = forms.ChoiceField()
    delimiter = forms.ChoiceField()
    header = forms.ChoiceField()
    sheet = forms.ChoiceField()

    def __init__(self, profile: Any, data: Any = None) -> None:
        super().__init__(data, initial=self._as_found(profile), auto_id="reading_%s")
        self._fill("encoding", _("Encoding"), _encodings(profile.encoding))
        self._fill("delimiter", _("Cells are kept apart by"), _delimiters(profile.delimiter))
        self._fill("header", _("First row"), [("yes", _("names of the columns")), ("no", _("already data"))])
        self._fill("sheet", _("Sheet"), [(name, name) for name in profile.sheets])
        # A workbook knows its encoding, text has no sheets, Parquet names its columns.
        for name in self._needless(profile):
            del self.fields[name]

    def options(self) -> dict[str, Any]:
        """What the engine is asked to follow."""
        said = {name: value or None for name, value in self.cleaned_data.items()}
        said["delimiter"] = DELIMITER_CODES.get(said.get("delimiter") or "")
        if said.get("header"):
            said["header"] = said["header"] == "yes"
        return said

    @staticmethod
    def _as_found(profile: Any) -> dict[str, str]:
        codes = {text: code for code, text in DELIMITER_CODES.items()}
        return {
            "encoding": profile.encoding,
            "delimiter": codes.get(profile.delimiter, ""),
            "header": "yes" if profile.has_header else "no",
            "sheet": profile.sheet,
        }

    @staticmethod
    def _needless(profile: Any) -> set[str]:
        if profile.format == "workbook":
            return {"encoding", "delimiter"}
        if profile.format == "csv":
            return {"sheet"}
        return {"encoding", "delimiter", "sheet", "header"} - (
            {"encoding"} if profile.format == "jsonl" else set()
        )

    def _fill(self, name: str, label: str, choices: Sequence[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.label, field.choices = label, choices


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
            choices=[(c.source, c.source) for c in profile.columns],
            help_text=_("Those left out are not loaded; a later file may bring them."),
        )


# File and dataset


class UploadForm(forms.Form):
    file = forms.FileField(allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("File")


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
