"""Due days in a person's own calendar, by an address that nobody guesses and that they can take away."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from calidez.kit.catalog import catalog
from calidez.kit.core.events import AuditEvent
from calidez.kit.core.following import noted
from calidez.kit.desk.inbox import waiting
from calidez.kit.desk.inbox.models import CalendarFeed
from calidez.kit.desk.inbox.sources import Pending
from calidez.kit.platform.mail import absolute

REFRESH = dt.timedelta(hours=1)
_NAMESPACE = uuid.UUID("6f1d3a52-9c1e-4c47-9d0a-6a3d6b0c8f11")


@dataclass(frozen=True)
class Served:
    content: bytes
    etag: str
    changed_at: dt.datetime


def make_address(person: Any) -> str:
    """A new secret; the one before opens nothing from now on. It is told once and kept only as a digest."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        CalendarFeed.objects.update_or_create(
            person=person,
            defaults={
                "digest": _digest(token),
                "made_at": now,
                "read_at": None,
                "content": "",
                "changed_at": None,
            },
        )
        noted(person, "create_calendar_address", by=person)
    return token


def revoke_address(person: Any) -> None:
    with transaction.atomic():
        if CalendarFeed.objects.filter(person=person).delete()[0]:
            noted(person, "revoke_calendar_address", by=person)


def feed_of(person: Any) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(person=person).first()


def serve(token: str) -> Served | None:
    """The calendar behind an address, with what its person may see at this moment; None when there is no such one."""
    feed = CalendarFeed.objects.select_related("person").filter(digest=_digest(token)).first()
    if feed is None or not feed.person.is_active:
        return None
    with override(feed.person.language or settings.LANGUAGE_CODE):
        content = calendar(feed.person)
    digest = hashlib.sha256(content).hexdigest()
    now = timezone.now().replace(microsecond=0)
    if feed.content != digest or feed.changed_at is None:
        feed.content, feed.changed_at = digest, now
        CalendarFeed.objects.filter(pk=feed.pk).update(content=digest, changed_at=now, read_at=now)
    elif feed.read_at is None or now - feed.read_at > REFRESH:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    return Served(content, f'"{digest}"', feed.changed_at)


def calendar(person: Any) -> bytes:
    """All-day events and not to-dos: Outlook, Google and most phones show no to-dos of a calendar they subscribe to."""
    found = waiting.waiting(person)
    # What was put off in the list is still due on its day.
    due = [i for i in (*found.items, *(item for item, _day in found.snoozed)) if i.due is not None]
    revisions = _revisions(due)
    whole = Calendar()
    whole.add("prodid", "-//Calidez//Due days//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", _("Calidez: my work"))
    whole.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    whole.add("x-published-ttl", "PT1H")
    for item in sorted(due, key=lambda i: (str(i.due), i.key)):
        whole.add_component(_event(person, item, revisions))
    return bytes(whole.to_ical())


@dataclass(frozen=True)
class _Revision:
    number: int
    at: dt.datetime


def _event(person: Any, item: Pending, revisions: dict[uuid.UUID, _Revision]) -> Event:
    assert item.due is not None
    revision = revisions.get(item.uid) if item.uid else None
    address = absolute(item.url)
    event = Event()
    event.add("uid", f"{uuid.uuid5(_NAMESPACE, f'{person.uid}/{item.key}')}@calidez")
    event.add("dtstamp", revision.at if revision else dt.datetime.combine(item.due, dt.time(), dt.UTC))
    event.add("sequence", revision.number if revision else 0)
    if revision:
        event.add("last-modified", revision.at)
    event.add("dtstart", item.due)
    event.add("dtend", item.due + dt.timedelta(days=1))
    event.add("summary", item.text)
    event.add("description", f"{item.kind}\n{address}")
    event.add("url", address)
    event.add("transp", "TRANSPARENT")  # a due day makes nobody busy
    return event


def _revisions(items: Sequence[Pending]) -> dict[uuid.UUID, _Revision]:
    """A record's version tells calendars that an entry moved; the trail, when. A query per kind, and one more."""
    named: dict[str, set[uuid.UUID]] = defaultdict(set)
    for item in items:
        if item.uid is not None:
            named[item.subject].add(item.uid)
    if not named:
        return {}
    uids = {uid for members in named.values() for uid in members}
    events = AuditEvent.objects.filter(subject__in=named, subject_uid__in=uids)
    touched = dict(events.values_list("subject_uid").annotate(Max("at")))
    found = {}
    for entity in catalog.records():
        model: Any = entity.model
        for uid, version, made in model._default_manager.filter(
            uid__in=named.get(entity.model._meta.label_lower, ())
        ).values_list("uid", "version", "created_at"):
            found[uid] = _Revision(version, touched.get(uid, made).astimezone(dt.UTC).replace(microsecond=0))
    return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
