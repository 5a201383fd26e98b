"""The numbers in the frame of every page: kept in a row for each person, so that no page counts while it is made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from calidez.kit.core.events import AuditEvent
from calidez.kit.desk.inbox import rules, waiting
from calidez.kit.desk.inbox.models import WaitingCount
from calidez.kit.desk.notifications.models import Notification

SEEN_LATELY = dt.timedelta(
    minutes=15
)  # whose pages ask again and again, so that the worker counts ahead for them


@dataclass(frozen=True)
class Counts:
    pending: int
    unread: int


def counts(person: Any) -> Counts:
    """For the request that a page sends after it stands: one query while the row holds."""
    now = timezone.now()
    row = _rows(WaitingCount.objects.filter(person=person)).first()
    if row is None or not _holds(row, now):
        renew(person, asked_at=now)
        unread = _unread().filter(person=person).count() if row is None else row.unread
        return Counts(WaitingCount.objects.values_list("count", flat=True).get(person=person), unread)
    if now - row.asked_at > SEEN_LATELY / 3:  # to the minute would be a write with every page
        WaitingCount.objects.filter(pk=row.pk).update(asked_at=now)
    return Counts(row.count, row.unread)


def renew(person: Any, *, asked_at: dt.datetime | None = None) -> int:
    """Count what waits for the person and keep the number."""
    now = timezone.now()
    # Read before the counting: what happens meanwhile is counted next time.
    last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first()
    number = waiting.count(person)
    kept = {"count": number, "counted_at": now, "event": last or 0}
    WaitingCount.objects.update_or_create(
        person=person,
        defaults=kept | ({"asked_at": asked_at} if asked_at is not None else {}),
        create_defaults=kept | {"asked_at": asked_at or now},
    )
    return number


def agree(person: Any, number: int) -> None:
    """Where a page has just shown how many wait, its frame may not keep another number: what others did counts as well."""
    if WaitingCount.objects.filter(person=person).exclude(count=number).exists():
        waiting.forget_count(person)


def renew_lately_seen(now: dt.datetime) -> int:
    """Count ahead for those whose pages are open, where something happened since their number was counted."""
    seen = WaitingCount.objects.filter(asked_at__gte=now - SEEN_LATELY, person__is_active=True)
    rows = _rows(seen.select_related("person"))
    changed = [row for row in rows if row.last_event != row.event or not _holds(row, now)]
    for row in changed:
        renew(row.person)
    return len(changed)


def _holds(row: Any, now: dt.datetime) -> bool:
    return row.counted_at is not None and rules.count_holds(
        row.counted_at,
        now,
        same_day=timezone.localdate(row.counted_at) == timezone.localdate(now),
        concerned=row.acted or row.told,
        happened=row.last_event != row.event,
        others=dt.timedelta(seconds=settings.INBOX_COUNT_SECONDS),
    )


def _rows(found: QuerySet[WaitingCount]) -> QuerySet[Any]:
    """The rows with what happened since: by the person, told to the person, at all; and what they have not read."""
    last = AuditEvent.objects.order_by("-id").values("id")[:1]
    mine = AuditEvent.objects.filter(id__gt=OuterRef("event"), actor_uid=OuterRef("person__uid"))
    told = Notification.objects.filter(person=OuterRef("person"), at__gt=OuterRef("counted_at"))
    unread = _unread().filter(person=OuterRef("person")).values("person").annotate(n=Count("pk")).values("n")
    return found.annotate(
        last_event=Coalesce(Subquery(last), 0),
        acted=Exists(mine),
        told=Exists(told),
        unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0),
    )


def _unread() -> QuerySet[Notification]:
    return Notification.objects.filter(read_at=None, in_app=True).order_by()
