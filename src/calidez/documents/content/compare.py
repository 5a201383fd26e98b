"""What changed between two texts: paragraphs laid side by side, changed words marked inside them.

Work is bounded: whole paragraphs are aligned by a bit-parallel longest common subsequence, changed stretches are
paired piece by piece, and words are compared only inside paragraphs that resemble each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from calidez.documents.content.plain import Paragraph

ALIKE = 58  # of 100: below, a paragraph was not changed but replaced
STRETCH = 120  # paragraphs that are paired at a time
LETTERS = 1_500  # of a paragraph, by which it is known again
WORDS = 4_000  # of a paragraph; longer ones are marked whole
SHORT = 3  # letters that alone hold no change apart from the next
WORDS_IN_ALL = 600_000
ALIKE_WORDS = 300_000  # pairs of equal words of a paragraph and what became of it
ALIKE_IN_ALL = 3_000_000
LETTERS_IN_ALL = 300_000_000_000  # pairs of letters, by which finding out which paragraph became which grows
SEQUENCE = 30_000  # paragraphs that are aligned as a whole
CONTEXT = 1  # unchanged paragraphs that stay open before and after a change
_WORD = re.compile(r"\w+|[^\w\s]|\s+")


class Change(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Piece:
    """Words of a changed paragraph: the same in both, new, or gone."""

    change: Change
    text: str


@dataclass(frozen=True)
class Block:
    """One paragraph; a changed one holds both and the pieces of which they are made."""

    change: Change
    before: Paragraph | None
    after: Paragraph | None
    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        shown = self.after if self.after is not None else self.before
        return shown.text if shown is not None else ""

    @property
    def level(self) -> int:
        shown = self.after if self.after is not None else self.before
        return shown.level if shown is not None else 0


@dataclass(frozen=True)
class Stretch:
    """Blocks that are shown together; a folded one holds only unchanged paragraphs."""

    blocks: tuple[Block, ...]
    folded: bool = False


@dataclass(frozen=True)
class Difference:
    blocks: tuple[Block, ...]

    def count(self, change: Change) -> int:
        return sum(1 for block in self.blocks if block.change == change)

    @property
    def nothing(self) -> bool:
        return all(block.change == Change.SAME for block in self.blocks)

    def before(self) -> tuple[Paragraph, ...]:
        return tuple(block.before for block in self.blocks if block.before is not None)

    def after(self) -> tuple[Paragraph, ...]:
        """The second text, as it comes from applying the difference."""
        return tuple(block.after for block in self.blocks if block.after is not None)

    def stretches(self, context: int = CONTEXT) -> tuple[Stretch, ...]:
        """The blocks with long unchanged stretches folded; a paragraph or two are not worth folding."""
        near = {
            place
            for number, block in enumerate(self.blocks)
            if block.change != Change.SAME
            for place in range(number - context, number + context + 1)
        }
        runs: list[tuple[bool, list[Block]]] = []
        for number, block in enumerate(self.blocks):
            away = number not in near
            if not runs or runs[-1][0] != away:
                runs.append((away, []))
            runs[-1][1].append(block)
        return tuple(Stretch(tuple(blocks), away and len(blocks) > 2) for away, blocks in runs)


@dataclass
class _Budget:
    words: int = field(default=WORDS_IN_ALL)
    alike: int = field(default=ALIKE_IN_ALL)
    letters: int = field(default=LETTERS_IN_ALL)

    def pays_for(self, before: Sequence[Paragraph], after: Sequence[Paragraph]) -> bool:
        """Whether there is still time to find out which of these paragraphs became which."""
        one, other = (sum(min(len(p.text), LETTERS) for p in some) for some in (before, after))
        self.letters -= one * other
        return self.letters >= 0


def difference(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> Difference:
    """How `before` became `after`."""
    budget, blocks = _Budget(), list[Block]()
    for same, i1, i2, j1, j2 in _aligned(before, after):
        if same:
            blocks += [
                Block(Change.SAME, old, new) for old, new in zip(before[i1:i2], after[j1:j2], strict=True)
            ]
        else:
            blocks += _replaced(before[i1:i2], after[j1:j2], budget)
    return Difference(tuple(blocks))


def _aligned(
    before: Sequence[Paragraph], after: Sequence[Paragraph]
) -> list[tuple[bool, int, int, int, int]]:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    i, j = len(before) - end, len(after) - end
    spans = [(True, 0, start, 0, start)]
    if max(i, j) - start > SEQUENCE:
        spans.append((False, start, i, start, j))
    else:
        # Numbers instead of texts: the same text has the same number, and numbers are quick to compare.
        numbers: dict[Paragraph, int] = {}
        first = [numbers.setdefault(p, len(numbers)) for p in before[start:i]]
        second = [numbers.setdefault(p, len(numbers)) for p in after[start:j]]
        spans += _joined(
            [
                (
                    c.tag == "equal",
                    start + c.src_start,
                    start + c.src_end,
                    start + c.dest_start,
                    start + c.dest_end,
                )
                for c in LCSseq.opcodes(first, second)
            ]
        )
    spans.append((True, i, len(before), j, len(after)))
    return [span for span in spans if span[2] > span[1] or span[4] > span[3]]


def _joined(spans: list[tuple[bool, int, int, int, int]]) -> list[tuple[bool, int, int, int, int]]:
    """Removals and additions that stand together are one replaced stretch."""
    joined: list[tuple[bool, int, int, int, int]] = []
    for span in spans:
        if joined and not span[0] and not joined[-1][0]:
            last = joined.pop()
            span = (False, last[1], span[2], last[3], span[4])
        joined.append(span)
    return joined


def _replaced(before: Sequence[Paragraph], after: Sequence[Paragraph], budget: _Budget) -> list[Block]:
    """A changed stretch, paired in portions so that the work grows with its length and not with its square."""
    portions = max(1, -(-max(len(before), len(after)) // STRETCH))
    cut = [(n * len(before) // portions, n * len(after) // portions) for n in range(portions + 1)]
    return [
        block
        for (i1, j1), (i2, j2) in pairwise(cut)
        for block in _paired(before[i1:i2], after[j1:j2], budget)
    ]


def _paired(before: Sequence[Paragraph], after: Sequence[Paragraph], budget: _Budget) -> list[Block]:
    blocks: list[Block] = []
    i = j = 0
    pairs = _pairs(before, after) if budget.pays_for(before, after) else []
    for place, to in [*pairs, (len(before), len(after))]:
        blocks += [Block(Change.GONE, old, None) for old in before[i:place]]
        blocks += [Block(Change.NEW, None, new) for new in after[j:to]]
        if place < len(before) and to < len(after):
            blocks.append(_changed(before[place], after[to], budget))
        i, j = place + 1, to + 1
    return blocks


def _pairs(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """Which paragraph became which, in order: the pairing with the greatest likeness in all."""
    if not before or not after:
        return []
    likeness = process.cdist(
        [p.text[:LETTERS] for p in before],
        [p.text[:LETTERS] for p in after],
        scorer=fuzz.ratio,
        score_cutoff=ALIKE,
        dtype=np.uint8,
    ).astype(int)
    best = np.zeros((len(before) + 1, len(after) + 1), dtype=int)
    for i in range(len(before) - 1, -1, -1):
        taken = likeness[i] + np.where(likeness[i] > 0, best[i + 1, 1:], 0)
        row = np.maximum(best[i + 1, :-1], taken)
        # From the right, each place keeps the best of what follows it.
        best[i, :-1] = np.maximum.accumulate(row[::-1])[::-1]
    pairs, i, j = [], 0, 0
    while i < len(before) and j < len(after):
        if best[i, j] == best[i, j + 1]:
            j += 1
        elif best[i, j] == best[i + 1, j]:
            i += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _changed(old: Paragraph, new: Paragraph, budget: _Budget) -> Block:
    if old == new:
        return Block(Change.SAME, old, new)
    first, second = _WORD.findall(old.text), _WORD.findall(new.text)
    budget.words -= len(first) + len(second)
    alike = _alike(first, second)
    budget.alike -= alike
    if min(budget.words, budget.alike) < 0 or max(len(first), len(second)) > WORDS or alike > ALIKE_WORDS:
        return Block(Change.CHANGED, old, new, _whole(old.text, new.text))
    pieces: list[Piece] = []
    # Blanks are everywhere and start no match of their own: they only lengthen one.
    words = SequenceMatcher(str.isspace, first, second, autojunk=False)
    for tag, i1, i2, j1, j2 in words.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.SAME, "".join(first[i1:i2])))
        else:
            pieces += _whole("".join(first[i1:i2]), "".join(second[j1:j2]))
    return Block(Change.CHANGED, old, new, _smooth(pieces))


def _alike(first: Sequence[str], second: Sequence[str]) -> int:
    """How many pairs of equal words there are, by which the work of matching grows: few in a text, millions in a repetition."""
    counted = Counter(word for word in second if not word.isspace())
    return sum(counted[word] for word in first if word in counted)


def _whole(gone: str, new: str) -> tuple[Piece, ...]:
    return tuple(Piece(c, t) for c, t in ((Change.GONE, gone), (Change.NEW, new)) if t)


def _smooth(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """A blank or a short word between two changes belongs to them: one change reads better than three."""
    gone, new, smooth = "", "", list[Piece]()
    for number, piece in enumerate(pieces):
        short = piece.change == Change.SAME and len(piece.text.strip()) <= SHORT
        between = short and 0 < number < len(pieces) - 1
        if piece.change == Change.SAME and not (between and (gone or new)):
            smooth += [*_whole(gone, new), piece]
            gone = new = ""
            continue
        gone += piece.text if piece.change != Change.NEW else ""
        new += piece.text if piece.change != Change.GONE else ""
    return (*smooth, *_whole(gone, new))
