"""A wide table turned: one column for each month, or each step, becomes one row for each."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from calidez.engine.beside_table import TOTAL
from calidez.engine.connection import storage_errors
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format
from calidez.engine.numbering import Numbering
from calidez.engine.period_names import is_period, written
from calidez.engine.pieces import CHUNK
from calidez.engine.profile import Problem
from calidez.engine.sources import Source, Turn, with_headers

MEAN = re.compile(r"\W*(promedio|media|mean|average|avg|prom)\b.{0,30}", re.IGNORECASE)


def turned(source: Source, turn: Turn, scratch: Path) -> Source:
    """The source of the same table with a row for each cell of the columns to turn, but of those that nobody has filled yet."""
    missing = next((heading for heading in turn.headings if heading not in source.headers), None)
    if missing is not None or source.format is not Format.CSV:
        raise EngineError("missing_column", name=source.name, column=missing or turn.headings[0])
    target = scratch / "turned.csv"
    places = [source.headers.index(heading) for heading in turn.headings]
    beside = [n for n in range(len(source.headers)) if n not in places]
    totals = [n for n in beside if _is_total(source.headers[n])]
    kept = [n for n in beside if n not in totals]
    headings = turned_headings(source.headers, turn)
    names = {n: written(source.headers[n], turn.year) for n in places}
    numbering, row = Numbering(), 1
    csv.field_size_limit(4 * CHUNK)
    used = _columns_in_use(source, places)
    with (
        storage_errors(),
        source.path.open(encoding="utf-8-sig", newline="", errors="replace") as read,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, delimiter=source.delimiter, lineterminator="\n")
        writer.writerow(headings)
        for number, cells in _data(csv.reader(read, delimiter=source.delimiter), source):
            rows = _turned(cells, used, kept, names, len(source.headers))
            if rows:
                numbering.add(row + 1, number, step=0)
                writer.writerows(rows)
                row += len(rows)
    if source.numbering:
        numbering = source.numbering.behind(numbering)
    made = replace(
        source,
        path=target,
        has_header=True,
        lines=row - 1,
        lines_above=0,
        rows_above=0,
        bytes=target.stat().st_size,
        odd_quotes=False,
        numbering=numbering,
        problems=(*source.problems, *_said(source, totals)),
    )
    return with_headers(made, headings)


def turned_headings(headings: Sequence[str], turn: Turn) -> list[str]:
    """What a table with these headings has for headings once it is turned."""
    kept = [h for h in headings if h not in turn.headings and not _is_total(h)]
    return [*kept, *turn.names]


def _is_total(heading: str) -> bool:
    """The total of a year, or its mean, would stand beside each of its months, and count as often."""
    return TOTAL.fullmatch(heading) is not None or MEAN.fullmatch(heading) is not None


def _said(source: Source, totals: Sequence[int]) -> list[Problem]:
    names = ", ".join(source.headers[n] for n in totals)
    return [Problem("totals_not_turned", {"columns": names})] if totals else []


def _data(reader: Iterator[list[str]], source: Source) -> Iterator[tuple[int, list[str]]]:
    """The rows below the headings, with their numbers in this file or, where that is a sheet's copy, in the sheet."""
    heading = source.has_header
    for number, cells in enumerate(reader, start=1 + source.rows_above):
        if not any(cell.strip() for cell in cells):
            continue
        if heading:
            heading = False
            continue
        yield number, cells


def _columns_in_use(source: Source, places: Sequence[int]) -> list[int]:
    """Months to come stand empty in every row; an empty cell in another column is a figure that is missing."""
    used: set[int] = set()
    with (
        storage_errors(),
        source.path.open(encoding="utf-8-sig", newline="", errors="replace") as read,
    ):
        for _number, cells in _data(csv.reader(read, delimiter=source.delimiter), source):
            used.update(n for n in places if n < len(cells) and cells[n].strip())
            if len(used) == len(places):
                break
    return [n for n in places if n in used]


def _turned(
    cells: Sequence[str], places: Sequence[int], kept: Sequence[int], names: Mapping[int, str], width: int
) -> list[list[str]]:
    """A row that has not the cells of the table keeps too many or too few of them, and is refused for it as it would be."""
    if len(cells) > width:
        return [[*cells, *[""] * (len(kept) + 3 - len(cells))]]
    if len(cells) < width:
        return [list(cells[: max(1, len(kept))])]
    beside = [cells[n] for n in kept]
    # A step that was not reached has no date; a month has its figure, and where the cell is empty it is missing.
    return [[*beside, names[n], cells[n]] for n in places if cells[n].strip() or is_period(names[n])]
