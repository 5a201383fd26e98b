"""A day, a week, a month: each takes the preposition that people put before it, in each language."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

import calidez
from calidez.kit.platform.spoken import spoken
from calidez.monitoring.measuring.periods import in_period, since_period

DAY = dt.date(2026, 4, 6)  # a Monday
WORDS = [
    ("en", "day", "on 6 Apr 2026", "since 6 Apr 2026"),
    ("en", "week", "in the week of 6 Apr 2026", "since the week of 6 Apr 2026"),
    ("en", "month", "in April 2026", "since April 2026"),
    ("en", "quarter", "in Q2 2026", "since Q2 2026"),
    ("en", "year", "in 2026", "since 2026"),
    ("es", "day", "el 6 abr 2026", "desde el 6 abr 2026"),
    ("es", "week", "en la semana del 6 abr 2026", "desde la semana del 6 abr 2026"),
    ("es", "month", "en abril de 2026", "desde abril de 2026"),
    ("es", "quarter", "en el T2 2026", "desde el T2 2026"),
    ("es", "year", "en 2026", "desde 2026"),
]
# A period that is spoken of brings its preposition along: what stands before it would be a second one, or a wrong one.
BEFORE = re.compile(r"\b(in|on|en|el|during|durante) %\((when|then)\)s")
# Where the prepositions are given, and where `when` is always a day.
OWN = {
    "src/calidez/monitoring/measuring/periods.py",
    "src/calidez/monitoring/indicator_pages/between.py",
    "src/calidez/people/templates/people/security.html",
}


@pytest.mark.parametrize(("language", "period", "within", "since"), WORDS)
def test_every_period_has_its_preposition(language: str, period: str, within: str, since: str) -> None:
    with translation.override(language):
        assert in_period(DAY, period).replace("\u00a0", " ") == within
        word = "desde" if language == "es" else "since"
        assert f"{word} {since_period(DAY, period)}".replace("\u00a0", " ") == since


@pytest.mark.parametrize(
    ("period", "said"), [("day", "del 6 abr 2026 al 6 abr 2026"), ("quarter", "del T2 2026 al T2 2026")]
)
def test_in_spanish_the_article_melts_into_what_stands_before(period: str, said: str) -> None:
    with translation.override("es"):
        when = since_period(DAY, period)
        assert spoken(f"de {when} a {when}").replace("\u00a0", " ") == said


def test_no_sentence_puts_a_preposition_before_a_period() -> None:
    catalogue = Path(calidez.__file__).parent / "locale" / "es" / "LC_MESSAGES" / "django.po"
    with catalogue.open("rb") as file:
        messages = list(read_po(file))
    wrong = [
        message.id
        for message in messages
        if not {place for place, _line in message.locations} <= OWN
        for text in (*_texts(message.id), *_texts(message.string))
        if BEFORE.search(text)
    ]
    assert wrong == []


def _texts(found: str | tuple[str, ...]) -> tuple[str, ...]:
    return found if isinstance(found, tuple) else (found,)
