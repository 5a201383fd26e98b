"""What is wrong with a starter pack, each fault with its place and line, before anything is created from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.measuring.definitions import definition_of, sentence
from calidez.monitoring.models import Dataset, Indicator
from calidez.samples.packs import texts
from calidez.samples.packs.document import Document, Fault, PackRefused, Path
from calidez.samples.packs.format import FORMAT, PACK, Is, Item
from calidez.samples.packs.schemas import schema_of_entry

KEY = re.compile(r"[a-z][a-z0-9_-]*")
DATASET_KEY = re.compile(r"[a-z][a-z0-9_]*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


def check(document: Document) -> None:
    """PackRefused with every fault that can be told; shape first, since all else builds on it."""
    for step in (_shape_faults, _link_faults, _definition_faults):
        faults = list(step(document))
        if faults:
            raise PackRefused(document.name, faults)


def where(document: Document, path: Path) -> str:
    """A place as people look for it: an entry by its key, else by its number."""
    words: list[str] = []
    value = document.values
    for name in path:
        value = value[name] if _holds(value, name) else None
        key = value.get("key") or value.get("name") if isinstance(value, Mapping) else None
        words.append(str(key if isinstance(name, int) and isinstance(key, str) else _counted(name)))
    return " › ".join(words)


def _counted(name: str | int) -> str | int:
    return name + 1 if isinstance(name, int) else name


def _holds(value: Any, name: str | int) -> bool:
    if isinstance(name, int):
        return isinstance(value, Sequence) and not isinstance(value, str) and name < len(value)
    return isinstance(value, Mapping) and name in value


def _fault(document: Document, path: Path, said: str) -> Fault:
    return Fault(where(document, path), said, document.line_of(path))


# Shape


def _shape_faults(document: Document) -> Iterator[Fault]:
    if not isinstance(document.values, Mapping):
        yield Fault("", _("A starter pack begins with words such as “pack:” and “format:”."))
        return
    number = document.values.get("format")
    if isinstance(number, int) and number != FORMAT:
        said = _("this installation reads format %(known)s, and the file says %(given)s.")
        yield _fault(document, ("format",), said % {"known": FORMAT, "given": number})
        return
    for path, said in _table(document.values, PACK, ()):
        yield _fault(document, path, said)


Told = Iterator[tuple[Path, str]]


def _table(value: Any, items: Mapping[str, Item], path: Path) -> Told:
    if not isinstance(value, Mapping):
        yield path, _("this must be a group of words with values.")
        return
    for name in value:
        if name not in items:
            known = ", ".join(items)
            yield (
                (*path, name),
                _("the word “%(word)s” is not known here; known are: %(known)s.")
                % {"word": name, "known": known},
            )
    for name, item in items.items():
        if value.get(name) in (None, "", [], {}):
            if item.required:
                yield (*path, name), _("this is missing.")
        else:
            yield from _value(value[name], item, (*path, name))


def _value(value: Any, item: Item, path: Path) -> Told:
    if item.is_ is Is.TABLE:
        yield from _table(value, item.of, path)
    elif item.is_ is Is.ROWS:
        yield from _rows(value, item, path)
    elif item.is_ is Is.TEXT and isinstance(value, Mapping):
        for language, text in value.items():
            if not LANGUAGE.fullmatch(language):
                yield (*path, language), _("“%(word)s” is no language code.") % {"word": language}
            yield from _word(text, item, (*path, language))
    elif item.is_ in (Is.TEXT, Is.WORD, Is.KEY):
        yield from _word(value, item, path)
    elif item.is_ is Is.FLAG:
        if not isinstance(value, bool):
            yield path, _("this must be true or false.")
    elif item.is_ is Is.CHOICE:
        if value not in item.choices:
            yield (
                path,
                _("this must be one of: %(choices)s; it is “%(given)s”.")
                % {"choices": ", ".join(item.choices), "given": value},
            )
    elif isinstance(value, bool) or not isinstance(value, int if item.is_ is Is.WHOLE else (int, float)):
        yield (
            path,
            _("this must be a number.") if item.is_ is Is.NUMBER else _("this must be a whole number."),
        )
    elif not abs(value) < 1e15:
        yield path, _("this must be a number.")
    elif item.is_ is Is.WHOLE and value < 1:
        yield path, _("this must be one or more.")


def _rows(value: Any, item: Item, path: Path) -> Told:
    if not isinstance(value, list):
        yield path, _("this must be a list; each entry begins with a dash.")
        return
    seen: set[str] = set()
    for place, row in enumerate(value):
        yield from _table(row, item.of, (*path, place))
        key = row.get("key") if isinstance(row, Mapping) else None
        if isinstance(key, str):
            if key in seen:
                yield (*path, place, "key"), _("the key “%(key)s” stands twice.") % {"key": key}
            seen.add(key)


def _word(value: Any, item: Item, path: Path) -> Told:
    if value is None or value == "":
        yield path, _("this text is empty.")
    elif not isinstance(value, str):
        yield path, _("this must be a text: write it between quotation marks.")
    elif item.most and len(value) > item.most:
        yield path, _("this is longer than %(most)s letters.") % {"most": item.most}
    elif item.is_ is Is.KEY:
        pattern = DATASET_KEY if path[:1] == ("datasets",) else KEY
        if not pattern.fullmatch(value):
            yield path, _("a key has small letters, digits and _ or -, a letter first.")


# Links


def _link_faults(document: Document) -> Iterator[Fault]:
    keys = {name: {row["key"] for row in rows_of(document.values, name)} for name in _POINTED_AT}
    for section, item in PACK.items():
        for place, row in enumerate(document.values.get(section) or []) if item.is_ is Is.ROWS else ():
            for name, one in item.of.items():
                if one.to and row.get(name) and row[name] not in keys[one.to]:
                    said = _("the pack has no entry “%(key)s” under “%(section)s”.")
                    path = (section, place, name)
                    yield _fault(document, path, said % {"key": row[name], "section": one.to})


_POINTED_AT = ("commitments", "datasets", "standards", "indicators")


def rows_of(values: Mapping[str, Any], section: str) -> list[Any]:
    """The entries of a section; commitments stand in the policy, which is itself the only entry of its section."""
    if section == "policy":
        return [values["policy"]] if values.get("policy") else []
    if section == "commitments":
        return list((values.get("policy") or {}).get("commitments") or [])
    return list(values.get(section) or [])


# What the engine and the indicators say


def _definition_faults(document: Document) -> Iterator[Fault]:
    for language in texts.languages_of(document.values) or ("",):
        told = texts.in_language(document.values, PACK, language)
        datasets: dict[str, Dataset] = {}
        for place, entry in enumerate(rows_of(told, "datasets")):
            try:
                schema = schema_of_entry(entry)
            except engine.EngineError as error:
                yield _fault(document, ("datasets", place, "columns"), sentence(error))
                continue
            datasets[entry["key"]] = Dataset(code=entry["key"], name=entry["name"], schema=schema.to_json())
        standards = {entry["key"]: entry for entry in rows_of(told, "standards")}
        for place, entry in enumerate(rows_of(told, "indicators")):
            path = ("indicators", place)
            if entry["dataset"] in datasets:
                yield from _indicator_faults(document, path, entry, datasets[entry["dataset"]])
            standard = standards.get(entry.get("standard", ""))
            if standard is not None and measured_in(standard) != measured_in(entry):
                said = _("the standard counts in “%(standard)s” and the indicator in “%(indicator)s”.") % {
                    "standard": measured_in(standard),
                    "indicator": measured_in(entry),
                }
                yield _fault(document, (*path, "measured_in"), said)


def measured_in(entry: Mapping[str, Any]) -> str:
    return str(entry.get("measured_in", "%")).strip()


def _indicator_faults(
    document: Document, path: Path, entry: Mapping[str, Any], dataset: Dataset
) -> Iterator[Fault]:
    names = ("measure", "numerator", "denominator", "value", "quantile", "condition", "segments", "period")
    indicator = Indicator(dataset=dataset, **{name: entry[name] for name in names if name in entry})
    try:
        definition_of(indicator)
    except RuleBroken as error:
        yield _fault(document, (*path, error.field) if error.field else path, str(error))
