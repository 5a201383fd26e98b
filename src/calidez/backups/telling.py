"""Who looks after the installation is told when a backup failed, or when a restored one was not equal."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.desk.background.operators import tell_operators
from calidez.kit.desk.notifications import When, kind
from calidez.kit.platform.formats import number

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


def _tell(text: Callable[[], str]) -> None:
    tell_operators(text, about=BACKUPS, url=reverse("backups:backups"))
