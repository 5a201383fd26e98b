"""How a file is read, given as a file: taken from a load to be used for others, or written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from django.utils.translation import gettext as _

from calidez import engine
from calidez.engine.given_json import read_json
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services.checking import Decision, resolve_branches
from calidez.monitoring.loading.services.plans import options_of, refusal, units_below
from calidez.monitoring.models import Import

OF_TEXT = ("encoding", "delimiter", "has_header")
OF_SHEETS = ("sheet", "has_header")


def given_mapping(content: bytes | str) -> engine.MappingFile:
    """What the file says; RuleBroken names the place of what cannot be understood."""
    try:
        return engine.MappingFile.from_json(read_json(content))
    except engine.EngineError as error:
        raise RuleBroken(str(refusal(error)), field="mapping") from error


def mapping_of(item: Import) -> engine.MappingFile | None:
    """How this file was read, for the next one of its kind; None before anybody said it."""
    if not item.mapping.get("schema"):
        return None
    return engine.MappingFile(
        engine.Schema.from_json(item.mapping["schema"]),
        _options(item),
        item.mapping.get("branches") or {},
    )


def name_units(item: Import, units: Mapping[str, str], *, by: Any) -> Import:
    """Settle what the mapping says of names; each code must be a unit of the file's."""
    known = units_below(item.unit)
    for name, code in units.items():
        if code not in known:
            raise RuleBroken(
                f"units.{name}: "
                + _("There is no unit with the code %(code)s below %(unit)s.")
                % {"code": code, "unit": item.unit},
                field="mapping",
            )
    if not units:
        return item
    decisions = [Decision(name, unit=code) for name, code in units.items()]
    settled: Import = resolve_branches(item, by=by, decisions=decisions)
    return settled


def _options(item: Import) -> engine.ReadOptions:
    """As somebody said, and what was found where nobody did."""
    said: engine.ReadOptions = options_of(item)
    found = {name: value for name, value in _found(item).items() if getattr(said, name) is None}
    # Totals stand in other rows of the next file, and its first row need not hold the headings: both are found there.
    return replace(said, **found, leave_out=said.leave_out if said.leave_out == () else None)


def _found(item: Import) -> dict[str, Any]:
    """What the look at the file found out, of what its format leaves open."""
    profile = item.reading.get("profile") or {}
    names = {"csv": OF_TEXT, "workbook": OF_SHEETS}.get(str(profile.get("format")), ())
    words = {"has_header": "header"}
    known = {one.name for one in fields(engine.ReadOptions)}
    found = {words.get(name, name): profile.get(name) for name in names}
    if (
        found.get("encoding") == "utf-8"
    ):  # a file without accents says nothing of how the next one writes them
        found["encoding"] = None
    found["header"] = None if found.get("header") else found.get("header")
    return {name: value for name, value in found.items() if name in known and value not in (None, "")}
