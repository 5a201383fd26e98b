"""Forms of the columns step: one row of fields for each column, built for what the file holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.platform.formats import number
from calidez.monitoring.column_words import role_name
from calidez.monitoring.loading.column_kinds import (
    DURATIONS,
    OWN,
    kinds_for,
    kinds_of_type,
    notes_of,
    shown_samples,
    to_be_said,
)
from calidez.monitoring.loading.seen import heading
from calidez.monitoring.loading.services import Choice, lead_of, parts_of
from calidez.monitoring.measuring.time_units import seconds_in

ROLES = ("time", "branch", "segment", "value", "key", "text", "ignore")
EVENTS, TWICE = "events", "twice"
ASKING = ("kind", "nothing")
NOTHING, NUMBER = "nothing", "number"


@dataclass(frozen=True)
class Question:
    """What is to be said of a column before the file can be checked; `id` is of the field that asks."""

    column: str
    id: str


@dataclass(frozen=True)
class ColumnRow:
    """One line of the columns step."""

    name: str
    samples: tuple[str, ...]
    notes: tuple[str, ...]
    fields: Mapping[str, Any]
    more: tuple[Any, ...] = ()  # what few need, folded away
    said: str = ""  # what the column is, where that is settled

    @property
    def open_fields(self) -> Iterator[Any]:
        """Those that nobody has answered yet; of a column that is not loaded nothing is asked."""
        if "role" in self.fields and self.fields["role"].value() == "ignore":
            return
        for name, field in self.fields.items():
            if name in ASKING and hasattr(field.field, "question") and not field.value():
                yield field

    @property
    def is_open(self) -> bool:
        """Where something is wrong in what is folded away, it is shown."""
        return any(field.errors for field in self.more)


class _OfColumns(forms.Form):
    """A form with a line for each column."""

    def rows(self) -> Iterator[ColumnRow]:
        raise NotImplementedError

    @property
    def questions(self) -> tuple[Question, ...]:
        """Counted before the form is sent: afterwards the summary of its errors names what is missing."""
        if self.is_bound:
            return ()
        return tuple(
            Question(row.name, field.id_for_label) for row in self.rows() for field in row.open_fields
        )


class ColumnsForm(_OfColumns):
    """What each column of the file means; the file goes into a new dataset.

    `said` tells that a person answered for the columns of this very file already: then the answers stand as given.
    """

    def __init__(
        self,
        choices: Sequence[Choice],
        profile: Any,
        data: Any = None,
        *,
        one_day: str = "",
        said: bool = False,
        renames: bool = False,
        **initial: str,
    ) -> None:
        super().__init__(data, auto_id="c_%s")
        self.choices, self.profile, self.said_before = choices, profile, said
        self.renames = renames  # of a dataset that is there
        self.fields["name"] = forms.CharField(
            label=_("Name of the dataset"), max_length=200, initial=initial.get("name")
        )
        self.fields["code"] = forms.CharField(
            label=_("Code"),
            max_length=60,
            initial=initial.get("code"),
            help_text=_(
                "Short and lasting: expressions and files use it. Small letters, digits and underscores."
            ),
        )
        self._add_when(one_day)
        self._add_repeats()
        self._common = _common_words(choices)
        self.fields["missing"] = forms.CharField(
            label=_("Words in this file that mean “no data”"),
            required=False,
            initial="; ".join(self._common),
            help_text=_(
                "Besides those that Calidez knows (N/A, n.d., ?, -). Separate them with semicolons: pending; 9999."
            ),
        )
        for position, choice in enumerate(choices):
            self._add(position, choice)

    @property
    def has_time(self) -> bool:
        return any(self[f"{n}-role"].value() == "time" for n in range(len(self.choices)))

    @property
    def asks_repeats(self) -> bool:
        return "repeats" in self.fields

    @property
    def questions(self) -> tuple[Question, ...]:
        alike = self.asks_repeats and not self.is_bound and not self["repeats"].value()
        about = (Question(_("rows that are alike"), "c_repeats_0"),) if alike else ()
        return (*about, *super().questions)

    def _add_when(self, one_day: str) -> None:
        self.fields["one_day"] = forms.DateField(
            label=_("All rows are of this day"),
            required=False,
            initial=one_day,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text=_("Where no column has the date: a survey made once, the closing of a month."),
        )

    def _add_repeats(self) -> None:
        """Two rows that are alike may be two events or one written twice; only a person knows.

        What would leave rows out is never filled in: where it looks so, the question is open.
        """
        has_id = any(choice.role == "key" for choice in self.choices)
        if not self.profile.repeated_rows or has_id:
            return
        self.fields["repeats"] = forms.ChoiceField(
            label=_("Rows that are alike in every column: %(count)s of %(rows)s")
            % {"count": number(self.profile.repeated_rows), "rows": number(self.profile.rows)},
            choices=[
                (EVENTS, _("They are different events: all count")),
                (TWICE, _("The same was written twice: it counts once")),
            ],
            widget=forms.RadioSelect,
            initial=self._repeats_now(),
        )

    def _repeats_now(self) -> str:
        if not any(choice.key for choice in self.choices):
            return EVENTS
        return TWICE if self.said_before else ""

    def _add(self, position: int, choice: Choice) -> None:
        seen = self.profile.column(choice.source)
        named = {"column": heading(choice.source)}
        fields: dict[str, forms.Field] = {
            "kind": _asking(
                to_be_said(seen) if not choice.kind else "",
                label=_("How %(column)s is read") % named,
                choices=kinds_for(seen, choice.kind),
                initial=choice.kind,
            ),
            "role": forms.ChoiceField(
                label=_("What %(column)s is for") % named,
                choices=[(role, role_name(role)) for role in ROLES],
                initial=choice.role,
            ),
            "key": forms.BooleanField(
                label=_("%(column)s is part of the key") % named, required=False, initial=choice.key
            ),
            "unit": forms.CharField(
                label=_("Unit of measure of %(column)s") % named,
                required=False,
                max_length=20,
                initial=choice.unit,
            ),
            "missing": forms.CharField(
                label=_("Words in %(column)s that mean “no data”") % named,
                required=False,
                initial="; ".join(word for word in choice.missing if word not in self._common),
            ),
            "form": forms.CharField(
                label=_("How the dates of %(column)s are written, as in DD.MM.YYYY hh:mm") % named,
                required=False,
                max_length=40,
                initial="",
            ),
            "joined": forms.ChoiceField(
                label=_("The rest of the date of %(column)s stands in") % named,
                required=False,
                choices=self._others(choice),
                initial="\t".join(choice.joined),
            ),
        }
        if seen.nothing:
            fields["nothing"] = _nothing_field(seen, choice, named["column"], self.said_before)
        if self.renames:
            fields["label"] = forms.CharField(
                label=_("What %(column)s is called on pages, where its heading will not do") % named,
                required=False,
                max_length=60,
                initial=choice.label,
            )
        for name, field in fields.items():
            self.fields[f"{position}-{name}"] = field

    def _others(self, choice: Choice) -> list[tuple[str, str]]:
        """Columns that may hold the month or the time of day, the proposed ones first."""
        proposed = [("\t".join(choice.joined), ", ".join(choice.joined))] if len(choice.joined) > 1 else []
        others = sorted(
            (c for c in self.profile.columns if c.source != choice.source), key=lambda c: not c.clock
        )
        return [("", _("nowhere else")), *proposed, *((c.source, heading(c.source)) for c in others)]

    def rows(self) -> Iterator[ColumnRow]:
        for position, choice in enumerate(self.choices):
            seen = self.profile.column(choice.source)
            names = [
                name
                for name in ("kind", "role", "key", "unit", "nothing")
                if f"{position}-{name}" in self.fields
            ]
            fields = {name: self[f"{position}-{name}"] for name in names}
            others = ("label", "missing", "form", "joined")
            more = tuple(self[f"{position}-{name}"] for name in others if f"{position}-{name}" in self.fields)
            yield ColumnRow(
                heading(choice.source), shown_samples(seen.samples), notes_of(seen, choice), fields, more
            )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for position, _choice in enumerate(self.choices):
            if values.get(f"{position}-role") != "ignore":
                _need_meaning(self, position)
            self._check_duration(position, values)
            if values.get(f"{position}-kind", "").endswith(f":{OWN}") and not values.get(f"{position}-form"):
                self.add_error(f"{position}-form", _("Say how it is written, as in DD.MM.YYYY hh:mm."))
        return values

    def _check_duration(self, position: int, values: dict[str, Any]) -> None:
        """What is read as a duration is kept in seconds, whatever somebody calls them."""
        form, unit = values.get(f"{position}-kind", "").rpartition(":")[2], values.get(f"{position}-unit", "")
        if form in DURATIONS and unit and seconds_in(unit) != 1:
            words = _(
                "A duration is kept in seconds: leave “s”. An indicator can show it in minutes or hours."
            )
            self.add_error(f"{position}-unit", words)

    def said(self) -> tuple[Choice, ...]:
        values = self.cleaned_data
        choices = [self._said(n, choice) for n, choice in enumerate(self.choices)]
        if values.get("one_day") and not any(choice.role == "time" for choice in choices):
            day = values["one_day"].isoformat()
            taken = [choice.name for choice in choices]
            choices.append(
                Choice("", "date:ymd", "time", name=engine.safe_name(_("date"), taken), constant=day)
            )
        return _with_repeats(choices, values.get("repeats", ""))

    def _said(self, n: int, choice: Choice) -> Choice:
        values, seen = self.cleaned_data, self.profile.column(choice.source)
        joined = tuple(filter(None, values[f"{n}-joined"].split("\t")))
        kind = values[f"{n}-kind"].replace(f":{OWN}", f":{values[f'{n}-form'].strip()}")
        clocks = {column.source for column in self.profile.columns if column.clock}
        if joined and set(joined) & clocks and kind.startswith("date:"):
            kind = kind.replace("date:", "timestamp:", 1)
        missing = [*_words(values[f"{n}-missing"])]
        if parts_of(kind)[0] != "text":
            missing += _words(values["missing"])
        if values.get(f"{n}-nothing") == NOTHING:
            missing.append(seen.nothing[0])
        return replace(
            choice,
            kind=kind,
            role=values[f"{n}-role"],
            key=values[f"{n}-key"],
            unit=values[f"{n}-unit"],
            label=values.get(f"{n}-label", ""),
            missing=tuple(dict.fromkeys(missing)),
            joined=joined if parts_of(kind)[0] in ("date", "timestamp") else (),
        )


def _with_repeats(choices: list[Choice], repeats: str) -> tuple[Choice, ...]:
    """Different events have no key; what was written twice is told by the key, or by every column where none is marked."""
    if repeats == EVENTS:
        return tuple(replace(choice, key=False) for choice in choices)
    if repeats == TWICE and not any(choice.key for choice in choices if choice.loaded):
        return tuple(replace(choice, key=choice.loaded) for choice in choices)
    return tuple(choices)


def _words(text: str) -> list[str]:
    return [word for word in (piece.strip() for piece in re.split(r"[;|\n]", text)) if word]


def _common_words(choices: Sequence[Choice]) -> list[str]:
    """What stands for nothing in every column that is no text."""
    lists = [choice.missing for choice in choices if choice.loaded and not choice.kind.startswith("text")]
    if len(lists) < 2:
        return []
    return [word for word in lists[0] if all(word in words for words in lists[1:])]


def _asking(question: str, **more: Any) -> forms.ChoiceField:
    """A field with the question that stands above it while it is open."""
    field = forms.ChoiceField(required=False, **more)
    if question:
        field.question = question  # type: ignore[attr-defined]
    return field


def _nothing_field(seen: Any, choice: Choice, name: str, said: bool) -> forms.ChoiceField:
    value, times = seen.nothing
    number_said = NUMBER if said and choice.loaded else ""
    shown = {"value": value, "times": number(times)}
    return _asking(
        _("What is %(value)s (%(times)s times)?") % shown,
        label=_("What %(value)s means in %(column)s") % {"value": value, "column": name},
        choices=[
            ("", _("Choose")),
            (NOTHING, _("%(value)s means “no data”") % shown),
            (NUMBER, _("%(value)s is a number like the others") % shown),
        ],
        initial=NOTHING if value in choice.missing else number_said,
    )


def _need_meaning(form: forms.Form, position: int) -> None:
    name = f"{position}-nothing"
    if name in form.fields and not form.cleaned_data.get(name):
        form.add_error(name, _("Say what it means: a mean with it in would be wrong."))


class MatchForm(_OfColumns):
    """Which column of the file fills each column of an existing dataset."""

    def __init__(
        self, choices: Sequence[Choice], profile: Any, data: Any = None, *, said: bool = False
    ) -> None:
        super().__init__(data, auto_id="c_%s")
        self.choices, self.profile = choices, profile
        headings = [("", _("not in this file")), *((c.source, heading(c.source)) for c in profile.columns)]
        for position, choice in enumerate(choices):
            seen = self._seen(choice)
            self.fields[f"{position}-source"] = forms.ChoiceField(
                label=_("The file's column for %(column)s") % {"column": choice.name},
                required=False,
                choices=headings,
                initial=choice.source,
            )
            self.fields[f"{position}-kind"] = _asking(
                to_be_said(seen) if not choice.kind else "",
                label=_("How %(column)s is read") % {"column": choice.name},
                choices=kinds_of_type(choice.kind, seen, column_type=_type_of(choice, seen)),
                initial=choice.kind,
            )
            if seen is not None and seen.nothing and parts_of(choice.kind)[0] in ("number", "integer"):
                self.fields[f"{position}-nothing"] = _nothing_field(seen, choice, choice.name, said)
            if choice.role == "time":
                self.fields[f"{position}-constant"] = forms.DateField(
                    label=_("Or all rows are of this day"),
                    required=False,
                    initial=choice.constant,
                    widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                )

    def _seen(self, choice: Choice) -> Any:
        return next((c for c in self.profile.columns if c.source == choice.source), None)

    def rows(self) -> Iterator[ColumnRow]:
        for position, choice in enumerate(self.choices):
            seen = self._seen(choice)
            fields = {
                name: self[f"{position}-{name}"]
                for name in ("source", "kind", "constant", "nothing")
                if f"{position}-{name}" in self.fields
            }
            note = " · ".join([role_name(choice.role), *([_("part of the key")] if choice.key else [])])
            found = notes_of(seen, choice) if seen else ()
            yield ColumnRow(
                choice.name, shown_samples(seen.samples) if seen else (), found, fields, said=note
            )

    @property
    def unplaced(self) -> tuple[str, ...]:
        """The columns of the file that fill no column of the dataset; not those that say why a row was left out."""
        taken = {self[f"{n}-source"].value() for n in range(len(self.choices))}
        for choice in self.choices:
            taken |= set(choice.joined) if choice.source in taken else set()
        headings = [column.source for column in self.profile.columns]
        rest = headings[lead_of(headings) :]
        return tuple(heading(source) for source in rest if source not in taken)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for position, choice in enumerate(self.choices):
            if values.get(f"{position}-source") == choice.source:
                _need_meaning(self, position)
        return values

    def said(self) -> tuple[Choice, ...]:
        values = self.cleaned_data
        return tuple(
            replace(
                choice,
                missing=self._missing(n, choice),
                source=values[f"{n}-source"],
                kind=values[f"{n}-kind"],
                joined=choice.joined if values[f"{n}-source"] == choice.source else (),
                constant=self._day(n) if not values[f"{n}-source"] else "",
            )
            for n, choice in enumerate(self.choices)
        )

    def _missing(self, position: int, choice: Choice) -> tuple[str, ...]:
        if self.cleaned_data.get(f"{position}-nothing") != NOTHING:
            return choice.missing
        return tuple(dict.fromkeys((*choice.missing, self._seen(choice).nothing[0])))

    def _day(self, position: int) -> str:
        day = self.cleaned_data.get(f"{position}-constant")
        return day.isoformat() if day else ""


def _type_of(choice: Choice, seen: Any) -> str:
    if choice.kind:
        return parts_of(choice.kind)[0]
    return str(seen.type) if seen is not None and seen.type in ("date", "timestamp", "number") else "date"
