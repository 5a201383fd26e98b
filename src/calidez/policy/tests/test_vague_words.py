"""Vague words are found as people write them, and never inside other words."""

from __future__ import annotations

import pytest

from calidez.policy.rules import Why, vague_words


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("es", "Damos un servicio adecuado y atenciones ADECUADAS.", ["adecuado", "ADECUADAS"]),
        ("es", "Respondemos a la brevedad posible.", ["a la brevedad posible"]),
        ("es", "Respondemos lo antes posible, oportunamente.", ["lo antes posible", "oportunamente"]),
        ("es", "Procuraremos un trato de calidad.", ["Procuraremos", "de calidad"]),
        ("es", "Somos eficientes y rápidos, o rapidos.", ["eficientes", "rápidos", "rapidos"]),
        ("es", "El mejor servicio, cuando sea posible.", ["mejor", "cuando sea posible"]),
        ("es", "Se paga en efectivo en Buenos Aires.", []),
        ("es", "Inadecuado, readecuación, mejillones y oportunidades.", []),
        ("en", "We strive to give the best service as soon as possible.", ["strive to", "best", "as soon as possible"]),
        ("en", "A timely, world-class answer where possible.", ["timely", "world-class", "where possible"]),
        ("en", "Appropriate care; high-quality service.", ["Appropriate", "high-quality"]),
        ("en", "We bestow goods at most twice; fasten the belt.", []),
        ("en", "Adecuado lo antes posible.", []),
        ("es", "We do our best.", []),
        ("fr", "Le meilleur service, best.", []),
    ],
)  # fmt: skip
def test_words_are_found_whole(language: str, text: str, words: list[str]) -> None:
    assert [one.word for one in vague_words(text, language)] == words


def test_each_says_where_it_stands_and_what_is_missing() -> None:
    text = "Ofrecemos atención oportuna."
    (found,) = vague_words(text, "es")
    assert text[found.start : found.end] == found.word == "oportuna"
    assert found.why == Why.WHEN


def test_a_longer_phrase_is_one_finding() -> None:
    (found,) = vague_words("Contestamos a la mayor brevedad posible", "es")
    assert found.word == "a la mayor brevedad posible"
