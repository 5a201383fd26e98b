"""Nobody decides about the access of somebody who may do more."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken
from calidez.people import rules, selectors
from calidez.people.models import User


def not_above(user: User, by: Any) -> None:
    """Whoever can change an address can have a new password sent there: so it takes at least the same rights."""
    if by is None or by.pk == user.pk:
        return
    for grant in user.grants.in_force().select_related("role", "unit"):
        if rules.exceeding(grant.role.table, selectors.permissions_at(by, grant.unit)):
            raise RuleBroken(
                _(
                    "%(person)s may do more than you: only somebody with the same rights can change the address or the access."
                )
                % {"person": user},
                field="email",
            )
