"""The daily mail: what is late, what is due, what is new. Nothing to say, no mail."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from calidez.kit.desk.inbox import rules, waiting
from calidez.kit.desk.inbox.board import how_it_stands
from calidez.kit.desk.inbox.models import DailyMail
from calidez.kit.desk.inbox.reminders import DUE
from calidez.kit.desk.inbox.sources import Pending
from calidez.kit.desk.notifications import letters, listing, wishes
from calidez.kit.desk.notifications import services as notifications
from calidez.kit.desk.notifications.models import DailyWish, Notification
from calidez.kit.platform.mail import absolute

EACH = 12  # items of a section told one by one
KEPT = dt.timedelta(days=60)
SATURDAY = 5


@dataclass(frozen=True)
class Told:
    text: str
    about: str
    address: str
    due: dt.date | None = None


@dataclass(frozen=True)
class Part:
    title: str
    told: tuple[Told, ...]
    rest: int = 0


def readers(day: dt.date) -> QuerySet[Any, uuid.UUID]:
    """Those who want the daily mail on this day of the week."""
    people = get_user_model()._default_manager.filter(is_active=True).exclude(email="")
    chosen = DailyWish.objects
    if day.weekday() >= SATURDAY:
        people = people.filter(pk__in=chosen.filter(days=DailyWish.Days.ALL).values("person"))
    else:
        people = people.exclude(pk__in=chosen.filter(days=DailyWish.Days.NONE).values("person"))
    return people.order_by("pk").values_list("uid", flat=True)


def write(person: Any, day: dt.date) -> bool:
    """Write the person's mail of this day, once: the note of the day, the mail and its sending are one transaction."""
    with override(person.language or settings.LANGUAGE_CODE), transaction.atomic():
        note, first = DailyMail.objects.get_or_create(person=person, day=day)
        if not first:
            return False
        before = DailyMail.objects.filter(person=person, day__lt=day).order_by("-day").first()
        items = waiting.waiting(person).items
        unread = list(listing.unread_of(person, anywhere=True).filter(waits_for_mail=True).order_by("at"))
        parts = _parts(person, items, unread, day, set(before.keys) if before else set())
        if parts:
            letters.write_letter(
                person,
                "daily",
                _subject(items, unread, day),
                {"parts": parts, "day": day, "work_address": absolute(reverse("kit:my-work"))},
                stop=wishes.DAILY,
                why=_("You want a mail in the morning when there is something to say."),
                key=f"daily:{person.uid}:{day.isoformat()}",
            )
        notifications.mailed(unread)
        DailyMail.objects.filter(pk=note.pk).update(keys=[i.key for i in items], written=bool(parts))
    return bool(parts)


def forget(now: dt.datetime) -> int:
    return DailyMail.objects.filter(day__lt=(now - KEPT).date()).delete()[0]


def _parts(
    person: Any, items: Sequence[Pending], unread: Sequence[Notification], day: dt.date, known: set[str]
) -> list[Part]:
    grouped = [(rules.group(item.due, day), item) for item in items]
    late = [item for group, item in grouped if group == rules.Group.OVERDUE]
    now = [item for group, item in grouped if group == rules.Group.TODAY]
    urgent = {item.key for item in (*late, *now)}
    new = [item for item in items if item.key not in known and item.key not in urgent]
    above = {item.uid for item in (*late, *now)}
    told_anyway = {n.uid for n in unread if n.kind == DUE.key and n.subject_uid in above}
    told = [
        Told(n.text, n.kind, absolute(n.target or reverse("kit:notifications")))
        for n in listing.items(person, unread)
        if n.seen and n.uid not in told_anyway
    ]
    parts = (
        _part(_("Overdue"), late),
        _part(_("Due today"), now),
        _part(_("New for you"), new),
        Part(_("Notifications"), tuple(told[:EACH]), max(0, len(told) - EACH)),
    )
    return [part for part in parts if part.told]


def _part(title: str, items: Sequence[Pending]) -> Part:
    told = tuple(Told(i.text, i.kind, absolute(i.url), i.due) for i in items[:EACH])
    return Part(title, told, max(0, len(items) - EACH))


def _subject(items: Sequence[Pending], unread: Sequence[Notification], day: dt.date) -> str:
    if items:
        return how_it_stands(items, day).rstrip(".")
    count = len(unread)
    return ngettext("%(count)s unread notification", "%(count)s unread notifications", count) % {
        "count": count
    }
