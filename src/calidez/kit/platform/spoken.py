"""What a language puts before figures, where a template cannot know that a figure follows."""

from __future__ import annotations

import re

from django.utils.translation import get_language

# In Spanish a share takes the article: “por debajo del 95 %”, “en torno al 18,7 %”, “al menos el 95 %”.
_SHARE = r"(?=[\d.,]+[\s\N{NO-BREAK SPACE}]?%)"
_ARTICLES = (
    (re.compile(rf"\bde {_SHARE}"), "del "),
    (re.compile(rf"\ba {_SHARE}"), "al "),
    (re.compile(r"\bde el "), "del "),
    (re.compile(r"\ba el "), "al "),
    (re.compile(rf"\b(al menos|como máximo) {_SHARE}", re.IGNORECASE), r"\1 el "),
)


def spoken(sentence: str) -> str:
    """The sentence with its articles; in languages that need none as it is."""
    if (get_language() or "").startswith("es"):
        for before, after in _ARTICLES:
            sentence = before.sub(after, sentence)
    return sentence
