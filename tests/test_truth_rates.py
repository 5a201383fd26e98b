"""`make truth` in small: it runs from end to end, and charts of nothing alarm about as often as their pages state."""

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"


@pytest.fixture(scope="module")
def truth():
    """The simulations, which are programs beside each other and no package."""
    before = dict(sys.modules)
    for path in FOLDER.glob("*.py"):
        sys.modules.pop(path.stem, None)
    sys.path.insert(0, str(FOLDER))
    try:
        import truth

        yield truth
    finally:
        sys.path.remove(str(FOLDER))
        for path in FOLDER.glob("*.py"):
            sys.modules.pop(path.stem, None)
            if path.stem in before:
                sys.modules[path.stem] = before[path.stem]


def test_every_row_is_measured_and_told(truth):
    few = {"steady": 1, "peer": 1, "changes": 1, "throughout": 1}
    found = truth.measured(few)
    text = truth.truth_tables.text(found, few)
    named = [*truth.STEADY, *truth.PEER, *truth.CHANGES, *(row[1] for row in truth.THROUGHOUT)]
    assert all(f"| {row.about} " in text for row in named)
    assert len({row.about for row in truth.STEADY}) == len(truth.STEADY)
    assert "NO" not in text.partition("### Beside qicharts2")[2]


def test_nothing_is_found_about_as_often_as_stated(truth):
    only = ["monthly share, 36 months", "few cases: share of 10", "limits set by a person from 12 months"]
    found = truth.measured({"steady": 120, "peer": 0, "changes": 0, "throughout": 0}, only)
    assert len(found) == len(only)
    for counts in found.values():
        share, half = counts.share
        assert abs(share - counts.claimed) < 2 * half
        assert counts.patterns < 0.05


def test_what_happens_is_found_with_week_ends_as_without(truth):
    only = ["Monday to Friday, after 60 days", "the same seven days a week"]
    found = truth.measured({"steady": 0, "peer": 0, "changes": 60, "throughout": 0}, only)
    hits = {key[1:]: counts.alarmed for key, counts in found.items() if key[1] < 2}
    assert [hits[0, last] for last in (6, 12, 24)] == [hits[1, last] for last in (6, 12, 24)]
    assert hits[0, 24] > hits[0, 6]


def test_the_same_command_gives_the_same_figures(truth):
    some = {"steady": 10, "peer": 0, "changes": 0, "throughout": 0}
    assert truth.measured(some, ["monthly figure, 24"]) == truth.measured(some, ["monthly figure, 24"])


def test_a_section_of_the_page_leaves_the_others_alone(truth, tmp_path):
    target = tmp_path / "page.md"
    truth.page.write("Truth", "what is true", target)
    truth.page.write("Speed", "### How fast\n\nfast", target)
    truth.page.write("Truth", "what is truer", target)
    assert target.read_text("utf-8") == (
        "# Benchmarks\n\n## Speed\n\n### How fast\n\nfast\n\n## Truth\n\nwhat is truer\n"
    )
    with pytest.raises(ValueError, match="no section 'Else'"):
        truth.page.write("Else", "", target)
