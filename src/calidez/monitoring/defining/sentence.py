"""An indicator's form as it stands: each part of the sentence with what can be chosen, what is wrong, and what it would show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.desk.asides import typed_values
from calidez.kit.desk.forms import record_form
from calidez.kit.platform.display import Option
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.defining import conditions, proposals
from calidez.monitoring.defining.columns import Columns, columns_of
from calidez.monitoring.defining.preview import Preview, preview
from calidez.monitoring.defining.words import MEASURES, sentence_of
from calidez.monitoring.defining.writing import (
    COLUMN,
    ROWS,
    TEXT,
    Writing,
    begun,
    dataset_of,
    propose_unit,
    unit_of,
)
from calidez.monitoring.measuring.definitions import (
    asked_for,
    missing_of,
    sentence,
    unit_of_measure,
    write_plainly,
)
from calidez.monitoring.measuring.services.rollup import branch_units
from calidez.monitoring.models import Dataset, Indicator
from calidez.people.models import Unit

Measure = Indicator.Measure
SEGMENTS = 2


@dataclass(frozen=True)
class Wrong:
    """What is wrong with an expression, and where: what stands before, at and after the place."""

    sentence: str
    before: str = ""
    at: str = ""
    after: str = ""


@dataclass(frozen=True)
class Part:
    """One expression of the sentence: rows of conditions, a column from a list, or the expression itself."""

    field: Any
    label: str
    help: str
    needed: bool
    block: conditions.Block | None = None
    columns: tuple[Option, ...] = ()
    text: str = ""
    names: tuple[Option, ...] = ()  # the columns to write in an expression
    wrong: Wrong | None = None

    @property
    def name(self) -> str:
        return str(self.field.name)


@dataclass(frozen=True)
class Sentence:
    """`quiet` says why there are no figures yet; `said` is the whole in words."""

    form: Any
    hidden: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    segments: tuple[tuple[Option, ...], ...]
    asks_unit: bool
    draft: Indicator | None  # as it would be kept, as far as it can be
    columns: Columns | None
    quiet: str
    said: str = ""
    seen: Preview | None = None

    @property
    def whole(self) -> bool:
        return not self.form.errors


def sentence_of_form(
    entity: Any,
    names: Sequence[str],
    user: Any,
    *,
    verb: str,
    given: QueryDict | None,
    initial: Mapping[str, Any],
    instance: Indicator | None = None,
    required: Sequence[str] = (),
    asked: bool = False,
) -> Sentence:
    """`given` is what was sent or left as a draft; `asked` says that it is to be kept, so that what is missing is told."""
    data = given.copy() if given is not None else begun(entity, names, user, initial, instance)
    writing = Writing(data, new=instance is None, opened=given is None)
    dataset = dataset_of(data, user)
    if instance is None and dataset is not None:
        propose_unit(data, dataset, user)
    unit = unit_of(data, user, verb)
    columns = columns_of(dataset, _branches(dataset, unit))
    if dataset is not None and columns is not None:
        data["dataset"] = str(dataset.pk)
        writing.propose(dataset, columns)
        writing.act(columns)
        writing.compose(columns)
        writing.follow(dataset, columns)
    form: Any = record_form(entity, names, user, instance=instance, data=data, required=required)
    _dress(form, new=instance is None)
    for name in writing.used:
        # What is wrong is told under the name that the page shows.
        form.fields[name].label = _words(name, writing.measure)[0]
    values = typed_values(form)
    if asked:
        form.is_valid()
    else:
        form._errors = ErrorDict()
    wrong = _wrong(writing, dataset, columns, form, asked=asked)
    if len(form.errors) > 1 and not data.get("name") and (wrong or writing.unfinished(dataset)):
        form.errors.pop("name", None)  # it comes by itself with the rest
    return Sentence(
        form=form,
        hidden=tuple(_hidden(writing, dataset)),
        parts=tuple(_parts(writing, form, columns, wrong)) if columns is not None else (),
        segments=tuple(_segments(data.get("segments", ""), columns)) if columns is not None else (),
        asks_unit=writing.measure not in {"", Measure.PROPORTION, Measure.COUNTED},
        draft=_indicator(values) if unit is not None and not wrong else None,
        columns=columns,
        quiet=_quiet(dataset, unit, values),
    )


def with_figures(sentence_: Sentence) -> Sentence:
    """The same with what it says in words and shows in figures; what stands in the way is told beside its field."""
    draft, columns, form = sentence_.draft, sentence_.columns, sentence_.form
    if draft is None or columns is None or not draft.measure:
        return sentence_
    missing = missing_of(draft)
    if missing:
        return replace(sentence_, quiet=asked_for(missing, draft.measure))
    said = ""
    try:
        write_plainly(draft)
        said = sentence_of(draft, columns.schema)
        seen = preview(_in_its_unit(draft))
    except RuleBroken as refusal:
        if refusal.field == "measured_in" and "measured_in" not in form.errors:
            form.add_error("measured_in", str(refusal))
        return replace(sentence_, said=said, quiet=str(refusal))
    return replace(sentence_, said=said, seen=seen)


def _branches(dataset: Dataset | None, unit: Unit | None) -> list[str] | None:
    """Whose rows may serve as examples: those of the unit that is chosen, and nobody's before one is."""
    if dataset is None or unit is None:
        return []
    return None if dataset.unit.path.startswith(unit.path) else list(branch_units(dataset, unit))


def _dress(form: Any, *, new: bool) -> None:
    """The words of the sentence in its lists, and nothing chosen where only a person knows."""
    measure, better = form.fields["measure"], form.fields["better"]
    measure.label = _("What is measured")
    measure.error_messages["required"] = _("Choose what is measured.")
    measure.choices = [("", _("Choose…")), *((value, str(words)) for value, words in MEASURES.items())]
    if new:
        better.choices = [("", _("Choose…")), *Indicator.Better.choices]


def _wrong(
    writing: Writing, dataset: Dataset | None, columns: Columns | None, form: Any, *, asked: bool
) -> dict[str, Wrong]:
    """By field what is wrong with the expressions; told beside the field whether or not it is to be kept."""
    found: dict[str, Wrong] = {}
    if columns is None or dataset is None:
        return found
    for name, (text, error) in writing.misread(writing.indicator(dataset), columns).items():
        found[name] = _place(text, error)
    missing = str(_("Say which value."))
    for name in writing.used:
        errors = [e for e in writing.row_errors.get(name, {}).values() if asked or e != missing]
        if errors:
            found[name] = Wrong(errors[0])
    for name, wrong in found.items():
        form.errors.pop(name, None)
        form.add_error(name, wrong.sentence)
    return found


def _place(text: str, error: Any) -> Wrong:
    place = getattr(error, "position", None)
    if place is None:
        return Wrong(sentence(error))
    end = place
    while end < len(text) and not text[end].isspace():
        end += 1
    return Wrong(sentence(error), text[:place], text[place:end] or "…", text[end:])


def _indicator(values: Mapping[str, Any]) -> Indicator | None:
    """The indicator as it would be kept; None while something that figures need is missing."""
    if any(values.get(name) is None for name in ("dataset", "unit", "measure", "period")):
        return None
    named = {f.name for f in Indicator._meta.concrete_fields}
    return Indicator(**{name: value for name, value in values.items() if name in named and name != "version"})


def _in_its_unit(draft: Indicator) -> Indicator:
    if draft.measure == Measure.NPS:
        draft.measured_in = _("points")
    else:
        draft.measured_in = unit_of_measure(draft)
    return draft


def _quiet(dataset: Dataset | None, unit: Unit | None, values: Mapping[str, Any]) -> str:
    if dataset is None:
        return _("Choose a dataset: what it measures is proposed, and the figures show here.")
    if unit is None:
        return _("Choose a unit in which you may write indicators.")
    if not dataset.schema:
        return _("The dataset has no data yet: load a file first.")
    if not values.get("measure"):
        return _("Choose what is measured.")
    return _("The figures show here once the sentence is whole.")


def _hidden(writing: Writing, dataset: Dataset | None) -> Iterator[tuple[str, str]]:
    """What the next answer must know of this one."""
    yield "dataset-was", str(dataset.pk) if dataset is not None else ""
    yield "measure-was", writing.measure
    for name in ("name", "better", "measured_in"):
        yield f"{name}-proposed", writing.data.get(f"{name}-proposed", "")


def _parts(writing: Writing, form: Any, columns: Columns, wrong: Mapping[str, Wrong]) -> Iterator[Part]:
    for name in writing.used:
        way, text = writing.way(name), writing.data.get(name, "")
        label, help_ = _words(name, writing.measure)
        yield Part(
            field=form[name],
            label=label,
            help=help_,
            needed=name != "condition",
            block=_block(writing, name, columns) if way == ROWS else None,
            columns=_offered(name, text, writing.measure, columns) if way == COLUMN else (),
            text=text,
            names=columns.options(columns.schema.stored, "") if way == TEXT else (),
            wrong=wrong.get(name),
        )


def _block(writing: Writing, name: str, columns: Columns) -> conditions.Block:
    either = conditions.either(writing.data, name)
    return conditions.block(
        name, writing.rows.get(name, []), either, columns, writing.row_errors.get(name, {})
    )


def _offered(name: str, text: str, measure: str, columns: Columns) -> tuple[Option, ...]:
    """Numbers as a rule; what happened may also be a yes or no."""
    found = proposals.values_of(columns.schema)
    if measure == Measure.RATE and name == "numerator":
        found = [*found, *(c for c in columns.schema.stored if c.type is engine.ColumnType.BOOLEAN)]
    return (Option("", _("Choose a column"), not text), *columns.options(found, text))


def _words(name: str, measure: str) -> tuple[str, str]:
    if name == "condition":
        return _("Only rows where"), _("Leave it empty for all rows.")
    said = {
        ("numerator", Measure.PROPORTION): (
            _("The condition that they meet"),
            "",
        ),
        ("numerator", Measure.COUNTED): (_("The part"), _("How many of the total met it, in each row.")),
        ("denominator", Measure.COUNTED): (_("The total"), _("Of how many, in each row.")),
        ("numerator", Measure.RATE): (_("What happened"), _("A number in each row, or a yes or no.")),
        ("denominator", Measure.RATE): (
            _("For how much exposure"),
            _("As days of stay, or hours of service."),
        ),
        ("numerator", Measure.RATIO): (_("The sum of"), ""),
        ("denominator", Measure.RATIO): (_("Over the sum of"), ""),
        ("value", Measure.NPS): (_("The column with the answers"), _("Whole numbers from 0 to 10.")),
    }
    return said.get((name, Measure(measure)), (_("Of the column"), ""))


def _segments(text: str, columns: Columns) -> Iterator[tuple[Option, ...]]:
    chosen = [name.strip() for name in text.split(",") if name.strip()]
    offered = [
        c
        for c in columns.schema.stored
        if c.type in {engine.ColumnType.TEXT, engine.ColumnType.BOOLEAN, engine.ColumnType.INTEGER}
        and c is not columns.schema.branch
        and (c.name in chosen or not proposals.is_identifier(c, columns.seen.get(c.name)))
    ]
    for place in range(max(SEGMENTS, len(chosen))):
        value = chosen[place] if place < len(chosen) else ""
        yield (Option("", _("no"), not value), *columns.options(offered, value))
