"""The words of an expression and where each begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from calidez.engine.errors import ExpressionError

PATTERN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?(?![\w.]))
      | (?P<text>'(?:[^']|'')*')
      | (?P<curly>‘[^’]*’|“[^”]*”|«[^»]*»)
      | (?P<quoted>"(?:[^"]|"")*")
      | (?P<word>[^\W\d]\w*)
      | (?P<symbol><>|!=|<=|>=|==|[-+*/%(),;=<>≤≥≠])""",
    re.VERBOSE,
)
# What people write, or their program for them, in place of the signs of the language.
SIGNS = {"≤": "<=", "≥": ">=", "≠": "<>"}


@dataclass(frozen=True)
class Token:
    """`kind` is number, text, name (quoted), word, symbol or end; `written` is what stands in the expression."""

    kind: str
    text: str
    position: int
    written: str = ""

    @property
    def end(self) -> int:
        return self.position + len(self.written)


def tokens(expression: str) -> Iterator[Token]:
    position = 0
    while position < len(expression):
        match = PATTERN.match(expression, position)
        if not match:
            _refuse(expression, position)
            return
        kind, found = str(match.lastgroup), match.group()
        if kind == "text":
            yield Token("text", found[1:-1].replace("''", "'"), position, found)
        elif kind == "quoted":
            yield Token("name", found[1:-1].replace('""', '"'), position, found)
        elif kind == "curly":
            yield Token("name", found[1:-1], position, found)
        elif kind == "symbol":
            yield Token("symbol", SIGNS.get(found, found), position, found)
        elif kind != "space":
            yield Token(kind, found, position, found)
        position = match.end()
    yield Token("end", "", len(expression))


def _refuse(expression: str, position: int) -> None:
    character = expression[position]
    if character in "'\"‘“«":
        raise ExpressionError("unclosed_text", position=position)
    raise ExpressionError("unexpected_character", position=position, character=character)
