"""The text of a version becomes HTML that does no harm and can be walked through by its headings."""

import re
import time

import pytest

from calidez.documents.content.markdown import MOST_LETTERS, paragraphs, render
from calidez.documents.content.plain import Paragraph

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](java%0ascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox)",
    "[x](//elsewhere.example/)",
    "[x](/\\elsewhere.example/)",
    "[x](file:///etc/passwd)",
    '<https://ok.example/"onmouseover="alert(1)>',
    "<javascript:alert(1)>",
    "![x](https://elsewhere.example/pixel.png)",
    "![x](data:image/svg+xml;base64,PHN2Zy8+)",
    "![x](javascript:alert(1))",
    "[a]: javascript:alert(1)\n\n[a]",
    "| a |\n|---|\n| <svg onload=alert(1)> |",
    "# <iframe src=//elsewhere.example></iframe>",
    "`<script>`\n\n```html\n<script>alert(1)</script>\n```",
    '<style>*{display:none}</style>\n\n<div style="position:fixed">x</div>',
    "<form action=//elsewhere.example><button>",
    '[x](https://ok.example/ "onclick=alert(1)")',
    "<!-- --><base href=//elsewhere.example>",
]
TAG = re.compile(r"<[^>]*>")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_a_tag_or_an_address(text: str) -> None:
    for tag in TAG.findall(render(text).html):
        assert not re.match(
            r"</?(script|style|iframe|svg|form|button|base|object|embed|input|link|meta)", tag
        )
        assert not re.search(r"\s(on\w+|style)\s*=", re.sub(r'"[^"]*"', '""', tag))
        for address in re.findall(r'(?:href|src)="([^"]*)"', tag):
            assert re.match(r"(https?://|mailto:|[a-z0-9/#?.][^:]*$|$)", address), tag
            assert not address.startswith(("//", "/\\"))
            assert tag.startswith("<a ") or "elsewhere" not in address, tag


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=1", "http://example.org", "mailto:a@example.org", "/documents/", "#s-aim"],
)
def test_links_to_pages_and_mail_stay(address: str) -> None:
    html = render(f"[form]({address})").html
    assert f'<a href="{address}" rel="noopener noreferrer">form</a>' in html


def test_a_text_without_the_first_level_leaves_none_out() -> None:
    assert "<h3 " in render("## Al llegar").html
    assert [tag in render("### A\n\n## B\n\n### C").html for tag in ("<h3 ", "<h4 ")] == [True, True]


def test_headings_stand_below_those_of_the_page_with_an_address_each() -> None:
    shown = render("# Propósito\n\n## Áreas\n\n## Áreas\n\n###### Hondo")
    assert '<h3 id="s-proposito">Propósito</h3>' in shown.html
    assert '<h4 id="s-areas">' in shown.html
    assert '<h4 id="s-areas-2">' in shown.html
    assert '<h5 id="s-hondo">' in shown.html  # no level is left out
    assert [(h.text, h.level) for h in shown.headings] == [
        ("Propósito", 1),
        ("Áreas", 2),
        ("Áreas", 2),
        ("Hondo", 6),
    ]


def test_only_a_long_text_gets_a_list_of_contents() -> None:
    short = "## One\n\n## Two\n\n## Three\n\n"
    assert render(short).contents == ()
    long = render(short + "word " * 500)
    assert [heading.anchor for heading in long.contents] == ["s-one", "s-two", "s-three"]


def test_tables_keep_their_columns_without_a_style() -> None:
    html = render("| Who | Minutes |\n|:--|--:|\n| Desk | 5 |").html
    assert "style" not in html
    assert '<td class="right">5</td>' in html
    assert '<div class="d-wide" tabindex="0"><table>' in html


def test_a_picture_is_shown_only_where_it_was_attached() -> None:
    text = "![The desk](desk%20plan.png)"
    assert "<img" not in render(text).html
    assert "[The desk]" in render(text).html
    shown = render(text, pictures={"desk plan.png": "/documents/1/files/2/content/?look=1"}).html
    assert '<img src="/documents/1/files/2/content/?look=1" alt="The desk">' in shown


def test_the_plain_text_keeps_what_matters_for_comparing() -> None:
    text = "# Aim\n\nFill in *the*\nform [F-7](https://example.org/7).\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n> said"
    assert paragraphs(text) == (
        Paragraph("Aim", 1),
        Paragraph("Fill in the form F-7 (https://example.org/7)."),
        Paragraph("• one"),
        Paragraph("• two"),
        Paragraph("a | b"),
        Paragraph("1 | 2"),
        Paragraph("said"),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "*a " * 50_000,
        "> " * 20_000,
        "![" * 30_000,
        "| " * 20_000 + "\n" + "|-" * 20_000,
        "`" * 50_001 + "a",
    ],
    ids=["brackets", "stars", "quotes", "pictures", "columns", "ticks"],
)
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    start = time.process_time()
    render(text[:MOST_LETTERS])
    assert time.process_time() - start < 5


def test_no_text_is_no_fault() -> None:
    assert render("").html == ""


@pytest.mark.parametrize("mark", ["![", "[a][", "[a](", "#\n", "_*", "a|", "\n- ", "<!--"])
def test_a_text_of_nothing_but_marks_is_shown_as_it_is_and_in_no_time(mark: str) -> None:
    text = (mark * 250_000)[:500_000]
    began = time.process_time()
    assert "<pre>" in render(text).html
    assert time.process_time() - began < 5


def test_more_brackets_than_a_text_has_open_no_links() -> None:
    assert "<a " not in render("[" * 20_000 + "[a](https://example.org)").html
    assert '<a href="https://example.org"' in render("[" * 100 + "[a](https://example.org)").html


def test_a_thousand_headings_of_one_name_lead_to_a_thousand_places() -> None:
    anchors = [heading.anchor for heading in render("# Same\n" * 1000 + "# Same 3\n").headings]
    assert len(set(anchors)) == 1001
    assert anchors[:3] == ["s-same", "s-same-2", "s-same-3"]
