"""Where a text written by people has its sentences and words.

Source: R. Flesch, How to Write Plain English (1979): contractions, hyphenated words, abbreviations, figures and symbols
count as one word each; a sentence ends at a full stop, semicolon, question or exclamation mark. J. Fernández Huerta,
“Medidas sencillas de lecturabilidad”, Consigna 214 (1959), divides Spanish in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# A figure with its signs (“95 %”, “1.500”, “10:30”), or letters, joined where people join them (“follow-up”, “don't”).
_WORD = re.compile(r"[$€£]?\d+(?:[.,:/]\d+)*(?:\s?[%‰€°])?|[^\W\d_]+(?:[-'’][^\W\d_]+)*", re.UNICODE)
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|;")
# Points that end no sentence, whatever follows. Titles stand before a name, which has a capital letter.
_SHORT = frozenset(
    (
        *(
            "sr",
            "sra",
            "srta",
            "dr",
            "dra",
            "d",
            "dña",
            "prof",
            "ud",
            "uds",
            "vd",
            "vds",
            "núm",
            "n.º",
            "art",
        ),
        *("arts", "pág", "págs", "ej", "tel", "av", "avda", "cía", "p.ej", "mr", "mrs", "ms", "messrs", "st"),
        *("vs", "fig", "e.g", "i.e"),
    )
)
_BREAK = re.compile(r"\n\s*(?:\n|[-*+•]\s+|\d+[.)]\s+|#+\s*)")
_MARKS = re.compile(r"^[ \t]*(?:#+|[-*+•]|\d+[.)]|>)\s+|[*_`]+", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")


@dataclass(frozen=True)
class Sentence:
    """One sentence as written, and of how many words."""

    text: str
    words: int


def words(text: str) -> tuple[str, ...]:
    """The words of a text, figures among them."""
    return tuple(match.group() for match in _WORD.finditer(unicodedata.normalize("NFC", text)))


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in plain words or Markdown; headings and items of a list stand for themselves."""
    plain = _LINK.sub(r"\1", unicodedata.normalize("NFC", text))
    found = []
    for block in _BREAK.split(f"\n{plain}"):
        for piece in _pieces(_MARKS.sub("", block)):
            count = len(words(piece))
            if count:
                found.append(Sentence(" ".join(piece.split()), count))
    return tuple(found)


def _pieces(block: str) -> list[str]:
    pieces, start = [], 0
    for end in _END.finditer(block):
        if not _ends_here(block, end):
            continue
        pieces.append(block[start : end.end()])
        start = end.end()
    return [*pieces, block[start:]]


def _ends_here(block: str, end: re.Match[str]) -> bool:
    """A single point ends a sentence unless it shortens a word or the text goes on in small letters."""
    if not end.group().startswith(".") or end.group().startswith(".."):
        return True
    before = block[: end.start()].rsplit(None, 1)
    if before and before[-1].strip("([«“\"'").casefold() in _SHORT:
        return False
    after = block[end.end() :].lstrip()
    return not (after and after[0].isalpha() and after[0].islower())
