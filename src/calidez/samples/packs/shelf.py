"""The packs that are shipped, and packs from files: read, checked, told in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken
from calidez.samples.packs import texts
from calidez.samples.packs.checking import check, rows_of
from calidez.samples.packs.document import Document, Fault, PackRefused, read_document
from calidez.samples.packs.format import PACK, SECTIONS

FOLDER = Path(__file__).parent / "sectors"
ICON = "package"


@dataclass(frozen=True)
class Pack:
    """A pack that was found in order."""

    document: Document
    text: str

    @property
    def key(self) -> str:
        return str(self.document.values["pack"])

    @property
    def icon(self) -> str:
        return str(self.document.values.get("icon", ICON))

    @property
    def name(self) -> str:
        return texts.text_in(self.document.values["name"], get_language() or "")

    @property
    def description(self) -> str:
        return texts.text_in(self.document.values.get("description", ""), get_language() or "")

    @cached_property
    def counts(self) -> Mapping[str, int]:
        return {section: len(rows_of(self.document.values, section)) for section in SECTIONS}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        return texts.languages_of(self.document.values)

    def entries(self, section: str, language: str) -> list[dict[str, Any]]:
        return rows_of(texts.in_language(self.document.values, PACK, language), section)


def read_pack(text: str, name: str) -> Pack:
    document = read_document(text, name)
    check(document)
    return Pack(document, text)


def read_file(path: Path) -> Pack:
    try:
        return read_pack(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise PackRefused(path.name, [Fault("", _("This file is not written in UTF-8."))]) from error


def shipped() -> tuple[Pack, ...]:
    return tuple(_shipped(key) for key in keys())


@cache
def keys() -> tuple[str, ...]:
    """In the order in which the cards stand."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def pack_called(key: str) -> Pack:
    if key not in keys():
        raise RuleBroken(
            _("There is no starter pack %(key)s; there are: %(keys)s.")
            % {"key": key, "keys": ", ".join(keys())}
        )
    return _shipped(key)


@cache
def _shipped(key: str) -> Pack:
    return read_file(FOLDER / f"{key}.yaml")
