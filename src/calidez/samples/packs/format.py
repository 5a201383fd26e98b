"""What a starter pack may say: its words, what each of them is, and which it cannot do without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

FORMAT = 1


class Is(StrEnum):
    TEXT = "text"  # one text, or one in each language
    WORD = "word"  # the same in every language
    KEY = "key"  # names an entry within its pack, once
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    CHOICE = "choice"
    TABLE = "table"
    ROWS = "rows"


@dataclass(frozen=True)
class Item:
    """`most` is the greatest length of a text; `to` names the section whose entry a key points at."""

    is_: Is
    required: bool = False
    choices: tuple[str, ...] = ()
    of: Mapping[str, Item] = field(default_factory=dict)
    most: int = 0
    to: str = ""


def _text(most: int = 0, *, required: bool = False) -> Item:
    return Item(Is.TEXT, required=required, most=most)


def _choice(*choices: str, required: bool = False) -> Item:
    return Item(Is.CHOICE, required=required, choices=choices)


def _to(section: str, *, required: bool = False) -> Item:
    return Item(Is.WORD, required=required, to=section)


KEY = Item(Is.KEY, required=True, most=60)
NUMBER, WHOLE, FLAG = Item(Is.NUMBER), Item(Is.WHOLE), Item(Is.FLAG)
DIRECTION = _choice("at_least", "at_most")

COMMITMENT = {
    "key": KEY,
    "statement": _text(required=True),
    "for_whom": _text(300),
    "why": _text(),
    "remedy": _text(),
    "process": _text(200),
}
POLICY = {
    "key": KEY,
    "title": _text(200, required=True),
    "introduction": _text(),
    "commitments": Item(Is.ROWS, of=COMMITMENT),
}
COLUMN = {
    "name": Item(Is.WORD, required=True, most=63),
    "heading": _text(200),  # as the file calls it; else its name
    "type": _choice("text", "integer", "number", "boolean", "date", "timestamp", required=True),
    "role": _choice("time", "branch", "key", "segment", "value", "text", required=True),
    "unit": _text(40),
    "key": FLAG,
    "required": FLAG,
}
DATASET = {
    "key": KEY,
    "name": _text(200, required=True),
    "description": _text(),
    "source": _text(300),
    "columns": Item(Is.ROWS, required=True, of=COLUMN),
}
BASIS = {
    "kind": _choice("norm", "need", "capability", required=True),
    "reference": _text(200),
    "explanation": _text(),
}
CASE = {
    "limit": Item(Is.NUMBER, required=True),
    "direction": DIRECTION,
    "measured_in": _text(20, required=True),
}
STANDARD = {
    "key": KEY,
    "title": _text(200, required=True),
    "requirement": _text(required=True),
    "kind": _choice("result", "process"),
    "dimension": Item(Is.WORD, most=60),
    "commitment": _to("commitments"),
    "direction": DIRECTION,
    "target": NUMBER,
    "tolerance": NUMBER,
    "measured_in": _text(20),
    "case": Item(Is.TABLE, of=CASE),
    "unacceptable": NUMBER,
    "reaction": _text(),
    "sampling": _text(),
    "frequency": _choice("case", "day", "week", "month", "quarter", "year"),
    "remedy": _text(),
    "basis": Item(Is.ROWS, of=BASIS),
}
INDICATOR = {
    "key": KEY,
    "name": _text(200, required=True),
    "description": _text(),
    "dataset": _to("datasets", required=True),
    "standard": _to("standards"),
    "measure": _choice(
        "proportion",
        "counted",
        "mean",
        "percentile",
        "count",
        "sum",
        "rate",
        "ratio",
        "nps",
        required=True,
    ),
    "numerator": _text(500),
    "denominator": _text(500),
    "value": _text(500),
    "quantile": NUMBER,
    "condition": _text(500),
    "segments": Item(Is.WORD, most=200),
    "period": _choice("day", "week", "month", "quarter", "year"),
    "better": _choice("up", "down", "none"),
    "measured_in": _text(20),
    "multiplier": NUMBER,
}
OBJECTIVE = {
    "key": KEY,
    "title": _text(200, required=True),
    "commitment": _to("commitments"),
    "indicator": _to("indicators"),
    "direction": DIRECTION,
    "target": NUMBER,
    "measured_in": _text(20),
    "months": WHOLE,
    "resources": _text(),
    "evaluation": _text(),
}
PACK = {
    "pack": KEY,
    "format": Item(Is.WHOLE, required=True),
    "version": WHOLE,
    "icon": Item(Is.WORD, most=40),
    "name": _text(200, required=True),
    "description": _text(),
    "policy": Item(Is.TABLE, of=POLICY),
    "datasets": Item(Is.ROWS, of=DATASET),
    "standards": Item(Is.ROWS, of=STANDARD),
    "indicators": Item(Is.ROWS, of=INDICATOR),
    "objectives": Item(Is.ROWS, of=OBJECTIVE),
}
# In the order in which each needs those before it.
SECTIONS = ("policy", "commitments", "datasets", "standards", "indicators", "objectives")
