"""Figures that a statement promises (“95 %”, “20 minutes”, “24 horas”), in units that can be compared with targets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from calidez.policy.rules.letters import folded


class Dimension(StrEnum):
    """What kind of quantity a figure is; only figures of one kind are compared."""

    SHARE = "share"  # in per cent
    TIME = "time"  # in seconds
    WORKING_TIME = "working_time"  # in working days
    MONTHS = "months"
    OTHER = "other"  # compared only in the very same unit of measure


@dataclass(frozen=True)
class Unit:
    """A unit of measure: its kind, and how many of the kind's own unit it is."""

    dimension: Dimension
    factor: float
    name: str = ""  # of a unit known only by its name


@dataclass(frozen=True)
class Figure:
    """A promised figure: `value` in the unit of its dimension, `text` as written, from `start` to `end`."""

    value: float
    unit: Unit
    at_least: bool
    text: str
    start: int
    end: int


_UNITS: tuple[tuple[str, Dimension, float], ...] = (
    (r"%|por ?ciento|per ?cent|percent", Dimension.SHARE, 1),
    (r"s|seg|segs|segundos?|sec|secs|seconds?", Dimension.TIME, 1),
    (r"min|mins|minutos?|minutes?|'", Dimension.TIME, 60),
    (r"h|hs|hrs?|horas?|hours?", Dimension.TIME, 3600),
    (r"(?:dias? (?:habil(?:es)?|laborables?|laborales?)|(?:working|business)[ -]days?)", Dimension.WORKING_TIME, 1),
    (r"d|dias?(?: (?:corridos|naturales|calendario))?|(?:calendar )?days?", Dimension.TIME, 86400),
    (r"semanas?|weeks?|wk", Dimension.TIME, 604800),
    (r"mes|meses|months?", Dimension.MONTHS, 1),
    (r"anos?|years?", Dimension.MONTHS, 12),
)  # fmt: skip
_NUMBER_WORDS = {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30, "media": 0.5,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "half an": 0.5,
}  # fmt: skip
# “En un día”, “within an hour” are figures; “twice a day”, “una hora cómoda” are none.
_ONE = r"(?:(?<=en )|(?<=de )|(?<=in )|(?<=than )|(?<=under ))(?:una?|an?|one)|(?:uno?|one)(?= )"
_UNIT = "|".join(f"(?P<u{place}>{pattern})" for place, (pattern, *_rest) in enumerate(_UNITS))
_FIGURE = re.compile(
    rf"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*|{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))}|{_ONE})"
    rf"[ \u00a0-]?(?:{_UNIT})(?![\w])"
)
# Opening times are no limits: “las 24 horas”, “7 days a week”.
_HOURS_BEFORE = re.compile(r"\blas $")
_RATE_AFTER = re.compile(r"^,? ?(?:a|al|a la|per|por)\b ?(?:day|week|month|year|dia|semana|mes|ano)\b")
_NEGATION = re.compile(r"\b(?:no|nunca|nadie|ningun[ao]?|sin|jamas|never|not|nobody|none|without)\b")
_AT_MOST = re.compile(
    r"(?:menos del?|menor(?:es)? (?:a|del?|que|al)|como maximo|maximo|no mas del?|hasta|a lo sumo|inferior al?|"
    r"less than|at most|no more than|fewer than|up to|under|below|maximum(?: of)?|not more than)\s*(?:el |un |the )?$"
)
_AT_LEAST = re.compile(
    r"(?:al menos|por lo menos|como minimo|minimo|mas del?|no menos del?|a partir del?|superior al?|desde|"
    r"at least|no less than|no fewer than|more than|over|minimum(?: of)?|from)\s*(?:el |un |the )?$"
)


def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a statement. A share is a least one and a time a longest one, unless the words before say otherwise."""
    plain = folded(text)
    found = []
    for match in _FIGURE.finditer(plain):
        place = next(p for p in range(len(_UNITS)) if match.group(f"u{p}"))
        _pattern, dimension, factor = _UNITS[place]
        number = _number(match["number"])
        before, after = plain[: match.start()], plain[match.end() :]
        share_in_words = dimension == Dimension.SHARE and not match["number"][0].isdigit()
        opening_hours = _RATE_AFTER.match(after) or (
            dimension == Dimension.TIME and _HOURS_BEFORE.search(before)
        )
        if number is None or share_in_words or opening_hours:
            continue
        found.append(
            Figure(
                value=number * factor,
                unit=Unit(dimension, factor),
                at_least=_at_least(before, dimension),
                text=text[match.start() : match.end()],
                start=match.start(),
                end=match.end(),
            )
        )
    return tuple(found)


def unit_of(measured_in: str) -> Unit:
    """What a target is measured in; a unit not known here is compared only with itself."""
    name = " ".join(folded(measured_in).split())
    for pattern, dimension, factor in _UNITS:
        if re.fullmatch(pattern, name):
            return Unit(dimension, factor)
    return Unit(Dimension.OTHER, 1, name)


def comparable(one: Unit, other: Unit) -> bool:
    return one.dimension == other.dimension and one.name == other.name


def _at_least(before: str, dimension: Dimension) -> bool:
    if _AT_MOST.search(before):
        return False
    least = _AT_LEAST.search(before)
    if least is not None:
        # “Nobody waits more than 20 minutes” is a longest time.
        sentence = re.split(r"[.;!?] ", before[: least.start()])[-1]
        beyond = re.match(r"mas del?|more than|over", least.group())
        return not (beyond and _NEGATION.search(sentence))
    return dimension == Dimension.SHARE


def _number(text: str) -> float | None:
    """“1.500” and “1,500” are thousands, “2,5” and “2.5” are two and a half, whichever the language."""
    if text in _NUMBER_WORDS:
        return float(_NUMBER_WORDS[text])
    if text.isalpha():
        return 1.0
    if re.fullmatch(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*", text):
        return float(re.sub(r"[.,]", "", text))
    if re.fullmatch(r"\d+[.,]\d+", text):
        return float(text.replace(",", "."))
    return float(text) if text.isdigit() else None
