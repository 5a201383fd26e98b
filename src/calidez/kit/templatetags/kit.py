"""How values read in the reader's language; templates choose nothing else, so nothing else is here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from calidez.kit.platform.display import Link, Option, Tone
from calidez.kit.platform.formats import ago, day, moment, number

register = template.Library()
_PLACES = re.compile(r"(?<=\w_)(?=\w)|(?<=\w)(?=\.[A-Za-z]\w{1,4}\b)")

TONE_ICONS = {
    Tone.NEUTRAL: "",
    Tone.GOOD: "circle-check",
    Tone.CONCERN: "alert-triangle",
    Tone.BAD: "circle-x",
    Tone.UNKNOWN: "circle-dashed",
    Tone.QUIET: "",
}
MESSAGE_TONES = {"success": Tone.GOOD, "warning": Tone.CONCERN, "error": Tone.BAD}
_CURRENT = ' aria-current="true"'


for show in (day, moment, ago, number):
    register.filter(show.__name__, show)


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
def breakable(text: Any) -> SafeString:
    """The name of a file may break before its ending and behind a line between its words, not within them."""
    return mark_safe(_PLACES.sub("<wbr>", conditional_escape(text)))  # noqa: S308 - escaped here


@register.filter
def tone_icon(tone: str) -> str:
    return TONE_ICONS.get(Tone(tone), "") if tone in set(Tone) else ""


@register.filter
def message_tone(level_tag: str) -> str:
    """The tone of one of Django's messages."""
    return str(MESSAGE_TONES.get(level_tag, Tone.NEUTRAL))


# What follows draws hundreds of like things in one go: one by one in the template they cost more than all the rest of
# a page. The texts are plain, so each is escaped without first being asked whether it is lazy or safe.


@register.simple_tag
def options(choices: Iterable[Option]) -> str:
    """The options of a select."""
    return _joined(
        f'<option value="{escape(str(o.value))}"{" selected" if o.selected else ""}>{escape(str(o.text))}</option>'
        for o in choices
    )


@register.simple_tag
def menu_items(links: Iterable[Link]) -> str:
    """The links of a menu."""
    return _joined(
        f'<li><a class="c-menu-item" href="{escape(link.url)}"{_CURRENT if link.current else ""}>'
        f"{escape(link.text)}</a></li>"
        for link in links
    )


@register.simple_tag
def twin_rows(rows: Iterable[Iterable[str]]) -> str:
    """The rows of a chart's table twin, a heading and its figures each."""
    return _joined(
        f'<tr><th scope="row">{escape(heading)}</th>'
        + "".join([f'<td class="numeric">{escape(text)}</td>' for text in figures])
        + "</tr>"
        for heading, *figures in rows
    )


def _joined(pieces: Iterable[str]) -> str:
    return mark_safe("".join(pieces))  # noqa: S308 - the callers escape every value
