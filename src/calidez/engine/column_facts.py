"""What is counted in the columns of a sample, so that types can be guessed: how many cells could be read in which way."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

from calidez.engine import date_forms, parsing, written_dates
from calidez.engine.connection import literal, quoted
from calidez.engine.formulas import PLAIN_NUMBER, RISKY
from calidez.engine.profile import shown
from calidez.engine.schema import DateOrder

SAMPLES = 5
ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")
# Digits that may be a date, where the heading says that they are.
DIGIT_FORMS = (
    "YYMMDD",
    "DDMMYY",
    "MMDDYY",
    "DDMMYYYY",
    "MMDDYYYY",
    date_forms.UNIX,
    date_forms.UNIX_MS,
    date_forms.SERIAL,
    date_forms.YEAR,
)
# Something that may be a date: digits with separators, digits alone in the right number, or a day or year beside a word.
DATED = (
    r"^\s*([0-9]{1,4}[-/._ ][0-9]{1,4}([-/. ][0-9]{1,4})?([ T,].*)?|[12][0-9]{5}|[12][0-9]{7}|[12][0-9]{13}|"
    r"[0-9]{1,2}(st|nd|rd|th)?[ /_-]*(de )?\pL+[ /_.,-]*(del? )?[0-9]{2,4}.*|\pL+[.,]? [0-9]{1,2},? [0-9]{4}.*|"
    r"\pL{3,10}[ /_.’'-]*(del? )?([0-9]{4}|[0-9]{2})|[12][0-9]{3}[ /_-]?\pL.*|[QqTt][1-4][-/ ]?[12][0-9]{3}|"
    r"[1-4][QqTt][-/ ]?[12][0-9]{3}|\pL+,? [0-9]{1,2} .*)\s*$"
)
# Something that may be a stretch of time or the time of a day.
CLOCKED = r"(?i)[0-9]:[0-5]?[0-9]|[0-9] ?([hms]|min|hrs?|seg|days?|d[ií]as?|horas?)\b|^ *PT?[0-9]|[0-9]['’]"
# A number with the sign of a currency before it, or a sign or word behind it; a letter alone makes a code.
NUMBER = r"[0-9][0-9.,]*(?:[ \x{A0}][0-9]{3})*"
CURRENCY = r"[A-Za-z]{0,3}[$€£¥₡₲]|S/\.?|Bs\.?|USD|EUR|COP|MXN|ARS|CLP|PEN"
SUFFIX = r"[^0-9\s.,:;()+\pL-]|[^0-9\s.,:;()+-][^0-9.,:;()+-]{1,11}"
AFFIX = rf"^ *({CURRENCY}) ?-?{NUMBER} *$|^ *[+-]?{NUMBER}[ \x{{A0}}]?({SUFFIX}) *$|^ *[+-]?{NUMBER}[ \x{{A0}}](\pL) *$"
WAYS = {
    "year first": r"^\s*[0-9]{4}[-/.]",
    "numbers": rf"^\s*{written_dates.NUMERIC_DAY}",
    "month by name": written_dates.NAMED,
    "digits": r"^\s*[0-9]{6,14}\s*$",
}
# Numbers that stand for nothing where no other is near them.
STANDING_FOR_NOTHING = (-1, -9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999)


@dataclass(frozen=True)
class Facts:
    """What was counted in one column of the sample; the counts of fits are over rows that are not missing."""

    filled: int
    empty: int
    distinct: int
    longest: int
    shortest: int
    fits: Mapping[str, int]
    samples: tuple[str, ...]
    affix: str = ""
    letters: int = 0  # different first letters, where all are words of yes and no
    ways: Mapping[str, str] = field(default_factory=dict)  # ways of writing a date, with an example of each

    def share(self, test: str) -> float:
        return self.fits[test] / self.filled if self.filled else 0.0

    def all(self, test: str) -> bool:
        return bool(self.filled) and self.fits[test] == self.filled


def facts_of(
    connection: duckdb.DuckDBPyConnection, table: str, width: int, *, may_be_dates: Collection[int] = ()
) -> list[Facts]:
    """Count every column at once: a file may have a thousand of them, and planning a query costs more than running it.

    `may_be_dates` are the columns of which digits alone may be dates.
    """
    count = Counting(connection)
    counted = count.seen(table, width)
    fits = count.fits(_plain_tests(), range(width))
    filled = {col: int(row[1]) for col, row in enumerate(counted)}

    def mostly(test: str) -> list[int]:
        return [col for col in range(width) if 2 * fits[col][test] > filled[col]]

    # Of moments in full nothing is left to be asked, and they are the columns with the most different values.
    whole = [col for col in range(width) if filled[col] and fits[col]["moments"] == filled[col]]
    dated, clocked = ([col for col in mostly(test) if col not in whole] for test in ("dated", "clocked"))
    # Eight digits may be a date under any heading.
    likely = {*may_be_dates, *(col for col, row in enumerate(counted) if row[4] == row[5] == 8)}
    digits = [col for col in sorted(likely) if filled[col] and fits[col]["digits"] == filled[col]]
    more = [
        count.fits(_date_tests(), dated, beside=_named()),
        count.fits(_digit_tests(), digits),
        count.fits(_clock_tests(), sorted({*clocked, *digits})),
    ]
    affixes = count.affixes(mostly("affixed"))
    letters = count.first_letters(
        [col for col in range(width) if filled[col] and fits[col]["boolean"] == filled[col]]
    )
    ways = count.ways([*dated, *whole])
    samples = count.samples()
    return [
        Facts(
            filled=int(full),
            empty=int(empty),
            distinct=int(distinct),
            longest=int(longest),
            shortest=int(shortest),
            # The dates' own "any" goes last: that of the plain tests would make comma decimals look like moments.
            fits={
                **fits[col],
                **NOTHING,
                **more[2].get(col, {}),
                **more[1].get(col, {}),
                "any": 0,
                **more[0].get(col, {}),
                **(_of_moments(fits[col]) if col in whole else {}),
                **affixes.get(col, ("", {}))[1],
            },
            samples=samples.get(col, ()),
            affix=affixes.get(col, ("", {}))[0],
            letters=letters.get(col, 0),
            ways=ways.get(col, {}),
        )
        for col, full, empty, distinct, longest, shortest in counted
    ]


def _plain_tests() -> dict[str, str]:
    return {
        "integer.": f"({parsing.integer('v')}) IS NOT NULL",
        "integer,": f"({parsing.integer('v', ',')}) IS NOT NULL",
        "number.": f"({parsing.number('v')}) IS NOT NULL",
        "number,": f"({parsing.number('v', ',')}) IS NOT NULL",
        "boolean": f"({parsing.boolean('v')}) IS NOT NULL",
        "digits": "regexp_full_match(v, '[0-9]+')",
        "code": "regexp_full_match(v, '0[0-9]+')",
        "formula": f"regexp_matches(v, {literal(RISKY)}) AND NOT regexp_full_match(v, {literal(PLAIN_NUMBER)})",
        "moments": (
            "CASE WHEN v LIKE '____-__-__ __:__:__' THEN TRY_CAST(v AS TIMESTAMP) IS NOT NULL "
            f"AND v >= '{written_dates.EARLIEST}' AND v < '{written_dates.LATEST}' ELSE false END"
        ),
        "midnights": "v LIKE '____-__-__ 00:00:00'",
        "dated": f"regexp_matches(v, {literal(DATED)})",
        "clocked": f"regexp_matches(v, {literal(CLOCKED)})",
        "affixed": f"regexp_matches(v, {literal(AFFIX)})",
        "lettered": r"regexp_matches(v, '[0-9]') AND regexp_matches(v, '\pL')",
    }


def _date_tests() -> dict[str, str]:
    """Months by name are the same in every order, so they are looked at once, beside."""

    def either(reading: str, named: str) -> str:
        return f"({reading}) IS NOT NULL OR {named} IS NOT NULL"

    day, moment = written_dates.day, written_dates.moment
    days = {f"date {order}": either(day("v", order, with_names=False), "named_day") for order in ORDERS}
    moments = {
        f"time {order}": either(moment("v", order, "UTC", with_names=False), "named_moment")
        for order in ORDERS
    }
    return {**days, **moments}


def _of_moments(fits: Mapping[str, int]) -> dict[str, int]:
    """What the tests of dates say of cells such as 2026-01-05 10:30:00, in whichever order days are written."""
    days = {f"date {order}": fits["midnights"] for order in ORDERS}
    return {**days, **{f"time {order}": fits["moments"] for order in ORDERS}, "any": fits["moments"]}


def _named() -> dict[str, str]:
    day, moment = written_dates.named_day("trim(v)"), written_dates.named_moment("trim(v)")
    return {"named_day": day, "named_moment": moment}


def _digit_tests() -> dict[str, str]:
    forms = {
        f"form {form}": f"({written_dates.moment('v', 'ymd', 'UTC', form)}) IS NOT NULL"
        for form in DIGIT_FORMS
    }
    # So many days lie in the life of a company; other numbers of five digits are no days.
    forms[f"form {date_forms.SERIAL}"] = "TRY_CAST(v AS DOUBLE) BETWEEN 32000 AND 60000"
    forms[f"form {date_forms.YEAR}"] = "TRY_CAST(v AS INTEGER) BETWEEN 1950 AND 2100"
    forms["recent day"] = (
        "regexp_full_match(v, '[0-9]{8}') AND TRY_CAST(left(v, 4) AS INTEGER) BETWEEN 1990 AND 2100 "
        f"AND ({written_dates.day('v', 'ymd')}) IS NOT NULL"
    )
    forms["day ymd"] = f"({written_dates.day('v', 'ymd')}) IS NOT NULL"
    forms["month"] = "TRY_CAST(v AS INTEGER) BETWEEN 1 AND 12"
    forms["day of month"] = "TRY_CAST(v AS INTEGER) BETWEEN 1 AND 31"
    return forms


def _clock_tests() -> dict[str, str]:
    """Of two parts, hours and minutes are as good as minutes and seconds."""
    whole = f"({parsing.duration('v')}) IS NOT NULL"
    two = f"{whole} OR regexp_full_match(trim(v), '[0-9]+:[0-5]?[0-9]([.,][0-9]+)?')"
    durations = {parsing.DURATION: whole, parsing.DURATION_HM: two}
    return durations | {"clock": f"({written_dates.time_of_day('v')}) IS NOT NULL"}


NOTHING = dict.fromkeys([*_date_tests(), *_digit_tests(), *_clock_tests(), "affix.", "affix,", "any"], 0)


class Counting:
    """The different values of each column with how often they occur, and questions about them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def seen(self, table: str, width: int) -> list[tuple[int, ...]]:
        """(column, filled, empty, different, longest, shortest) of each column."""
        positions = ", ".join(str(n) for n in range(width))
        cells = ", ".join(f"c{n}" for n in range(width))
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE seen AS SELECT col, v, n, {parsing.is_missing('v')} AS missing FROM ("
            f"SELECT col, v, count(*) AS n FROM (SELECT unnest([{positions}]) AS col, unnest([{cells}]) AS v FROM {table}) "
            "GROUP BY col, v)"
        )
        return self.connection.execute(
            "SELECT col, COALESCE(sum(n) FILTER (NOT missing), 0), COALESCE(sum(n) FILTER (missing), 0), "
            "count(*) FILTER (NOT missing), COALESCE(max(length(v)) FILTER (NOT missing), 0), "
            "COALESCE(min(length(v)) FILTER (NOT missing), 0) FROM seen GROUP BY col ORDER BY col"
        ).fetchall()

    def fits(
        self, tests: Mapping[str, str], columns: Collection[int], *, beside: Mapping[str, str] | None = None
    ) -> dict[int, dict[str, int]]:
        """For each column how many cells fit each test; `beside` are values that several tests look at."""
        if not columns:
            return {}
        flags = ", ".join(f"COALESCE({test}, false) AS {quoted(name)}" for name, test in tests.items())
        sums = ", ".join(f"COALESCE(sum(n) FILTER ({quoted(name)}), 0)" for name in tests)
        sums += ", COALESCE(sum(n) FILTER ({}), 0)".format(" OR ".join(quoted(name) for name in tests))
        shared = "".join(f", {value} AS {name}" for name, value in (beside or {}).items())
        values = f"SELECT col, v, n{shared} FROM {_filled(columns)}"
        rows = self.connection.execute(
            f"SELECT col, {sums} FROM (SELECT col, n, {flags} FROM ({values})) GROUP BY col"
        ).fetchall()
        found = {int(col): dict(zip([*tests, "any"], map(int, counts), strict=True)) for col, *counts in rows}
        return {col: found.get(col, dict.fromkeys(tests, 0)) for col in columns}

    def samples(self) -> dict[int, tuple[str, ...]]:
        rows = self.connection.execute(
            "SELECT col, list(v ORDER BY nth) FROM (SELECT col, v, row_number() OVER (PARTITION BY col ORDER BY n DESC, v) "
            f"AS nth FROM seen WHERE NOT missing QUALIFY nth <= {SAMPLES}) GROUP BY col"
        ).fetchall()
        return {int(col): tuple(shown(value) for value in values) for col, values in rows}

    def affixes(self, columns: Collection[int]) -> dict[int, tuple[str, dict[str, int]]]:
        """The commonest sign or word beside the numbers of each column, and how many cells are numbers with it."""
        if not columns:
            return {}
        groups = " || ".join(f"regexp_extract(v, {literal(AFFIX)}, {place})" for place in (1, 2, 3))
        told = f"trim({groups})"
        rows = self.connection.execute(
            f"SELECT col, affix FROM (SELECT col, {told} AS affix, sum(n) AS times FROM {_filled(columns)} GROUP BY ALL) "
            "WHERE affix <> '' QUALIFY row_number() OVER (PARTITION BY col ORDER BY times DESC, affix) = 1"
        ).fetchall()
        by_affix: dict[str, list[int]] = defaultdict(list)
        for col, affix in rows:
            by_affix[str(affix)].append(int(col))
        found: dict[int, tuple[str, dict[str, int]]] = {}
        for affix, cols in by_affix.items():
            tests = {
                f"affix{sign}": f"({parsing.affixed('v', sign, affix)}) IS NOT NULL" for sign in (".", ",")
            }
            found |= {
                col: (affix, {name: n for name, n in fits.items() if name != "any"})
                for col, fits in self.fits(tests, cols).items()
            }
        return found

    def first_letters(self, columns: Collection[int]) -> dict[int, int]:
        if not columns:
            return {}
        rows = self.connection.execute(
            f"SELECT col, count(DISTINCT left(lower(strip_accents(trim(v))), 1)) FROM {_filled(columns)} GROUP BY col"
        ).fetchall()
        return {int(col): int(count) for col, count in rows}

    def ways(self, columns: Collection[int]) -> dict[int, dict[str, str]]:
        """How the dates of each column are written, an example of each way."""
        if not columns:
            return {}
        cases = " ".join(
            f"WHEN regexp_matches(v, {literal(form)}) THEN {literal(name)}" for name, form in WAYS.items()
        )
        rows = self.connection.execute(
            f"SELECT col, way, min(v), sum(n) AS times FROM (SELECT col, v, n, CASE {cases} END AS way FROM {_filled(columns)}) "
            "WHERE way IS NOT NULL GROUP BY col, way ORDER BY col, times DESC, way"
        ).fetchall()
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for col, way, example, _times in rows:
            found[int(col)][str(way)] = shown(str(example).strip())
        return found

    def not_fitting(self, readings: Mapping[int, str]) -> dict[int, tuple[str, ...]]:
        """Some cells of each column that its reading (an expression over `v`) does not take, the commonest first."""
        if not readings:
            return {}
        cases = " ".join(f"WHEN {col} THEN ({reading}) IS NULL" for col, reading in readings.items())
        return self._listed(f"SELECT col, v, n FROM {_filled(readings)} AND CASE col {cases} END")

    def markers(self, columns: Collection[int]) -> dict[int, tuple[str, ...]]:
        """What stands in cells that are taken for empty."""
        if not columns:
            return {}
        where = f"missing AND trim(v) <> '' AND col IN ({', '.join(map(str, columns))})"
        return self._listed(f"SELECT col, trim(v) AS v, sum(n) AS n FROM seen WHERE {where} GROUP BY ALL")

    def _listed(self, values: str) -> dict[int, tuple[str, ...]]:
        rows = self.connection.execute(
            f"SELECT col, list(v ORDER BY nth) FROM (SELECT col, v, row_number() OVER (PARTITION BY col ORDER BY n DESC, v) "
            f"AS nth FROM ({values}) QUALIFY nth <= {SAMPLES}) GROUP BY col"
        ).fetchall()
        return {int(col): tuple(shown(value) for value in found) for col, found in rows}

    def standing_for_nothing(self, decimals: Mapping[int, str]) -> dict[int, tuple[str, int]]:
        """For each column of numbers the one that most likely stands for no number, as it is written, and how often."""
        if not decimals:
            return {}
        comma = [col for col, sign in decimals.items() if sign == ","] or [-1]
        value = f"CASE WHEN col IN ({', '.join(map(str, comma))}) THEN {parsing.number('v', ',')} ELSE {parsing.number('v')} END"
        listed = ", ".join(map(str, STANDING_FOR_NOTHING))
        rows = self.connection.execute(
            "SELECT col, min(x) FILTER (NOT odd), max(x) FILTER (NOT odd), "
            "list({'x': x, 'v': trim(v), 'n': n}) FILTER (odd) FROM ("
            f"SELECT col, v, n, x, x IN ({listed}) AS odd FROM (SELECT col, v, n, {value} AS x FROM {_filled(decimals)}) "
            "WHERE x IS NOT NULL) GROUP BY col HAVING count(*) FILTER (odd) > 0 AND count(*) FILTER (NOT odd) > 1"
        ).fetchall()
        found = {}
        for col, least, most, candidates in rows:
            likely = [c for c in candidates if _stands_apart(c["x"], c["n"], least, most)]
            if likely:
                first = max(likely, key=lambda c: (c["n"], abs(c["x"])))
                found[int(col)] = (str(first["v"]), int(first["n"]))
        return found


def _stands_apart(value: float, times: int, least: float, most: float) -> bool:
    """Below zero where nothing else is, or three times what comes next; a small one only where it comes again."""
    if value < 0:
        return least >= 0 and (times > 1 or value <= -99)
    return times > 1 and value > 3 * max(most, 1)


def _filled(columns: Iterable[int]) -> str:
    return f"seen WHERE NOT missing AND col IN ({', '.join(map(str, columns))})"
