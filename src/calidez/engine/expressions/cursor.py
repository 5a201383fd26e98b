"""Where a reader stands among the words of an expression, and how the same is written in Spanish or otherwise."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NoReturn

from calidez.engine.errors import ExpressionError
from calidez.engine.expressions.tokens import Token
from calidez.engine.schema import Column, Schema

EXACT_DOUBLES = 2**53  # the whole numbers up to here are doubles
DEPTH_LIMIT = 150
Edit = tuple[int, int, str]  # from, to, and what is written there instead
# The words of the language as they are said in Spanish; each is read where no column could stand, or where none is called so.
SPANISH = {
    "and": ("y",),
    "or": ("o",),
    "not": ("no",),
    "in": ("en",),
    "between": ("entre",),
    "is": ("es", "está", "esta"),
    "null": ("nulo", "nula", "vacío", "vacía", "vacio", "vacia"),
    "like": ("como",),
    "true": ("verdadero", "verdadera"),
    "false": ("falso", "falsa"),
}
ENGLISH = {said: word for word, all_said in SPANISH.items() for said in all_said}
JOINING = frozenset({"and", "or", "in", "between", "is", "like", "then", "else", "end", "when"})


class Cursor:
    """The next word, what it may be called besides, and what has to be written otherwise."""

    def __init__(self, found: list[Token], schema: Schema) -> None:
        self.tokens = found
        self.next = 0
        self.depth = 0
        self.schema = schema
        self.edits: list[Edit] = [
            (t.position, t.end, t.text) for t in found if t.kind == "symbol" and t.text != t.written
        ]
        self.separators: list[str] = [""]  # of the brackets that are open; empty: no list
        self.beside_text = False  # the other side of a comparison is a column of texts

    @property
    def _here(self) -> Token:
        return self.tokens[self.next]

    def _advance(self) -> Token:
        token = self._here
        self.next += 1
        return token

    def _word(self, word: str) -> bool:
        token = self._here
        if token.kind != "word":
            return False
        said = token.text.lower()
        if said == word:
            self.next += 1
            return True
        if said not in SPANISH.get(word, ()):
            return False
        self.edits.append((token.position, token.end, word))
        self.next += 1
        return True

    def _is_operand(self) -> bool:
        """Whether “no” is the column that is called so: nothing follows that could be denied."""
        if self._known(self._here.text) is None:
            return False
        following = self.tokens[self.next + 1]
        word = following.text.lower()
        starts = following.kind in ("number", "text", "name") or following.text == "("
        return not (starts or (following.kind == "word" and ENGLISH.get(word, word) not in JOINING))

    def _open_list(self) -> None:
        """Semicolons separate where there are any; commas do with a blank behind them, or where no decimal could be meant."""
        self._symbol("(")
        depth, commas, semicolons = 1, [], False
        for place in range(self.next, len(self.tokens)):
            token = self.tokens[place]
            depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "symbol" else 0
            if not depth:
                break
            if token.kind == "symbol" and depth == 1:
                semicolons |= token.text == ";"
                commas += [place] if token.text == "," else []
        tight = [c for c in commas if self._decimal_at(c - 1)]
        loose = [c for c in commas if self.tokens[c].end != self.tokens[c + 1].position]
        self.separators.append(";" if semicolons else "?" if tight and loose else ",")

    def _separator(self) -> bool:
        token = self._here
        if token.kind != "symbol" or token.text != (";" if self.separators[-1] == ";" else ","):
            return False
        if token.text == ";":
            self.edits.append((token.position, token.end, ","))
        self.next += 1
        return True

    def _close_list(self) -> None:
        self._symbol(")")
        self.separators.pop()

    def _symbol_if(self, symbol: str) -> bool:
        if self._here.kind == "symbol" and self._here.text == symbol:
            self.next += 1
            return True
        return False

    def _symbol(self, symbol: str) -> None:
        if not self._symbol_if(symbol):
            self._unexpected()

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise ExpressionError("expression_too_deep", position=self._here.position)

    def _unexpected(self) -> NoReturn:
        if self._here.kind == "end":
            raise ExpressionError("unexpected_end", position=self._here.position)
        if self._here.text == ";":  # it separates the values of a list and ends nothing
            raise ExpressionError("unexpected_character", position=self._here.position, character=";")
        raise ExpressionError("unexpected_token", position=self._here.position, token=self._here.text)

    # Other ways to write the same

    def _is_not(self) -> bool:
        """“no es nulo”: Spanish says the no first."""
        first, second = self._here, self.tokens[min(self.next + 1, len(self.tokens) - 1)]
        if first.kind != "word" or first.text.lower() != "no" or second.kind != "word":
            return False
        if second.text.lower() not in SPANISH["is"]:
            return False
        self.edits.append((first.position, second.end, "is not"))
        self.next += 2
        return True

    def _with_comma(self, token: Token) -> float | None:
        """20,5 with nothing between the digits and the comma is a decimal, unless commas separate a list here."""
        if not self._decimal_at(self.next - 1):
            return None
        if self.separators[-1] == ",":
            return None
        decimals = self.tokens[self.next + 1]
        if self.separators[-1] == "?":
            raise ExpressionError(
                "ambiguous_comma", position=token.position, number=f"{token.text},{decimals.text}"
            )
        self.next += 2
        self.edits.append((token.end, decimals.position, "."))
        return float(f"{token.text}.{decimals.text}")

    def _decimal_at(self, place: int) -> bool:
        if place + 2 >= len(self.tokens):
            return False
        whole, comma, decimals = self.tokens[place : place + 3]
        return (
            whole.kind == decimals.kind == "number"
            and whole.text.isdigit()
            and decimals.text.isdigit()
            and comma.text == ","
            and whole.end == comma.position
            and comma.end == decimals.position
        )

    def _number(self, token: Token) -> float:
        if token.text.isdigit() and int(token.text) >= EXACT_DOUBLES:
            # Beyond these doubles skip whole numbers, and a key of a system may be one that they skip.
            return int(token.text)
        value = float(token.text)
        if value in (float("inf"), float("-inf")):
            raise ExpressionError("unexpected_token", position=token.position, token=token.text)
        return value

    def _english(self, token: Token) -> str:
        """The word of the language that is meant where a value may stand; a column that is called so comes first."""
        word = token.text.lower()
        if self._known(token.text) is not None or word not in ENGLISH:
            return word
        english = ENGLISH[word]
        if english in ("true", "false", "null"):
            self.edits.append((token.position, token.end, english))
            return english
        return word

    # Columns

    def _known(self, name: str) -> Column | None:
        return self.schema.column(name) or self.schema.column(name.lower())

    def _phrase(self, token: Token) -> str:
        """The words that stand together: what was meant as one text."""
        words = [token.text]
        for following in self.tokens[self.next :]:
            word = following.text.lower()
            if following.kind != "word" or ENGLISH.get(word, word) in JOINING:
                break
            words.append(following.text)
        return " ".join(words)


def nearest(word: str, schema: Schema) -> str | None:
    """The column whose name, or whose heading in the file, is written most like `word`."""
    names = {one.casefold(): c.name for c in schema.stored for one in (c.source, c.name)}
    found = get_close_matches(word.casefold(), list(names), n=1, cutoff=0.6)
    return names[found[0]] if found else None
