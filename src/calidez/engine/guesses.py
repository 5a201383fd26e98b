"""The type and the role of a column, guessed from its values and its header; never the order of day and month."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from calidez.engine import date_forms, parsing
from calidez.engine.column_facts import DIGIT_FORMS, ORDERS, Facts
from calidez.engine.profile import ColumnProfile
from calidez.engine.schema import ColumnType, DateOrder, Decimal, Role

# The rest is shown as misfits and left empty, not reinterpreted; of a few cells one may be odd.
MOSTLY = 0.9
ONE_OF_AT_LEAST = 5
DATES = (ColumnType.DATE, ColumnType.TIMESTAMP)
NUMBERS = (ColumnType.NUMBER, ColumnType.INTEGER)

TIME_WORDS = re.compile(
    r"date|time|day|month|period|fecha|hora|d[ií]a|mes|per[ií]odo|created|opened|started|inicio|^f[ _.]", re.I
)
YEAR_WORDS = re.compile(r"^\W*(year|a[ñn]o|anio|ejercicio|fiscal.?year|yr)\W*$", re.I)
MONTH_WORDS = re.compile(r"^\W*(month|mes|mth)\W*$", re.I)
DAY_WORDS = re.compile(r"^\W*(day|d[ií]a)\W*$", re.I)
CLOCK_WORDS = re.compile(
    r"hora|hour|clock|time|start|inicio|llegada|ingreso|entrada|salida|arrival|check.?in|fin\b|end\b|entry|exit",
    re.I,
)
SAID_DURATIONS = {
    parsing.DURATION_HM: re.compile(r"(?i)\bhh?[:. ]?mm?\b(?![:. ]?ss)"),
    parsing.DURATION_MS: re.compile(r"(?i)(?<![a-z:])mm?:ss?\b"),
}
DURATION_WORDS = re.compile(
    r"tiempo|wait|espera|dur|minut|second|segund|handl|talk|hold|aht|tmo|atenci[oó]n|delay|elaps|respon|respuesta|lead|total|"
    r"demora|lapso|q_time|ser_time|vru_time|queue",
    re.I,
)
BRANCH_WORDS = re.compile(
    r"branch|sucursal|unidad|provider|tienda|hotel|oficina|office|centro|centre|cent(er)\b|cl[ií]nic|hospital|agenc|location|"
    r"station|estaci[oó]n|airline|(^|[\s_.-])(unit|site|sede|org|store|local|trust|center)([\s_.-]|s?$)",
    re.I,
)
ID_WORDS = re.compile(
    r"(^|[\s_.-])(id|uid|uuid|ticket|case|caso|folio|n[uú]mero|number|ref|reference|key|nro|num|no\.|n[º°.o]|c[oó]d(igo)?|code|"
    r"cliente|customer|dni|rut|nit|cuit|ruc|c[eé]dula|documento|tel[eé]fono|phone|expediente|radicado)($|[\s_.-])",
    re.I,
)


@dataclass(frozen=True)
class Guess:
    type: ColumnType
    fitting: int
    orders: tuple[DateOrder, ...] = ()
    ambiguous: bool = False
    decimal: Decimal = "."
    form: str = ""
    forms: tuple[str, ...] = ()  # where several fit, for a person to choose
    unit: str = ""


def may_be_dates(headers: Sequence[str]) -> list[int]:
    """The columns of which digits alone may be dates, by their headers."""
    return [n for n, header in enumerate(headers) if TIME_WORDS.search(header) or YEAR_WORDS.search(header)]


def guess(source: str, name: str, facts: Facts, *, delimiter: str) -> ColumnProfile:
    """Everything but the role, which depends on the neighbours."""
    found = _type_of(source, facts, delimiter)
    return ColumnProfile(
        source=source,
        name=name,
        type=found.type,
        suggested_role=Role.VALUE,
        samples=facts.samples,
        empty=facts.empty,
        distinct=facts.distinct,
        misfits=facts.filled - found.fitting,
        date_orders=found.orders,
        ambiguous=found.ambiguous,
        decimal=found.decimal,
        constant_width=facts.longest if facts.filled and facts.longest == facts.shortest else None,
        form=found.form,
        forms=found.forms,
        unit=found.unit,
        ways=_ways(found, facts),
        clock=found.type is ColumnType.TEXT and facts.all("clock") and bool(CLOCK_WORDS.search(source)),
    )


def _ways(found: Guess, facts: Facts) -> tuple[str, ...]:
    """Examples of the dates of a column where they are written in several ways, and all are read."""
    several = found.type in DATES and not found.form and found.fitting == facts.filled and len(facts.ways) > 1
    return tuple(facts.ways.values()) if several else ()


def _type_of(source: str, facts: Facts, delimiter: str) -> Guess:
    text = Guess(ColumnType.TEXT, facts.filled)
    if not facts.filled:
        return text
    if facts.all("digits"):
        return _digits(source, facts) or (
            text if facts.fits["code"] else Guess(ColumnType.INTEGER, facts.filled)
        )
    if facts.fits["code"] and not facts.share("dated") > MOSTLY:
        return text  # leading zeros mean a code: as a number it would lose them
    if facts.all("boolean") and facts.letters <= 2:
        return Guess(ColumnType.BOOLEAN, facts.filled)
    return (
        _dates(facts)
        or _clock(source, facts)
        or _durations(source, facts)
        or _numbers(facts, delimiter)
        or _affixed(facts, delimiter)
        or text
    )


def _digits(source: str, facts: Facts) -> Guess | None:
    """Dates written with nothing between; where digits fit several forms, a person says which."""
    named = TIME_WORDS.search(source)
    if facts.all("recent day") or (named and facts.all("day ymd") and facts.shortest == 8):
        return Guess(ColumnType.DATE, facts.filled, ("ymd",))
    if (
        facts.all("clock")
        and CLOCK_WORDS.search(source)
        and not DURATION_WORDS.search(source)
        and facts.shortest > 2
    ):
        return Guess(ColumnType.TEXT, facts.filled)
    if not named and not YEAR_WORDS.search(source):
        return None
    if facts.all(f"form {date_forms.YEAR}") and facts.longest == 4:
        return None  # a year alone is a number until somebody says more: see `told_by_years`
    fitting = [form for form in DIGIT_FORMS if facts.all(f"form {form}")]
    if facts.all("day ymd"):
        fitting.insert(0, "")
    if not fitting or (fitting == [date_forms.SERIAL] and not re.search(r"fecha|date", source, re.I)):
        return None
    kind = ColumnType.TIMESTAMP if fitting[0] in (date_forms.UNIX, date_forms.UNIX_MS) else ColumnType.DATE
    if len(fitting) > 1:
        return Guess(kind, facts.filled, ("ymd",), True, forms=tuple(fitting))
    return Guess(kind, facts.filled, ("ymd",), form=fitting[0])


def _numbers(facts: Facts, delimiter: str) -> Guess | None:
    decimal: Decimal = _sign(facts, "number", delimiter)
    whole, any_ = facts.fits[f"integer{decimal}"], facts.fits[f"number{decimal}"]
    kind = ColumnType.INTEGER if whole == any_ else ColumnType.NUMBER
    if any_ == facts.filled:
        return Guess(kind, any_, decimal=decimal)
    # A few codes with letters among numbers: all are codes. A few words: they stand for a missing number.
    if _is_most(facts, facts.share(f"number{decimal}")) and not (facts.fits["lettered"] and whole == any_):
        return Guess(kind, any_, decimal=decimal)
    return None


def _sign(facts: Facts, test: str, delimiter: str) -> Decimal:
    point, comma = facts.fits[f"{test}."], facts.fits[f"{test},"]
    return "." if point > comma or (point == comma and delimiter != ";") else ","


def _affixed(facts: Facts, delimiter: str) -> Guess | None:
    decimal: Decimal = _sign(facts, "affix", delimiter)
    if not facts.affix or not _is_most(facts, facts.share(f"affix{decimal}")):
        return None
    return Guess(
        ColumnType.NUMBER,
        facts.fits[f"affix{decimal}"],
        decimal=decimal,
        form=facts.affix,
        unit=facts.affix[:20],
    )


def _clock(source: str, facts: Facts) -> Guess | None:
    """The time of a day is no number: it belongs to a date."""
    if facts.all("clock") and CLOCK_WORDS.search(source) and not DURATION_WORDS.search(source):
        return Guess(ColumnType.TEXT, facts.filled)
    return None


def _durations(source: str, facts: Facts) -> Guess | None:
    if _is_most(facts, facts.share(parsing.DURATION)):
        return Guess(ColumnType.NUMBER, facts.fits[parsing.DURATION], form=parsing.DURATION, unit="s")
    two = facts.fits[parsing.DURATION_HM]
    if two and _is_most(facts, facts.share(parsing.DURATION_HM)):
        # 05:30 may be hours and minutes, or minutes and seconds; a heading such as “wait (h:mm)” says it.
        for form, words in SAID_DURATIONS.items():
            if words.search(source):
                return Guess(ColumnType.NUMBER, two, form=form, unit="s")
        forms = (parsing.DURATION_HM, parsing.DURATION_MS)
        return Guess(ColumnType.NUMBER, two, ambiguous=True, forms=forms, unit="s")
    return None


def _dates(facts: Facts) -> Guess | None:
    """The type that takes all cells, days where they do."""
    if facts.share("number.") > 0.5:
        return None
    days, moments = (max(facts.fits[f"{kind} {order}"] for order in ORDERS) for kind in ("date", "time"))
    kinds = (("date", ColumnType.DATE), ("time", ColumnType.TIMESTAMP))
    for kind, type_ in kinds if days >= moments else kinds[::-1]:
        if not _is_most(facts, _any(facts, kind)):
            continue
        if facts.fits[f"{kind} ymd"] == facts.filled:
            return Guess(type_, facts.filled, ("ymd",))
        counts: dict[DateOrder, int] = {order: facts.fits[f"{kind} {order}"] for order in ORDERS}
        best = max(counts.values())
        whole = tuple(order for order in ORDERS[1:] if counts[order] == best)
        if counts["ymd"] == best:
            return Guess(type_, best, ("ymd",))
        return Guess(type_, best, whole, len(whole) > 1)
    return None


def _is_most(facts: Facts, share: float) -> bool:
    return share >= MOSTLY or (facts.filled >= ONE_OF_AT_LEAST and facts.filled * (1 - share) < 1.5)


def _any(facts: Facts, kind: str) -> float:
    """The share of cells that are dates in whatever order; where orders are mixed no single one has them all."""
    if kind == "time":
        return facts.share("any")
    best = max(facts.share(f"date {order}") for order in ORDERS)
    moments = max(facts.share(f"time {order}") for order in ORDERS)
    return facts.share("any") if best >= moments else best


# Roles


def with_roles(columns: list[ColumnProfile], facts: Sequence[Facts], rows: int) -> list[ColumnProfile]:
    """One time, one branch where a header says so, the rest by what they hold."""
    columns = told_by_years(columns, facts)
    time = _first(columns, lambda c: c.type in DATES, TIME_WORDS)
    if time is not None and not time.joined:
        columns, time = _with_its_clock(columns, time)
    branch = next(
        (
            c
            for c in columns
            if c.type is ColumnType.TEXT
            and BRANCH_WORDS.search(c.source)
            and 0 < c.distinct <= 5000
            and not c.clock
        ),
        None,
    )
    parts = set(time.joined) if time else set()
    result = []
    for column, fact in zip(columns, facts, strict=True):
        if column is time:
            role = Role.TIME
        elif column is branch:
            role = Role.BRANCH
        elif column.source in parts or not column.distinct:
            role = Role.IGNORE
        else:
            role = _role(column, fact.longest, rows)
        result.append(replace(column, suggested_role=role))
    return result


def told_by_years(columns: list[ColumnProfile], facts: Sequence[Facts]) -> list[ColumnProfile]:
    """Where nothing else is a date: a year with its month (and day) in columns of their own, or a year alone, which is asked."""
    if any(column.type in DATES for column in columns):
        return columns
    year = _named(columns, facts, YEAR_WORDS, f"form {date_forms.YEAR}")
    if year is None:
        return columns
    month = next(
        (
            n
            for n, (column, fact) in enumerate(zip(columns, facts, strict=True))
            if MONTH_WORDS.search(column.source) and (fact.all("month") or _are_months(column, fact))
        ),
        None,
    )
    if month is None:
        alone = replace(
            columns[year],
            type=ColumnType.DATE,
            date_orders=("ymd",),
            ambiguous=True,
            forms=(date_forms.YEAR,),
        )
        return [alone if n == year else column for n, column in enumerate(columns)]
    day = _named(columns, facts, DAY_WORDS, "day of month")
    joined = tuple(columns[n].source for n in (month, day) if n is not None)
    whole = replace(columns[year], type=ColumnType.DATE, date_orders=("ymd",), joined=joined)
    return [whole if n == year else column for n, column in enumerate(columns)]


def _named(
    columns: Sequence[ColumnProfile], facts: Sequence[Facts], words: re.Pattern[str], test: str
) -> int | None:
    pairs = enumerate(zip(columns, facts, strict=True))
    return next((n for n, (column, fact) in pairs if words.search(column.source) and fact.all(test)), None)


def _are_months(column: ColumnProfile, facts: Facts) -> bool:
    names = {name for month in date_forms.MONTHS for name in month}
    said = {sample.strip().strip(".").casefold() for sample in column.samples}
    return bool(said) and said <= names and facts.distinct <= 24


def _with_its_clock(
    columns: list[ColumnProfile], time: ColumnProfile
) -> tuple[list[ColumnProfile], ColumnProfile]:
    """A day whose time stands in another column is a moment."""
    clock = next((c for c in columns if c.clock), None)
    if time.type is not ColumnType.DATE or clock is None or time.form == date_forms.YEAR:
        return columns, time
    whole = replace(time, type=ColumnType.TIMESTAMP, joined=(clock.source,))
    return [whole if column is time else column for column in columns], whole


def _first(
    columns: list[ColumnProfile], test: Callable[[ColumnProfile], bool], words: re.Pattern[str]
) -> ColumnProfile | None:
    fitting = [column for column in columns if test(column)]
    named = [column for column in fitting if words.search(column.source)]
    return next(iter(named or fitting), None)


def _role(column: ColumnProfile, longest: int, rows: int) -> Role:
    if rows > 1 and column.distinct == rows and ID_WORDS.search(column.source):
        return Role.KEY
    if column.type in NUMBERS and ID_WORDS.search(column.source) and not column.form:
        return Role.TEXT  # the mean of telephone numbers says nothing
    if column.type in (*NUMBERS, *DATES):
        return Role.VALUE
    if column.type is ColumnType.TEXT and (
        column.distinct > max(200, rows // 2) or longest > 120 or column.clock
    ):
        return Role.TEXT
    return Role.SEGMENT
