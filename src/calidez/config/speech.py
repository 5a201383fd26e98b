"""The command line speaks before Django is loaded, from the same catalogue of sentences."""

from __future__ import annotations

import gettext as catalogues
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from calidez.config.languages import discover

LANGUAGES = discover()
DEFAULT = "es"
_LOCALE = Path(__file__).resolve().parent.parent / "locale"
_sentences: catalogues.NullTranslations = catalogues.NullTranslations()
_spoken = DEFAULT


def choose(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> str:
    """What the person asked for, else what the site speaks, else what the terminal speaks."""
    said = _option(arguments) or environ.get("CALIDEZ_LANGUAGE", "")
    terminal = next((environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(n)), "")
    for candidate in (said, terminal):
        if candidate[:2].lower() in LANGUAGES:
            return candidate[:2].lower()
    return DEFAULT


def speak(language: str) -> None:
    global _sentences, _spoken
    _spoken = language
    _sentences = catalogues.translation("django", str(_LOCALE), [language], fallback=True)


def spoken() -> str:
    """The language of the last `speak`."""
    return _spoken


def gettext(message: str) -> str:
    return _sentences.gettext(message)


def gettext_noop(message: str) -> str:
    """For the catalogue: translated where it is said."""
    return message


def ngettext(one: str, many: str, count: int) -> str:
    return _sentences.ngettext(one, many, count)


def _option(arguments: Sequence[str]) -> str:
    for place, argument in enumerate(arguments):
        if argument == "--language":
            return next(iter(arguments[place + 1 : place + 2]), "")
        if argument.startswith("--language="):
            return argument.split("=", 1)[1]
    return ""
