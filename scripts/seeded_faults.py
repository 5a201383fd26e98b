"""Whether the fast tests find what they are for: ten faults, put one after the other into a copy of the tree.

Each is of a kind that has cost somebody something: a door left open, a row that nobody may see, a query for each row.
A fault that no test finds is a gap in the tests, and this ends with 1. `make test ARGS=nightly` runs it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAILED = 1  # pytest's code for tests that failed, and for nothing else
COPIED = ("src", "tests", "scripts", "docs", "conftest.py", "pyproject.toml")
KIT = "src/calidez/kit"
SOME_KINDS = "position or standard or objective"


@dataclass(frozen=True)
class Fault:
    what: str
    file: str
    was: str
    becomes: str
    tests: tuple[str, ...]
    only: str = ""


FAULTS = (
    Fault(
        "a page shows a record that its reader may not see",
        f"{KIT}/faces/pages/common.py",
        "record = entity.queryset(request.user).select_related",
        "record = entity.model._default_manager.select_related",
        ("tests/conformance/test_lists.py",),
        SOME_KINDS,
    ),
    Fault(
        "the one door to records forgets the units",
        f"{KIT}/catalog.py",
        'return records.filter(**{f"{self.scope}__in": within})',
        "return records",
        ("tests/conformance/test_lists.py",),
        SOME_KINDS,
    ),
    Fault(
        "a list asks a query for each row",
        f"{KIT}/desk/lists/page.py",
        "records = fetched(entity, entity.model._default_manager.filter(pk__in=keys), shown)",
        "records = entity.model._default_manager.filter(pk__in=keys)",
        ("tests/conformance/test_lists.py",),
        SOME_KINDS,
    ),
    Fault(
        "a word of a template is said in English alone",
        f"{KIT}/templates/kit/list.html",
        '{% translate "Filter" %}',
        "Filter",
        ("tests/test_templates.py",),
    ),
    Fault(
        "a step asks nobody for permission",
        f"{KIT}/core/operations.py",
        "return self._taken(record, by, version, note, child_rows, values, asked=True)",
        "return self._taken(record, by, version, note, child_rows, values, asked=False)",
        (f"{KIT}/tests/test_operations.py",),
    ),
    Fault(
        "the programming interface gives out records of other units",
        f"{KIT}/faces/api/listing.py",
        "found = narrowed(entity, user, ListQuery(_checked(entity, user, params))).order_by(",
        "found = entity.model._default_manager.order_by(",
        ("tests/conformance/test_api.py",),
        SOME_KINDS,
    ),
    Fault(
        "a download holds more than the list",
        f"{KIT}/desk/exchange.py",
        "records = narrowed(entity, user, query, verb=access.EXPORT).order_by(*order(entity, query))",
        "records = entity.model._default_manager.order_by(*order(entity, query))",
        ("tests/conformance/test_lists.py",),
        SOME_KINDS,
    ),
    Fault(
        "a change leaves no trace in the trail",
        f"{KIT}/core/operations.py",
        "            tell(self.name, [(locked, before",
        "            self.name == 'edit' or tell(self.name, [(locked, before",
        ("tests/conformance/test_pages.py",),
        SOME_KINDS,
    ),
    Fault(
        "a form loses a field",
        f"{KIT}/desk/forms.py",
        "form=RecordForm, fields=list(names), formfield",
        "form=RecordForm, fields=list(names)[:-1], formfield",
        ("tests/conformance/test_pages.py",),
        SOME_KINDS,
    ),
    Fault(
        "a column has no migration",
        "src/calidez/people/models.py",
        '    purpose = models.TextField(_("purpose"), blank=True, help_text=_("What this position',
        "    since = models.DateField(null=True)\n"
        '    purpose = models.TextField(_("purpose"), blank=True, help_text=_("What this position',
        ("tests/conformance/test_pages.py",),
        "position",
    ),
)


def main() -> int:
    wanted = " ".join(sys.argv[1:]).casefold()
    chosen = [fault for fault in FAULTS if wanted in fault.what]
    with tempfile.TemporaryDirectory(prefix="calidez-faults-") as folder:
        place = copied(Path(folder) / "tree")
        for paths, only in sorted({(fault.tests, fault.only) for fault in chosen}):
            if _told(place, paths, only) != 0:
                print(f"Without any fault these fail, so nothing can be said: {', '.join(paths)}")
                return 1
        missed = [fault for fault in chosen if not _found(place, fault)]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} faults were found.")
    return 1 if missed else 0


def copied(place: Path) -> Path:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, place / name)
    return place


def _found(place: Path, fault: Fault) -> bool:
    path = place / fault.file
    whole = path.read_text(encoding="utf-8")
    if whole.count(fault.was) != 1:
        print(f"  {'cannot be put in':20}{fault.what}: {fault.file} reads otherwise now", flush=True)
        return False
    began = time.monotonic()
    path.write_text(whole.replace(fault.was, fault.becomes), encoding="utf-8")
    try:
        found = _told(place, fault.tests, fault.only) == FAILED
    finally:
        path.write_text(whole, encoding="utf-8")
    seconds = f"{time.monotonic() - began:.0f} s"
    print(f"  {'found' if found else 'NOT FOUND':12}{seconds:>6}  {fault.what}", flush=True)
    return found


def _told(place: Path, paths: tuple[str, ...], only: str) -> int:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CALIDEZ_")}
    environment |= {"PYTHONPATH": str(place / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "--fast", "-x", "-p", "no:cacheprovider", *paths]
    command += ["-k", only] if only else []
    return subprocess.run(
        command, cwd=place, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
