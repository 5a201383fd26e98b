"""The table twin of a control chart in one go: a year of days drawn cell by cell took most of the page's time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html_join

register = template.Library()


@register.simple_tag
def reading_rows(rows: Iterable[Any]) -> str:
    """`rows` have period, value, expected, n, and the signal with its tone."""
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="numeric">{}</td><td class="numeric">{}</td>'
        '<td class="numeric">{}</td><td class="m-tone tone-{}">{}</td></tr>',
        ((row.period, row.value, row.expected, row.n, row.tone, row.signal) for row in rows),
    )
