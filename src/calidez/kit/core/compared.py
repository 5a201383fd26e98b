"""Beside which field a comparison of two fields is refused: "ends" where it must not come before "starts"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Q


def said_beside(model: type[models.Model], sentences: list[str]) -> dict[str, list[str]]:
    """The sentences by the field that their constraint compares with others; by "" what is about the whole record."""
    fields = {
        str(one.get_violation_error_message()): field
        for one in model._meta.constraints
        if isinstance(one, models.CheckConstraint) and (field := _compared(one.condition))
    }
    found: dict[str, list[str]] = {}
    for sentence in sentences:
        found.setdefault(fields.get(sentence, ""), []).append(sentence)
    return found


def _compared(condition: Any) -> str:
    """The only field that is held against another one; empty where there are several, or none."""
    names = set(_against_fields(condition))
    return names.pop() if len(names) == 1 else ""


def _against_fields(condition: Any) -> Iterator[str]:
    for one in getattr(condition, "children", ()):
        if isinstance(one, Q):
            yield from _against_fields(one)
        elif isinstance(one, tuple) and hasattr(one[1], "resolve_expression"):
            yield one[0].partition("__")[0]
