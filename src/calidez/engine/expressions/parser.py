"""Reads an expression: every name must be in the schema and every type must fit, or it is refused with its place."""

from __future__ import annotations

from datetime import UTC, date, datetime

from calidez.engine.errors import ExpressionError
from calidez.engine.expressions.cursor import Cursor, Edit, nearest
from calidez.engine.expressions.functions import FUNCTIONS, Function
from calidez.engine.expressions.nodes import Call, ColumnRef, Literal, Node, ValueType, size
from calidez.engine.expressions.tokens import Token, tokens
from calidez.engine.schema import Schema

LENGTH_LIMIT = 4000
MOST_PIECES, MOST_DEPTH = 2_500, 80  # of the statement; a long expression has some hundred pieces
COMPARISONS = {"=": "=", "==": "=", "!=": "<>", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
RESERVED = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "between",
        "is",
        "null",
        "like",
        "case",
        "when",
        "then",
        "else",
        "end",
        "true",
        "false",
        "date",
        "timestamp",
    ]
)
B, N, T, NULL = ValueType.BOOLEAN, ValueType.NUMBER, ValueType.TEXT, ValueType.NULL


def parse_expression(text: str, schema: Schema, *, expect: ValueType | None = None) -> Node:
    """The checked tree of `text`; with `expect`, its type must be that."""
    return _read(text, schema, expect)[0]


def canonical(text: str, schema: Schema) -> str:
    """The same expression with Spanish words, decimal commas and other quotes written as the language writes them.

    What is written so already stays as it is, blanks included: an expression is changed only where it must be.
    """
    _node, edits = _read(text, schema, None)
    for start, end, written in sorted(set(edits), reverse=True):
        text = text[:start] + written + text[end:]
    return text


def _read(text: str, schema: Schema, expect: ValueType | None) -> tuple[Node, list[Edit]]:
    if not text.strip():
        raise ExpressionError("expression_empty", position=0)
    if len(text) > LENGTH_LIMIT:
        raise ExpressionError("expression_too_long", position=LENGTH_LIMIT, limit=LENGTH_LIMIT)
    parser = _Parser(list(tokens(text)), schema)
    node = parser.whole()
    pieces, depth = size(node)
    if pieces > MOST_PIECES or depth > MOST_DEPTH:
        raise ExpressionError("expression_too_deep", position=0)
    if expect and node.type is not expect:
        raise ExpressionError("wrong_type", position=0, found=node.type, expected=expect)
    return node, parser.edits


class _Parser(Cursor):
    def whole(self) -> Node:
        node = self._or()
        if self._here.kind != "end":
            self._unexpected()
        return node

    # Conditions

    def _or(self) -> Node:
        self._deeper()
        node = self._and()
        while self._word("or"):
            node = self._joined("or", node, self._and)
        self.depth -= 1
        return node

    def _and(self) -> Node:
        node = self._not()
        while self._word("and"):
            node = self._joined("and", node, self._not)
        return node

    def _joined(self, word: str, left: Node, read) -> Node:  # type: ignore[no-untyped-def]
        place = self._here.position
        right = read()
        self._expect(left, B, place)
        self._expect(right, B, place)
        return Call(word, (left, right), B)

    def _not(self) -> Node:
        self._deeper()
        if not self._is_operand() and self._word("not"):
            place = self._here.position
            operand = self._not()
            self._expect(operand, B, place)
            node: Node = Call("not", (operand,), B)
        else:
            node = self._predicate()
        self.depth -= 1
        return node

    def _predicate(self) -> Node:
        left = self._sum()
        place = self._here.position
        outer, self.beside_text = self.beside_text, isinstance(left, ColumnRef) and left.type is T
        node = self._of(left, place)
        self.beside_text = outer
        return node

    def _of(self, left: Node, place: int) -> Node:
        """What is said of the value on the left; the value itself where nothing is."""
        if self._here.kind == "symbol" and self._here.text in COMPARISONS:
            operator = COMPARISONS[self._advance().text]
            right = self._sum()
            return self._compared(operator, left, right, place)
        if self._is_not():
            return self._negated(self._is(left, place), True)
        if self._word("is"):
            negated = self._word("not")
            return self._negated(self._is(left, place), negated)
        negated = self._word("not")
        if self._word("in"):
            return self._negated(self._in(left), negated)
        if self._word("between"):
            return self._negated(self._between(left, place), negated)
        if self._word("like"):
            return self._negated(self._like(left, place), negated)
        if negated:
            self._unexpected()
        return left

    def _negated(self, node: Node, negated: bool) -> Node:
        return Call("not", (node,), B) if negated else node

    def _is(self, left: Node, place: int) -> Node:
        if self._word("null"):
            return Call("is null", (left,), B)
        for word in ("true", "false"):
            if self._word(word):
                self._expect(left, B, place)
                return Call(f"is {word}", (left,), B)
        return self._unexpected()

    def _in(self, left: Node) -> Node:
        self._open_list()
        options = [self._option(left)]
        while self._separator():
            options.append(self._option(left))
        self._close_list()
        return Call("in", (left, *options), B)

    def _option(self, left: Node) -> Node:
        place = self._here.position
        option = self._sum()
        if option.type is NULL:
            raise ExpressionError("wrong_type", position=place, found=NULL, expected=left.type)
        return self._agreeing(left, option, place)[1]

    def _between(self, left: Node, place: int) -> Node:
        low = self._sum()
        if not self._word("and"):
            self._unexpected()
        high = self._sum()
        return Call(
            "and", (self._compared(">=", left, low, place), self._compared("<=", left, high, place)), B
        )

    def _like(self, left: Node, place: int) -> Node:
        pattern = self._here
        if pattern.kind == "name":
            self._as_text(pattern)
        elif pattern.kind != "text":
            self._unexpected()
        if "\\" in pattern.text:
            # Engines disagree about what a backslash in a pattern means.
            raise ExpressionError("unexpected_character", position=pattern.position, character="\\")
        self._advance()
        self._expect(left, T, place)
        return Call("like", (left, Literal(pattern.text, T)), B)

    def _compared(self, operator: str, left: Node, right: Node, place: int) -> Node:
        left, right = self._agreeing(left, right, place)
        if left.type is B and operator not in ("=", "<>"):
            raise ExpressionError("wrong_type", position=place, found=B, expected=N)
        return Call(operator, (left, right), B)

    # Numbers

    def _sum(self) -> Node:
        self._deeper()
        node = self._product()
        while self._here.kind == "symbol" and self._here.text in "+-":
            node = self._arithmetic(node, self._product)
        self.depth -= 1
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self._here.kind == "symbol" and self._here.text in "*/%":
            node = self._arithmetic(node, self._signed)
        return node

    def _arithmetic(self, left: Node, read) -> Node:  # type: ignore[no-untyped-def]
        operator = self._advance()
        right = read()
        self._expect(left, N, operator.position)
        self._expect(right, N, operator.position)
        return Call(operator.text, (left, right), N)

    def _signed(self) -> Node:
        if self._here.kind == "symbol" and self._here.text in "+-":
            sign = self._advance()
            self._deeper()
            operand = self._signed()
            self.depth -= 1
            self._expect(operand, N, sign.position)
            if sign.text == "+":
                return operand
            if isinstance(operand, Literal) and isinstance(operand.value, float):
                return Literal(-operand.value, N)
            return Call("negative", (operand,), N)
        return self._primary()

    # The smallest parts

    def _primary(self) -> Node:
        token = self._here
        if token.kind == "symbol" and token.text == "(":
            self._advance()
            self.separators.append("")
            node = self._or()
            self._symbol(")")
            self.separators.pop()
            return node
        if token.kind == "number":
            self._advance()
            decimal = self._with_comma(token)
            return Literal(self._number(token) if decimal is None else decimal, N)
        if token.kind == "text":
            self._advance()
            return Literal(token.text, T)
        if token.kind == "name":
            self._advance()
            if self._known(token.text) is None:
                return self._as_text(token)
            if not token.written.startswith('"'):
                self.edits.append((token.position, token.end, f'"{token.text}"'))
            return self._column(token)
        if token.kind == "word":
            return self._named()
        return self._unexpected()

    def _as_text(self, token: Token) -> Literal:
        """Quotes of the other kind around what is no column hold a text."""
        written = "'" + token.text.replace("'", "''") + "'"
        self.edits.append((token.position, token.end, written))
        return Literal(token.text, T)

    def _named(self) -> Node:
        token = self._advance()
        word = self._english(token)
        if word in ("true", "false"):
            return Literal(word == "true", B)
        if word == "null":
            return Literal(None, NULL)
        if word == "case":
            return self._case()
        if word in ("date", "timestamp") and self._here.kind == "text":
            return self._moment(word)
        if self._here.kind == "symbol" and self._here.text == "(":
            return self._call(token)
        if word in RESERVED and not self.schema.column(token.text):
            self.next -= 1
            return self._unexpected()
        return self._column(token)

    def _column(self, token: Token) -> Node:
        column = self._known(token.text)
        if not column:
            raise self._no_column(token)
        return ColumnRef(column.name, ValueType.of(column.type))

    def _no_column(self, token: Token) -> ExpressionError:
        if self.beside_text:
            return ExpressionError("unquoted_text", position=token.position, text=self._phrase(token))
        near = nearest(token.text, self.schema)
        if near is None:
            return ExpressionError("unknown_column", position=token.position, column=token.text)
        return ExpressionError(
            "unknown_column_near", position=token.position, column=token.text, nearest=near
        )

    def _moment(self, word: str) -> Node:
        token = self._advance()
        return _moment_literal(token.text, word == "date", token.position)

    def _call(self, token: Token) -> Node:
        name = token.text.lower()
        function = FUNCTIONS.get(name)
        if not function:
            raise ExpressionError("unknown_function", position=token.position, function=token.text)
        outer, self.beside_text = self.beside_text, False
        self._open_list()
        arguments = [self._or()]
        while self._separator():
            arguments.append(self._or())
        self._close_list()
        self.beside_text = outer
        return self._checked(name, function, arguments, token)

    def _checked(self, name: str, function: Function, arguments: list[Node], token: Token) -> Node:
        wrong = ExpressionError("wrong_arguments", position=token.position, function=name)
        if not function.least <= len(arguments) <= function.most:
            raise wrong
        for n, argument in enumerate(arguments):
            takes = function.takes[min(n, len(function.takes) - 1)]
            if argument.type not in takes and argument.type is not NULL:
                raise wrong
        if name == "round" and len(arguments) == 2:
            digits = arguments[1]
            if not (isinstance(digits, Literal) and digits.value in (0, 1, 2, 3, 4, 5, 6)):
                raise wrong
        if function.gives:
            return Call(name, tuple(arguments), function.gives)
        type_ = self._common(arguments, token.position)
        return Call(name, tuple(arguments), type_)

    def _case(self) -> Node:
        start = self.tokens[self.next - 1].position
        parts: list[Node] = []
        while self._word("when"):
            place = self._here.position
            condition = self._or()
            self._expect(condition, B, place)
            if not self._word("then"):
                self._unexpected()
            parts += [condition, self._or()]
        if not parts:
            self._unexpected()
        parts.append(self._or() if self._word("else") else Literal(None, NULL))
        if not self._word("end"):
            self._unexpected()
        results = [*parts[1:-1:2], parts[-1]]
        return Call("case", tuple(parts), self._common(results, start))

    # Types

    def _common(self, nodes: list[Node], place: int) -> ValueType:
        found = {node.type for node in nodes} - {NULL}
        if not found:
            return NULL
        if len(found) > 1:
            first, second = sorted(found)[:2]
            raise ExpressionError("wrong_type", position=place, found=second, expected=first)
        return found.pop()

    def _agreeing(self, left: Node, right: Node, place: int) -> tuple[Node, Node]:
        """Both sides with one type; a text beside a date is read as a date."""
        left, right = _as_moment(left, right, place), _as_moment(right, left, place)
        moments = {ValueType.DATE, ValueType.TIMESTAMP}
        if {left.type, right.type} != moments:
            self._common([left, right], place)
        return left, right

    def _expect(self, node: Node, type_: ValueType, place: int) -> None:
        if node.type not in (type_, NULL):
            raise ExpressionError("wrong_type", position=place, found=node.type, expected=type_)


def _as_moment(node: Node, other: Node, place: int) -> Node:
    if not (
        isinstance(node, Literal) and node.type is T and other.type in (ValueType.DATE, ValueType.TIMESTAMP)
    ):
        return node
    return _moment_literal(str(node.value), other.type is ValueType.DATE, place)


def _moment_literal(text: str, is_date: bool, place: int) -> Literal:
    try:
        if is_date:
            return Literal(date.fromisoformat(text), ValueType.DATE)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        kind = ValueType.DATE if is_date else ValueType.TIMESTAMP
        raise ExpressionError("wrong_type", position=place, found=repr(text), expected=kind) from error
    # Without an offset it is UTC, as the stored moments are.
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return Literal(aware, ValueType.TIMESTAMP)
