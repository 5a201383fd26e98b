"""How days, moments and numbers read in the language of the reader."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

DECIMALS = 2
MINUS = "\N{MINUS SIGN}"
_MANY = re.compile(r"[^\W\d_]{3,}s\b")  # “calls”, “quejas por día”; not “min”, “hrs”, “s”


def day(value: dt.date | None) -> str:
    """A date as people write it: 12 mar 2026, 12 Mar 2026."""
    if not isinstance(value, dt.date):
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    # English writes months with a capital, Spanish does not.
    return formats.date_format(value, "j b Y" if (get_language() or "").startswith("es") else "j M Y")


def moment(value: dt.datetime | None) -> str:
    """A date and time as people write it: 12 mar 2026, 09:40."""
    if not isinstance(value, dt.datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)}, {local:%H:%M}"


def ago(value: dt.datetime | None) -> str:
    """How long ago, in the largest unit that says enough."""
    if not isinstance(value, dt.datetime):
        return ""
    now = timezone.now() if timezone.is_aware(value) else dt.datetime.now()
    if value > now - dt.timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(value, now, depth=1).replace("\xa0", " ")}


def number(value: Any) -> str:
    """A number with the reader's separators, without empty decimals."""
    if isinstance(value, (float, Decimal)):
        rounded = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
        return with_minus(str(formats.number_format(Decimal(rounded), use_l10n=True, force_grouping=True)))
    return with_minus(str(formats.number_format(value, use_l10n=True, force_grouping=True)))


def with_minus(figure: str) -> str:
    """A figure that is written already, with the sign that drawings have: “−5”, not “-5”. Files keep the hyphen."""
    return figure.replace("-", MINUS, 1) if figure.startswith("-") else figure


def with_unit(figure: str, unit: str) -> str:
    """A figure that is written already, with its unit: “95%” in English, “95 %” in Spanish, “17 calls”, never broken."""
    figure, unit = with_minus(figure), unit.strip()
    if unit == "%":
        return f"{figure}{_sign()}"
    if figure.lstrip(MINUS) == "1" and _MANY.match(unit):
        unit = f"({unit})"  # people write the unit as of many, and nobody can tell what one is called
    return f"{figure}\N{NO-BREAK SPACE}{unit}".strip()


def _sign() -> str:
    """English writes the sign next to its figure; Spanish sets it apart, as most languages do."""
    return "%" if (get_language() or "en").startswith("en") else "\N{NO-BREAK SPACE}%"
