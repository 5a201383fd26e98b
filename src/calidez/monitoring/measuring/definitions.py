"""An indicator's words and choices become the engine's definition, and the engine's refusals the user's sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.measuring.time_units import seconds_in, times
from calidez.monitoring.models import Dataset, Indicator

Measure = Indicator.Measure
# Which form fields each measure needs, in the order in which the form asks.
NEEDS: dict[str, tuple[str, ...]] = {
    Measure.PROPORTION: ("numerator",),
    Measure.COUNTED: ("numerator", "denominator"),
    Measure.MEAN: ("value",),
    Measure.PERCENTILE: ("value", "quantile"),
    Measure.COUNT: (),
    Measure.SUM: ("value",),
    Measure.RATE: ("numerator", "denominator"),
    Measure.RATIO: ("numerator", "denominator"),
    Measure.NPS: ("value",),
}

PER_CENT = 100.0
OF_A_VALUE = frozenset({Measure.MEAN, Measure.PERCENTILE, Measure.SUM})
DAMAGE = frozenset({"dataset_missing", "dataset_damaged", "dataset_file_missing"})
TYPES = {
    "number": gettext_lazy("a number"),
    "text": gettext_lazy("a text"),
    "boolean": gettext_lazy("a yes or no"),
    "date": gettext_lazy("a date"),
    "timestamp": gettext_lazy("a date and time"),
    "null": gettext_lazy("an empty value"),
}


def definition_of(indicator: Indicator) -> Any:
    """The engine's definition; RuleBroken beside the field that does not make sense."""
    for name in NEEDS[indicator.measure]:
        if not getattr(indicator, name):
            raise RuleBroken(_("This measure needs it."), field=name)
    schema = schema_of(indicator.dataset)
    if schema.time is None:
        raise RuleBroken(
            _("The dataset has no column for time, so nothing can be followed over time."), field="dataset"
        )
    _check_expressions(indicator, schema)
    try:
        return engine.IndicatorDefinition(
            dataset=indicator.dataset.code,
            measure=_measure(indicator),
            filter=indicator.condition,
            period=engine.Period(indicator.period),
            time=schema.time.name,
            branch=schema.branch.name if schema.branch else None,
            segments=_segments(indicator, schema),
            zone=schema.time.zone,
        )
    except engine.EngineError as error:
        raise RuleBroken(sentence(error)) from error


def write_plainly(indicator: Indicator) -> None:
    """Expressions are kept in the words of their language, however somebody wrote them."""
    schema = schema_of(indicator.dataset)
    for name in ("numerator", "denominator", "value", "condition"):
        text = getattr(indicator, name)
        if not text:
            continue
        try:
            setattr(indicator, name, engine.canonical(text, schema))
        except engine.EngineError as error:
            raise RuleBroken(sentence(error), field=name) from error
    _in_the_unit_said(indicator, schema)


def _in_the_unit_said(indicator: Indicator, schema: Any) -> None:
    """A column of seconds that is to be shown in minutes is divided by sixty, and not called minutes."""
    column = schema.column(indicator.value)
    if column is None or indicator.measure not in OF_A_VALUE:
        return
    factor = times(column.unit, indicator.measured_in)
    if factor is None or factor == 1:
        return
    sign, number = ("*", factor) if factor > 1 else ("/", 1 / factor)
    indicator.value = engine.canonical(f"{column.name} {sign} {number:g}", schema)


def unit_of_measure(indicator: Indicator) -> str:
    """What the figures are in, by what is measured: nobody need say it, and nobody can say what it is not."""
    said = indicator.measured_in.strip()
    if indicator.is_share:
        return "%"
    if indicator.measure in {Measure.COUNT, Measure.SUM} and said == "%":
        raise RuleBroken(
            _("A number is no share: leave the unit of measure empty, or say what is counted, as “calls”."),
            field="measured_in",
        )
    if indicator.measure in {Measure.RATE, Measure.RATIO}:
        if said == "%" and indicator.multiplier != PER_CENT:
            raise RuleBroken(
                _("To show it in per cent, say that it is shown times 100."), field="measured_in"
            )
        return said
    return said if indicator.measure == Measure.COUNT else _unit_of_value(indicator, said)


def _unit_of_value(indicator: Indicator, said: str) -> str:
    column = schema_of(indicator.dataset).column(indicator.value)
    known = "" if column is None else column.unit.strip()
    if seconds_in(known) is not None and said and seconds_in(said) is None:
        raise RuleBroken(
            _("“%(column)s” is in “%(unit)s”: say a unit of time, as s, min, h or d.")
            % {"column": column.name, "unit": known},
            field="measured_in",
        )
    if said == "%" and known not in {"", "%"}:
        raise RuleBroken(
            _("“%(column)s” is in “%(unit)s” and not in per cent.") % {"column": column.name, "unit": known},
            field="measured_in",
        )
    return said or known


def schema_of(dataset: Dataset) -> Any:
    if not dataset.schema:
        raise RuleBroken(
            _("The dataset %(name)s has no data yet: load a file first.") % {"name": dataset}, field="dataset"
        )
    return engine.Schema.from_json(dataset.schema)


def sentence(error: Any) -> str:
    """What the engine refused, in the reader's language."""
    template = _(engine.CODES.get(error.code, "%(detail)s"))
    try:
        said = template % {name: _said(error.code, value) for name, value in error.params.items()}
    except KeyError:
        return str(error)
    return f"{error.place}: {said}" if isinstance(error, engine.PlaceError) else said


@contextmanager
def damage_told() -> Iterator[None]:
    """A dataset that cannot be read will not be read the next time either: who waits gets the sentence at once."""
    try:
        yield
    except engine.EngineError as error:
        if error.code in DAMAGE:
            raise RuleBroken(sentence(error)) from error
        raise


def _said(code: str, value: object) -> object:
    """The kinds of value that an expression mixes up are words too."""
    if code == "role_twice":
        return {"time": _("time"), "branch": _("unit (branch, area)")}.get(str(value), value)
    return TYPES.get(str(value), value) if code == "wrong_type" else value


def _measure(indicator: Indicator) -> Any:
    i = indicator
    if i.measure == Measure.PROPORTION:
        return engine.Proportion(met=i.numerator)
    if i.measure == Measure.COUNTED:
        return engine.Proportion.counted(met_total=i.numerator, total=i.denominator)
    if i.measure == Measure.MEAN:
        return engine.Mean(value=i.value)
    if i.measure == Measure.PERCENTILE:
        return engine.Percentile(value=i.value, q=(i.quantile or 50) / 100)
    if i.measure == Measure.COUNT:
        return engine.Count()
    if i.measure == Measure.SUM:
        return engine.Mean(value=i.value)  # its total is the sum
    if i.measure == Measure.RATE:
        return engine.Rate(events=i.numerator, exposure=i.denominator)
    if i.measure == Measure.RATIO:
        return engine.Ratio(numerator=i.numerator, denominator=i.denominator)
    return engine.Nps(score=i.value)


def _segments(indicator: Indicator, schema: Any) -> tuple[str, ...]:
    for name in indicator.segment_columns:
        if schema.column(name) is None:
            raise RuleBroken(
                _("The dataset has no column “%(column)s”.") % {"column": name}, field="segments"
            )
    return indicator.segment_columns


def _check_expressions(indicator: Indicator, schema: Any) -> None:
    for name in ("numerator", "denominator", "value", "condition"):
        text = getattr(indicator, name)
        if not text or (name != "condition" and name not in NEEDS[indicator.measure]):
            continue
        try:
            engine.parse_expression(text, schema, expect=expected_type(indicator, name))
        except engine.EngineError as error:
            raise RuleBroken(sentence(error), field=name) from error


def expected_type(indicator: Indicator, name: str) -> engine.ValueType | None:
    """What the expression must be; the events of a rate may be a condition or a number per row."""
    if name == "condition" or (name == "numerator" and indicator.measure == Measure.PROPORTION):
        return engine.ValueType.BOOLEAN
    if name == "numerator" and indicator.measure == Measure.RATE:
        return None
    return engine.ValueType.NUMBER
