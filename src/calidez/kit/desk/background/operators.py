"""Telling those who look after the installation what endangers it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import catalog
from calidez.kit.desk.background.services import OPERATE
from calidez.kit.desk.inbox import permission
from calidez.kit.desk.notifications import kind, notify
from calidez.kit.desk.notifications.declare import When
from calidez.kit.platform.jobs.models import Job

DANGER = kind(
    "danger",
    label=_("What endangers the installation"),
    why=_("You look after background jobs, and with them after the installation."),
    mail=When.AT_ONCE,
)


def tell_operators(text: Callable[[], str], *, url: str = "") -> int:
    """`text` is said in the language of each; returns how many were told."""
    job = catalog.of(Job)
    operators = [person for person in permission.holders("job", OPERATE) if job.may(person, OPERATE)]
    told = [notify(person, DANGER, text=text, url=url) for person in operators]
    return sum(one is not None for one in told)
