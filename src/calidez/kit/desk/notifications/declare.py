"""The kinds of notification: each says what it is and why a person gets it, so that they can judge and stop it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class When(models.TextChoices):
    """How soon a mail tells."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("In the daily mail")
    NEVER = "never", _("Never")


@dataclass(frozen=True)
class NotificationKind:
    """`why` is a whole sentence that ends with a full stop; `in_app` and `mail` hold until the person chooses."""

    key: str
    label: Any
    why: Any
    in_app: bool = True
    mail: When = When.DAILY


_kinds: dict[str, NotificationKind] = {}


def kind(key: str, *, label: Any, why: Any, in_app: bool = True, mail: When = When.DAILY) -> NotificationKind:
    """Declare a kind once, where the part that tells is loaded; `key` is stored, so it never changes."""
    if key in _kinds:
        raise ValueError(f"two kinds of notification are called {key!r}")
    _kinds[key] = NotificationKind(key, label, why, in_app, mail)
    return _kinds[key]


def find(key: str) -> NotificationKind | None:
    """None for a kind of a part that is no longer installed."""
    return _kinds.get(key)


def kinds() -> tuple[NotificationKind, ...]:
    """In the order of their words in the reader's language."""
    return tuple(sorted(_kinds.values(), key=lambda k: str(k.label).casefold()))
