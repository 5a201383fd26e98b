"""Whom a comment names: the longest name after the @, whatever its accents, and nobody by half a name."""

from __future__ import annotations

import pytest

from calidez.kit.desk.comments.mentions import Person, find, folded
from calidez.kit.desk.comments.panel import as_html

PEOPLE = [
    Person("1", "Ana Pérez", "ana@example.org"),
    Person("2", "Ana Pérez Núñez", "ana.perez@example.org"),
    Person("3", "José Ruiz", "jose@example.org"),
    Person("4", "José Ruiz", "jose.ruiz@example.org"),
]


@pytest.mark.parametrize(
    ("text", "uids", "unknown"),
    [
        ("Gracias, @Ana Pérez.", ["1"], []),
        ("@ana perez nunez, mira esto", ["2"], []),
        ("@ANA.PEREZ@EXAMPLE.ORG y @ana@example.org", ["2", "1"], []),
        ("@Ana Pérezosa no existe", [], ["Ana"]),
        ("@José Ruiz son dos", [], ["José Ruiz"]),
        ("@jose@example.org es uno", ["3"], []),
        ("escriba a ana@example.org", [], []),
        ("a las 8 @ la puerta", [], []),
        ("@nadie@example.org", [], ["nadie@example.org"]),
        ("", [], []),
    ],
)
def test_names_are_found_as_people_write_them(text, uids, unknown):
    found = find(text, PEOPLE)
    assert [m.uid for m in found.found] == uids
    assert list(found.unknown) == unknown
    for mention in found.found:
        assert text[mention.start] == "@"


@pytest.mark.parametrize("text", ["Straße", "ﬁn", "İstanbul", "ñandú", "日本", "a\u0301"])
def test_folding_keeps_every_place(text):
    assert len(folded(text)) == len(text)


def test_a_comment_is_text_and_never_markup():
    text = "<script>alert(1)</script> @Ana Pérez see https://example.org/?a=1&b=2 and javascript:alert(1)"
    start = text.index("@")
    html = as_html(text, [[start, start + 10, "1"]])
    assert "<script>" not in html
    assert '<strong class="c-mention">@Ana Pérez</strong>' in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert 'href="javascript' not in html
