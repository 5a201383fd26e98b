"""What is said of how dates are written, where their cells alone do not say it: a pattern, or a word for another kind."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from calidez.engine.errors import EngineError

YEAR, UNIX, UNIX_MS, SERIAL = "year", "unix", "unix_ms", "serial"
FORMS = (YEAR, UNIX, UNIX_MS, SERIAL)
# A spreadsheet counts its days from here.
FIRST_SERIAL = dt.datetime(1899, 12, 30)

MONTHS = (
    ("enero", "ene", "january", "jan"),
    ("febrero", "feb", "february"),
    ("marzo", "mar", "march"),
    ("abril", "abr", "april", "apr"),
    ("mayo", "may"),
    ("junio", "jun", "june"),
    ("julio", "jul", "july"),
    ("agosto", "ago", "august", "aug"),
    ("septiembre", "setiembre", "september", "sept", "sep", "set"),
    ("octubre", "oct", "october"),
    ("noviembre", "nov", "november"),
    ("diciembre", "dic", "december", "dec"),
)


def whole_year(digits: str) -> int:
    """A year of two digits is of this century or the last (69 turns)."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year >= 69 else 2000)


def check_form(form: str) -> None:
    """EngineError where a form is neither a word of FORMS nor a pattern that says at least year and month."""
    if form and form not in FORMS:
        pattern_of(form)


def day_in(text: str, form: str) -> dt.date | None:
    """The day that a value means in this form, to show what it would be; what is loaded is read by written_dates."""
    try:
        if form == YEAR:
            return dt.date(int(text), 1, 1)
        if form in (UNIX, UNIX_MS):
            return dt.datetime.fromtimestamp(float(text) / (1000 if form == UNIX_MS else 1), dt.UTC).date()
        if form == SERIAL:
            return (FIRST_SERIAL + dt.timedelta(days=float(text))).date()
        return pattern_of(form).day(text)
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(frozen=True)
class Pattern:
    """A form taken apart: a regular expression with a group for each part, and what each is."""

    regex: str
    parts: tuple[str, ...]

    def day(self, text: str) -> dt.date | None:
        found = re.fullmatch(self.regex, text.strip().lower())
        if not found:
            return None
        told = dict(zip(self.parts, found.groups(), strict=True))
        year = whole_year(told["year"])
        month = told.get("month") or next(n for n, names in enumerate(MONTHS, 1) if told["name"] in names)
        return dt.date(year, int(month), int(told.get("day", 1)))


TOKEN = re.compile(r"(?i)(y{4}|a{4}|y{2}|a{2}|m{3,4}|m{1,2}|d{1,2}|h{1,2}|s{1,2}|tt|am|pm)")


def pattern_of(form: str) -> Pattern:
    """YYMMDD, DD/MM/AAAA hh:mm, dd-mmm-yy …; mm after hours is minutes, and a letter counts the same small or large."""
    regex: str = ""
    parts: list[str] = []
    place = 0
    pieces = list(TOKEN.finditer(form))
    for n, token in enumerate(pieces):
        regex += re.escape(form[place : token.start()].lower())
        place = token.end()
        # Without anything between two numbers, only their length keeps them apart.
        beside = [m for m in pieces[max(0, n - 1) : n + 2] if m is not token]
        fixed = any(m.end() == token.start() or m.start() == token.end() for m in beside)
        name, digits = _part(token.group().lower(), parts, fixed=fixed)
        if name in parts:
            raise EngineError("bad_date_form", form=form)
        parts.append(name)
        regex += f"({digits})"
    regex += re.escape(form[place:].lower())
    if "year" not in parts or not {"month", "name"} & set(parts) or ("minute" in parts) > ("hour" in parts):
        raise EngineError("bad_date_form", form=form)
    return Pattern("^" + regex.replace("\\ ", " ") + "$", tuple(parts))


def _part(token: str, before: list[str], *, fixed: bool) -> tuple[str, str]:
    two = "[0-9]{2}" if fixed and len(token) > 1 else "[0-9]{1,2}"
    if token in ("yyyy", "aaaa"):
        return "year", "[0-9]{4}"
    if token in ("yy", "aa"):
        return "year", "[0-9]{2}"
    if token.startswith("mmm"):
        return "name", "[a-z]{3,10}"
    if token in ("tt", "am", "pm"):
        return "half", "[ap][. ]*m[.]?"
    names = {"d": "day", "h": "hour", "s": "second"}
    if token[0] == "m":
        return ("minute" if "hour" in before and "minute" not in before else "month"), two
    return names[token[0]], two
