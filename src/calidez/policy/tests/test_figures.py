"""Figures in a statement: what is promised, in which unit, and on which side."""

from __future__ import annotations

import pytest

from calidez.policy.rules import Dimension, figures, unit_of

SHARE, TIME, WORKING, MONTHS = Dimension.SHARE, Dimension.TIME, Dimension.WORKING_TIME, Dimension.MONTHS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Contestamos el 95 % de las llamadas en 20 segundos", [(95, SHARE, True), (20, TIME, False)]),
        ("We answer 95% of calls within 20 s", [(95, SHARE, True), (20, TIME, False)]),
        ("Respondemos en 24 horas", [(86400, TIME, False)]),
        ("We answer within 2 days", [(172800, TIME, False)]),
        ("En menos de 2,5 horas", [(9000, TIME, False)]),
        ("Within half an hour", [(1800, TIME, False)]),
        ("En media hora", [(1800, TIME, False)]),
        ("En dos días hábiles como máximo", [(2, WORKING, False)]),
        ("within five working days", [(5, WORKING, False)]),
        ("Nadie espera más de 20 minutos", [(1200, TIME, False)]),
        ("Nobody waits more than 20 minutes", [(1200, TIME, False)]),
        ("No más del 5 % de errores", [(5, SHARE, False)]),
        ("At least 30 minutes for each patient", [(1800, TIME, True)]),
        ("Guardamos sus datos 6 meses", [(6, MONTHS, False)]),
        ("En un plazo de un día", [(86400, TIME, False)]),
        ("A los 1.500 segundos", [(1500, TIME, False)]),
        ("Abierto las 24 horas", []),
        ("Open 24 hours a day, 7 days a week", []),
        ("We clean the rooms twice a day", []),
        ("Llamamos 3 veces al cliente", []),
        ("Plan 2025 horizonte", []),
        ("", []),
    ],
)
def test_figures_of_a_statement(text: str, expected: list[tuple[float, Dimension, bool]]) -> None:
    assert [(f.value, f.unit.dimension, f.at_least) for f in figures(text)] == expected
    assert all(text[f.start : f.end] == f.text for f in figures(text))


@pytest.mark.parametrize(
    ("measured_in", "dimension", "factor"),
    [
        ("%", SHARE, 1),
        ("min", TIME, 60),
        ("Días", TIME, 86400),
        ("h", TIME, 3600),
        ("días hábiles", WORKING, 1),
    ],
)
def test_units_of_measure_are_known(measured_in: str, dimension: Dimension, factor: float) -> None:
    found = unit_of(measured_in)
    assert (found.dimension, found.factor, found.name) == (dimension, factor, "")


def test_an_unknown_unit_is_compared_only_with_itself() -> None:
    assert unit_of("per 1,000") == unit_of("Per  1,000") != unit_of("puntos")
