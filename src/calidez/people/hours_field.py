"""The hours of a weekday as a model field: stored as “08:00-14:00 16:00-20:00”, edited as a tick and times; empty is closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from calidez.people.opening_hours import DAY, MOST_STRETCHES, WHOLE_DAY, read_hours, write_hours

LONGEST = 60


class HoursField(models.CharField):
    """Files and programs write it as text; it is kept in one way of writing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given: dict[str, Any] = {"max_length": LONGEST, "blank": True, "default": "", **kwargs}
        super().__init__(*args, **given)

    def clean(self, value: Any, model_instance: Any) -> str:
        return _tidy(super().clean(value, model_instance))

    def formfield(self, **kwargs: Any) -> Any:
        label = str(self.verbose_name)
        # Closed is an answer, so nothing is called optional.
        return _HoursInForm(label=label[:1].upper() + label[1:], help_text=self.help_text, required=True)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class _Widget(forms.Widget):
    template_name = "people/hours.html"
    use_fieldset = False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        text = str(value or "").strip()
        # A clock of a form knows no 24:00, and nobody needs to read times where it is open all day.
        pieces = [] if text == WHOLE_DAY else text.replace("24:00", "00:00").split(" ")
        filled = (*pieces, *[""] * MOST_STRETCHES)[:MOST_STRETCHES]
        pairs = [(*piece.split("-", 1), "")[:2] for piece in filled]
        stretches = [
            {"from": f"{name}-{n}-from", "since": since, "to": f"{name}-{n}-until", "until": until}
            for n, (since, until) in enumerate(pairs)
        ]
        first, second = stretches
        return {**context, "opens": bool(text), "box": f"{name}-open", "first": first, "second": second}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        if name in data:  # as text, as the address of the form may give it
            return str(data[name])
        if not data.get(f"{name}-open"):
            return ""
        pairs = (
            (data.get(f"{name}-{n}-from") or "", data.get(f"{name}-{n}-until") or "")
            for n in range(MOST_STRETCHES)
        )
        # Open without times is open all day: whoever only knows the weekdays need not invent hours.
        return " ".join(f"{since}-{until}" for since, until in pairs if since or until) or WHOLE_DAY

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # no box ticked is an answer


class _HoursInForm(forms.CharField):
    widget = _Widget

    def clean(self, value: Any) -> str:
        return _tidy(str(self.to_python(value) or ""))


def _tidy(text: str) -> str:
    try:
        hours = read_hours(text)
        if any(one.minutes == DAY and one.start for one in hours):
            raise ValueError("a stretch that ends when it begins is a slip of the pen")
        return write_hours(hours)
    except ValueError:
        raise ValidationError(
            _(
                "Write from when until when, as 08:00-20:00; at most two stretches a day, which do not overlap. Closed is left empty."
            )
        ) from None
