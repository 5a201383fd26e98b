"""The difference of two texts leads from the first to the second, counts what changed and stays quick."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calidez.documents.content import compare
from calidez.documents.content.compare import Change, Difference, difference
from calidez.documents.content.plain import Paragraph

words = st.sampled_from(
    ["the", "desk", "answers", "within", "five", "minutes", "¿por", "qué?", "a", ".", ","]
)
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)
paragraph = st.builds(Paragraph, texts, st.sampled_from([0, 0, 0, 1, 2]))
some = st.lists(paragraph, max_size=14)


def of(*lines: str) -> list[Paragraph]:
    return [Paragraph(line) for line in lines]


def whole(found: Difference) -> bool:
    """Each changed paragraph is made of its pieces: without the new ones it was before, without the gone ones it is now."""
    return all(
        "".join(p.text for p in block.pieces if p.change != Change.NEW) == block.before.text
        and "".join(p.text for p in block.pieces if p.change != Change.GONE) == block.after.text
        for block in found.blocks
        if block.change == Change.CHANGED
    )


@pytest.mark.slow
@given(some, some)
def test_applying_the_difference_gives_the_second_text(
    before: list[Paragraph], after: list[Paragraph]
) -> None:
    found = difference(before, after)
    assert list(found.after()) == after
    assert list(found.before()) == before
    assert whole(found)
    assert found.nothing == (before == after)


@given(some)
def test_a_text_does_not_differ_from_itself(text: list[Paragraph]) -> None:
    assert all(block.change == Change.SAME for block in difference(text, text).blocks)


@given(some, some, st.integers(0, 3))
def test_folding_hides_only_what_is_the_same(
    before: list[Paragraph], after: list[Paragraph], context: int
) -> None:
    found = difference(before, after)
    stretches = found.stretches(context)
    assert tuple(block for stretch in stretches for block in stretch.blocks) == found.blocks
    assert all(b.change == Change.SAME for stretch in stretches if stretch.folded for b in stretch.blocks)


def test_changed_words_are_marked_and_counted() -> None:
    before = of("Aim", "The desk answers within ten minutes.", "Old rule.", "End")
    after = of(
        "Aim", "The desk answers within five minutes.", "End", "A wholly different paragraph about keys"
    )
    found = difference(before, after)
    counts = [found.count(change) for change in (Change.CHANGED, Change.NEW, Change.GONE)]
    assert counts == [1, 1, 1]
    changed = next(block for block in found.blocks if block.change == Change.CHANGED)
    assert [(p.change, p.text) for p in changed.pieces] == [
        ("same", "The desk answers within "),
        ("gone", "ten"),
        ("new", "five"),
        ("same", " minutes."),
    ]


def test_one_change_of_several_words_reads_as_one() -> None:
    found = difference(of("Call the guest back soon today."), of("Call the guest within two hours today."))
    pieces = [(p.change, p.text) for p in found.blocks[0].pieces]
    assert ("gone", "back soon") in pieces
    assert ("new", "within two hours") in pieces


def test_a_heading_that_changes_its_level_is_a_change() -> None:
    found = difference([Paragraph("Aim", 1)], [Paragraph("Aim", 2)])
    assert not found.nothing
    assert found.count(Change.CHANGED) == 1


def test_a_replaced_paragraph_is_not_drawn_as_changed() -> None:
    found = difference(
        of("The kitchen closes at eleven."), of("Umbrellas belong into the stand by the lift.")
    )
    assert [block.change for block in found.blocks] == ["gone", "new"]


def test_unchanged_stretches_are_folded_between_the_changes() -> None:
    before = of(*(f"Paragraph number {n} of the text" for n in range(30)))
    after = list(before)
    after[15] = Paragraph("Paragraph number fifteen of the text")
    stretches = difference(before, after).stretches()
    assert [(stretch.folded, len(stretch.blocks)) for stretch in stretches] == [
        (True, 14),
        (False, 3),
        (True, 13),
    ]


def test_two_hundred_pages_are_compared_at_once() -> None:
    """Three thousand paragraphs of seventy words, every one changed in places, and some moved about."""
    before = of(*(" ".join(f"w{(n * 7 + k * k) % 900}" for k in range(70)) for n in range(3000)))
    after = [Paragraph(p.text.replace(" w1", " x1", 3)) for p in before[40:]] + before[:40]
    start = time.perf_counter()
    found = difference(before, after)
    spent = time.perf_counter() - start
    assert list(found.after()) == after
    assert spent < 10


def test_the_same_line_a_thousand_times_is_no_trap() -> None:
    before = of(*["0 | 0 | 0"] * 8000, "end")
    after = of("start", *["0 | 0 | 0"] * 7000, "0 | 1 | 0", *["0 | 0 | 0"] * 500)
    start = time.perf_counter()
    assert list(difference(before, after).after()) == after
    assert time.perf_counter() - start < 10


def test_paragraphs_of_two_words_repeated_do_not_keep_the_page_waiting() -> None:
    chance = random.Random(1)
    before, after = ([Paragraph(" ".join(chance.choices("ab", k=3_900)))] for _ in range(2))
    began = time.process_time()
    found = difference(before, after)
    assert [block.change for block in found.blocks] == [Change.CHANGED]
    assert [piece.change for piece in found.blocks[0].pieces] == [Change.GONE, Change.NEW]
    assert time.process_time() - began < 2


def test_texts_that_have_nothing_in_common_are_gone_and_new_once_the_time_is_spent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compare._Budget, "pays_for", lambda *_: False)
    found = difference([Paragraph("one two three")], [Paragraph("one two four")])
    assert [block.change for block in found.blocks] == [Change.GONE, Change.NEW]
