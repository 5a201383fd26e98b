"""Lists as spreadsheets: real dates and numbers, and a second sheet that says what the file holds."""

from __future__ import annotations

import datetime as dt
import math
import re
import tempfile
from collections.abc import Callable
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.core import cells
from calidez.kit.desk.exchange import records_of
from calidez.kit.desk.lists import ListQuery, columns, filters
from calidez.kit.platform.display import Cell, CellKind
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import moment, number

MOST_ROWS = 1_048_575  # Excel's sheet, without the heading
MOST_LETTERS = 32_767
WIDEST, NARROWEST = 60, 8
_FIRST_DAY = dt.date(1900, 3, 1)  # before it Excel counts a day that never was
_PRECISE = 10**15  # beyond, Excel would round whole numbers

Told = Callable[[int], None]


def write_list(
    entity: Any, user: Any, query: ListQuery, *, into: IO[bytes] | None = None, told: Told | None = None
) -> IO[bytes]:
    """Write the list row by row to a file (a temporary one by default); memory stays the same however long it is.

    `told` hears after every row how many there are.
    """
    file = into or tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    options = {
        "constant_memory": True,
        # A text that looks like a formula or an address stays a text.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = _Sheet(book, _sheet_name(entity.label_plural))
        shown = columns.chosen(entity, query)
        sheet.heading([cells.column_label(entity, column) for column in shown])
        for record in records_of(entity, user, query, shown):
            if sheet.rows >= MOST_ROWS:
                raise RuleBroken(
                    _(
                        "A spreadsheet holds no more than %(count)s rows: narrow the list, or download it as CSV."
                    )
                    % {"count": number(MOST_ROWS)}
                )
            sheet.row([cells.cell_of(entity, record, column) for column in shown])
            if told is not None:
                told(sheet.rows)
        sheet.finish()
        _about(book, entity, user, query, sheet)
    file.seek(0)
    return file


def shown_as_a_day(value: dt.date) -> bool:
    """Whether Excel knows the day; an earlier one is a text."""
    return (value.date() if isinstance(value, dt.datetime) else value) >= _FIRST_DAY


class _Sheet:
    """One sheet under construction: it learns the widths of its columns while it is written."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self.rows = 0
        self.cut = 0
        self._widths: list[int] = []
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._whole = book.add_format({"num_format": "#,##0"})
        self._broken = book.add_format({"num_format": "#,##0.####"})

    def heading(self, texts: list[str]) -> None:
        self._widths = [NARROWEST] * len(texts)
        for place, text in enumerate(texts):
            self.sheet.write_string(0, place, text, self._bold)
            self._seen(place, len(text) + 3)  # room for the filter's arrow
        self.sheet.freeze_panes(1, 1)

    def row(self, values: list[Cell]) -> None:
        self.rows += 1
        for place, cell in enumerate(values):
            self._write(self.rows, place, cells.bare(cell), cell.kind)

    def finish(self) -> None:
        for place, width in enumerate(self._widths):
            self.sheet.set_column(place, place, width)
        if self._widths:
            self.sheet.autofilter(0, 0, max(1, self.rows), len(self._widths) - 1)

    def _write(self, row: int, place: int, value: Any, kind: CellKind) -> None:
        sheet = self.sheet
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        elif isinstance(value, dt.datetime):
            local = timezone.make_naive(value) if timezone.is_aware(value) else value
            self._date(row, place, local.replace(microsecond=0), self._moment, 16)
        elif isinstance(value, dt.date):
            self._date(row, place, value, self._day, 10)
        elif isinstance(value, (int, float, Decimal)):
            self._number(row, place, value)
        else:
            text = self._fitting(str(value))
            sheet.write_string(row, place, text)
            self._seen(place, max(map(len, text[:200].splitlines() or [""])))

    def _date(self, row: int, place: int, value: Any, look: Any, width: int) -> None:
        if shown_as_a_day(value):
            self.sheet.write_datetime(row, place, value, look)
        else:
            self.sheet.write_string(row, place, value.isoformat())
        self._seen(place, width)

    def _number(self, row: int, place: int, value: Any) -> None:
        if not math.isfinite(value) or (abs(value) >= _PRECISE and value == int(value)):
            self.sheet.write_string(row, place, str(value))
        else:
            self.sheet.write_number(row, place, value, self._whole if value == int(value) else self._broken)
        self._seen(place, len(str(value)) + 2)

    def _fitting(self, text: str) -> str:
        """A cell holds so many letters; what was left out is said, never silently lost."""
        if _letters(text) <= MOST_LETTERS:
            return text
        self.cut += 1
        remark = _(" … [cut here: a spreadsheet's cell holds no more; the CSV has all of it]")
        kept = text[: MOST_LETTERS - len(remark)]
        while _letters(kept) + len(remark) > MOST_LETTERS:
            kept = kept[: -(_letters(kept) + len(remark) - MOST_LETTERS)]
        return kept + remark

    def _seen(self, place: int, width: int) -> None:
        if width + 1 > self._widths[place]:
            self._widths[place] = min(WIDEST, width + 1)


def _about(book: Any, entity: Any, user: Any, query: ListQuery, sheet: _Sheet) -> None:
    """A file that travels says what it is, so that nobody takes a part for the whole."""
    about = book.add_worksheet(_sheet_name(_("About this file")))
    bold = book.add_format({"bold": True, "valign": "top"})
    lines = [
        (_("What"), entity.label_plural[:1].upper() + entity.label_plural[1:]),
        (_("Only"), sentence(entity, user, query) or _("no filter: all that this person may download")),
        (_("Rows"), sheet.rows),
        (_("When"), moment(timezone.now())),
        (_("By"), str(user)),
    ]
    if sheet.cut:
        lines.append((_("Shortened texts"), sheet.cut))
    for row, (word, value) in enumerate(lines):
        about.write_string(row, 0, word, bold)
        if isinstance(value, int):
            about.write_number(row, 1, value)
        else:
            about.write_string(row, 1, value[:MOST_LETTERS])
    about.set_column(0, 0, 20)
    about.set_column(1, 1, WIDEST)


def sentence(entity: Any, user: Any, query: ListQuery) -> str:
    """The filters in use, as the list's chips say them."""
    return "; ".join(chip.text for chip in filters.chips(filters.drawn(entity, user, query), query))


def _letters(text: str) -> int:
    """As Excel counts them: letters beyond the basic plane count twice."""
    return len(text) + sum(1 for letter in text if letter > "\uffff") if not text.isascii() else len(text)


def _sheet_name(text: str) -> str:
    name = re.sub(r"[\[\]:*?/\\]", " ", text).strip("' ")[:31].strip("' ") or "Calidez"
    return name[:1].upper() + name[1:]
