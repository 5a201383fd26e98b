"""How easily a text is read, in Spanish and English, so that a promise can be understood by those it is made to."""

from .formulas import (
    FEWEST_WORDS,
    LONG_SENTENCE,
    Band,
    Readability,
    fernandez_huerta,
    flesch,
    flesch_band,
    inflesz,
    inflesz_band,
    read,
)
from .syllables import LANGUAGES, english_syllables, spanish_syllables, syllables
from .texts import Sentence, sentences, words

__all__ = [
    "FEWEST_WORDS",
    "LANGUAGES",
    "LONG_SENTENCE",
    "Band",
    "Readability",
    "Sentence",
    "english_syllables",
    "fernandez_huerta",
    "flesch",
    "flesch_band",
    "inflesz",
    "inflesz_band",
    "read",
    "sentences",
    "spanish_syllables",
    "syllables",
    "words",
]
