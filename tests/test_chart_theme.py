"""Charts in the colours of both themes, on pages and in files."""

from __future__ import annotations

import pytest
import vl_convert
from tests.specimen.chart import control_chart, monthly

from calidez.kit.platform.chart_theme import themed, tokens


def test_tokens_become_colours_everywhere_but_in_the_data() -> None:
    spec = {
        "data": {"values": [{"note": "--c-bad"}]},
        "layer": [{"mark": {"type": "rule", "color": "--c-bad"}}],
    }
    drawn = themed(spec)
    assert drawn["layer"][0]["mark"]["color"] == "#a32035"
    assert drawn["data"] == spec["data"]
    assert drawn["config"]["style"]["target"]["color"] == tokens("light")["--c-target"]


def test_dark_theme_keeps_what_it_does_not_say() -> None:
    assert tokens("dark").keys() == tokens("light").keys()
    assert themed({}, "dark")["config"]["background"] == "#242120"
    with pytest.raises(ValueError, match="light or in the dark"):
        themed({}, "sepia")


def test_file_shows_the_colours_of_the_page() -> None:
    svg = vl_convert.vegalite_to_svg(themed({**control_chart(monthly()), "width": 600, "height": 300}))
    for token in ("data", "concern", "good", "target", "limit"):
        assert tokens("light")[f"--c-{token}"] in svg
