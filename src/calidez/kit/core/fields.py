"""The fields that nearly every kind of record has, each said once; migrations see the plain Django fields.

class State(States):
    DRAFT = "draft", _("Draft"), Tone.QUIET
    CLOSED = "closed", _("Closed"), Tone.GOOD

code = fields.code()
owner = fields.owner(User, related_name="findings")
unit = fields.place(Unit, _("Where it was found."), related_name="findings")
state = fields.state(State)
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, overload

from django.db import models
from django.utils.translation import gettext_lazy as _

from calidez.kit.platform.display import Tone
from calidez.kit.platform.states import States as States

M = TypeVar("M", bound=models.Model)
_ANSWERS = _("Who answers for it.")


@functools.cache
def tones(model: type[models.Model]) -> Mapping[str, Tone]:
    """How each state of this kind is drawn; empty where its states say nothing of it."""
    states: Any = getattr(model, "State", ())
    return {str(one): one.tone for one in states} if hasattr(states, "tone") else {}


def code(max_length: int = 20) -> models.CharField[str, str]:
    """By which people call the record; its declaration says how it is made up."""
    return models.CharField(_("code"), max_length=max_length, unique=True, editable=False)


def owner(to: type[M], help: Any = _ANSWERS, *, related_name: str = "+") -> models.ForeignKey[M, M]:
    return models.ForeignKey(
        to, verbose_name=_("owner"), on_delete=models.PROTECT, related_name=related_name, help_text=help
    )


def place(to: type[M], help: Any = "", *, related_name: str = "+", **more: Any) -> models.ForeignKey[M, M]:
    """The unit where the record belongs: it decides who may see and change it."""
    return models.ForeignKey(
        to,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name=related_name,
        help_text=help,
        **more,
    )


@overload
def reference(
    to: type[M], label: Any, help: Any = ..., *, related_name: str = ...
) -> models.ForeignKey[M, M]: ...
@overload
def reference(
    to: type[M], label: Any, help: Any = ..., *, optional: Literal[True], related_name: str = ...
) -> models.ForeignKey[M | None, M | None]: ...
@overload
def reference(
    to: type[M], label: Any, help: Any = ..., *, asked: Literal[False], related_name: str = ...
) -> models.ForeignKey[M | None, M | None]: ...
def reference(
    to: Any,
    label: Any,
    help: Any = "",
    *,
    optional: bool = False,
    asked: bool = True,
    related_name: str = "+",
) -> Any:
    """Another record, which stays as long as this one names it.

    It may be left out where it is `optional`; what is not `asked` in forms is empty until an operation fills it in.
    """
    return models.ForeignKey(
        to,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name=related_name,
        help_text=help,
        null=optional or not asked,
        blank=optional,
        editable=asked,
    )


def references(
    to: type[M], label: Any, help: Any = "", *, related_name: str = "+"
) -> models.ManyToManyField[Any, Any]:
    """Any number of other records, or none."""
    return models.ManyToManyField(
        to, verbose_name=label, blank=True, related_name=related_name, help_text=help
    )


def state(
    states: type[models.TextChoices], *, max_length: int = 10, **more: Any
) -> models.CharField[str, str]:
    """Where the record stands in its life; it begins in the first state, and only operations change it."""
    given = {"editable": False, **more}
    return models.CharField(
        _("state"), max_length=max_length, choices=states.choices, default=next(iter(states)), **given
    )
