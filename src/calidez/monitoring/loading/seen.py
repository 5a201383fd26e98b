"""What the look at a file found, in the reader's words: its rows as they stand, and what to know of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.formats import number
from calidez.monitoring.measuring.definitions import sentence

MOST_HEADING_ROWS = 3  # as many as the engine looks for


def problem(found: Any, profile: Any) -> str:
    """What the look at a file points at."""
    if found.code == "misfits":
        return _misfits(profile.column(found.params["column"]))
    if "column" not in found.params:
        return sentence(found)
    return sentence(replace(found, params={**found.params, "column": heading(str(found.params["column"]))}))


def _misfits(column: Any) -> str:
    """Which values are none of what the others of their column are."""
    count = column.misfits
    if column.type == "boolean":
        words = ngettext(
            "%(column)s: one value is neither yes nor no",
            "%(column)s: %(count)s values are neither yes nor no",
            count,
        )
    else:
        words = ngettext(
            "%(column)s: one value is not a number", "%(column)s: %(count)s values are not numbers", count
        )
    said = words % {"column": heading(column.source), "count": number(count)}
    samples = ", ".join(column.misfit_samples[:3])
    return f"{said} ({samples})." if samples else f"{said}."


# What was done without a loss needs no warning, and what the rows themselves show no words.
DONE = frozenset(
    {
        "sheets_joined",
        "sheets_beside",
        "merged_down",
        "line_ends",
        "read_from_page",
        "read_from_xml",
        "totals_not_turned",
    }
)
SHOWN = frozenset({"titles_skipped", "headings_joined"})


@dataclass(frozen=True)
class Noticed:
    text: str
    tone: str


def noticed(profile: Any) -> list[Noticed]:
    """What the look at the file points at, each with the tone that it deserves."""
    told = [found for found in profile.problems if found.code not in SHOWN]
    return [
        Noticed(problem(found, profile), "neutral" if found.code in DONE else "concern") for found in told[:8]
    ]


MADE_UP = re.compile(r"Column (\d+)( \(\d+\))?")


def heading(source: str) -> str:
    """The name of a column; one that the file does not name is called by its place, in the reader's language."""
    made_up = MADE_UP.fullmatch(source)
    return _("Column %(position)s") % {"position": made_up[1]} + (made_up[2] or "") if made_up else source


@dataclass(frozen=True)
class RowSeen:
    """A row as it stands in the file; `pick` says that it holds the headings, `join` that it does so too."""

    name: str
    number: str
    cells: tuple[str, ...]
    part: str
    word: str
    pick: str
    join: str


def rows_seen(profile: Any) -> tuple[RowSeen, ...]:
    """The first rows of a table in text or a workbook; nothing where others say what their columns are."""
    found = profile.found
    last = found.heading_rows[-1] if found.heading_rows else 0
    words = {"heading": _("headings"), "title": _("not read"), "out": _("left out"), "row": ""}
    width = max((len(row.cells) for row in found.rows), default=0)
    seen = []
    for position, row in enumerate(found.rows):
        number_ = row.name.rpartition("!")[2]
        before = found.rows[position - 1] if position else None
        follows = bool(last) and before is not None and before.name.rpartition("!")[2] == str(last)
        alone = row.part == "heading" and len(found.heading_rows) == 1
        seen.append(
            RowSeen(
                name=row.name,
                number=number_,
                cells=(*row.cells, *("",) * (width - len(row.cells))),
                part=row.part,
                word=words[row.part],
                pick="" if alone else number_,
                join=f"+{number_}" if follows and len(found.heading_rows) < MOST_HEADING_ROWS else "",
            )
        )
    return tuple(seen)
