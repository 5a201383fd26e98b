"""Readability scores, and what they mean in words.

Sources: R. Flesch, “A new readability yardstick”, Journal of Applied Psychology 32 (1948); J. Fernández Huerta, “Medidas
sencillas de lecturabilidad”, Consigna 214 (1959), with F as words per sentence, as G. Law showed in LINGUIST List 22.2332
(2011) that it must be meant: many cite it with sentences per 100 words, by which shorter sentences would read worse;
F. Szigriszt Pazos, Sistemas predictivos de legibilidad del mensaje escrito (1993); I. Barrio-Cantalejo and others,
“Validación de la Escala INFLESZ”, Anales del Sistema Sanitario de Navarra 31 (2008), for the bands in Spanish.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .syllables import LANGUAGES, syllables
from .texts import Sentence, sentences, words

FEWEST_WORDS = 10
"""Words below which no score is given: one long word would decide it."""

LONG_SENTENCE = 25
"""A sentence of more words than this is hard to follow for most readers."""


class Band(StrEnum):
    """How easy a text is, from the hardest; INFLESZ has five of the seven."""

    VERY_HARD = "very_hard"
    HARD = "hard"
    FAIRLY_HARD = "fairly_hard"
    NORMAL = "normal"
    FAIRLY_EASY = "fairly_easy"
    EASY = "easy"
    VERY_EASY = "very_easy"

    @property
    def readable(self) -> bool:
        """Whether most adults read it without effort: normal or easier."""
        return self not in {Band.VERY_HARD, Band.HARD, Band.FAIRLY_HARD}


_INFLESZ = ((80, Band.VERY_EASY), (65, Band.FAIRLY_EASY), (55, Band.NORMAL), (40, Band.FAIRLY_HARD))
_FLESCH = (
    (90, Band.VERY_EASY),
    (80, Band.EASY),
    (70, Band.FAIRLY_EASY),
    (60, Band.NORMAL),
    (50, Band.FAIRLY_HARD),
    (30, Band.HARD),
)


@dataclass(frozen=True)
class Readability:
    """What was counted, and how easily it is read.

    `score` is INFLESZ in Spanish and Flesch's Reading Ease in English: the higher, the easier, mostly between 0 and 100;
    None, like `band`, where the text has fewer than `FEWEST_WORDS` words. `fernandez_huerta` is given in Spanish.
    `long_sentences` are those of more than `LONG_SENTENCE` words.
    """

    language: str
    words: int
    sentences: int
    syllables: int
    score: float | None
    band: Band | None
    fernandez_huerta: float | None
    long_sentences: tuple[Sentence, ...]


def read(text: str, language: str) -> Readability:
    """Counts a text in “es” or “en” and scores it; ValueError for another language."""
    if language not in LANGUAGES:
        raise ValueError(f"texts are read in {' and '.join(LANGUAGES)}, not in {language!r}")
    found = sentences(text)
    spoken = [syllables(word, language) for sentence in found for word in words(sentence.text)]
    counts = (len(spoken), len(found), sum(spoken))
    score = band = huerta = None
    if counts[0] >= FEWEST_WORDS and language == "es":
        score, huerta = inflesz(*counts), fernandez_huerta(*counts)
        band = inflesz_band(score)
    elif counts[0] >= FEWEST_WORDS:
        score = flesch(*counts)
        band = flesch_band(score)
    long = tuple(sentence for sentence in found if sentence.words > LONG_SENTENCE)
    return Readability(language, *counts, score, band, huerta, long)


def flesch(words: int, sentences: int, syllables: int) -> float:
    """Reading Ease of an English text: 206.835 - 1.015 words per sentence - 84.6 syllables per word."""
    _check(words, sentences, syllables)
    return 206.835 - 1.015 * words / sentences - 84.6 * syllables / words


def fernandez_huerta(words: int, sentences: int, syllables: int) -> float:
    """Lecturabilidad of a Spanish text: 206.84 - 0.60 syllables per 100 words - 1.02 words per sentence."""
    _check(words, sentences, syllables)
    return 206.84 - 0.60 * (100 * syllables / words) - 1.02 * words / sentences


def inflesz(words: int, sentences: int, syllables: int) -> float:
    """Perspicuidad of a Spanish text (Szigriszt Pazos), on which the INFLESZ bands stand."""
    _check(words, sentences, syllables)
    return 206.835 - 62.3 * syllables / words - words / sentences


def inflesz_band(score: float) -> Band:
    """0–40, 40–55, 55–65, 65–80 and 80–100; a score on a border belongs to the easier band."""
    return next((band for least, band in _INFLESZ if score >= least), Band.VERY_HARD)


def flesch_band(score: float) -> Band:
    """Flesch's seven bands; a score on a border belongs to the easier one."""
    return next((band for least, band in _FLESCH if score >= least), Band.VERY_HARD)


def _check(words: int, sentences: int, syllables: int) -> None:
    if sentences < 1 or words < sentences:
        raise ValueError("a text has at least one sentence, and each of its sentences at least one word")
    if syllables < words:
        raise ValueError("every word has at least one syllable")
