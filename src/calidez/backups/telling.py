"""Who looks after the installation is told when a backup failed, or when a restored one was not equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.core import access
from calidez.kit.desk.background.services import OPERATE
from calidez.kit.desk.notifications import When, kind, notify
from calidez.kit.platform.formats import number
from calidez.people.selectors import who_may

BACKUPS = kind(
    "backups",
    label=gettext_lazy("Backups that failed"),
    why=gettext_lazy("You look after the installation, and without a backup a broken disk takes everything."),
    mail=When.AT_ONCE,
)


def failed(reason: str) -> None:
    _tell(lambda: _("The backup was not made. %(reason)s") % {"reason": reason})


def incomplete(count: int) -> None:
    _tell(
        lambda: (
            ngettext(
                "A backup was made, but %(count)s file that a record names is missing or damaged on the disk.",
                "A backup was made, but %(count)s files that records name are missing or damaged on the disk.",
                count,
            )
            % {"count": number(count)}
        )
    )


def trial_failed(reason: str) -> None:
    _tell(lambda: _("The newest backup could not be proved. %(reason)s") % {"reason": reason})


def may_operate(user: Any) -> bool:
    """Those who operate the whole installation; a backup holds everything."""
    return access.scope(user, "job", OPERATE).everywhere


def _tell(text: Callable[[], str]) -> None:
    for person in who_may("job", OPERATE, None):
        if may_operate(person):
            notify(person, BACKUPS, text=text, url=reverse("backups:backups"))
