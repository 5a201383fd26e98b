"""Telling, marking as read, and keeping what each person wishes; all of it tastes, none of it worth the trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from calidez.kit.catalog import catalog
from calidez.kit.desk.notifications import letters, wishes
from calidez.kit.desk.notifications.declare import NotificationKind, When
from calidez.kit.desk.notifications.models import DailyWish, Notification, NotificationWish

KEPT = dt.timedelta(days=365)
KEPT_READ = dt.timedelta(days=120)


def notify(
    person: Any,
    kind: NotificationKind,
    *,
    text: Any | Callable[[], Any],
    record: Any = None,
    url: str = "",
    by: Any = None,
) -> Notification | None:
    """Tell a person something, within the caller's transaction, as they wish to be told.

    `text` is a lazy sentence, or a function that returns one where names are filled in: it is said in the person's
    language. None when nothing was told: nobody hears of what they did themselves, nor of what they may not see.
    """
    if not person.is_active or (by is not None and by.pk == person.pk) or not may_see(person, record):
        return None
    wish = wishes.wish_of(person, kind)
    if not wish.in_app and wish.mail == When.NEVER:
        return None
    with (
        translation.override(getattr(person, "language", "") or settings.LANGUAGE_CODE),
        transaction.atomic(),
    ):
        told = Notification.objects.create(
            person=person,
            kind=kind.key,
            text=str(text() if callable(text) else text),
            url=url or (record.get_absolute_url() if record is not None else ""),
            subject=record._meta.label_lower if record is not None else "",
            subject_uid=record.uid if record is not None else None,
            by=by,
            at=timezone.now(),
            in_app=wish.in_app,
            waits_for_mail=wish.mail == When.DAILY,
        )
        if wish.mail == When.AT_ONCE:
            letters.write_at_once(told, kind)
    return told


def may_see(person: Any, record: Any) -> bool:
    if record is None:
        return True
    return bool(catalog.of(type(record)).queryset(person).filter(pk=record.pk).exists())


def mark_read(person: Any, *, uid: Any = None) -> int:
    """One notification, or all of them; what was read in the pages needs no mail any more."""
    unread = Notification.objects.filter(person=person, read_at=None)
    if uid is not None:
        unread = unread.filter(uid=uid)
    return int(unread.update(read_at=timezone.now(), waits_for_mail=False))


def mark_unread(person: Any, uid: Any) -> None:
    Notification.objects.filter(person=person, uid=uid).update(read_at=None)


def wish(person: Any, kind: NotificationKind, *, in_app: bool, mail: str) -> None:
    NotificationWish.objects.update_or_create(
        person=person, kind=kind.key, defaults={"in_app": in_app, "mail": When(mail)}
    )


def wish_all(person: Any, wanted: Mapping[NotificationKind, tuple[bool, str]], days: str) -> None:
    with transaction.atomic():
        for kind, (in_app, mail) in wanted.items():
            wish(person, kind, in_app=in_app, mail=mail)
        wish_days(person, days)


def wish_days(person: Any, days: str) -> None:
    DailyWish.objects.update_or_create(person=person, defaults={"days": DailyWish.Days(days)})


def mailed(notifications: Iterable[Notification]) -> None:
    Notification.objects.filter(pk__in=[n.pk for n in notifications]).update(waits_for_mail=False)


def forget(now: dt.datetime) -> int:
    """Drop what was read long ago, and what nobody read for a year."""
    read = Notification.objects.filter(read_at__lt=now - KEPT_READ).delete()[0]
    return int(read + Notification.objects.filter(at__lt=now - KEPT).delete()[0])
