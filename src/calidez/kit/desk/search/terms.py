"""Texts become words: without accents and capitals, so that “atencion” finds “Atención”."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from calidez.kit.core.values import folded

LONGEST = 40
MOST_TERMS = 80  # words of one record: beyond, a long text would fill the index and find nothing better
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words of a text in order, each once."""
    return list(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(folded(text).replace("_", " "))))


def words_of(entity: Any, record: Any) -> list[str]:
    """The words by which a record is found: its title, its code, then what the list searches."""
    texts = [entity.title(record), str(record), str(getattr(record, "code", ""))]
    texts += [_at(record, path) for path in entity.search]
    return words(" ".join(texts))[:MOST_TERMS]


def digest(found: Iterable[str]) -> str:
    return hashlib.md5(" ".join(found).encode(), usedforsecurity=False).hexdigest()


def _at(record: Any, path: str) -> str:
    """The text at the end of a path such as `indicator__name`; of many, all."""
    values = [record]
    for name in path.split("__"):
        following: list[Any] = []
        for value in values:
            found = getattr(value, name, None)
            if found is not None:
                following += found.all()[:20] if hasattr(found, "all") else [found]
        values = following
    return " ".join(str(value) for value in values)
