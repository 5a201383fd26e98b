"""What is written without the template engine escapes as it would."""

from __future__ import annotations

from calidez.kit.platform.display import Link, Option
from calidez.kit.templatetags.kit import menu_items, options, twin_rows

NASTY = "<script>\"'&"
ESCAPED = "&lt;script&gt;&quot;&#x27;&amp;"


def test_every_text_and_address_is_escaped() -> None:
    drawn = (
        menu_items([Link(NASTY, NASTY)])
        + options([Option(NASTY, NASTY, selected=True)])
        + twin_rows([[NASTY, NASTY]])
    )
    assert "<script" not in drawn
    assert drawn.count(ESCAPED) == 6
    assert f'<option value="{ESCAPED}" selected>' in drawn


def test_the_present_link_says_so() -> None:
    assert menu_items([Link("A", "/a", current=True), Link("B", "/b")]) == (
        '<li><a class="c-menu-item" href="/a" aria-current="true">A</a></li>'
        '<li><a class="c-menu-item" href="/b">B</a></li>'
    )
