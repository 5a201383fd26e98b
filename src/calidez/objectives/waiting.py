"""What objectives ask of people: the owner looks into what stays behind, somebody else closes what was due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import catalog
from calidez.kit.desk.inbox import Pending
from calidez.kit.platform.display import Link
from calidez.objectives import words
from calidez.objectives.models import Objective

SUBJECT = "objectives.objective"
SOON = dt.timedelta(days=30)
KIND = gettext_lazy("Objective")
State, Status = Objective.State, Objective.Status


def objectives_waiting(user: Any) -> tuple[Pending, ...]:
    """What the person answers for and is behind, due soon or past its date, and what they may close for others."""
    return tuple(_waiting(user, timezone.localdate()))


def _waiting(user: Any, today: dt.date) -> Iterator[Pending]:
    for one in pressing(user).select_related("unit", "indicator").order_by("due", "pk"):
        yield _told(one, _sentence(one, user, today))


def pressing(user: Any) -> QuerySet[Objective]:
    entity, today = catalog.of(Objective), timezone.localdate()
    own = Q(owner=user) & (Q(status=Status.BEHIND) | Q(due__lte=today + SOON))
    closable = entity.queryset(user, "close").filter(due__lt=today).values("pk")
    return entity.queryset(user).filter(own | Q(pk__in=closable), state=State.ACTIVE)


def _sentence(one: Objective, user: Any, today: dt.date) -> str:
    values = {"objective": one, "standing": words.status_sentence(one)}
    assert one.due is not None  # an active objective is planned: the database says so
    if one.owner_id != user.pk:
        return _("Was due and is to be closed: %(objective)s. %(standing)s") % values
    if one.due < today:
        return _("Past its date: %(objective)s. %(standing)s") % values
    if one.status == Status.BEHIND:
        return _("Behind its plan: %(objective)s. %(standing)s") % values
    return _("Due soon: %(objective)s. %(standing)s") % values


def _told(one: Objective, text: str) -> Pending:
    return Pending(
        text=text,
        url=catalog.of(Objective).url(one),
        kind=f"{KIND} · {one.unit}",
        since=one.period_start,
        due=one.due,
        subject=SUBJECT,
        uid=one.uid,
    )


def closing_step(objective: Objective) -> Link:
    """The form that closes it, as the newest figure says."""
    met = objective.status == Status.REACHED
    entity, step = catalog.of(Objective), "close_reached" if met else "close_not_reached"
    return Link(_("Close it"), reverse("kit:step", args=[entity.slug, objective.uid, step]))
