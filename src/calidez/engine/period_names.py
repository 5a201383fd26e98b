"""Months, days and years as headings: “ene-26”, “Enero”, “2026-01”, “Jan 2026”, “2025”."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from calidez.engine.date_forms import MONTHS, whole_year

NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
_NAMED = re.compile(r"([a-z]+)\.?(?:[\s\-/_.']*(?:de[l]?\s+)?(\d{4}|\d{2}))?")
_YEAR_FIRST = re.compile(r"(\d{4})[\s\-/_.]*([a-z]+)\.?")
_YEAR_MONTH = re.compile(r"((?:19|20)\d\d)[-/_.]?(0[1-9]|1[0-2])")
_MONTH_YEAR = re.compile(r"(0?[1-9]|1[0-2])[-/_.]((?:19|20)\d\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T].*)?|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})")


def month_of(text: str) -> tuple[int | None, int] | None:
    """Year, where it is said, and month."""
    plain = _plain(text)
    if found := _YEAR_MONTH.fullmatch(plain):
        return int(found[1]), int(found[2])
    if found := _MONTH_YEAR.fullmatch(plain):
        return int(found[2]), int(found[1])
    if (found := _YEAR_FIRST.fullmatch(plain)) and found[2] in NUMBERS:
        return int(found[1]), NUMBERS[found[2]]
    if (found := _NAMED.fullmatch(plain)) and found[1] in NUMBERS:
        return (whole_year(found[2]) if found[2] else None), NUMBERS[found[1]]
    return None


def is_period(text: str) -> bool:
    plain = _plain(text)
    return bool(_YEAR.fullmatch(plain) or _DAY.fullmatch(plain)) or month_of(text) is not None


def are_periods(texts: Sequence[str]) -> bool:
    """Whether every text names a period, each another one."""
    return bool(texts) and all(map(is_period, texts)) and len({_plain(text) for text in texts}) == len(texts)


def needs_year(text: str) -> bool:
    found = month_of(text)
    return found is not None and found[0] is None


def written(text: str, year: int | None) -> str:
    """A month as “2026-01”, which is read as a date; days and years as they are."""
    found = month_of(text)
    if found is None or (found[0] is None and year is None):
        return text.strip()
    return f"{found[0] or year:04d}-{found[1]:02d}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip().lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
