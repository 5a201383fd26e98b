"""Where sessions are kept: a row says whose it is, from which device and since when, so that people can end it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from calidez.people.session_keys import digest

SINCE, SEEN, DEVICE, ADDRESS, ENDED = "since", "seen", "device", "address", "ended"
USER = "_auth_user_id"


class SessionStore(DatabaseStore):
    """Django's database sessions, found by the digest of their key."""

    @classmethod
    def get_model_class(cls) -> Any:
        return apps.get_model("people", "Session")

    def _get_session_from_db(self) -> Any:
        key = self.session_key or ""
        row = self.model.objects.filter(session_key=digest(key), expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return bool(super().exists(digest(session_key)))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=digest(key)).delete()

    def create_model_instance(self, data: Any) -> Any:
        user, model, key = data.get(USER), self.get_model_class(), self._get_or_create_session_key()  # type: ignore[attr-defined]
        return model(
            session_key=digest(key),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=int(user) if user else None,
            device=data.get(DEVICE, ""),
            address=data.get(ADDRESS),
            since=_moment(data.get(SINCE)),
            seen=_moment(data.get(SEEN)),
        )


def _moment(seconds: int | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if seconds else None
