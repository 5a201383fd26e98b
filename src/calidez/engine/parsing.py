"""How a cell of text becomes a value, as DuckDB expressions: strict, so that nothing is rounded or guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from calidez.engine import written_dates
from calidez.engine.connection import literal
from calidez.engine.errors import EngineError
from calidez.engine.nothing_there import WORDS
from calidez.engine.schema import Column, ColumnType, DateOrder
from calidez.engine.written_dates import BLANKS

MISSING = rf"(?i)[\s\x{{A0}}]*({WORDS})?[\s\x{{A0}}]*"
TRUE = ("true", "t", "yes", "y", "1", "si", "sí", "s", "verdadero", "v", "x")
FALSE = ("false", "f", "no", "n", "0", "falso")

STORAGE = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMPTZ",
}
CODE = {
    ColumnType.INTEGER: "bad_integer",
    ColumnType.NUMBER: "bad_number",
    ColumnType.BOOLEAN: "bad_boolean",
    ColumnType.DATE: "bad_date",
    ColumnType.TIMESTAMP: "bad_timestamp",
}
# A number that stands for a stretch of time, kept as seconds; of two parts somebody says which they are.
DURATION, DURATION_HM, DURATION_MS = "duration", "duration_hm", "duration_ms"
DURATIONS = (DURATION, DURATION_HM, DURATION_MS)


def branch_value(value: str, branch_map: Mapping[str, str]) -> str:
    """The branch as the organisation calls it, where the file calls it otherwise."""
    cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in branch_map.items())
    return f"CASE {value} {cases} ELSE {value} END"


def value_expression(column: Column, cell: str) -> str:
    match column.type:
        case ColumnType.TEXT:
            return text(cell)
        case ColumnType.INTEGER:
            return integer(cell, column.decimal)
        case ColumnType.NUMBER:
            return _written_number(cell, column)
        case ColumnType.BOOLEAN:
            return boolean(cell)
        case ColumnType.DATE:
            return written_dates.day(cell, order_of(column), column.form)
        case ColumnType.TIMESTAMP:
            return written_dates.moment(cell, order_of(column), column.zone, column.form)


def _written_number(cell: str, column: Column) -> str:
    if column.form in DURATIONS:
        return duration(cell, column.form)
    if column.form:
        return affixed(cell, column.decimal, column.form)
    return number(cell, column.decimal)


def value_of_parts(column: Column, cells: Sequence[str]) -> str:
    """A day whose month, or a moment whose time of day, stands in a column of its own."""
    *days, last = cells
    if column.type is ColumnType.TIMESTAMP:
        day = _side_by_side(days)
        return written_dates.moment_of_parts(day, last, order_of(column), column.zone, column.form)
    return value_expression(column, _side_by_side(cells))


def shown_time(column: Column, cells: Sequence[str]) -> str:
    """What the clock showed, of a column of moments."""
    if not column.joined:
        return written_dates.clock_time(cells[0], order_of(column), column.form)
    *days, last = cells
    return written_dates.clock_time_of_parts(_side_by_side(days), last, order_of(column), column.form)


def _side_by_side(cells: Sequence[str]) -> str:
    """In one text, with a space between; whole numbers that a spreadsheet wrote as 2024.0 are whole."""
    if len(cells) == 1:
        return cells[0]
    bare = (f"regexp_replace(trim({cell}, {BLANKS}), '^([0-9]+)[.]0+$', '\\1')" for cell in cells)
    return "(" + " || ' ' || ".join(bare) + ")"


def with_missing(cell: str, missing: Collection[str]) -> str:
    """The cell, empty where it holds one of the words that stand for nothing in this column."""
    if not missing:
        return cell
    words = ", ".join(literal(word.casefold()) for word in missing)
    return f"CASE WHEN lower(trim({cell}, {BLANKS})) IN ({words}) THEN '' ELSE {cell} END"


def reason_expression(
    column: Column,
    cell: str,
    value: str,
    *,
    required: bool = False,
    known_branches: Collection[str] | None = None,
) -> str:
    """NULL for a good cell. `value` names the parsed value, so that nothing is parsed twice."""
    empty = "'required_empty'" if required else "NULL::VARCHAR"
    if column.type is ColumnType.TEXT:
        return f"CASE WHEN {value} IS NULL THEN {empty} {_unknown(value, known_branches)} END"
    wrong = f"CASE WHEN {is_missing(cell)} THEN {empty} ELSE '{CODE[column.type]}' END"
    return f"CASE WHEN {value} IS NULL THEN {wrong} {_unknown(f'{value}::VARCHAR', known_branches)} END"


def text(cell: str) -> str:
    """Trimmed, empty is none; most cells have nothing to trim, and looking is cheaper than trimming."""
    edges = " OR ".join(f"suffix({cell}, {literal(blank)})" for blank in " \t\n\u00a0")
    return f"CASE WHEN ascii({cell}) <= 32 OR ascii({cell}) = 160 OR {edges} THEN NULLIF(trim({cell}, {BLANKS}), '') ELSE {cell} END"


def is_missing(cell: str) -> str:
    """One expression that names the cell's words once: what is repeated inside a CASE is computed for every row."""
    return f"CASE WHEN {cell} = '' THEN true ELSE {cell} IS NULL OR regexp_full_match({cell}, {literal(MISSING)}) END"


def order_of(column: Column) -> DateOrder:
    if column.form:
        return "ymd"  # which is not asked of a form: it says it itself
    if column.date_order is None:
        raise EngineError("date_order_needed", column=column.source or column.name)
    return column.date_order


def _unknown(value: str, known: Collection[str] | None) -> str:
    if known is None:
        return ""
    if not known:
        return "ELSE 'unknown_branch'"
    names = ", ".join(literal(name) for name in sorted(known))
    return f"WHEN {value} NOT IN ({names}) THEN 'unknown_branch'"


# Numbers

SPACES = " ''\u00a0\u202f"


def integer(cell: str, decimal: str = ".") -> str:
    """Whole numbers; 12.0 is whole, 12.5 is refused where a cast would round it."""
    plain = f"regexp_full_match({cell}, ' *[+-]?[0-9]+ *')"
    point, group = ("[.]", SPACES + ",") if decimal == "." else (",", SPACES + ".")
    whole = (
        f"regexp_full_match({cell}, '\\s*[+-]?([0-9]+|[0-9]{{1,3}}([{group}][0-9]{{3}})+)({point}0*)?\\s*')"
    )
    bare = f"regexp_replace(regexp_replace({cell}, '{point}0*\\s*$', ''), '[{group}\\s]', '', 'g')"
    return (
        f"CASE WHEN {plain} THEN TRY_CAST({cell} AS BIGINT) WHEN {whole} THEN TRY_CAST({bare} AS BIGINT) END"
    )


def number(cell: str, decimal: str = ".") -> str:
    """Finite numbers; groups of three digits may be marked with the other sign, a point, a space or an apostrophe.

    A minus may stand behind, as ledgers write it, or the number in brackets.
    """
    if decimal == ",":
        return _decimal_comma(cell)
    cast = f"TRY_CAST({cell} AS DOUBLE)"
    grouped = (
        f"regexp_full_match({cell}, '\\s*[+-]?[0-9]{{1,3}}([, '' \u00a0\u202f][0-9]{{3}})+(\\.[0-9]+)?\\s*')"
    )
    bare = f"regexp_replace({cell}, '[, ''\\s\u00a0\u202f]', '', 'g')"
    return (
        f"CASE WHEN {cast} IS NULL THEN CASE WHEN {grouped} THEN TRY_CAST({bare} AS DOUBLE) "
        f"WHEN {_is_turned(cell, '.')} THEN -TRY_CAST(regexp_replace({cell}, '[^0-9.]', '', 'g') AS DOUBLE) END "
        f"WHEN isfinite({cast}) AND NOT contains({cell}, '_') THEN {cast} END"
    )


def _decimal_comma(cell: str) -> str:
    simple = f"regexp_full_match({cell}, '\\s*[+-]?[0-9]*(,[0-9]*)?([eE][+-]?[0-9]+)?\\s*')"
    grouped = (
        f"regexp_full_match({cell}, '\\s*[+-]?[0-9]{{1,3}}([. ''\u00a0\u202f][0-9]{{3}})+(,[0-9]*)?\\s*')"
    )
    bare = f"replace(regexp_replace({cell}, '[. ''\\s\u00a0\u202f]', '', 'g'), ',', '.')"
    turned = f"replace(regexp_replace({cell}, '[^0-9,]', '', 'g'), ',', '.')"
    return (
        f"CASE WHEN {simple} THEN TRY_CAST(replace({cell}, ',', '.') AS DOUBLE) "
        f"WHEN {grouped} THEN TRY_CAST({bare} AS DOUBLE) "
        f"WHEN {_is_turned(cell, ',')} THEN -TRY_CAST({turned} AS DOUBLE) END"
    )


def _is_turned(cell: str, decimal: str) -> str:
    """Whether it is a negative number written 1,234.50- or (1,234.50)."""
    group = SPACES + ("," if decimal == "." else ".")
    plain = f"([0-9]+|[0-9]{{1,3}}([{group}][0-9]{{3}})+)([{decimal}][0-9]*)?"
    return f"regexp_full_match({cell}, '\\s*({plain} ?-|[(] ?{plain} ?[)])\\s*')"


def affixed(cell: str, decimal: str, affix: str) -> str:
    """A number with a sign or word before or behind it: 93,5 %, 12 min, $ 1.200,50. Zero needs none, and neither does
    any number but a percentage, which without its sign could be a share of one."""
    word = affix.casefold()
    trimmed = f"lower(trim({cell}, {BLANKS}))"
    bare = (
        f"CASE WHEN suffix({trimmed}, {literal(word)}) THEN left({trimmed}, length({trimmed}) - {len(word)}) "
        f"WHEN prefix({trimmed}, {literal(word)}) THEN substr({trimmed}, {len(word) + 1}) "
        f"WHEN prefix({trimmed}, {literal('-' + word)}) THEN '-' || substr({trimmed}, {len(word) + 2}) "
        f"{'' if word == '%' else f'ELSE {trimmed} '}END"
    )
    told = f"list_transform([trim({bare}, {BLANKS})], lambda n: {number('n', decimal)})[1]"
    if word != "%":
        return told
    return f"CASE WHEN regexp_full_match({cell}, '\\s*0+([.,]0+)?\\s*') THEN 0::DOUBLE ELSE {told} END"


def duration(cell: str, form: str = DURATION) -> str:
    """Seconds, from 1:02:03, 27:30:00, 2 days 03:00:00, 1.02:03:04, PT3M15S or 3 min 15 s; of two parts as `form` says."""
    clock = r"^([+-]?)(?:([0-9]+)(?: ?d[ií]as?,?| ?days?,?| ?d,?|\.) ?)?([0-9]+):([0-5]?[0-9]):([0-5]?[0-9](?:[.,][0-9]+)?)$"
    words = (
        r"^(?:pt?)?(?:([0-9]+(?:[.,][0-9]+)?) ?(?:d|d[ií]as?|days?)[ ,t]*)?(?:([0-9]+(?:[.,][0-9]+)?) ?(?:h|hrs?|horas?|hours?)[ ,]*)?"
        r"(?:([0-9]+(?:[.,][0-9]+)?) ?(?:m|min|mins|minutos?|minutes?|'|’)[ ,]*)?"
        r"(?:([0-9]+(?:[.,][0-9]+)?) ?(?:s|seg|segs|sec|secs|segundos?|seconds?|\"|”|''))?$"
    )
    two = r"^([0-9]+):([0-5]?[0-9](?:[.,][0-9]+)?)$"
    sign = "CASE WHEN g.sign = '-' THEN -1 ELSE 1 END"
    by_clock = _taken_apart(
        "d", clock, ("sign", "d", "h", "m", "s"), f"{sign} * ({_seconds('d', 'h', 'm', 's')})", "g.h <> ''"
    )
    by_words = _taken_apart(
        "d", words, ("d", "h", "m", "s"), _seconds("d", "h", "m", "s"), "regexp_matches(d, '[a-z''\"’”]')"
    )
    by_two = ""
    if parts := {DURATION_HM: ("h", "m"), DURATION_MS: ("m", "s")}.get(form):
        filled = f"g.{parts[0]} <> ''"
        by_two = ", " + _taken_apart("d", two, parts, _seconds(*parts), filled)
    zero = "CASE WHEN regexp_full_match(d, '0+([.,]0+)?') THEN 0::DOUBLE END"
    any_ = f"COALESCE({by_clock}{by_two}, {by_words}, {zero})"
    return f"list_transform([lower(trim({cell}, {BLANKS}))], lambda d: {any_})[1]"


def _taken_apart(text_: str, pattern: str, names: Sequence[str], value: str, where: str) -> str:
    """`value` of the pattern's groups, taken out once as `g`, where the text is as the pattern says and `where` is true."""
    listed = ", ".join(literal(name) for name in names)
    groups = f"regexp_extract({text_}, {literal(pattern)}, [{listed}])"
    told = f"CASE WHEN {where} AND regexp_full_match({text_}, {literal(pattern)}) THEN {value} END"
    return f"list_transform([{groups}], lambda g: {told})[1]"


def _seconds(*parts: str) -> str:
    each = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}

    def count(part: str) -> str:
        return f"COALESCE(TRY_CAST(replace(NULLIF(g.{part}, ''), ',', '.') AS DOUBLE), 0) * {each[part]}"

    return " + ".join(count(part) for part in parts)


def boolean(cell: str) -> str:
    word = f"lower(trim({cell}, {BLANKS}))"
    true = ", ".join(literal(item) for item in TRUE)
    false = ", ".join(literal(item) for item in FALSE)
    return f"CASE WHEN {word} IN ({true}) THEN true WHEN {word} IN ({false}) THEN false END"
