"""How dates and moments are written in files, as DuckDB expressions: strict, so that nothing is guessed.

Recognised without being told, where it can be only one thing: years first (2024-01-05, 20240105, 2024-01), months by
name in Spanish and English (15 de enero de 2024, ene-24, Aug 2022), month and year (07/2015, 07_2015), weeks (2024-W05)
and quarters (2024-Q1, T1 2024). `order` says how the numbers of 05/01/2024 are read. A `form` is told where digits alone
do not say what they are: a pattern such as YYMMDD or DD.MM.YY hh:mm, or one of the words of date_forms.
"""

from __future__ import annotations

from collections.abc import Callable

from calidez.engine.connection import literal
from calidez.engine.date_forms import MONTHS, SERIAL, UNIX, UNIX_MS, YEAR, Pattern, pattern_of

BLANKS = "' \t\n\r\u00a0'"
EARLIEST, LATEST = "1800-01-01", "2200-01-01"
# What stands behind a time of day, and its parts.
HAS_OFFSET = (
    r"(?i):[0-9]{2}([.][0-9]+)?([ \x{A0}\x{202F}]?[ap][. \x{A0}\x{202F}]*m[.]?)?[ \x{A0}\x{202F}]*"
    r"((GMT|UTC) ?([+-][0-9]{1,2}(:?[0-9]{2})?)?|[+-][0-9]{2}:?[0-9]{2})$"
)
OFFSET = r"(?i)[ \x{A0}\x{202F}]*(?:GMT|UTC)? ?(?:([+-])([0-9]{1,2})(?::?([0-9]{2}))?)?$"

# Day and month with the year last; years of two digits as date_forms.whole_year takes them.
DAY_FORMATS: dict[str, tuple[str, ...]] = {
    "dmy": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y", "%m.%d.%y"),
}
NUMERIC_DAY = "[0-9]{1,2}[-/.][0-9]{1,2}[-/.]"
MIDNIGHT = "( 0?0:00(:00)?)?"
CLOCKS = (" %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
NAMED = r"^[^0-9]*\pL{3}|^[0-9]+(st|nd|rd|th|[ºª.])?[ /_-]*(de )?\pL{3}"

WEEKDAYS = (
    "lunes|martes|miercoles|jueves|viernes|sabado|domingo|lun|mie|jue|vie|sab|dom|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun"
)
# What stands in the plain text of a moment, and which part each group is.
NAMED_ORDERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"^([0-9]{1,2})[ /_-]*([a-z]{3,10})[ /_-]*([0-9]{4}|[0-9]{2})([ :].*)?$",
        ("day", "month", "year", "rest"),
    ),
    (r"^([a-z]{3,10})[ /_-]*([0-9]{1,2}) ([0-9]{4})( .*)?$", ("month", "day", "year", "rest")),
    (r"^([0-9]{4})[ /_-]*([a-z]{3,10})[ /_-]+([0-9]{1,2})( .*)?$", ("year", "month", "day", "rest")),
    (r"^([a-z]{3,10})[ /_'’-]*([0-9]{4}|[0-9]{2})$", ("month", "year")),
    (r"^([0-9]{4})[ /_-]*([a-z]{3,10})$", ("year", "month")),
)


def day(cell: str, order: str, form: str = "", *, with_names: bool = True) -> str:
    """The day, NULL where the cell is none; a month, a week, a quarter or a year is its first day.

    Whoever tries several orders leaves months by name to `named_day`, which knows no order.
    """
    trimmed = f"trim({cell}, {BLANKS})"
    if form:
        return _in_range(f"CAST({_by_form(trimmed, form)} AS DATE)", "DATE")
    year_first = (
        f"CASE WHEN regexp_full_match({trimmed}, '[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}([ T]00?:00(:00(\\.0+)?)?Z?)?') "
        f"THEN TRY_CAST(left({trimmed}, 10) AS DATE) "
        f"WHEN regexp_full_match({trimmed}, '[12][0-9]{{7}}') THEN CAST(try_strptime({trimmed}, '%Y%m%d') AS DATE) "
        f"WHEN regexp_full_match({trimmed}, '[12][0-9]{{5}}') THEN CAST(try_strptime({trimmed} || '01', '%Y%m%d') AS DATE) "
        f"WHEN regexp_full_match({trimmed}, '[12][0-9]{{3}}[-/_. ][0-9]{{1,2}}') "
        f"THEN TRY_CAST(regexp_replace({trimmed}, '[/_. ]', '-') || '-01' AS DATE) "
        f"{_other_days(trimmed, order, with_names=with_names)} END"
    )
    return _in_range(year_first, "DATE")


def moment(cell: str, order: str, zone: str, form: str = "", *, with_names: bool = True) -> str:
    """Moments in UTC; a moment without an offset is on the clock of `zone`. For `with_names` see `day`."""
    if form in (UNIX, UNIX_MS):
        return _in_range(_epoch(f"trim({cell}, {BLANKS})", form), "TIMESTAMPTZ")
    if form:
        told = _localized(_by_form("m", form), zone)
        return _once(cell, _in_range(told, "TIMESTAMPTZ"))
    # The commonest form in full, so that no offset is dropped, as a plain cast would, and no year is far away.
    iso = f"{cell} LIKE '____-__-_____:__:__' AND {cell} >= '{EARLIEST}' AND {cell} < '{LATEST}'"
    quick = _localized(f"TRY_CAST({cell} AS TIMESTAMP)", zone)
    return f"CASE WHEN {iso} THEN {quick} WHEN {cell} <> '' THEN {_once(cell, _any_moment('m', order, zone, with_names=with_names))} END"


def moment_of_parts(day_cell: str, clock_cell: str, order: str, zone: str, form: str = "") -> str:
    """The moment of a day in one column and the time of day in another."""
    local = f"CAST({day(day_cell, order, form)} AS TIMESTAMP) + to_microseconds({time_of_day(clock_cell)})"
    return f"CASE WHEN {day_cell} <> '' THEN {_localized(local, zone)} END"


def clock_time(cell: str, order: str, form: str = "") -> str:
    """What the clock showed, from a moment without an offset; NULL from one with an offset."""
    if form in (UNIX, UNIX_MS):
        return "NULL::TIMESTAMP"
    if form:
        return _once(cell, _by_form("m", form))
    shown = f"CASE WHEN {_has_offset('m')} THEN NULL ELSE {_local_moment('m', order)} END"
    return _once(cell, shown)


def clock_time_of_parts(day_cell: str, clock_cell: str, order: str, form: str = "") -> str:
    return f"CAST({day(day_cell, order, form)} AS TIMESTAMP) + to_microseconds({time_of_day(clock_cell)})"


def time_of_day(cell: str) -> str:
    """Microseconds since midnight: 14:30, 2:30 p. m., 1430, 143000, or the part of a day that a spreadsheet keeps."""
    plain = f"{cell} LIKE '__:__:__' AND {cell} < '24' AND regexp_full_match({cell}, '[0-9]{{2}}:[0-5][0-9]:[0-5][0-9]')"
    tidy = _tidy_clock("m")
    clock = (
        f"CASE WHEN regexp_full_match({tidy}, '([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?') "
        f"THEN epoch_us(TRY_CAST('1970-01-01 ' || CASE WHEN {tidy} LIKE '_:%' THEN '0' ELSE '' END || {tidy} AS TIMESTAMP)) "
        f"WHEN {tidy} LIKE '%M' THEN epoch_us(try_strptime('1970-01-01 ' || {tidy}, "
        f"['%Y-%m-%d %I:%M %p', '%Y-%m-%d %I:%M:%S %p'])) "
        f"WHEN regexp_full_match({tidy}, '[0-9]{{1,4}}') THEN epoch_us(try_strptime('1970-01-01 ' || lpad({tidy}, 4, '0'), '%Y-%m-%d %H%M')) "
        f"WHEN regexp_full_match({tidy}, '[0-9]{{5,6}}') THEN epoch_us(try_strptime('1970-01-01 ' || lpad({tidy}, 6, '0'), '%Y-%m-%d %H%M%S')) "
        f"WHEN regexp_full_match({tidy}, '0[.,][0-9]+') THEN CAST(round(CAST(replace({tidy}, ',', '.') AS DOUBLE) * 86400) AS BIGINT) * 1000000 END"
    )
    return f"CASE WHEN {plain} THEN epoch_us(TRY_CAST('1970-01-01 ' || {cell} AS TIMESTAMP)) ELSE {_once(cell, clock)} END"


def _once(cell: str, value: str) -> str:
    """`value` of the trimmed cell as `m`: in a lambda, so that what it repeats is computed only for the rows that come this way."""
    return f"list_transform([trim({cell}, {BLANKS})], lambda m: {value})[1]"


# Days


def _other_days(trimmed: str, order: str, *, with_names: bool) -> str:
    named = (
        f"WHEN regexp_matches({trimmed}, {literal(NAMED)}) THEN {named_day(trimmed)} " if with_names else ""
    )
    others = (
        f"{named}"
        f"WHEN regexp_full_match({trimmed}, '[0-9]{{1,2}}[-/_. ][12][0-9]{{3}}') THEN TRY_CAST("
        f"right({trimmed}, 4) || '-' || lpad(regexp_extract({trimmed}, '^[0-9]+'), 2, '0') || '-01' AS DATE) "
        f"WHEN regexp_full_match({trimmed}, '[12][0-9]{{3}} [0-9]{{1,2}} [0-9]{{1,2}}') "
        f"THEN TRY_CAST(replace({trimmed}, ' ', '-') AS DATE) "
        f"{_weeks_and_quarters(trimmed)}"
    )
    if order == "ymd":
        return others
    bare = f"regexp_extract({trimmed}, '^[^ ]+')"
    spaced = f"replace({trimmed}, ' ', '/')"
    return (
        f"WHEN regexp_full_match({trimmed}, '{NUMERIC_DAY}[0-9]{{4}}{MIDNIGHT}') "
        f"THEN CAST(try_strptime({bare}, {_list(_years(order, 'Y'))}) AS DATE) "
        f"WHEN regexp_full_match({trimmed}, '{NUMERIC_DAY}[0-9]{{2}}{MIDNIGHT}') "
        f"THEN CAST(try_strptime({bare}, {_list(_years(order, 'y'))}) AS DATE) "
        f"WHEN regexp_full_match({trimmed}, '[0-9]{{1,2}} [0-9]{{1,2}} [12][0-9]{{3}}') "
        f"THEN CAST(try_strptime({spaced}, {_list(_years(order, 'Y'))}) AS DATE) {others}"
    )


def _weeks_and_quarters(trimmed: str) -> str:
    week = r"^([12][0-9]{3})[- ]?[WwSs]([0-5]?[0-9])$"
    quarter_last = r"^([12][0-9]{3})[-/ ]?[QqTt]([1-4])$"
    quarter_first = r"^(?:[QqTt]([1-4])|([1-4])[QqTt])[-/ ]?([12][0-9]{3})$"

    def first_day(year: str, quarter: str) -> str:
        return f"make_date(CAST({year} AS INTEGER), 3 * CAST({quarter} AS INTEGER) - 2, 1)"

    def part(pattern: str, place: int) -> str:
        return f"regexp_extract({trimmed}, {literal(pattern)}, {place})"

    monday = f"{part(week, 1)} || '-W' || lpad({part(week, 2)}, 2, '0') || '-1'"
    return (
        f"WHEN regexp_full_match({trimmed}, {literal(week)}) THEN CAST(try_strptime({monday}, '%G-W%V-%u') AS DATE) "
        f"WHEN regexp_full_match({trimmed}, {literal(quarter_last)}) THEN {first_day(part(quarter_last, 1), part(quarter_last, 2))} "
        f"WHEN regexp_full_match({trimmed}, {literal(quarter_first)}) "
        f"THEN {first_day(part(quarter_first, 3), f'({part(quarter_first, 1)} || {part(quarter_first, 2)})')}"
    )


def named_day(cell: str) -> str:
    """The day of a date with its month by name, in whatever order; NULL from others."""
    midnight = "regexp_full_match(g.rest, '( 0?0:00(:00)?)?')"
    return _named(
        cell, lambda iso, has_rest: f"CASE WHEN {midnight} THEN {iso} END" if has_rest else iso, "DATE"
    )


def named_moment(cell: str) -> str:
    """A day with the month by its name and a clock after it, on the clock of wherever it was written."""
    forms = _list(tuple("%Y-%m-%d" + clock for clock in ("", *CLOCKS)))

    def with_clock(iso: str, has_rest: bool) -> str:
        if not has_rest:
            return iso
        return f"try_strptime(trim({iso} || ' ' || upper(trim(g.rest, ' :'))), {forms})::VARCHAR"

    return _named(cell, with_clock, "TIMESTAMP")


def _named(cell: str, told: Callable[[str, bool], str], kind: str) -> str:
    """The parts of each order are taken out once, as `g`, and `told` makes a text of them that is cast."""
    found = []
    for pattern, parts in NAMED_ORDERS:
        names = "[" + ", ".join(literal(part) for part in parts) + "]"
        day_of_month = "lpad(g.day, 2, '0')" if "day" in parts else "'01'"
        iso = f"({_whole_year('g.year')} || '-' || {_month_number('g.month')} || '-' || {day_of_month})"
        text = f"CASE WHEN g.year <> '' THEN {told(iso, 'rest' in parts)} END"
        found.append(f"list_transform([regexp_extract(p, {literal(pattern)}, {names})], lambda g: {text})[1]")
    either = f"list_transform([{_plain('m')}], lambda p: TRY_CAST(COALESCE({', '.join(found)}) AS {kind}))[1]"
    return f"CASE WHEN regexp_matches({cell}, {literal(NAMED)}) THEN {_once(cell, either)} END"


def _month_number(word: str) -> str:
    names = ", ".join(f"{literal(name)}: '{n:02d}'" for n, month in enumerate(MONTHS, 1) for name in month)
    return f"map_extract(MAP {{{names}}}, {word})[1]"


def _whole_year(year: str) -> str:
    return f"CASE WHEN length({year}) = 2 THEN CASE WHEN {year} < '69' THEN '20' ELSE '19' END || {year} ELSE {year} END"


def _plain(text: str) -> str:
    """Small letters without accents, dots, weekdays and little words: '15 de enero de 2024, 2:30 p. m.' as '15 enero 2024 2:30 pm'."""
    steps = (
        (r"([a-zºª])[.]", r"\1 "),
        (r"[,\s]+", " "),
        (rf"^({WEEKDAYS}) ", ""),
        (r"([0-9])(st|nd|rd|th|ro|º|ª|°) ", r"\1 "),
        (r" (de|del|of|a las|at) ", " "),
        (r" (de|del|of) ", " "),
        (r"\b([ap]) m\b", r"\1m"),
        (r"([0-9])([ap]m)$", r"\1 \2"),
        (r"([0-9]) ?(h|hrs?|horas)$", r"\1"),
    )
    plain = f"lower(strip_accents({text}))"
    for pattern, replacement in steps:
        plain = f"regexp_replace({plain}, {literal(pattern)}, {literal(replacement)}, 'g')"
    return f"trim({plain})"


# Moments


def _any_moment(text: str, order: str, zone: str, *, with_names: bool) -> str:
    # DuckDB wants seconds before an offset.
    full = f"regexp_replace({text}, '([T ][0-9]{{1,2}}:[0-9]{{2}})( ?[ZzU+-])', '\\1:00\\2')"
    local = _localized(_local_moment(text, order, with_names=with_names), zone)
    found = (
        f"CASE WHEN {_is_iso_with_offset(text)} THEN TRY_CAST({full} AS TIMESTAMPTZ) "
        f"WHEN {_ends_in_offset(text)} THEN {_moment_of_offset(text, order, with_names=with_names)} ELSE {local} END"
    )
    return _in_range(found, "TIMESTAMPTZ")


def _has_offset(text: str) -> str:
    return f"({_is_iso_with_offset(text)} OR {_ends_in_offset(text)})"


def _is_iso_with_offset(text: str) -> str:
    return f"regexp_full_match({text}, '[0-9]{{4}}-.*[0-9](Z|z| ?UTC|[+-][0-9]{{2}}:?([0-9]{{2}})?)')"


def _ends_in_offset(text: str) -> str:
    """Behind a time of day, however that is written: 10:23:11 a. m. GMT-5, 10:23 UTC+02:00, 10:23:11 -0500."""
    return f"regexp_matches({text}, {literal(HAS_OFFSET)})"


def _moment_of_offset(text: str, order: str, *, with_names: bool) -> str:
    local = _local_moment("h", order, with_names=with_names)
    told = f"regexp_extract({text}, {literal(OFFSET)}, ['sign', 'hours', 'minutes'])"
    minutes = "CAST(COALESCE(NULLIF(g.hours, ''), '0') AS BIGINT) * 60 + CAST(COALESCE(NULLIF(g.minutes, ''), '0') AS BIGINT)"
    ahead = f"list_transform([{told}], lambda g: CASE WHEN g.sign = '-' THEN -1 ELSE 1 END * ({minutes}))[1]"
    head = f"trim(regexp_replace({text}, {literal(OFFSET)}, ''), {BLANKS})"
    shown = f"list_transform([{head}], lambda h: epoch_us({local}))[1]"
    return f"make_timestamptz({shown} - 60000000 * {ahead})"


def _local_moment(text: str, order: str, *, with_names: bool = True) -> str:
    tidy = _tidy_clock(text)
    return (
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}"
        f"([ T][0-9]{{1,2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]+)?)?)?') THEN TRY_CAST({text} AS TIMESTAMP) "
        f"WHEN regexp_full_match({text}, '[12][0-9]{{7}}') THEN try_strptime({text}, '%Y%m%d') "
        f"WHEN regexp_full_match({text}, '[12][0-9]{{13}}') THEN try_strptime({text}, '%Y%m%d%H%M%S') "
        f"WHEN regexp_full_match({tidy}, '[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}} [0-9].*M') "
        f"THEN try_strptime(replace({tidy}, '/', '-'), ['%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M %p']) "
        f"{_other_moments(text, tidy, order, with_names=with_names)} END"
    )


def _tidy_clock(text: str) -> str:
    """What a spreadsheet's clock writes: one space, no comma, no dots in a. m., none between the minutes and am."""
    spaced = (
        f"translate(upper({text}), '\u00a0\u202f,', '  ')"  # the blanks that newer systems write before a. m.
    )
    bare = f"regexp_replace({spaced}, ' ?([AP])[. ]*M[.]?$', ' \\1M')"
    return f"regexp_replace({bare}, ' ?(H|HRS?|HORAS)[.]?$', '')"


def _other_moments(text: str, tidy: str, order: str, *, with_names: bool) -> str:
    named = f"WHEN regexp_matches({text}, {literal(NAMED)}) THEN {named_moment(text)}" if with_names else ""
    if order == "ymd":
        return named
    return (
        f"WHEN regexp_full_match({tidy}, '{NUMERIC_DAY}[0-9]{{4}}( .*)?') "
        f"THEN try_strptime({tidy}, {_list(_with_clocks(_years(order, 'Y')))}) "
        f"WHEN regexp_full_match({tidy}, '{NUMERIC_DAY}[0-9]{{2}}( .*)?') "
        f"THEN try_strptime({tidy}, {_list(_with_clocks(_years(order, 'y')))}) {named}"
    )


def _years(order: str, digits: str) -> tuple[str, ...]:
    return tuple(form for form in DAY_FORMATS[order] if form.endswith(digits))


def _with_clocks(days: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(day + clock for day in days for clock in ("", *CLOCKS))


def _localized(text: str, zone: str) -> str:
    if zone == "UTC":
        return f"make_timestamptz(epoch_us({text}))"
    return f"timezone({literal(zone)}, {text})"


def _in_range(value: str, kind: str) -> str:
    """Years far away are slips of the pen, and infinity is no date."""
    return f"CASE WHEN ({value}) BETWEEN {kind} '{EARLIEST}' AND {kind} '{LATEST}' THEN ({value}) END"


def _list(formats: tuple[str, ...]) -> str:
    return "[" + ", ".join(literal(item) for item in formats) + "]"


# What somebody says of how they are written


def _by_form(text: str, form: str) -> str:
    """The local moment (TIMESTAMP) of a cell written in this form."""
    if form == YEAR:
        return f"CASE WHEN regexp_full_match({text}, '[12][0-9]{{3}}([.,]0+)?') THEN TRY_CAST(left({text}, 4) || '-01-01' AS TIMESTAMP) END"
    if form == SERIAL:
        # A spreadsheet counts days from the end of 1899; kept to the second, as it shows them.
        count = f"CAST(replace({text}, ',', '.') AS DOUBLE)"
        return (
            f"CASE WHEN regexp_full_match({text}, '[1-9][0-9]{{0,5}}([.,][0-9]+)?') "
            f"THEN TIMESTAMP '1899-12-30' + to_seconds(round({count} * 86400)) END"
        )
    if form in (UNIX, UNIX_MS):
        return f"CAST(timezone('UTC', {_epoch(text, form)}) AS TIMESTAMP)"
    return _by_pattern(pattern_of(form), text)


def _epoch(text: str, form: str) -> str:
    digits = "[0-9]{9,10}([.][0-9]+)?" if form == UNIX else "[0-9]{12,13}"
    times = 1_000_000 if form == UNIX else 1_000
    return (
        f"CASE WHEN regexp_full_match({text}, '{digits}') "
        f"THEN make_timestamptz(CAST(round(CAST({text} AS DOUBLE) * {times}) AS BIGINT)) END"
    )


def _by_pattern(pattern: Pattern, text: str) -> str:
    plain = f"lower(strip_accents({text}))"

    def part(name: str) -> str:
        return f"regexp_extract({plain}, {literal(pattern.regex)}, {pattern.parts.index(name) + 1})"

    year = _whole_year(part("year"))
    month = f"lpad({part('month')}, 2, '0')" if "month" in pattern.parts else ""
    if "name" in pattern.parts:
        month = _month_number(part("name"))
    day_part = f"lpad({part('day')}, 2, '0')" if "day" in pattern.parts else "'01'"
    iso = f"{year} || '-' || {month} || '-' || {day_part}"
    if "hour" not in pattern.parts:
        return f"CASE WHEN regexp_full_match({plain}, {literal(pattern.regex)}) THEN TRY_CAST({iso} AS TIMESTAMP) END"
    hour = f"lpad({part('hour')}, 2, '0')"
    minute = f"lpad({part('minute')}, 2, '0')" if "minute" in pattern.parts else "'00'"
    second = f"lpad({part('second')}, 2, '0')" if "second" in pattern.parts else "'00'"
    clock = f"{iso} || ' ' || {hour} || ':' || {minute} || ':' || {second}"
    if "half" in pattern.parts:
        half = f"regexp_replace(upper({part('half')}), '[^AP]', '', 'g') || 'M'"
        told = f"try_strptime({clock} || ' ' || {half}, '%Y-%m-%d %I:%M:%S %p')"
    else:
        told = f"TRY_CAST({clock} AS TIMESTAMP)"
    return f"CASE WHEN regexp_full_match({plain}, {literal(pattern.regex)}) THEN {told} END"
