"""What the documentation tells people to type is typed here: a page whose steps no longer work fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from calidez.config.operating import looks
from calidez.kit.platform import readiness

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("add-a-kind-of-record.md", "add-a-panel.md", "add-a-part.md", "add-a-versioned-kind.md")
PARTS = ("lost_property", "contingency", "rates")
PAGES = [ROOT / "docs" / "how-to" / name for name in NAMES]
_FILE = re.compile(r"\*\*`([^`]+)`\*\*\n```(?:python|html)\n(.*?)```", re.DOTALL)
_FIGURE = re.compile(r"meters\.(?:counter|gauge|histogram)\(\s*\"(\w+)\"")
_HEADING = re.compile(r"^(#+) ", re.MULTILINE)
_CODE = re.compile(r"^```[\s\S]*?^```$|^ {4,}(?![ |]).+$", re.MULTILINE)
_ROW, _STEP = re.compile(r"^ *\|", re.MULTILINE), re.compile(r"^(?:-|\d+\.) ", re.MULTILINE)
_VARIABLE = re.compile(r"\b(?:CALIDEZ|DATABASE)_[A-Z_]*[A-Z]")
_LINK = re.compile(r"\]\(([^)#]+)\)")
MOST_LINES, MOST_WRITTEN = 115, 90  # all, and without the blank ones
MOST_LINES_VERSIONED, MOST_LINES_SMALLEST = 300, 110


def files(*pages: Path) -> dict[str, str]:
    """The files that pages tell people to write, by name."""
    return {name: text for page in pages for name, text in _FILE.findall(page.read_text(encoding="utf-8"))}


def test_a_kind_of_record_costs_what_the_page_says() -> None:
    written = files(PAGES[0])
    assert set(written) == {
        f"lost_property/{name}.py"
        for name in ("models", "services", "entities", "register", "tests/factories")
    }
    lines = [line for text in written.values() for line in text.splitlines()]
    assert len(lines) <= MOST_LINES
    assert len([line for line in lines if line.strip()]) <= MOST_WRITTEN


def test_a_versioned_kind_costs_what_the_page_says() -> None:
    written = files(PAGES[-1])
    assert {name.rpartition(".")[2] for name in written} == {"py", "html"}
    assert lines_of(written, "contingency/") <= MOST_LINES_VERSIONED
    assert lines_of(written, "rates/") <= MOST_LINES_SMALLEST


def lines_of(written: dict[str, str], folder: str) -> int:
    found = [text.count("\n") for name, text in written.items() if name.startswith(folder)]
    assert found
    return sum(found)


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs" / "how-to").glob("*.es.md")))
def test_a_translated_guide_says_all_that_its_original_says(name: str) -> None:
    """As far as can be seen without reading: headings, code, tables, variables, and the way from each to the other."""
    folder = ROOT / "docs" / "how-to"
    translated = (folder / name).read_text(encoding="utf-8")
    original = (folder / name.replace(".es.md", ".md")).read_text(encoding="utf-8")
    for pattern in (_HEADING, _CODE):
        assert pattern.findall(translated) == pattern.findall(original)
    for pattern in (_ROW, _STEP):
        assert len(pattern.findall(translated)) == len(pattern.findall(original)), pattern.pattern
    assert set(_VARIABLE.findall(translated)) == set(_VARIABLE.findall(original))
    assert f"[Español]({name})" in original
    assert f"[English]({name.replace('.es.md', '.md')})" in translated
    linked = [link for link in _LINK.findall(translated) if "://" not in link]
    assert [link for link in linked if not (folder / link).is_file()] == []
    others = {link for link in linked if (folder / link.replace(".md", ".es.md")).is_file()}
    assert others == {name.replace(".es.md", ".md")}, "links lead to the Spanish page where there is one"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documented")
    for name, text in files(*PAGES).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in PARTS:
        (folder / name / "__init__.py").touch()
        (folder / name / "tests" / "__init__.py").touch()
    return folder


# In one process, since each start of Django costs as much as ten of the tests; the plugin comes first, as it decides on
# the data folder.
BUILD_AND_TEST = """
import sys, calidez.config.testing, django, pytest
django.setup()
from django.core.management import call_command
call_command("makemigrations", *sys.argv[1].split(","), verbosity=0)
raise SystemExit(pytest.main(sys.argv[2:]))
"""


def run(folder: Path, template: Path, *arguments: str) -> str:
    kept = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "CALIDEZ_TEST_DATABASE_URL", "CALIDEZ_TEST_ON")
    environment = {name: os.environ[name] for name in kept if name in os.environ} | {
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "src")]),
        "CALIDEZ_PARTS": ",".join(PARTS),
        "DJANGO_SETTINGS_MODULE": "calidez.config.settings",
        "CALIDEZ_DATA": str(folder / "data"),
        "CALIDEZ_TEST_TEMPLATE": str(template),  # only what the pages add is migrated
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", BUILD_AND_TEST, ",".join(PARTS), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-16000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.processes
def test_what_the_pages_build_passes_everything_that_every_kind_must(parts: Path, migrated: Path) -> None:
    suites = sorted(str(path) for path in (ROOT / "tests" / "conformance").glob("test_*.py"))
    suites += [str(path) for name in PARTS for path in sorted((parts / name / "tests").glob("test_*.py"))]
    settings = ("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-p", "no:cacheprovider")
    chosen = "founditem or left_behind or broken_link or contingencyplan or rehearsed or rate"
    said = run(parts, migrated, *suites, *settings, "-k", chosen, "-x")
    passed = re.search(r"(\d+) passed", said)
    assert passed, said[-2000:]
    assert int(passed.group(1)) > 40


def test_the_guide_for_operators_names_every_look_and_every_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_looks", {})
    looks.register()
    guide = (ROOT / "docs" / "how-to" / "operate.md").read_text(encoding="utf-8")
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")}
    figures = {
        name
        for path, text in sources.items()
        if "tests" not in path.parts and path.name != "meters.py"
        for name in _FIGURE.findall(text)
    }
    assert len(figures) > 10
    assert {name for name in {*figures, *readiness._looks} if f"`{name}`" not in guide} == set()
