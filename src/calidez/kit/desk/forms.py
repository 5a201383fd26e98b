"""Forms follow from the declaration: model fields in sections, choices limited to what the person may see."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import formats
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core.any_record import AnyRecord, Named, visible
from calidez.kit.core.conditions import OnlyIf, not_asked, shown
from calidez.kit.core.finding import find_any, written
from calidez.kit.platform import far_days
from calidez.kit.platform.display import Section
from calidez.kit.platform.kept_files.field import KeptFileField

DJANGO_BLANK = BLANK_CHOICE_DASH[0][1]


class Later(NamedTuple):
    """A group of fields that most people leave for later: while it is empty and nothing in it is wrong it stands folded."""

    title: Any
    names: Sequence[str]


def record_form(
    entity: Any,
    names: Sequence[str],
    user: Any,
    *,
    instance: Any = None,
    data: Any = None,
    files: Any = None,
    initial: dict[str, Any] | None = None,
    note: bool = False,
    required: Sequence[str] = (),
) -> forms.ModelForm:
    """A form over `names`; with a hidden version where a record is changed, and a reason where one is asked."""
    form_class = forms.modelform_factory(
        entity.model, form=RecordForm, fields=list(names), formfield_callback=formfield
    )
    form: Any = form_class(data, files, instance=instance, initial=initial)
    form.conditions = {n: c for n, c in entity.conditions.items() if n in form.fields}
    for name, condition in form.conditions.items():
        form.fields[name].only_if = shown(entity, condition)
        form.fields[name].demanded = condition.needed
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = choices_for(field.queryset, user)
        if isinstance(field, AnyRecordField):
            field.meant_for(user, form.get_initial_for_field(field, name))
        if name in required:
            field.required = True
        _say_what_nothing_is(field)
    if instance is not None:
        # A step that asks nothing is one press of a button, which shows and changes no values.
        form.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=instance.version, required=bool(names)
        )
    if note:
        form.fields["note"] = forms.CharField(
            label=_("Why?"),
            help_text=_("Kept in the history, for whoever asks later."),
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("Write why.")},
        )
    return form


def _say_what_nothing_is(field: Any) -> None:
    """In a list, where nothing is chosen: that one must choose, or that one need not."""
    words = _("Choose…") if field.required or getattr(field, "demanded", False) else "–"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DJANGO_BLANK:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField):
        offered: Any = field.choices
        field.choices = [
            (value, words if value in ("", None) and text == DJANGO_BLANK else text)
            for value, text in offered
        ]


def sections_of(entity: Any, form: forms.BaseForm, names: Sequence[str]) -> tuple[Section, ...]:
    """The entity's groups as far as the form has their fields; the rest in one group."""
    placed: set[str] = set()
    sections = []
    whole = set(entity.all_fields) <= set(names)  # a step asks for what it needs now
    for group in entity.sections:
        title, members = group
        present = [n for n in members if n in form.fields and n in names]
        placed.update(present)
        if present:
            fields = tuple(form[n] for n in present)
            folded = whole and isinstance(group, Later) and all(may_wait(field) for field in fields)
            sections.append(Section(str(title), fields, folded))
    rest = [n for n in form.fields if n not in placed and not form[n].is_hidden]
    if rest:
        sections.append(Section("", tuple(form[n] for n in rest)))
    if all(section.folded for section in sections):
        # What a step asks is asked now.
        return tuple(replace(section, folded=False) for section in sections)
    return tuple(sections)


def may_wait(field: forms.BoundField) -> bool:
    """Whether nothing stands in the field but what stood there from the beginning, and nothing is wrong with it."""
    value, usual = field.value(), field.field.initial
    return not field.errors and (
        value in (None, "", [], ()) or (usual is not None and str(value) == str(usual))
    )


def values_of(form: forms.BaseForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name not in {"version", "note"}}


class NumberField(forms.FloatField):
    """A figure as people write it: 95,5 or 1.500 in Spanish, 95.5 or 1,500 in English.

    The other language's decimal sign is understood too, unless exactly three digits follow it.
    """

    widget = forms.TextInput

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]
        if not isinstance(value, str):
            return super().to_python(value)
        text = re.sub(r"\s", "", value).replace("−", "-")
        if not text:
            return None
        plain = _plain_number(text, formats.get_format("DECIMAL_SEPARATOR"))
        if plain is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(plain)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, (int, float)) or not math.isfinite(value):
            return value
        written = format(Decimal(repr(value)).normalize(), "f")
        return written.replace(".", formats.get_format("DECIMAL_SEPARATOR"))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}


def _plain_number(text: str, decimal: str) -> str | None:
    """With a point and without groups, as Python reads it; None where it is no number."""
    other = "," if decimal == "." else "."
    if re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(\{other}\d{{3}})+(\{decimal}\d*)?", text):
        return text.replace(other, "").replace(decimal, ".")
    if re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", text):
        return text.replace(",", ".")
    return None


class AnyRecordField(forms.CharField):
    """A record of any kind: people write its code, or paste the address of its page."""

    user: Any = None
    kept: Named | None = None

    def meant_for(self, user: Any, kept: Named | None) -> None:
        """`kept` stands there already: it is named as far as this person may see it, and may stay in any case."""
        self.user, self.kept = user, kept
        usual = _("The code of a record of any kind, or the address of its page.")
        if kept is None:
            self.help_text = self.help_text or usual
            return
        kept.found = visible([kept], user).get(kept.uid)
        self.help_text = f"{kept.kind}: {kept.found}" if kept.found is not None else kept.kind

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Named) else value

    def clean(self, value: Any) -> Named | None:
        text = super().clean(value)
        if not text:
            return None
        if self.kept is not None and text == written(self.kept):
            return self.kept
        return find_any(text, self.user)


class ManyField(forms.ModelMultipleChoiceField):
    """Several records; a number that no key has is no choice, even where the database cannot count so far."""

    def _check_values(self, value: Any) -> Any:
        try:
            return super()._check_values(value)  # type: ignore[misc]
        except OverflowError:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": _("a number")}
            ) from None


class KeptFileInput(forms.ClearableFileInput):
    """A file of the record. The one that is there and the box that takes it away are drawn around it (c-field)."""

    template_name = "django/forms/widgets/file.html"


class RecordForm(forms.ModelForm):
    """Validates fields only: the rules and uniqueness are the operation's, in its transaction."""

    required_css_class = "required"
    conditions: ClassVar[Mapping[str, OnlyIf]] = {}

    def clean(self) -> dict[str, Any]:
        """What is not asked cannot be wrong; the operation empties it or leaves it."""
        values: dict[str, Any] = dict(super().clean() or self.cleaned_data)
        controls = {c.field for c in self.conditions.values()}
        known = {n: values.get(n, getattr(self.instance, n, None)) for n in controls}
        for name in not_asked(self.conditions, known, self.conditions):
            self.errors.pop(name, None)
            values.pop(name, None)
        for name, condition in self.conditions.items():
            if condition.needed and name in values and values[name] in (None, ""):
                self.add_error(name, forms.Field.default_error_messages["required"])
        return values

    def validate_unique(self) -> None:
        return

    def validate_constraints(self) -> None:
        return

    def _post_clean(self) -> None:
        # The instance stays as read: the operation assigns the values to a row it has locked.
        return


def formfield(field: models.Field, **kwargs: Any) -> forms.Field | None:
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if isinstance(field, models.DateField):
        kwargs["validators"] = [far_days.refuse_far]
    if isinstance(field, models.FloatField):
        kwargs["form_class"] = NumberField
    if isinstance(field, AnyRecord):
        # The address of a page may be longer than what is kept of it.
        kwargs |= {"form_class": AnyRecordField, "max_length": 2000}
    if isinstance(field, KeptFileField):
        kwargs["widget"] = KeptFileInput
    if isinstance(field, models.ManyToManyField):
        kwargs["form_class"] = ManyField
    if isinstance(field, models.TextField) and not field.choices:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
    return field.formfield(**kwargs)


def choices_for(queryset: Any, user: Any) -> Any:
    entity = catalog.get(queryset.model)
    return entity.queryset(user) if entity is not None else queryset
