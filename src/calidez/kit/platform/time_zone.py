"""The organisation's time zone, chosen in the page and put in place in every process."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from calidez.kit.platform import preferences

KEY = "time_zone"


def use(zone: Any) -> None:
    if settings.TIME_ZONE_GIVEN or not zone:
        return
    ZoneInfo(str(zone))  # an unknown one fails here and not in every page
    settings.TIME_ZONE = str(zone)
    timezone.get_default_timezone.cache_clear()  # type: ignore[attr-defined]


preferences.on_change(KEY, use)
