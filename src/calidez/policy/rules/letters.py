"""Texts in small letters without accents, so that people find “rápido” where they wrote “rapido”."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Letter by letter, so that every place stays where it is."""
    return "".join(_plain(letter) for letter in text)


def _plain(letter: str) -> str:
    small = unicodedata.normalize("NFD", letter)[0].lower()
    return small if len(small) == 1 else letter
