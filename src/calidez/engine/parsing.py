"""How a cell of text becomes a value, as DuckDB expressions: strict, so that nothing is rounded or guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from calidez.engine.connection import literal
from calidez.engine.errors import EngineError
from calidez.engine.schema import Column, ColumnType, DateOrder

MISSING = r"(?i)[\s\x{A0}]*(na|n/a|#n/a|null|none|nan|-|--)?[\s\x{A0}]*"
TRUE = ("true", "t", "yes", "y", "1", "si", "sí", "s", "verdadero", "v", "x")
FALSE = ("false", "f", "no", "n", "0", "falso")
EARLIEST, LATEST = "1800-01-01", "2200-01-01"

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
# Day and month with the year last; a year of two digits is of this century or the last (69 turns).
DAY_FORMATS: dict[str, tuple[str, ...]] = {
    "dmy": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y", "%m.%d.%y"),
}
NUMERIC_DAY = "[0-9]{1,2}[-/.][0-9]{1,2}[-/.]"
MIDNIGHT = "( 0?0:00(:00)?)?"
NAMED_MONTHS = ("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y")
CLOCKS = (" %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")


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
            return number(cell, column.decimal)
        case ColumnType.BOOLEAN:
            return boolean(cell)
        case ColumnType.DATE:
            return date(cell, _order(column))
        case ColumnType.TIMESTAMP:
            return timestamp(cell, _order(column), column.zone)


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


BLANKS = "' \t\n\r\u00a0'"


def text(cell: str) -> str:
    """Trimmed, empty is none; most cells have nothing to trim, and looking is cheaper than trimming."""
    edges = " OR ".join(f"suffix({cell}, {literal(blank)})" for blank in " \t\n\u00a0")
    return f"CASE WHEN ascii({cell}) <= 32 OR ascii({cell}) = 160 OR {edges} THEN NULLIF(trim({cell}, {BLANKS}), '') ELSE {cell} END"


def is_missing(cell: str) -> str:
    """One expression that names the cell's words once: what is repeated inside a CASE is computed for every row."""
    return f"CASE WHEN {cell} = '' THEN true ELSE {cell} IS NULL OR regexp_full_match({cell}, {literal(MISSING)}) END"


def _order(column: Column) -> DateOrder:
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
    """Finite numbers; groups of three digits may be marked with the other sign, a point, a space or an apostrophe."""
    if decimal == ",":
        return _decimal_comma(cell)
    cast = f"TRY_CAST({cell} AS DOUBLE)"
    grouped = (
        f"regexp_full_match({cell}, '\\s*[+-]?[0-9]{{1,3}}([, '' \u00a0\u202f][0-9]{{3}})+(\\.[0-9]+)?\\s*')"
    )
    bare = f"regexp_replace({cell}, '[, ''\\s\u00a0\u202f]', '', 'g')"
    return (
        f"CASE WHEN {cast} IS NULL THEN CASE WHEN {grouped} THEN TRY_CAST({bare} AS DOUBLE) END "
        f"WHEN isfinite({cast}) AND NOT contains({cell}, '_') THEN {cast} END"
    )


def _decimal_comma(cell: str) -> str:
    simple = f"regexp_full_match({cell}, '\\s*[+-]?[0-9]*(,[0-9]*)?([eE][+-]?[0-9]+)?\\s*')"
    grouped = (
        f"regexp_full_match({cell}, '\\s*[+-]?[0-9]{{1,3}}([. ''\u00a0\u202f][0-9]{{3}})+(,[0-9]*)?\\s*')"
    )
    bare = f"replace(regexp_replace({cell}, '[. ''\\s\u00a0\u202f]', '', 'g'), ',', '.')"
    return (
        f"CASE WHEN {simple} THEN TRY_CAST(replace({cell}, ',', '.') AS DOUBLE) "
        f"WHEN {grouped} THEN TRY_CAST({bare} AS DOUBLE) END"
    )


def boolean(cell: str) -> str:
    word = f"lower(trim({cell}, {BLANKS}))"
    true = ", ".join(literal(item) for item in TRUE)
    false = ", ".join(literal(item) for item in FALSE)
    return f"CASE WHEN {word} IN ({true}) THEN true WHEN {word} IN ({false}) THEN false END"


# Dates and times. A year of four digits in front is always year first; `order` says how the others are read.


def date(cell: str, order: str) -> str:
    day = f"trim({cell}, {BLANKS})"
    year_first = (
        f"CASE WHEN regexp_full_match({day}, '[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}([ T]00?:00(:00(\\.0+)?)?Z?)?') "
        f"THEN TRY_CAST(left({day}, 10) AS DATE) "
        f"WHEN regexp_full_match({day}, '[12][0-9]{{7}}') THEN CAST(try_strptime({day}, '%Y%m%d') AS DATE) "
        f"WHEN regexp_full_match({day}, '[12][0-9]{{5}}') THEN CAST(try_strptime({day} || '01', '%Y%m%d') AS DATE) "
        f"WHEN regexp_full_match({day}, '[12][0-9]{{3}}[-/][0-9]{{1,2}}') "
        f"THEN TRY_CAST(replace({day}, '/', '-') || '-01' AS DATE) "
        f"{_other_days(day, order)} END"
    )
    return _in_range(year_first, "DATE")


def _other_days(day: str, order: str) -> str:
    named = (
        f"WHEN regexp_matches({day}, '^[0-9]+[ -]\\pL|^\\pL+ [0-9]') "
        f"THEN CAST(try_strptime({day}, {_list(NAMED_MONTHS)}) AS DATE)"
    )
    if order == "ymd":
        return named
    bare = f"regexp_extract({day}, '^[^ ]+')"
    return (
        f"WHEN regexp_full_match({day}, '{NUMERIC_DAY}[0-9]{{4}}{MIDNIGHT}') "
        f"THEN CAST(try_strptime({bare}, {_list(_years(order, 'Y'))}) AS DATE) "
        f"WHEN regexp_full_match({day}, '{NUMERIC_DAY}[0-9]{{2}}{MIDNIGHT}') "
        f"THEN CAST(try_strptime({bare}, {_list(_years(order, 'y'))}) AS DATE) {named}"
    )


def _years(order: str, digits: str) -> tuple[str, ...]:
    return tuple(form for form in DAY_FORMATS[order] if form.endswith(digits))


def timestamp(cell: str, order: str, zone: str) -> str:
    """Moments in UTC; a moment without an offset is on the clock of `zone`."""
    # The commonest form in full, so that no offset is dropped, as a plain cast would, and no year is far away.
    iso = f"{cell} LIKE '____-__-_____:__:__' AND {cell} >= '{EARLIEST}' AND {cell} < '{LATEST}'"
    quick = _localized(f"TRY_CAST({cell} AS TIMESTAMP)", zone)
    # As a lambda, so that its repeated parts are computed only for the rows that come this way.
    slow = f"list_transform([trim({cell}, {BLANKS})], lambda m: {_any_moment('m', order, zone)})[1]"
    return f"CASE WHEN {iso} THEN {quick} WHEN {cell} <> '' THEN {slow} END"


def clock_time(cell: str, order: str) -> str:
    """What the clock showed, from a moment without an offset; NULL from one with an offset."""
    moment = f"CASE WHEN {_has_offset('m')} THEN NULL ELSE {_local_moment('m', order)} END"
    return f"list_transform([trim({cell}, {BLANKS})], lambda m: {moment})[1]"


def _any_moment(moment: str, order: str, zone: str) -> str:
    # DuckDB wants seconds before an offset.
    full = f"regexp_replace({moment}, '([T ][0-9]{{1,2}}:[0-9]{{2}})( ?[Zz+-])', '\\1:00\\2')"
    local = _localized(_local_moment(moment, order), zone)
    found = f"CASE WHEN {_has_offset(moment)} THEN TRY_CAST({full} AS TIMESTAMPTZ) ELSE {local} END"
    return _in_range(found, "TIMESTAMPTZ")


def _has_offset(moment: str) -> str:
    return f"regexp_full_match({moment}, '[0-9]{{4}}-.*[0-9](Z|z| ?UTC|[+-][0-9]{{2}}:?([0-9]{{2}})?)')"


def _local_moment(moment: str, order: str) -> str:
    # What a spreadsheet's clock writes: one space, no comma, no dots in a.m.
    tidy = (
        f"replace(replace(replace(replace(replace(upper({moment}), ' A. M.', ' AM'), ' P. M.', ' PM'), "
        f"'A.M.', 'AM'), 'P.M.', 'PM'), ',', '')"
    )
    return (
        f"CASE WHEN regexp_full_match({moment}, '[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}"
        f"([ T][0-9]{{1,2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]+)?)?)?') THEN TRY_CAST({moment} AS TIMESTAMP) "
        f"WHEN regexp_full_match({moment}, '[12][0-9]{{7}}') THEN try_strptime({moment}, '%Y%m%d') "
        f"WHEN regexp_full_match({moment}, '[12][0-9]{{13}}') THEN try_strptime({moment}, '%Y%m%d%H%M%S') "
        f"{_other_moments(tidy, order)} END"
    )


def _other_moments(moment: str, order: str) -> str:
    named = (
        f"WHEN regexp_matches({moment}, '^[0-9]+[ -]\\pL|^\\pL+ [0-9]') "
        f"THEN try_strptime({moment}, {_list(_with_clocks(NAMED_MONTHS))})"
    )
    if order == "ymd":
        return named
    return (
        f"WHEN regexp_full_match({moment}, '{NUMERIC_DAY}[0-9]{{4}}( .*)?') "
        f"THEN try_strptime({moment}, {_list(_with_clocks(_years(order, 'Y')))}) "
        f"WHEN regexp_full_match({moment}, '{NUMERIC_DAY}[0-9]{{2}}( .*)?') "
        f"THEN try_strptime({moment}, {_list(_with_clocks(_years(order, 'y')))}) {named}"
    )


def _with_clocks(days: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(day.replace(",", "") + clock for day in days for clock in ("", *CLOCKS))


def _localized(moment: str, zone: str) -> str:
    if zone == "UTC":
        return f"make_timestamptz(epoch_us({moment}))"
    return f"timezone({literal(zone)}, {moment})"


def _in_range(value: str, kind: str) -> str:
    """Years far away are slips of the pen, and infinity is no date."""
    return f"CASE WHEN ({value}) BETWEEN {kind} '{EARLIEST}' AND {kind} '{LATEST}' THEN ({value}) END"


def _list(formats: tuple[str, ...]) -> str:
    return "[" + ", ".join(literal(item) for item in formats) + "]"
