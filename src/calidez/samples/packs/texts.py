"""Texts in several languages beside each other: told in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calidez.samples.packs.format import Is, Item

# Where a text does not stand in the language asked for: what most people who translate will have begun from.
OTHERWISE = ("en", "es")


def in_language(values: Mapping[str, Any], items: Mapping[str, Item], language: str) -> dict[str, Any]:
    """The same table with every text in one language; what was left empty is not there."""
    return {
        name: _told(value, items[name], language)
        for name, value in values.items()
        if name in items and value not in (None, "", [], {})
    }


def text_in(value: Any, language: str) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    names = (language, language.split("-")[0], *OTHERWISE, *value)
    return str(next(value[name] for name in names if name in value)).strip()


def languages_of(value: Any) -> tuple[str, ...]:
    """Every language that some text of the pack stands in, in the order of the file."""
    found: dict[str, None] = {}
    _collect(value, found)
    return tuple(found)


def _collect(value: Any, found: dict[str, None]) -> None:
    if isinstance(value, Mapping):
        if value and all(isinstance(one, str) and 2 <= len(name) <= 3 for name, one in value.items()):
            found |= dict.fromkeys(value)
        else:
            for one in value.values():
                _collect(one, found)
    elif isinstance(value, list):
        for one in value:
            _collect(one, found)


def _told(value: Any, item: Item, language: str) -> Any:
    if item.is_ is Is.TEXT:
        return text_in(value, language)
    if item.is_ is Is.TABLE:
        return in_language(value, item.of, language)
    if item.is_ is Is.ROWS:
        return [in_language(row, item.of, language) for row in value]
    return value
