from __future__ import annotations

import pytest

from calidez.kit.platform.display import Tone
from calidez.kit.platform.sparkline import sparkline


def test_line_spans_the_width_and_the_highest_value_is_at_the_top() -> None:
    drawn = sparkline([1, 3, 2], label="three months", width=108, height=48)
    assert drawn.line == "M4 44L54 4L104 24"
    assert (drawn.last.x, drawn.last.y) == (104, 24)
    assert drawn.label == "three months"


def test_gap_breaks_the_line_and_a_lone_value_is_a_dot() -> None:
    drawn = sparkline([1, 2, None, 3, None, float("nan")], label="", width=108, height=48)
    assert drawn.line.count("M") == 2
    assert [mark.y for mark in drawn.lone] == [4]
    assert drawn.last.y == 4


def test_limits_may_change_from_point_to_point_and_band_closes() -> None:
    drawn = sparkline([5, 5, 5, 5], label="", lower=[2, 2, None, 4], upper=[8, 8, None, 6], centre=5)
    assert drawn.band.count("Z") == 1
    assert drawn.centre.startswith("M4 ")


def test_marks_take_their_tone_and_skip_gaps() -> None:
    drawn = sparkline([1, None, 3], label="", marks={2: Tone.CONCERN, 1: Tone.GOOD})
    assert [(mark.tone, mark.y) for mark in drawn.marks] == [(Tone.CONCERN, 4)]


def test_shared_domain_gives_equal_heights_and_clips_what_is_outside() -> None:
    one = sparkline([10, 20], label="", domain=(0, 100), height=48)
    other = sparkline([20, 200], label="", domain=(0, 100), height=48)
    assert one.line.split("L")[1].split()[1] == other.line.split("L")[0].split()[1] == "36"
    assert other.last.y == 4


def test_constant_series_lies_in_the_middle_and_target_counts_for_the_scale() -> None:
    assert sparkline([7, 7], label="", height=48).last.y == 24
    with_target = sparkline([0, 0], label="", target=10, width=100, height=48)
    assert with_target.target == "M0 4L100 4"
    assert with_target.last.y == 44


def test_nothing_measured_draws_nothing() -> None:
    drawn = sparkline([], label="no data", lower=1, upper=2)
    assert (drawn.line, drawn.band, drawn.last, drawn.marks) == ("", "", None, ())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"lower": [1]}, "as many as the values"),
        ({"marks": {9: Tone.BAD}}, "no value 9"),
        ({"width": 5}, "at least 20 by 12"),
    ],
)
def test_impossible_requests_are_refused(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        sparkline([1, 2, 3], label="", **arguments)


def test_a_target_that_changed_is_drawn_in_steps() -> None:
    drawn = sparkline([1, 2, 3, 4], label="x", target=[None, 2.0, 2.0, 4.0], width=104, height=48)
    assert drawn.target == "M36 30.7L68 30.7L68 30.7L100 30.7L100 4L104 4"
    assert (
        sparkline([1, 2], label="x", target=[1.5, 1.5]).target
        == sparkline([1, 2], label="x", target=1.5).target
    )
    assert sparkline([1, 2], label="x", target=[None, None]).target == ""
