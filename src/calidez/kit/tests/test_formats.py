"""Figures as sentences have them: their sign, their unit, and the unit of one."""

from __future__ import annotations

import pytest
from django.utils import translation

from calidez.kit.platform.formats import number, with_unit

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("figure", "unit", "said"),
    [
        ("-17,4", "%", f"−17,4{NBSP}%"),
        ("-5", "", "−5"),
        ("17", "quejas", f"17{NBSP}quejas"),
        ("1", "quejas", f"1{NBSP}(quejas)"),
        ("-1", "puntos", f"−1{NBSP}(puntos)"),
        ("1", "quejas por día", f"1{NBSP}(quejas por día)"),
        ("1,5", "quejas", f"1,5{NBSP}quejas"),
        ("1", "min", f"1{NBSP}min"),
        ("1", "s", f"1{NBSP}s"),
        ("1", "€", f"1{NBSP}€"),
    ],
)
def test_a_figure_has_one_minus_and_a_unit_that_reads_right_of_one(figure: str, unit: str, said: str) -> None:
    with translation.override("es"):
        assert with_unit(figure, unit) == said


def test_a_number_of_a_list_has_the_minus_of_drawings() -> None:
    with translation.override("es"):
        assert number(-1234.5) == "−1.234,5".replace(".", number(1234)[1])
