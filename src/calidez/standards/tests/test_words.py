"""A target as a sentence."""

from __future__ import annotations

import pytest
from django.utils import translation

from calidez.standards.models import Standard
from calidez.standards.sentences import target_sentence, unacceptable_words


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"target": None}, ""),
        ({"target": 95.0}, "at least 95%"),
        ({"target": 4.5, "direction": "at_most", "measured_in": "h"}, "at most 4.5\N{NO-BREAK SPACE}h"),
        (
            {"target": 95.0, "case_limit": 20.0, "case_measured_in": "s"},
            "at least 95% of cases within 20\N{NO-BREAK SPACE}s",
        ),
        (
            {"target": 90.0, "case_limit": 8.0, "case_measured_in": "points", "case_direction": "at_least"},
            "at least 90% of cases with at least 8\N{NO-BREAK SPACE}points",
        ),
    ],
)
def test_a_target_is_said_as_people_say_it(values: dict[str, object], said: str) -> None:
    with translation.override("en"):
        assert target_sentence(Standard(**values)) == said


def test_a_local_target_takes_the_place_of_the_one_for_all() -> None:
    with translation.override("es"):
        assert target_sentence(Standard(target=95.0), 80.0) == "al menos el 80\N{NO-BREAK SPACE}%"
        assert (
            unacceptable_words(Standard(target=95.0, unacceptable=80.0))
            == "por debajo del 80\N{NO-BREAK SPACE}%"
        )
        assert unacceptable_words(Standard(target=95.0)) == ""
