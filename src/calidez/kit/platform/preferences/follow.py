"""Writing preferences, and following what another process wrote."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum

from calidez.kit.platform.preferences.models import Preference

Effect = Callable[[Any], None]
_effects: dict[str, Effect] = {}
_seen = 0
_looked = float("-inf")


def on_change(key: str, effect: Effect) -> None:
    """`effect(value)` puts a preference in place; None when nobody chose or the choice was taken back."""
    _effects[key] = effect


def value_of(key: str, default: Any = None) -> Any:
    row = Preference.objects.filter(key=key).first()
    return row.value if row is not None else default


def put(key: str, value: Any) -> None:
    """In the caller's transaction; this process follows when it commits, the others at their next look."""
    _row, created = Preference.objects.get_or_create(key=key, defaults={"value": value})
    if not created:
        Preference.objects.filter(key=key).update(value=value, version=F("version") + 1)
    transaction.on_commit(lambda: follow(now=True))


def follow(*, now: bool = False) -> None:
    """Look, at most every few seconds, whether something changed, and put it in place."""
    global _seen, _looked
    every = settings.PREFERENCES_LOOKED_AT_EVERY
    if not now and (every is None or time.monotonic() - _looked < every):
        return
    _looked = time.monotonic()
    version = Preference.objects.aggregate(sum=Sum("version"))["sum"] or 0
    if version == _seen and not now:
        return
    values = dict(Preference.objects.values_list("key", "value"))
    for key, effect in _effects.items():
        effect(values.get(key))
    _seen = version
