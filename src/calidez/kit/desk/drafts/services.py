"""To keep, find and forget drafts. A token in the form says whose it is, so that it is kept even without a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.drafts.models import Draft

FIELD = "_draft"  # name of the token in the form
KEPT = dt.timedelta(days=7)
TOKEN_HOLDS = dt.timedelta(days=2)  # a form left open over night is still taken
LARGEST = 500_000  # characters of one draft
SESSION_ENDED = _("Your session has ended. Sign in again: your text is kept and comes back with the form.")
_SALT = "calidez.kit.drafts"
_NEVER = frozenset({FIELD, "csrfmiddlewaretoken"})


def token_for(person: Any, address: str) -> str:
    return signing.dumps([str(person.uid), address[:400]], salt=_SALT)


def read_token(token: str) -> tuple[Any, str] | None:
    """The person and the form's address; None for a token that we did not give, or long ago."""
    try:
        uid, address = signing.loads(token, salt=_SALT, max_age=TOKEN_HOLDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = get_user_model()._default_manager.filter(uid=uid, is_active=True).first()
    return None if person is None else (person, address)


def keep(person: Any, address: str, posted: Mapping[str, Any], *, at: dt.datetime | None = None) -> bool:
    """Keep what was typed, over what was kept before; never a password."""
    content = {
        name: posted.getlist(name) if hasattr(posted, "getlist") else posted[name]
        for name in posted
        if name not in _NEVER and "password" not in name.lower()
    }
    if sum(len(name) + sum(map(len, values)) for name, values in content.items()) > LARGEST:
        return False
    Draft.objects.update_or_create(
        person=person,
        address=address[:400],
        defaults={"content": content, "saved_at": at or timezone.now()},
    )
    return True


def find(person: Any, address: str, *, at: dt.datetime | None = None) -> Draft | None:
    since = (at or timezone.now()) - KEPT
    return Draft.objects.filter(person=person, address=address[:400], saved_at__gte=since).first()


def as_posted(draft: Draft) -> QueryDict:
    """The draft as the browser would send it."""
    data = QueryDict(mutable=True)
    for name, values in draft.content.items():
        data.setlist(name, values)
    return data


def forget(person: Any, address: str) -> None:
    Draft.objects.filter(person=person, address=address[:400]).delete()


def forget_old(now: dt.datetime) -> int:
    return Draft.objects.filter(saved_at__lt=now - KEPT).delete()[0]
