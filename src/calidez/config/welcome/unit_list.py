"""A list of units as people have it: indented names, or a file with names and what each belongs to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

MOST_UNITS = 2000
DEEPEST = 8
TAB = 4
NAMES = {"name", "nombre", "unit", "unidad", "branch", "sucursal"}
CODES = {"code", "codigo"}
PARENTS = {"parent", "belongs to", "pertenece a", "depende de", "superior"}


@dataclass(frozen=True)
class Planned:
    """One unit to be made; `parent` is its place in the list, None directly below the organisation."""

    line: int
    name: str
    code: str
    parent: int | None
    level: int


@dataclass(frozen=True)
class UnitList:
    units: tuple[Planned, ...]
    faults: tuple[str, ...]

    def has_children(self, place: int) -> bool:
        return any(unit.parent == place for unit in self.units)


def read_text(text: str) -> UnitList:
    """One name a line, deeper ones indented by blanks or tabs; a code may follow after a semicolon."""
    rows: list[tuple[int, int, str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r"^[-–•*]\s+", "", line.strip())
        if bare:
            depth = len(line.expandtabs(TAB)) - len(line.expandtabs(TAB).lstrip())
            name, _semicolon, code = bare.partition(";")
            rows.append((number, depth, name.strip(), code.strip()))
    stack: list[tuple[int, int]] = []  # indentation and place of the units above
    found: list[tuple[int, str, str, int | None]] = []
    for number, depth, name, code in rows:
        while stack and stack[-1][0] >= depth:
            stack.pop()
        found.append((number, name, code, stack[-1][1] if stack else None))
        stack.append((depth, len(found) - 1))
    return _checked(found)


def read_rows(headings: Sequence[str], rows: Sequence[tuple[int, Sequence[Any]]]) -> UnitList:
    """A file: a column of names, and maybe of codes and of what each belongs to (by code or name)."""
    plain = [_plain(heading) for heading in headings]
    name, code, parent = (_column(plain, words) for words in (NAMES, CODES, PARENTS))
    if name is None:
        return UnitList((), (_("No column is called “name”: give the names of the units one."),))
    told = [
        (number, _cell(cells, name), _cell(cells, code), _cell(cells, parent))
        for number, cells in rows
        if _cell(cells, name)
    ]
    places: dict[str, int] = {}
    for place, (_number, unit, its_code, _parent) in enumerate(told):
        places.setdefault(_plain(unit), place)
        if its_code:
            places[_plain(its_code)] = place
    faults = [
        _("Line %(line)s: no unit is called “%(name)s”.") % {"line": number, "name": above}
        for number, _unit, _code, above in told
        if above and _plain(above) not in places
    ]
    found = [
        (number, unit, its_code, places.get(_plain(above)) if above else None)
        for number, unit, its_code, above in told
    ]
    return _checked(found, faults)


def as_text(units: UnitList) -> str:
    """The list as one would have pasted it, parents before their children."""
    lines: list[str] = []

    def write(parent: int | None) -> None:
        for place, unit in enumerate(units.units):
            if unit.parent == parent:
                lines.append("  " * unit.level + f"{unit.name}; {unit.code}")
                write(place)

    if not units.faults:
        write(None)
    return "\n".join(lines)


def _checked(found: list[tuple[int, str, str, int | None]], faults: Sequence[str] = ()) -> UnitList:
    problems = list(faults)
    if len(found) > MOST_UNITS:
        problems.append(
            _("These are more than %(most)s units: begin with fewer, and load the rest later.")
            % {"most": MOST_UNITS}
        )
        return UnitList((), tuple(problems))
    taken: set[str] = set()
    units: list[Planned] = []
    for place, (number, name, code, parent) in enumerate(found):
        level = _level(found, place)
        if level is None:
            problems.append(
                _("Line %(line)s: “%(name)s” belongs to itself.") % {"line": number, "name": name}
            )
            level = 0
        if level > DEEPEST:
            problems.append(
                _("Line %(line)s: more than %(most)s levels deep.") % {"line": number, "most": DEEPEST}
            )
        if len(name) > 200:
            problems.append(_("Line %(line)s: a name has at most 200 letters.") % {"line": number})
        if code and (code in taken or re.search(r"[\s/\\<>\"]", code) or len(code) > 40):
            problems.append(
                _("Line %(line)s: the code “%(code)s” is taken or has signs that a code cannot have.")
                % {"line": number, "code": code}
            )
        chosen = code or _free(name, taken)
        taken.add(chosen)
        units.append(Planned(number, name, chosen, parent, level))
    return UnitList(tuple(units), tuple(problems[:20]))


def _level(found: list[tuple[int, str, str, int | None]], place: int) -> int | None:
    level, above = 0, found[place][3]
    while above is not None:
        level += 1
        if level > len(found):
            return None
        above = found[above][3]
    return level


def _free(name: str, taken: set[str]) -> str:
    bare = re.sub(r"[^A-Z0-9]+", "-", _plain(name).upper()).strip("-")[:24] or "U"
    return next(c for c in (bare, *(f"{bare}-{n}" for n in range(2, MOST_UNITS + 3))) if c not in taken)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode()
    return " ".join(bare.casefold().split())


def _column(plain: list[str], words: set[str]) -> int | None:
    return next((place for place, heading in enumerate(plain) if heading in words), None)


def _cell(cells: Sequence[Any], place: int | None) -> str:
    value = cells[place] if place is not None and place < len(cells) else None
    return "" if value is None else str(value).strip()
