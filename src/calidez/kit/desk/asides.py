"""What is said beside a form while it is being written: a preview, a check, what the figures say of a target.

    asides = (Aside("check", _("Policy check"), "policy/_check.html", check_beside, watches=("statement",)),)

The content is a function of the values typed so far. It is drawn with the form and asked again, without saving
anything, when one of the watched fields changes; without scripts it stays as it was when the page was drawn.
An upper part adds one to the form of a lower part's records by `add_aside`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from calidez.kit.core.blocks import Aside, Values


@dataclass(frozen=True)
class AsideBlock:
    """One aside on a form's page; `trigger` names the inputs after whose change it is asked again."""

    key: str
    title: str
    template: str
    content: Any
    url: str
    trigger: str
    near: str  # the first of the watched fields that the form has


_added: dict[str, list[Aside]] = defaultdict(list)


def add_aside(subject: str, aside: Aside) -> None:
    """An upper part says something beside the forms of `subject` (as "standards.standard")."""
    _added[subject].append(aside)


def asides_of(entity: Any) -> tuple[Aside, ...]:
    """The declared ones, then those that other parts add."""
    return (*entity.asides, *_added[entity.model._meta.label_lower])


def asides_for(entity: Any, form: forms.BaseForm, record: Any, user: Any) -> tuple[AsideBlock, ...]:
    """Those of the kind's asides that watch a field of this form."""
    values = typed_values(form)
    return tuple(
        block(entity, aside, form, record, user, values)
        for aside in asides_of(entity)
        if any(name in form.fields for name in aside.watches)
    )


def block(
    entity: Any, aside: Aside, form: forms.BaseForm, record: Any, user: Any, values: Values
) -> AsideBlock:
    address = reverse("kit:aside", args=[entity.slug, aside.key])
    watched = [name for name in aside.watches if name in form.fields]
    inputs = [form[name].id_for_label for name in watched]
    return AsideBlock(
        key=aside.key,
        title=str(aside.title),
        template=aside.template,
        content=aside.content(values, record, user),
        url=f"{address}?record={record.uid}" if record is not None else address,
        trigger=", ".join(f"input from:#{name} delay:400ms, change from:#{name}" for name in inputs),
        near=watched[0] if watched else "",
    )


def typed_values(form: forms.BaseForm) -> dict[str, Any]:
    """What has been typed as Python values; a field that does not read well yet is simply not there."""
    if form.is_bound:
        shown = form._errors  # type: ignore[attr-defined]
        form.full_clean()
        values = dict(form.cleaned_data)
        form._errors = shown  # type: ignore[attr-defined]
        return values
    values = {}
    for name, field in form.fields.items():
        initial = form.get_initial_for_field(field, name)
        nothing = initial is None and not isinstance(field, forms.ModelChoiceField)
        if nothing or isinstance(field, forms.FileField):
            continue
        try:
            # What stands in the address of a new record is text as well.
            values[name] = field.clean(field.prepare_value(initial))
        except ValidationError:
            continue
    return values
