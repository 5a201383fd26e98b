"""Where people are signed in: noted when they sign in, ended by themselves, by an administrator, or by time."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from calidez.kit.core import access
from calidez.kit.core.operations import operation, unless
from calidez.kit.platform import access_log
from calidez.people import lockout
from calidez.people.devices import device_words
from calidez.people.models import Session, User
from calidez.people.services.not_above import not_above
from calidez.people.services.session_store import ADDRESS, DEVICE, SEEN, SINCE
from calidez.people.session_keys import digest


def begin(*, request: HttpRequest, user: Any, **_signal: Any) -> None:
    """Somebody has just signed in: from which device, from where, since when."""
    access_log.came_in(user, lockout.address_of(request))
    now = int(time.time())
    request.session.update(
        {
            SINCE: now,
            SEEN: now,
            DEVICE: device_words(request.META.get("HTTP_USER_AGENT", "")),
            ADDRESS: lockout.address_of(request),
        }
    )


def touch(request: HttpRequest, now: int) -> None:
    """Note that the session is used; seldom, because each note is a write."""
    if now - request.session.get(SEEN, 0) >= settings.SESSION_NOTED_EVERY:
        request.session[SEEN] = now
        request.session[ADDRESS] = lockout.address_of(request)


def over(session: Any, now: int) -> str:
    """“idle” or “long” when the session has outlived one of its limits."""
    if now - session.get(SEEN, now) > settings.SESSION_IDLE_LIMIT:
        return "idle"
    return "long" if now - session.get(SINCE, now) > settings.SESSION_COOKIE_AGE else ""


def end_session(user: User, key_digest: str) -> None:
    Session.objects.filter(user=user, session_key=key_digest).delete()


def end_other_sessions(user: User, keep: str | None = None) -> int:
    """All but the one with the key `keep`; returns how many."""
    ended, _rows = (
        Session.objects.filter(user=user).exclude(session_key=digest(keep) if keep else "").delete()
    )
    return ended


@operation(
    User,
    label=gettext_lazy("End all sessions"),
    verb=access.EDIT,
    icon="logout",
    help=gettext_lazy("The person must sign in again everywhere, as after losing a device."),
    blocked=unless(lambda user: user.sessions.exists()),
)
def end_sessions(user: User, *, by: Any) -> None:
    not_above(user, by)
    end_other_sessions(user)
