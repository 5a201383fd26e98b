"""Notes to whoever finishes a draft, marked as such by whoever wrote it: they must be gone before it is approved.

    > [draft] The figures of this policy are a proposal. Change them for your own before approving it.

The mark is a word in square brackets, in any of the languages, whatever the language of the text around it.
"""

from __future__ import annotations

import re

MARKS = {"es": "borrador", "en": "draft"}
_MARK = re.compile(rf"\[\s*(?:{'|'.join(map(re.escape, MARKS.values()))})\s*\]", re.IGNORECASE)


def drafting_notes(text: str) -> tuple[str, ...]:
    """Each paragraph that holds a mark, without the marks of Markdown; where nothing else is said, the mark itself."""
    found = (block for block in re.split(r"\n\s*\n", text) if _MARK.search(block))
    return tuple(_plain(block) for block in found)


def _plain(block: str) -> str:
    lines = (re.sub(r"^[\s>#*+-]+", "", line) for line in block.splitlines())
    return " ".join(" ".join(lines).split())
