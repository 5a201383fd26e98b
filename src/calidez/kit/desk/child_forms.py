"""The rows of a record inside its form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList

from calidez.kit.core.children import Child, Row, rows_of, text_of_values
from calidez.kit.desk.forms import RecordForm, choices_for, formfield
from calidez.kit.platform.errors import RuleBroken


@dataclass(frozen=True)
class ChildForm:
    """One kind of row with its formset, as bound or as it stands."""

    child: Child
    formset: Any

    @property
    def label(self) -> str:
        return str(self.child.label)

    @property
    def folded(self) -> bool:
        """Left for later: there is no row yet, and nothing that was written in vain."""
        formset = self.formset
        return (
            self.child.later
            and not formset.initial_form_count()
            and not (
                formset.is_bound and (not formset.is_valid() or any(f.has_changed() for f in formset.forms))
            )
        )

    def rows(self) -> list[Row]:
        """The rows that were written, in their order, without blank and removed ones. Only once it is valid."""
        written = []
        for place, form in enumerate(self.formset.forms):
            values = dict(form.cleaned_data) if form.is_valid() else {}
            if not values or values.get("DELETE") or (not form.has_changed() and not values.get("row")):
                continue
            order = values.pop("ORDER", None)
            pk = values.pop("row", None)
            values.pop("DELETE", None)
            written.append((order if order is not None else 10_000 + place, Row(values, pk, place)))
        return [row for _order, row in sorted(written, key=lambda pair: pair[0])]

    def texts(self) -> list[str]:
        return [text_of_values(self.child, row.values) for row in self.rows()]


def child_forms(entity: Any, user: Any, record: Any, data: Any) -> tuple[ChildForm, ...]:
    return tuple(ChildForm(child, _formset(child, user, record, data)) for child in entity.children)


def without_errors(given: tuple[ChildForm, ...]) -> None:
    """As a draft is shown: nobody asked yet whether it may be saved."""
    for one in given:
        if not one.formset.is_bound:
            continue
        one.formset.full_clean()  # drawing a formset that was never checked would check it then
        one.formset._non_form_errors = ErrorList()
        for form in one.formset.forms:
            form._errors = ErrorDict()


def place_refusal(given: tuple[ChildForm, ...], refusal: RuleBroken) -> bool:
    """Put the sentence beside its row; False when it is about none of them."""
    for one in given:
        name = one.child.name
        if refusal.field == name:
            one.formset.non_form_errors().append(str(refusal))
            return True
        if refusal.field.startswith(f"{name}-"):
            place, _dash, field = refusal.field[len(name) + 1 :].partition("-")
            one.formset.forms[int(place)].add_error(field or None, str(refusal))
            return True
    return False


def _formset(child: Child, user: Any, record: Any, data: Any) -> Any:
    class RowForm(RecordForm):
        row = forms.IntegerField(required=False, widget=forms.HiddenInput)

        def __init__(self, *arguments: Any, **values: Any) -> None:
            super().__init__(*arguments, **values)
            for field in self.fields.values():
                if isinstance(field, forms.ModelChoiceField):
                    field.queryset = choices_for(field.queryset, user)

    form_class = forms.modelform_factory(
        child.model, form=RowForm, fields=list(child.fields), formfield_callback=formfield
    )
    factory = forms.formset_factory(
        form_class,
        extra=1,
        can_delete=True,
        can_order=bool(child.order),
        max_num=child.max,
        absolute_max=child.max + 100,
    )
    initial = [
        {"row": row.pk, **{name: _initial(row, name) for name in child.fields}}
        for row in (rows_of(child, record) if record is not None else [])
    ]
    return factory(data, initial=initial, prefix=child.name)


def _initial(row: Any, name: str) -> Any:
    return row._meta.get_field(name).value_from_object(row)
