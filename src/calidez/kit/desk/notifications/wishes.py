"""How a person wants to be told, and the signed link by which a mail is stopped without signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing

from calidez.kit.desk.notifications.declare import NotificationKind, When, kinds
from calidez.kit.desk.notifications.models import DailyWish, NotificationWish

SALT = "calidez.notifications.stop"
DAILY = "daily_mail"  # in place of a kind: the daily mail itself


@dataclass(frozen=True)
class Wish:
    kind: NotificationKind
    in_app: bool
    mail: When


def wish_of(person: Any, kind: NotificationKind) -> Wish:
    row = NotificationWish.objects.filter(person=person, kind=kind.key).first()
    return _wish(kind, row)


def wishes_of(person: Any) -> tuple[Wish, ...]:
    """Of every kind, in one query."""
    rows = {row.kind: row for row in NotificationWish.objects.filter(person=person)}
    return tuple(_wish(kind, rows.get(kind.key)) for kind in kinds())


def days_of(person: Any) -> DailyWish.Days:
    row = DailyWish.objects.filter(person=person).first()
    return DailyWish.Days(row.days) if row else DailyWish.Days.WEEKDAYS


def stop_token(person: Any, key: str) -> str:
    """Holds for ever: a link in an old mail must still work."""
    return signing.dumps([str(person.uid), key], salt=SALT, compress=False)


def read_token(token: str) -> tuple[str, str] | None:
    """The person's uid and the kind; None when the link is damaged or forged."""
    try:
        uid, key = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(uid), str(key)


def _wish(kind: NotificationKind, row: NotificationWish | None) -> Wish:
    if row is None:
        return Wish(kind, kind.in_app, kind.mail)
    return Wish(kind, row.in_app, When(row.mail))
