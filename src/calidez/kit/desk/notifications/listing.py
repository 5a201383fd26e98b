"""Notifications as pages show them: checked again against what the person may see now."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.desk.notifications.declare import find
from calidez.kit.desk.notifications.models import Notification


@dataclass(frozen=True)
class Item:
    """One notification: what, from whom, why this person gets it, and where to stop it."""

    uid: uuid.UUID
    text: str
    url: str  # opens it and marks it as read; empty when there is nothing to open
    target: str  # the page itself, for those who read outside the site
    kind: str
    why: str
    stop_url: str
    at: dt.datetime
    by: str
    unread: bool
    seen: bool = True  # False: about something that the person may no longer see


def inbox_of(person: Any) -> QuerySet[Notification]:
    """What the pages tell this person, the newest first."""
    return Notification.objects.filter(person=person, in_app=True).select_related("by").order_by("-at", "-id")


def unread_of(person: Any, *, anywhere: bool = False) -> QuerySet[Notification]:
    """Under the bell; `anywhere` also what only mails tell."""
    unread = Notification.objects.filter(person=person, read_at=None)
    return unread if anywhere else unread.filter(in_app=True)


def items(person: Any, notifications: Iterable[Notification]) -> tuple[Item, ...]:
    """One query for each kind of record among them. What has gone out of reach keeps its place but says nothing."""
    found = list(notifications)
    seen = visible(person, found)
    return tuple(_item(n, n.subject_uid is None or n.subject_uid in seen) for n in found)


def visible(person: Any, notifications: Iterable[Notification]) -> set[uuid.UUID]:
    """The records named by these notifications that the person may see now."""
    named: dict[str, set[uuid.UUID]] = defaultdict(set)
    for notification in notifications:
        if notification.subject_uid is not None:
            named[notification.subject].add(notification.subject_uid)
    seen: set[uuid.UUID] = set()
    for entity in catalog:
        if uids := named.get(entity.model._meta.label_lower):
            seen.update(entity.queryset(person).filter(uid__in=uids).values_list("uid", flat=True))
    return seen


def _item(notification: Notification, seen: bool) -> Item:
    kind = find(notification.kind)
    return Item(
        uid=notification.uid,
        text=notification.text if seen else _("About a record that you can no longer see."),
        url=reverse("kit:notification", args=[notification.uid]) if seen and notification.url else "",
        target=notification.url if seen else "",
        kind=str(kind.label) if kind else notification.kind,
        why=str(kind.why) if kind else "",
        stop_url=f"{reverse('kit:notification-settings')}#{notification.kind}",
        at=notification.at,
        by=str(notification.by) if notification.by and seen else "",
        unread=notification.read_at is None,
        seen=seen,
    )
