"""States that say their own tone, for records and for the program's own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.enums import ChoicesType

from calidez.kit.platform.display import Tone


class StatesType(ChoicesType):
    """Takes the tone out of `value, label, tone` before Django reads value and label."""

    def __new__(metacls, name: str, bases: tuple[type, ...], members: Any, **options: Any) -> Any:
        tones = {}
        for member in members._member_names:
            said = members[member]
            if isinstance(said, tuple) and isinstance(said[-1], Tone):
                tones[member] = said[-1]
                dict.__setitem__(members, member, said[:-1])  # as Django does: an enum refuses a second value
        made: Any = super().__new__(metacls, name, bases, members, **options)
        for member, tone in tones.items():
            made.__members__[member]._tone = tone
        return made


if TYPE_CHECKING:  # the stubs of Django invent a metaclass of their own for its choices

    class States(models.TextChoices):
        def __init__(self, value: str, label: Any = ..., tone: Tone = ...) -> None: ...

        @property
        def tone(self) -> Tone: ...

else:

    class States(models.TextChoices, metaclass=StatesType):
        """The states of a kind of record; the tone, where one is given, is how lists and pages draw it."""

        @property
        def tone(self) -> Tone:
            return self.__dict__.get("_tone", Tone.NEUTRAL)
