"""The organisation's own words: sentences of the interface said otherwise, laid over the catalogue in every process.

The catalogue is a table in memory, so a page pays nothing. Codes and whatever is stored never change.
"""

from __future__ import annotations

import gettext as catalogues
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import trans_real

from calidez.kit.catalog import catalog
from calidez.kit.desk.navigation import SECTIONS
from calidez.kit.platform import letters, preferences
from calidez.kit.platform.errors import RuleBroken

KEY = "words"
CONTEXT, PLURAL = "\x04", "\x1f"
MOST_SENTENCES = 60
# Words stand in attributes and in texts that are not escaped again.
_UNSAFE = re.compile(r'[<>"&]')
_NAMED = re.compile(r"%\(\w+\)\w|%%|\{\w*\}")
_before: dict[tuple[str, Any], Any] = {}


@dataclass(frozen=True)
class Word:
    """A sentence: as it is shipped in this language, and the organisation's own, if it has one."""

    key: str
    english: str
    shipped: str
    own: str


def own_words(language: str) -> dict[str, str]:
    return dict((preferences.value_of(KEY) or {}).get(language, {}))


def find(language: str, text: str) -> list[Word]:
    """Sentences with `text` in English or in this language; without one, the names of things and one's own words."""
    own, wanted = own_words(language), text.strip().casefold()
    things = _names_of_things() if not wanted else set()
    found = []
    for key, shipped in shipped_words(language).items():
        english = key.split(PLURAL)[-1].split(CONTEXT)[-1]
        if wanted:
            fits = wanted in f"{english}\n{shipped}\n{own.get(key, '')}".casefold()
        else:
            fits = key in own or english in things
        if fits:
            found.append(Word(key, english, shipped, own.get(key, "")))
    found.sort(key=lambda word: (not word.own, len(word.shipped) if wanted else 0, word.shipped.casefold()))
    # The names of things are one list, however many parts there are.
    return found[:MOST_SENTENCES] if wanted else found


def shipped_words(language: str) -> dict[str, str]:
    """Every sentence of the interface as it is shipped, by its key."""
    merged = _table(language)
    words = {}
    for key in _sentences():
        stored = _before.get((language, key), merged.get(key))
        english = key[0] if isinstance(key, tuple) else key
        words[_written(key)] = str(stored) if stored else english.split(CONTEXT)[-1]
    return words


def checked(language: str, key: str, text: str) -> str:
    """The word, or a sentence on why it cannot be taken."""
    shipped = shipped_words(language).get(key)
    text = letters.note(text)
    text = " ".join(text.split()) if "\n" not in (shipped or "") else text.strip()
    if shipped is None:
        raise RuleBroken(_("There is no such sentence in the interface."))
    if text in ("", shipped):
        return ""
    if _UNSAFE.search(text) and not _UNSAFE.search(shipped):
        raise RuleBroken(_('“%(text)s” has signs that cannot stand in a page: < > " &.') % {"text": text})
    if sorted(_NAMED.findall(text)) != sorted(_NAMED.findall(shipped)):
        raise RuleBroken(
            _("“%(text)s” must keep the placeholders of “%(shipped)s”.") % {"text": text, "shipped": shipped}
        )
    if len(text) > 4 * len(shipped) + 40:
        raise RuleBroken(_("“%(text)s” is too long for its place.") % {"text": text[:60]})
    return text


def lay_over(value: Any) -> None:
    """Put the organisation's words in place of the shipped ones; what is no longer said otherwise returns."""
    for (language, key), shipped in _before.items():
        table = _table(language)
        table[key] = shipped
    _before.clear()
    for language, words in (value or {}).items():
        if language not in dict(settings.LANGUAGES):
            continue
        table = _table(language)
        for written, text in words.items():
            key = _read(written)
            shipped = table.get(key)
            if shipped is None:
                shipped = (key[0] if isinstance(key, tuple) else key).split(CONTEXT)[-1]
            _before[language, key] = shipped
            table[key] = text


def _table(language: str) -> Any:
    found: Any = trans_real.translation(language)
    return found._catalog


@cache
def _sentences() -> tuple[Any, ...]:
    """The keys of the own catalogue alone, without what the framework says."""
    found: Any = catalogues.translation("django", str(settings.LOCALE_PATHS[0]), ["es"])
    return tuple(key for key in found._catalog if key)


def _names_of_things() -> set[str]:
    with translation.override(None):
        kinds = {
            str(name)
            for e in catalog
            for name in (e.model._meta.verbose_name, e.model._meta.verbose_name_plural)
        }
        return kinds | {str(text) for _key, text, _icon in SECTIONS}


def _written(key: Any) -> str:
    return f"{key[1]}{PLURAL}{key[0]}" if isinstance(key, tuple) else key


def _read(written: str) -> Any:
    number, plural, sentence = written.partition(PLURAL)
    return (sentence, int(number)) if plural else written


preferences.on_change(KEY, lay_over)
