"""How values read in the reader's language; templates choose nothing else, so nothing else is here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calidez.kit.display import Option, Tone

register = template.Library()

TONE_ICONS = {
    Tone.NEUTRAL: "",
    Tone.GOOD: "circle-check",
    Tone.CONCERN: "alert-triangle",
    Tone.BAD: "circle-x",
    Tone.UNKNOWN: "circle-dashed",
    Tone.QUIET: "",
}
MESSAGE_TONES = {"success": Tone.GOOD, "warning": Tone.CONCERN, "error": Tone.BAD}
DECIMALS = 2
_SELECTED = mark_safe(" selected")


@register.filter
def day(value: dt.date | None) -> str:
    """A date as people write it: 12 mar 2026, 12 Mar 2026."""
    if not isinstance(value, dt.date):
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    # English writes months with a capital, Spanish does not.
    return formats.date_format(value, "j b Y" if (get_language() or "").startswith("es") else "j M Y")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A date and time as people write it: 12 mar 2026, 09:40."""
    if not isinstance(value, dt.datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)}, {local:%H:%M}"


@register.filter
def ago(value: dt.datetime | None) -> str:
    """How long ago, in the largest unit that says enough."""
    if not isinstance(value, dt.datetime):
        return ""
    now = timezone.now() if timezone.is_aware(value) else dt.datetime.now()
    if value > now - dt.timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(value, now, depth=1).replace("\xa0", " ")}


@register.filter
def number(value: Any) -> str:
    """A number with the reader's separators, without empty decimals."""
    if isinstance(value, (float, Decimal)):
        rounded = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
        return str(formats.number_format(Decimal(rounded), use_l10n=True, force_grouping=True))
    return str(formats.number_format(value, use_l10n=True, force_grouping=True))


@register.simple_tag
@cache
def sprite() -> str:
    """Address of the icons; asked for a hundred times on a page, so found once."""
    return static("vendor/icons.svg")


@register.filter
def paired(cells: Iterable[Any], headers: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each cell beside the header of its column."""
    return zip(cells, headers, strict=False)


@register.filter
def named(items: Iterable[Any], name: str) -> Any:
    """The one of `items` with this name, or None."""
    return next((item for item in items if item.name == name), None)


@register.filter
def tone_icon(tone: str) -> str:
    return TONE_ICONS.get(Tone(tone), "") if tone in set(Tone) else ""


@register.filter
def message_tone(level_tag: str) -> str:
    """The tone of one of Django's messages."""
    return str(MESSAGE_TONES.get(level_tag, Tone.NEUTRAL))


@register.simple_tag
def options(choices: Iterable[Option]) -> str:
    """The options of a select in one go: hundreds of units drawn one by one are slow."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((o.value, _SELECTED if o.selected else "", o.text) for o in choices),
    )


@register.simple_tag
def twin_rows(rows: Iterable[Iterable[str]]) -> str:
    """The rows of a chart's table twin, a heading and its figures each: a year of days drawn one by one is slow."""
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (heading, format_html_join("", '<td class="numeric">{}</td>', ((f,) for f in figures)))
            for heading, *figures in rows
        ),
    )
