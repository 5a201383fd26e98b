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
# Words by which a heading is known, in either language; “Código de la sede” is a code and “Sede superior” what is above.
NAMES = {
    "name",
    "nombre",
    "unit",
    "unidad",
    "branch",
    "sucursal",
    "sede",
    "site",
    "local",
    "store",
    "tienda",
    "office",
    "oficina",
    "agency",
    "agencia",
}
NAMES |= {
    "location",
    "centro",
    "center",
    "centre",
    "establecimiento",
    "clinic",
    "clinica",
    "hotel",
    "restaurant",
    "restaurante",
}
CODES = {"code", "codigo", "cod", "id", "clave"}
PARENTS = {"parent", "belongs", "pertenece", "depende", "superior", "above"}
GROUPS = {
    "region",
    "zona",
    "zone",
    "territory",
    "territorio",
    "country",
    "pais",
    "state",
    "estado",
    "province",
    "provincia",
    "department",
}
GROUPS |= {
    "departamento",
    "district",
    "distrito",
    "city",
    "ciudad",
    "municipio",
    "group",
    "grupo",
    "division",
    "area",
}
HEADED_BY = 10  # rows above the headings, such as a title and who made the list


# Line, name, code, and the place of what it belongs to.
Found = tuple[int, str, str, int | None]


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


@dataclass(frozen=True)
class _Columns:
    """Places of the columns: those of `levels` name a unit each, the highest first."""

    levels: tuple[int, ...]
    code: int | None
    parent: int | None


def read_text(text: str) -> UnitList:
    """One name a line, deeper ones indented by blanks or tabs; a code may follow after a semicolon.

    What was copied from a sheet has tabs between names: each stands below the one to its left.
    """
    lines = text.splitlines()
    if any(re.search(r"\S\t+\s*\S", line) for line in lines):
        return _read_sheet([(number, line.split("\t")) for number, line in enumerate(lines, 1)])
    rows: list[tuple[int, int, str, str]] = []
    for number, line in enumerate(lines, 1):
        bare = re.sub(r"^[-–•*]\s+", "", line.strip())
        if bare:
            depth = len(line.expandtabs(TAB)) - len(line.expandtabs(TAB).lstrip())
            name, _semicolon, code = bare.partition(";")
            rows.append((number, depth, name.strip(), code.strip()))
    stack: list[tuple[int, int]] = []  # indentation and place of the units above
    found: list[Found] = []
    for number, depth, name, code in rows:
        while stack and stack[-1][0] >= depth:
            stack.pop()
        found.append((number, name, code, stack[-1][1] if stack else None))
        stack.append((depth, len(found) - 1))
    return _checked(found)


def read_rows(headings: Sequence[str], rows: Sequence[tuple[int, Sequence[Any]]]) -> UnitList:
    """A file: names in one column, and maybe codes and what each belongs to, or names level by level in several.

    The headings may stand below a title.
    """
    columns, below = _headed([(1, headings), *rows])
    if columns is None:
        return UnitList((), (_("No column is called “name”: give the names of the units one."),))
    return _by_level(columns, below) if columns.parent is None else _by_parent(columns, below)


def _read_sheet(rows: Sequence[tuple[int, Sequence[Any]]]) -> UnitList:
    """Without headings every column is a level."""
    columns, below = _headed(rows)
    if columns is not None:
        return _by_level(columns, below) if columns.parent is None else _by_parent(columns, below)
    widest = max(len(cells) for _number, cells in rows)
    return _by_level(_Columns(tuple(range(widest)), None, None), rows)


def _headed(
    rows: Sequence[tuple[int, Sequence[Any]]],
) -> tuple[_Columns | None, Sequence[tuple[int, Sequence[Any]]]]:
    """What the columns are, and the rows below their headings."""
    for place, (_number, cells) in enumerate(rows[: HEADED_BY + 1]):
        columns = _columns(["" if cell is None else _plain(cell) for cell in cells])
        if columns is not None:
            return columns, rows[place + 1 :]
    return None, rows


def _columns(headings: Sequence[str]) -> _Columns | None:
    """None where no heading is that of a name."""
    words = [set(heading.split()) for heading in headings]
    if any(len(one) > 5 for one in words):  # a sentence
        return None
    parents = [n for n, one in enumerate(words) if one & PARENTS]
    codes = [n for n, one in enumerate(words) if one & CODES and n not in parents]
    groups = [n for n, one in enumerate(words) if one & GROUPS and n not in (*parents, *codes)]
    names = [n for n, one in enumerate(words) if one & NAMES and n not in (*parents, *codes, *groups)]
    if not names and not groups:
        return None
    own = [n for n in codes if not words[n] & GROUPS]
    levels = (*groups, names[0]) if names else tuple(groups)
    return _Columns(levels, own[0] if own else None, parents[0] if parents else None)


def _by_level(columns: _Columns, rows: Sequence[tuple[int, Sequence[Any]]]) -> UnitList:
    """A region stands once for all of its branches; one left out, as in merged cells, is that of the row above."""
    found: list[Found] = []
    places: dict[tuple[str, ...], int] = {}
    above: tuple[str, ...] = ()
    for number, cells in rows:
        told = [_cell(cells, column) for column in columns.levels]
        deepest = max((n for n, name in enumerate(told) if name), default=None)
        if deepest is None:
            continue
        path: tuple[str, ...] = ()
        for level, name in enumerate(told[: deepest + 1]):
            kept = name or (above[level] if level < len(above) else "")
            path = (*path, kept)
            if not kept or tuple(map(_plain, path)) in places:
                continue
            last = level == len(columns.levels) - 1
            places[tuple(map(_plain, path))] = len(found)
            code = _cell(cells, columns.code) if last else ""
            found.append((number, kept, code, _nearest(places, path[:-1])))
        above = path[:-1] if len(path) == len(columns.levels) else path
    return _checked(found)


def _nearest(places: dict[tuple[str, ...], int], path: tuple[str, ...]) -> int | None:
    """The place of the unit above; a level that is left out has none."""
    while path:
        if (place := places.get(tuple(map(_plain, path)))) is not None:
            return place
        path = path[:-1]
    return None


def _by_parent(columns: _Columns, rows: Sequence[tuple[int, Sequence[Any]]]) -> UnitList:
    """Each row names what it belongs to, by code or name."""
    name = columns.levels[-1]
    told = [
        (number, _cell(cells, name), _cell(cells, columns.code), _cell(cells, columns.parent))
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


def _checked(found: list[Found], faults: Sequence[str] = ()) -> UnitList:
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


def _level(found: list[Found], place: int) -> int | None:
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


def _cell(cells: Sequence[Any], place: int | None) -> str:
    value = cells[place] if place is not None and place < len(cells) else None
    return "" if value is None else str(value).strip()
