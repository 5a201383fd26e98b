"""Who looks after the installation, and telling them what endangers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from calidez.kit.core import access
from calidez.kit.desk.background.services import OPERATE
from calidez.kit.desk.inbox import permission
from calidez.kit.desk.notifications import NotificationKind, When, kind, notify

DANGER = kind(
    "danger",
    label=_("What endangers the installation"),
    why=_("You look after background jobs, and with them after the installation."),
    mail=When.AT_ONCE,
)


def may_operate(user: Any) -> bool:
    """Whether somebody operates the whole installation, not a unit of it."""
    return access.scope(user, "job", OPERATE).everywhere


def tell_operators(text: Callable[[], str], *, about: NotificationKind = DANGER, url: str = "") -> None:
    """`text` is said in the language of each."""
    for person in permission.holders("job", OPERATE):
        if may_operate(person):
            notify(person, about, text=text, url=url)
