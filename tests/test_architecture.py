"""The rules of the house that import-linter cannot see: string relations, writes outside services, files' places."""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model

import calidez

PACKAGE = Path(calidez.__file__).parent
# From the bottom up; a part may point at itself and at what stands before it.
ORDER = (
    ("kit",),
    ("people",),
    ("actions", "documents"),
    ("policy",),
    ("standards",),
    ("monitoring", "processes"),
    ("objectives",),
    ("charter",),
    ("inspections", "risk", "voice"),
    ("improvement",),
    ("review",),
    ("samples",),
)
LEVEL = {part: level for level, parts in enumerate(ORDER) for part in parts}
PARTS = sorted(name for name in LEVEL if (PACKAGE / name).is_dir() and name not in {"kit", "samples"})
EXPECTED = ("models", "services", "entities", "tests")
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
LONG = 400
BY_DATABASE = {
    "kit/core/verification.py": "kit/tests/test_audit.py",
    "kit/platform/turns.py": "kit/tests/test_intake.py",
    "config/examining/trail.py": "config/tests/test_check_of_data.py",
    "backups/database/rows.py": "config/tests/backups/test_round_trip.py",
    "backups/making.py": "config/tests/backups/test_round_trip.py",
    "backups/place.py": "config/tests/backups/test_round_trip.py",
    "kit/core/audit.py": "kit/tests/test_audit.py",
    "kit/core/no_overlap.py": "kit/tests/test_editions.py",
    "kit/desk/intake/services.py": "kit/tests/test_intake.py",
    "kit/desk/search/finding.py": "kit/tests/test_search.py",
    "monitoring/measuring/services/rollup.py": "monitoring/tests/test_measuring.py",
}
SURFACE = Path(__file__).parent / "snapshots" / "kit_surface.txt"


def test_what_runs_on_both_databases_exists() -> None:
    from calidez.config.tests import databases
    from calidez.kit.conformance import kinds

    root = Path(__file__).parent.parent
    assert [name for name in (*databases.PATHS, databases.CONFORMANCE) if not (root / name).exists()] == []
    assert {entity.key for entity in kinds()} >= databases.KINDS


def test_whatever_asks_which_database_it_has_is_tried_on_both() -> None:
    """A module that does is named here with the test, of those that PostgreSQL runs, that tries it."""
    from calidez.config.tests.databases import PATHS

    asking = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts) and re.search(r"\.vendor\b", path.read_text("utf-8"))
    }
    assert asking == set(BY_DATABASE)
    assert set(BY_DATABASE.values()) <= {name.removeprefix("src/calidez/") for name in PATHS}


def test_relations_follow_the_layers() -> None:
    """`ForeignKey("risk.Risk")` is a string that no import checker follows."""
    wrong = []
    for model in apps.get_models():
        part = model._meta.app_label
        if part not in LEVEL:
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if target is None or field.auto_created or target == "self":
                continue
            # Named by settings: kit knows that there are people and a tree of units, not what they are.
            if target in (get_user_model(), apps.get_model(settings.UNIT_MODEL)):
                continue
            other = target._meta.app_label
            if LEVEL.get(other, -1) > LEVEL[part] or (LEVEL.get(other) == LEVEL[part] and other != part):
                wrong.append(f"{model._meta.label}.{field.name} points up at {target._meta.label}")
    assert wrong == []


@pytest.mark.parametrize("part", PARTS)
def test_writes_happen_in_services(part: str) -> None:
    """One function tells the whole story of a change: its permission, rule, transaction and trail."""
    found = [
        f"{path.relative_to(PACKAGE)}:{line} .{name}("
        for path in _sources(part)
        for line, name in _writes(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize("part", [*PARTS, "samples"])
def test_there_is_one_way_to_write(part: str) -> None:
    """An operation, or the words of `kit.core.following`: what is told to the trail alone, nobody else hears."""
    by_hand = re.compile(r"\baudit\.write(_many)?\(|\.version \+= 1|\breactions\.happened\b|\.body\(")
    found = [
        f"{path.relative_to(PACKAGE)}: {match.group()}"
        for path in sorted((PACKAGE / part).rglob("*.py"))
        if not {"tests", "migrations"} & {*path.parts}
        for match in by_hand.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_whoever_writes_tables_for_spreadsheets_makes_formulas_harmless() -> None:
    """A list, a report and the file of rejected rows; what the engine writes for itself is read by itself alone."""
    writing = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        and re.search(
            r"csv\.(Dict)?[wW]riter|FORMAT csv, HEADER|xlsxwriter\.Workbook", path.read_text("utf-8")
        )
    }
    safe = {
        "kit/desk/exchange.py",
        "kit/desk/spreadsheet.py",
        "kit/desk/intake/template.py",
        "engine/rejects.py",
    }
    for_itself = {f"engine/{name}.py" for name in ("sheet_copy", "markup", "table_cut", "turning")}
    assert writing == safe | for_itself


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_the_expected_files(part: str) -> None:
    names = {path.stem if path.suffix == ".py" else path.name for path in (PACKAGE / part).iterdir()}
    if "entities" in names:
        assert [name for name in EXPECTED if name not in names] == []


@pytest.mark.parametrize("part", PARTS)
def test_rules_decide_without_django_and_without_clock(part: str) -> None:
    """The moment is an argument, so that tests patch nothing."""
    path = PACKAGE / part / "rules.py"
    files = [path] if path.is_file() else sorted((PACKAGE / part / "rules").glob("*.py"))
    asked = [
        f"{file.relative_to(PACKAGE)}: {match.group()}"
        for file in files
        for match in re.finditer(
            r"\b(?:datetime\.now|date\.today|time\.time|import django|from django)\b", file.read_text()
        )
    ]
    assert asked == []


def test_long_files_are_named() -> None:
    """A report, not a rule: a file over 400 lines asks to be split."""
    for path in sorted(PACKAGE.rglob("*.py")):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONG and "migrations" not in path.parts:
            warnings.warn(f"{path.relative_to(PACKAGE)} has {lines} lines", stacklevel=1)


def test_the_map_names_every_room_of_kit() -> None:
    page = (PACKAGE.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)/?`", page))
    rooms = {
        path.stem
        for floor in ("platform", "core", "desk", "faces")
        for path in (PACKAGE / "kit" / floor).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert sorted(rooms - named - {"__init__"}) == []


def test_imports_run_in_no_circle() -> None:
    """Imports inside functions and for types count too: a circle is one room, however it is entered."""
    assert _circles({module: {name for name, _ in wanted} for module, wanted in _imports().items()}) == []


def test_parts_use_what_kit_offers_them() -> None:
    """A new name here is a decision: kit's inside may change freely as long as this list stands.

    People and samples, whom the house itself stands on, are told with those that take a name alone.
    """
    takers: dict[str, set[str]] = defaultdict(set)
    for user, wanted in _imports().items():
        part = user.split(".")[1:2]
        for module, name in wanted if part not in ([], ["kit"], ["config"]) else ():
            if module.startswith("calidez.kit"):
                takers[f"{module.removeprefix('calidez.')}: {name or '(all of it)'}"].update(part)
    shared = sorted(name for name, parts in takers.items() if len(parts - {"people", "samples"}) > 1)
    alone = sorted(set(takers) - {*shared})
    told = ["# Taken by several parts", *shared, "", "# Taken by one part", *alone]
    assert told == SURFACE.read_text(encoding="utf-8").splitlines(), (
        f"look at what is new; if it is meant, write it into {SURFACE.name}"
    )


def test_the_finder_of_circles_finds_them() -> None:
    assert _circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


def test_the_finder_of_writes_finds_them() -> None:
    code = "Risk.objects.filter(pk=1).update(state=2)\nrisk.save()\nnames.update({})\nhashlib.sha256().update(b'')\n"
    assert [name for _line, name in _writes(ast.parse(code))] == ["update", "save"]


def _sources(part: str) -> Iterator[Path]:
    for path in sorted((PACKAGE / part).rglob("*.py")):
        inside = path.relative_to(PACKAGE / part).parts
        if {"services", "services.py", "migrations", "tests", "factories.py", "conftest.py"} & {*inside}:
            continue
        yield path


def _writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        if name in WRITES and (name == "save" or _on_a_table(node.func.value)):
            yield node.lineno, name


def _on_a_table(target: ast.expr) -> bool:
    """`update` and `create` are also words of dictionaries and digests: look for a manager or queryset in the chain."""
    words = set()
    for node in ast.walk(target):
        if isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.Name):
            words.add(node.id)
    return bool(
        words & {"objects", "_default_manager", "filter", "exclude", "all", "select_for_update", "queryset"}
    )


@functools.cache
def _imports() -> dict[str, set[tuple[str, str]]]:
    """Of each module, what it imports from which module of the house; a module imported as a whole has no name."""
    files = {
        _name_of(path): path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"tests", "migrations"} & {*path.relative_to(PACKAGE).parts}
    }
    found: dict[str, set[tuple[str, str]]] = {}
    for module, path in files.items():
        inside = module if path.name == "__init__.py" else module.rpartition(".")[0]
        wanted = found.setdefault(module, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                wanted |= {(alias.name, "") for alias in node.names if alias.name in files}
            elif isinstance(node, ast.ImportFrom):
                above = inside.split(".")[: len(inside.split(".")) - node.level + 1] if node.level else []
                source = ".".join([*above, *filter(None, [node.module])])
                for alias in node.names:
                    whole = f"{source}.{alias.name}"
                    if whole in files:
                        wanted.add((whole, ""))
                    elif source in files:
                        wanted.add((source, alias.name))
    return found


def _name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that reach one another."""
    circles: set[tuple[str, ...]] = set()
    reached = {module: _reached(graph, module) for module in graph}
    for module, others in reached.items():
        if module in others:
            circles.add(tuple(sorted(one for one in others if module in reached.get(one, ()))))
    return sorted(list(circle) for circle in circles)


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    met: set[str] = set()
    ahead = list(graph.get(start, ()))
    while ahead:
        module = ahead.pop()
        if module not in met:
            met.add(module)
            ahead += graph.get(module, ())
    return met
