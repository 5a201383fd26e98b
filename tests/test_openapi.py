"""The description of the programming interface changes on purpose, and the pages made from it are current."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from django.utils import translation

from calidez.kit.faces.api.site import description

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
import reference  # noqa: E402


def test_what_programs_rely_on_changes_on_purpose() -> None:
    wanted = reference.snapshot()
    assert reference.kept(reference.SNAPSHOT) == wanted, "where this is meant, run `make reference`"


def test_every_reference_leads_somewhere_and_every_name_is_its_own() -> None:
    described = description()
    schemas = described["components"]["schemas"]
    found = {ref.rpartition("/")[2] for ref in _references(described)}
    assert found <= schemas.keys()
    names = [o["operationId"] for operations in described["paths"].values() for o in operations.values()]
    assert len(names) == len(set(names))
    for path, operations in described["paths"].items():
        named = set(re.findall(r"{(\w+)}", path))
        for operation in operations.values():
            assert named == {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}, path


def test_it_is_told_in_the_readers_language() -> None:
    with translation.override("es"):
        spanish = description()
    assert spanish["paths"]["/api/v1/units"]["get"]["summary"].startswith("Lista")


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [ref for value in part.values() for ref in _references(value)]
    if isinstance(part, list):
        return [ref for value in part for ref in _references(value)]
    return []
