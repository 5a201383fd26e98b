"""A pack that is not in order is refused with the file, the place and what is wrong; nothing is created from it."""

from __future__ import annotations

import time

import pytest

from calidez.samples.packs.document import PackRefused
from calidez.samples.packs.shelf import read_pack

GOOD = """\
pack: small
format: 1
name: {es: Pequeño, en: Small}
policy:
  key: policy
  title: Our policy
  commitments:
    - key: calls
      statement: We answer within 20 seconds.
datasets:
  - key: calls
    name: Calls
    columns:
      - {name: at, type: timestamp, role: time}
      - {name: wait, type: number, role: value}
standards:
  - key: fast
    title: Calls within 20 seconds
    requirement: Calls are answered within 20 seconds.
    commitment: calls
    target: 80
    measured_in: "%"
indicators:
  - key: fast
    name: Calls within 20 seconds
    dataset: calls
    standard: fast
    measure: proportion
    numerator: wait <= 20
"""


def faults(text: str) -> list[tuple[str, str, int]]:
    with pytest.raises(PackRefused) as refused:
        read_pack(text, "small.yaml")
    return [(fault.where, fault.sentence, fault.line) for fault in refused.value.faults]


def test_a_small_pack_is_in_order() -> None:
    assert read_pack(GOOD, "small.yaml").counts["indicators"] == 1


@pytest.mark.parametrize(
    ("before", "after", "where", "said"),
    [
        ("target: 80", "target: many", "standards › fast › target", "must be a number"),
        ("target: 80", "target: .nan", "standards › fast › target", "must be a number"),
        ("    target: 80\n", "    targt: 80\n", "standards › fast › targt", "“targt” is not known here"),
        (
            "    requirement: Calls are answered within 20 seconds.\n",
            "",
            "standards › fast › requirement",
            "missing",
        ),
        ("commitment: calls", "commitment: mail", "standards › fast › commitment", "no entry “mail”"),
        ("dataset: calls", "dataset: mail", "indicators › fast › dataset", "no entry “mail”"),
        ("standard: fast", "standard: slow", "indicators › fast › standard", "no entry “slow”"),
        ("numerator: wait <= 20", "numerator: wiat <= 20", "indicators › fast › numerator", "wiat"),
        ("numerator: wait <= 20", "numerator: wait + 20", "indicators › fast › numerator", "yes or no"),
        ("    numerator: wait <= 20\n", "", "indicators › fast › numerator", "rows count"),
        ("measure: proportion", "measure: share", "indicators › fast › measure", "must be one of"),
        ("role: time", "role: value", "indicators › fast › dataset", "no column for time"),
        ("name: wait,", "name: at,", "datasets › calls › columns", "same name"),
        ("type: number", "type: figure", "datasets › calls › columns › wait › type", "must be one of"),
        ("  - key: calls\n    name", "  - key: Calls!\n    name", "datasets › Calls! › key", "small letters"),
        ("title: Our policy", "title: 2026", "policy › title", "quotation marks"),
        ("title: Our policy", "title: {es: '', en: Ours}", "policy › title › es", "empty"),
        ("title: Our policy", "title: {spanish: Ours}", "policy › title › spanish", "no language code"),
        ("title: Our policy", f"title: {'x' * 201}", "policy › title", "longer than 200"),
        ("format: 1", "format: 9", "format", "reads format 1"),
        ('measured_in: "%"', "measured_in: min", "indicators › fast › measured_in", "counts in “min”"),
        ("standards:\n", "standards: none\nothers:\n", "others", "not known"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(before: str, after: str, where: str, said: str) -> None:
    assert before in GOOD
    found = faults(GOOD.replace(before, after, 1))
    assert any(place == where and said in sentence and line for place, sentence, line in found), found


def test_all_faults_are_told_at_once_with_file_and_line() -> None:
    text = GOOD.replace("target: 80", "target: many").replace("title: Our policy", "title: 2026")
    with pytest.raises(PackRefused) as refused:
        read_pack(text, "small.yaml")
    lines = str(refused.value).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("small.yaml, line 6, policy › title: ")
    assert lines[1].startswith("small.yaml, line 21, standards › fast › target: ")


def test_a_key_stands_once() -> None:
    second = GOOD.replace(
        "indicators:\n", "  - key: fast\n    title: Again\n    requirement: Again.\nindicators:\n"
    )
    assert any("stands twice" in sentence for _place, sentence, _line in faults(second))
    assert any("“format” stands twice" in said for _place, said, _line in faults(GOOD + "format: 1\n"))


@pytest.mark.parametrize(
    "text", ["", "- a list", "just words", "a: [b", "a: !!python/object/apply:os.system [ls]", "\x00"]
)
def test_what_is_no_pack_is_refused(text: str) -> None:
    assert faults(text)


def test_a_small_file_cannot_unfold_into_a_huge_one() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert any("too long" in sentence for _place, sentence, _line in faults("\n".join(lines)))


def test_a_word_that_yaml_reads_as_no_is_a_language() -> None:
    pack = read_pack(GOOD.replace("title: Our policy", "title: {no: Vår, en: Ours}"), "small.yaml")
    assert pack.entries("policy", "no")[0]["title"] == "Vår"
    assert pack.entries("policy", "fr")[0]["title"] == "Ours"


def _multiplied(start: str) -> str:
    """Eleven lists, each of nine times the one before it: a hundred lines that would be thirty milliard values."""
    lists = [f"&a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return start + "[&a0 [x, x, x, x, x, x, x, x, x], " + ", ".join(lists) + "]"


HOSTILE = {
    "aliases that multiply": _multiplied("a: "),
    "aliases that multiply in a name": _multiplied("? ") + "\n: 1",
    "a list that holds itself": "a: &a [*a]",
    "a group that holds itself": "a: &a {b: *a}",
    "lists in lists": "[" * 20_000 + "]" * 20_000,
    "lists in lists by dashes": "- " * 5_000 + "a",
    "a name in a name": "? " * 3_000 + "a",
    "a number of sixties": "a: " + "1:" * 300_000 + "1",
    "a number without an end": "a: " + "1" * 1_000_000,
    "an object of the program": "a: !!python/object/apply:os.system [x]",
    "a day that is none": "a: 2026-99-99",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_no_time(kind: str) -> None:
    began = time.process_time()
    assert faults(HOSTILE[kind])
    assert time.process_time() - began < 5
