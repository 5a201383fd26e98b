"""The form of an indicator as a sentence: what is chosen from its lists becomes the fields that are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.forms import NumberField, record_form
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.defining import conditions, proposals
from calidez.monitoring.defining.columns import Columns
from calidez.monitoring.defining.words import name_of
from calidez.monitoring.measuring.definitions import NEEDS, expected_type, unit_of_measure
from calidez.monitoring.models import Dataset, Indicator
from calidez.people.models import Unit

Measure = Indicator.Measure
EXPRESSIONS = ("numerator", "denominator", "value", "condition")
ROWS, COLUMN, TEXT = "rows", "column", "text"
DO = "_do"  # a button that changes the form and keeps nothing
MOST_SEGMENTS = 4
OTHERS = frozenset({engine.Is.OTHER, engine.Is.NONE_OF})


class Writing:
    """A form that was sent, or that begins, as texts by the names of its inputs; each step puts something right in it."""

    def __init__(self, data: QueryDict, *, new: bool, opened: bool) -> None:
        self.data = data
        self.new = new
        self.opened = opened  # nobody has sent it yet
        self.rows: dict[str, list[conditions.Typed]] = {}
        self.row_errors: dict[str, dict[int, str]] = {}

    @property
    def measure(self) -> str:
        found = self.data.get("measure", "")
        return found if found in NEEDS else ""

    @property
    def used(self) -> tuple[str, ...]:
        """The expressions that the measure asks for, in the order of the sentence."""
        if not self.measure:
            return ()
        return (*(name for name in NEEDS[self.measure] if name in EXPRESSIONS), "condition")

    def kind(self, name: str) -> str:
        """How an expression is put together when nobody writes it: from conditions or from one column."""
        met = name == "numerator" and self.measure == Measure.PROPORTION
        return ROWS if met or name == "condition" else COLUMN

    def way(self, name: str) -> str:
        return self.data.get(f"{name}-as", "")

    # The steps

    def propose(self, dataset: Dataset, columns: Columns) -> None:
        """Where a dataset was chosen just now: what it likely measures, and how often."""
        begins = self.opened
        if not self.new or not (begins or self.data.get("dataset-was", str(dataset.pk)) != str(dataset.pk)):
            return
        if not (begins and self.measure):
            self._set(EXPRESSIONS, "")
            for name, value in proposals.measure_of(columns.schema, columns.seen).items():
                self.data[name] = value
        self.data["measure-was"] = self.measure
        if not (begins and self.data.get("period-given")):
            self.data["period"] = proposals.period_of(dataset, columns.schema, columns.seen)
        if not (begins and self.data.get("segments")):
            self.data["segments"] = ", ".join(proposals.segments_of(columns.schema, columns.seen))
            self._forget("segment-")

    def act(self, columns: Columns) -> None:
        """What a button asked for: another condition, one less, or the expression itself and back."""
        what, _colon, rest = self.data.get(DO, "").partition(":")
        name, _colon, place = rest.partition(":")
        if name not in EXPRESSIONS:
            return
        if what == "text":
            self._compose_one(name, columns)
            self.data[f"{name}-as"] = TEXT
        elif what == "list":
            self._forget(f"{name}-")
        elif what == "add":
            free = next(n for n in range(99) if f"{name}-{n}-column" not in self.data)
            self.data[f"{name}-{free}-column"] = ""
        elif what == "drop":
            self._forget(f"{name}-{place}-")
        elif what == "also":
            place, _colon, values = place.partition(":")
            says = self.data.get(f"{name}-{place}-says", "")
            self.data[f"{name}-{place}-says"] = engine.Is.NONE_OF if says in OTHERS else engine.Is.ONE_OF
            self.data[f"{name}-{place}-value"] = values

    def compose(self, columns: Columns) -> None:
        """The expressions, from their rows and columns; those that the measure does not use are empty."""
        if self.data.get("measure-was", self.measure) != self.measure:
            self._begin_anew(columns)
        for name in EXPRESSIONS:
            if name in self.used:
                self._compose_one(name, columns)
            else:
                self.data[name] = ""
                self._forget(f"{name}-")
        if self.measure != Measure.PERCENTILE:
            self.data["quantile"] = ""
        elif not self.data.get("quantile"):
            self.data["quantile"] = "90"
        self._compose_segments()

    def follow(self, dataset: Dataset, columns: Columns) -> None:
        """Name, direction and unit of measure go with the sentence until a person says otherwise."""
        if not self.measure:
            return
        indicator = self.indicator(dataset)
        if not self.misread(indicator, columns):
            self._follow("name", name_of(indicator, columns.schema)[:200])
        if self.new:
            self._follow("better", proposals.better_of(indicator, columns.schema))
        try:
            unit = unit_of_measure(indicator)
        except RuleBroken:
            unit = ""
        self._follow("measured_in", unit or (dataset.rows_are[:20] if self.measure == Measure.COUNT else ""))

    def misread(self, indicator: Indicator, columns: Columns) -> dict[str, tuple[str, Any]]:
        """The expressions that make no sense, each as it is written and with what the engine says of it."""
        found = {}
        for name in self.used:
            text = self.data.get(name, "")
            try:
                if text:
                    engine.parse_expression(text, columns.schema, expect=expected_type(indicator, name))
            except engine.EngineError as error:
                found[name] = (text, error)
        return found

    def indicator(self, dataset: Dataset) -> Indicator:
        """The definition as far as it is written, without what only a whole form says."""
        said = {name: self.data.get(name, "") for name in (*EXPRESSIONS, "segments")}
        period = self.data.get("period", "")
        return Indicator(
            dataset=dataset,
            measure=self.measure,
            quantile=_number(self.data.get("quantile", "")),
            period=period if period in Indicator.Period.values else Indicator.Period.MONTH,
            measured_in="",
            **said,
        )

    # The parts

    def _compose_one(self, name: str, columns: Columns) -> None:
        text = self.data.get(name, "").strip()
        if self.way(name) == TEXT:
            return
        if self.kind(name) == COLUMN:
            plain = not text or columns.schema.column(text) is not None
            self.data[f"{name}-as"] = COLUMN if plain else TEXT
            return
        if self.way(name) == ROWS:
            rows, either = conditions.typed_rows(self.data, name), conditions.either(self.data, name)
            same = conditions.rows_of_text(text, columns.schema) == ([r for r in rows if not r.blank], either)
            written, errors = conditions.text_of(rows, either, columns.schema)
            # What says the same stays as it was written: else the definition would be a new one.
            self.data[name] = text if same and text else written
            self.rows[name], self.row_errors[name] = rows, errors
            return
        found = conditions.rows_of_text(text, columns.schema)
        self.data[f"{name}-as"] = TEXT if found is None else ROWS
        if found is not None:
            self.rows[name] = found[0]
            self.data[f"{name}-joined"] = "or" if found[1] else "and"

    def _compose_segments(self) -> None:
        if "segment-0" in self.data:
            chosen = [self.data.get(f"segment-{n}", "") for n in range(MOST_SEGMENTS)]
            self.data["segments"] = ", ".join(dict.fromkeys(name for name in chosen if name))

    def _begin_anew(self, columns: Columns) -> None:
        """Another measure asks for other things; a column that was chosen may stay."""
        for name in ("numerator", "denominator", "value"):
            if self.way(name) != COLUMN:
                self.data[name] = ""
            self._forget(f"{name}-")
        if self.data.get("measured_in") == "%":
            self.data["measured_in"] = ""
        if self.measure == Measure.NPS:
            self.data["value"] = proposals.answers_of(columns.schema, columns.seen)

    def _follow(self, name: str, proposal: str) -> None:
        if self.data.get(name, "") in {"", self.data.get(f"{name}-proposed", "")}:
            self.data[name] = proposal
        self.data[f"{name}-proposed"] = proposal

    def _set(self, names: Sequence[str], value: str) -> None:
        for name in names:
            self.data[name] = value
            self._forget(f"{name}-")

    def _forget(self, beginning: str) -> None:
        for name in [name for name in self.data if name.startswith(beginning)]:
            del self.data[name]


def begun(
    entity: Any, names: Sequence[str], user: Any, initial: Mapping[str, Any], instance: Indicator | None
) -> QueryDict:
    """The form as it is when it is opened, as the texts that it would send."""
    form = record_form(entity, names, user, instance=instance, initial=dict(initial))
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = field.prepare_value(form.get_initial_for_field(field, name))
        if value not in (None, ""):
            data[name] = str(value)
    if instance is None and "better" not in initial:
        data["better"] = ""
    if "period" in initial:
        data["period-given"] = "1"
    return data


def dataset_of(data: Mapping[str, str], user: Any) -> Dataset | None:
    """The dataset that is chosen, if the person may see it; the only one there is where none is chosen yet."""
    visible = catalog.of(Dataset).queryset(user)
    chosen = data.get("dataset", "")
    if chosen.isdecimal():
        found: Dataset | None = visible.filter(pk=chosen).first()
        return found
    few = list(visible[:2])
    return few[0] if len(few) == 1 and "dataset-was" not in data else None


def unit_of(data: Mapping[str, str], user: Any, verb: str) -> Unit | None:
    """The unit that is chosen, if this person may write indicators there."""
    chosen = data.get("unit", "")
    granted = access.scope(user, catalog.of(Indicator).key, verb)
    found = Unit.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    return found if found is not None and granted.covers(found.path) else None


def propose_unit(data: QueryDict, dataset: Dataset, user: Any) -> None:
    """Where nobody said it: the unit of the dataset, or else the highest below it where the person may."""
    if data.get("unit"):
        return
    granted = access.scope(user, catalog.of(Indicator).key, access.CREATE)
    units = Unit.objects.filter(granted.query("path"), path__startswith=dataset.unit.path, is_active=True)
    found = units.order_by("path").first()
    if found is not None:
        data["unit"] = str(found.pk)


def _number(text: str) -> float | None:
    try:
        return NumberField(required=False).to_python(text)
    except ValidationError:
        return None
