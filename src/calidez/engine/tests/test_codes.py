"""Every refusal has a sentence, and every sentence has its use."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import calidez.engine as engine
from calidez.engine import CODES

ROOT = Path(engine.__file__).parent
SOURCES = {
    path: path.read_text() for path in ROOT.rglob("*.py") if "tests" not in path.relative_to(ROOT).parts
}
MAKERS = {"EngineError", "ExpressionError", "PlaceError", "Problem"}


def _made() -> Iterator[tuple[str, set[str]]]:
    """(code, names of the values given with it) of every refusal and problem in the sources."""
    for text in SOURCES.values():
        for node in ast.walk(ast.parse(text)):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS
            ):
                continue
            # A refusal of a place names that first.
            said = node.args[1:2] if node.func.id == "PlaceError" else node.args[:1]
            codes = [n.value for part in said for n in ast.walk(part) if isinstance(n, ast.Constant)]
            given = {word.arg or "" for word in node.keywords}
            for argument in node.args[1:]:
                if isinstance(argument, ast.Dict):
                    given |= {key.value for key in argument.keys if isinstance(key, ast.Constant)}
            for code in codes:
                yield str(code), given


def test_every_code_raised_is_listed_and_every_listed_code_is_used():
    assert {code for code, _ in _made()} <= CODES.keys()
    everything = "".join(text for path, text in SOURCES.items() if path.name != "errors.py")
    assert {code for code in CODES if not re.search(rf"[\"']{code}[\"']", everything)} == set()


def test_sentences_name_only_what_they_are_given():
    for code, given in _made():
        assert set(re.findall(r"%\((\w+)\)s", CODES[code])) <= given, code


def test_importing_the_engine_is_light_and_needs_no_django():
    code = "import sys, calidez.engine; print(sorted({'duckdb', 'pyarrow', 'sqlglot', 'django'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    code = "import sys; from calidez.engine import *; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_name_promised_is_there():
    for name in engine.__all__:
        assert getattr(engine, name) is not None
    # A type checker reads the modules themselves, so each must be named there too.
    for module in engine._PLACES:
        assert f"from calidez.engine.{module} import *" in SOURCES[ROOT / "__init__.py"]
