"""Somebody leaves or moves: what they hold goes to others, and the access ends in the same breath where it is to end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from calidez.kit.desk import leaving
from calidez.people.models import User
from calidez.people.services.users import deactivate


def hand_over(
    person: User, receivers: Mapping[str, Any], *, by: Any, note: str = "", deactivated: bool = False
) -> leaving.Handed:
    """`receivers` by the key of what is held; with `deactivated` the person can no longer sign in, or nothing is done."""
    with transaction.atomic():
        handed = leaving.hand_over(person, receivers, by=by, note=note)
        if deactivated:
            deactivate(person, by=by, note=note)
    return handed
