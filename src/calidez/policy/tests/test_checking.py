"""The policy check: clear, operable, measurable, and what contradicts what."""

from __future__ import annotations

from typing import Any

import pytest

from calidez.policy.measures import Measure
from calidez.policy.rules import Answer, Kind, Problem, Promise, check_commitment, check_policy


def measure(title: str = "Standard", **values: Any) -> Measure:
    usual: dict[str, Any] = {
        "kind": "Standard",
        "url": "/standards/1/",
        "at_least": True,
        "target": 95.0,
        "measured_in": "%",
        "has_indicator": True,
        "has_data": True,
        "reachable": None,
        "unit_path": "/all/",
    }
    return Measure(title=title, **(usual | values))


def promise(statement: str = "We answer every call within 20 seconds.", **values: Any) -> Promise:
    usual: dict[str, Any] = {
        "key": 1,
        "language": "en",
        "owner_active": True,
        "process": "Answering calls",
        "documents": (("Calls", True),),
        "measures": (measure(),),
    }
    return Promise(statement=statement, **(usual | values))


def problems(verdict: Any) -> list[Problem]:
    return [finding.problem for finding in verdict.findings]


def kinds(*promises: Promise) -> list[Kind]:
    return [found.kind for found in check_policy("", "en", promises).contradictions]


def test_a_good_commitment_passes() -> None:
    found = check_commitment(promise())
    assert found.good
    assert [verdict.answer for verdict in found.verdicts] == [Answer.YES] * 3


LONG = "We " + "see you " * 12 + "now, here."


@pytest.mark.parametrize(
    ("statement", "language", "expected"),
    [
        ("We answer as soon as possible.", "en", [Problem.VAGUE]),
        ("Contestamos a la brevedad, de forma adecuada.", "es", [Problem.VAGUE, Problem.VAGUE]),
        (LONG, "en", [Problem.LONG_SENTENCE]),
        (
            "La organización garantizará la satisfacción de las necesidades y expectativas institucionales.",
            "es",
            [Problem.HARD],
        ),
        ("Nous répondons en 20 secondes.", "fr", []),
    ],
)
def test_what_is_not_clear(statement: str, language: str, expected: list[Problem]) -> None:
    found = check_commitment(promise(statement, language=language)).clear
    assert problems(found) == expected
    assert found.answer == (Answer.NO if expected else Answer.YES)


def test_the_remedy_must_be_clear_too() -> None:
    found = check_commitment(promise(remedy="You get an appropriate refund."))
    assert [one.word for one in found.remedy_vague] == ["appropriate"]
    assert found.clear.answer == Answer.NO


def test_nothing_written_is_not_judged() -> None:
    found = check_commitment(promise("  "))
    assert found.clear.answer == Answer.UNKNOWN
    assert problems(found.clear) == [Problem.NOTHING_WRITTEN]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"owner_active": None}, [Problem.NO_OWNER]),
        ({"owner_active": False}, [Problem.OWNER_LEFT]),
        ({"process": " "}, [Problem.NO_PROCESS]),
        ({"documents": ()}, [Problem.NO_DOCUMENT]),
        ({"documents": (("Calls", False),)}, [Problem.NOT_IN_FORCE]),
        ({"documents": (("Old", False), ("Calls", True))}, []),
        (
            {"owner_active": None, "process": "", "documents": ()},
            [Problem.NO_OWNER, Problem.NO_PROCESS, Problem.NO_DOCUMENT],
        ),
    ],
)
def test_what_is_not_operable(values: dict[str, Any], expected: list[Problem]) -> None:
    assert problems(check_commitment(promise(**values)).operable) == expected


@pytest.mark.parametrize(
    ("measures", "answer", "expected"),
    [
        ((), Answer.NO, [Problem.NO_MEASURE]),
        ((measure(has_indicator=False, has_data=False),), Answer.NO, [Problem.NO_INDICATOR]),
        ((measure(has_data=False),), Answer.UNKNOWN, [Problem.NO_DATA]),
        ((measure("a", has_data=False), measure("b")), Answer.YES, []),
        ((measure("a", has_indicator=False), measure("b", has_data=False)), Answer.UNKNOWN, [Problem.NO_DATA]),
    ],
)  # fmt: skip
def test_what_is_not_measurable(
    measures: tuple[Measure, ...], answer: Answer, expected: list[Problem]
) -> None:
    found = check_commitment(promise(measures=measures)).measurable
    assert found is not None
    assert found.answer == answer
    assert problems(found) == expected


def test_a_commitment_not_saved_yet_has_no_word_on_measures() -> None:
    assert check_commitment(promise(measures=None)).measurable is None


MIN = {"measured_in": "min", "at_least": False}


@pytest.mark.parametrize(
    ("statement", "target", "expected"),
    [
        ("Within 20 minutes.", measure(**MIN, target=20), []),
        ("Within 20 minutes.", measure(**MIN, target=15), []),
        ("Within 20 minutes.", measure(**MIN, target=30), [Kind.LAXER_THAN_WORDS]),
        ("Within 2 hours.", measure(**MIN, target=120), []),
        ("Within 2 hours.", measure(**MIN, target=121), [Kind.LAXER_THAN_WORDS]),
        ("Within 2 working days.", measure(measured_in="days", at_least=False, target=5), []),
        ("We answer 95 % of calls in 20 seconds.", measure(target=95), []),
        ("We answer 95 % of calls in 20 seconds.", measure(target=90), [Kind.LAXER_THAN_WORDS]),
        ("We answer 95 % of calls.", measure(target=90, at_least=False), [Kind.AGAINST_WORDS]),
        ("We answer 95 % of calls.", measure(target=5, at_least=False), []),
        ("We answer 95 % of calls.", measure(target=None), []),
        ("We answer 95 % of calls.", measure(target=4, measured_in="points"), []),
    ],
)
def test_the_words_against_the_target(statement: str, target: Measure, expected: list[Kind]) -> None:
    assert kinds(promise(statement, measures=(target,))) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (measure("a", target=95), measure("b", target=90, at_least=False), [Kind.IMPOSSIBLE]),
        (measure("Answered", target=95), measure("Abandoned", target=5, at_least=False), []),
        (measure("a", target=95), measure("b", target=90), []),
        (measure("Calls", target=95), measure("calls ", target=90), [Kind.DIFFERENT]),
        (measure("Calls", target=95), measure("Calls", target=95), []),
        (measure("Calls", target=95), measure("Calls", target=90, unit_path="/all/north/"), [Kind.LAXER_BELOW]),
        (measure("Calls", target=95), measure("Calls", target=98, unit_path="/all/north/"), []),
        (
            measure("Calls", target=95, unit_path="/all/south/"),
            measure("Calls", target=90, unit_path="/all/north/"),
            [],
        ),
        (measure("Wait", **MIN, target=30), measure("Wait", measured_in="s", at_least=False, target=1800), []),
        (measure("a", **MIN, target=30), measure("b", measured_in="h", target=1), [Kind.IMPOSSIBLE]),
    ],
)  # fmt: skip
def test_two_targets(one: Measure, other: Measure, expected: list[Kind]) -> None:
    assert kinds(promise("We answer.", measures=(one, other))) == expected
    assert kinds(promise("We answer.", measures=(other, one))) == expected


def test_a_laxer_unit_below_is_named_whichever_promise_it_measures() -> None:
    above = promise("We answer.", key=1, measures=(measure("Calls", target=95),))
    below = promise("We listen.", key=2, measures=(measure("Calls", target=90, unit_path="/all/north/"),))
    for order in ((above, below), (below, above)):
        (found,) = check_policy("", "en", order).contradictions
        assert (found.kind, found.commitment, found.measure.target) == (Kind.LAXER_BELOW, 2, 90)
        assert found.other is not None
        assert found.other.target == 95


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"target": 95, "reachable": 88.0}, [Kind.OUT_OF_REACH]),
        ({"target": 95, "reachable": 95.0}, []),
        ({"target": 95, "reachable": None}, []),
        ({**MIN, "target": 20, "reachable": 35.0}, [Kind.OUT_OF_REACH]),
        ({**MIN, "target": 20, "reachable": 0.0}, []),
    ],
)
def test_promises_above_what_the_data_say(values: dict[str, Any], expected: list[Kind]) -> None:
    assert kinds(promise("We answer.", measures=(measure(**values),))) == expected


def test_the_introduction_is_read_too() -> None:
    found = check_policy("We strive to be the best.", "en", [])
    assert found.introduction is not None
    assert [one.word for one in found.introduction.vague] == ["strive to", "best"]
    assert check_policy("  ", "en", []).introduction is None
