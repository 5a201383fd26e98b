"""Standards that somebody proposed and that wait for a second person."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core.writers import by_others
from calidez.kit.desk.inbox import Pending
from calidez.standards.models import Standard
from calidez.standards.services import put_in_force

MOST = 50


def proposals(user: Any) -> tuple[Pending, ...]:
    """For those who may put them in force and neither wrote nor proposed them."""
    entity = catalog.of(Standard)
    return tuple(
        Pending(
            text=_("%(person)s proposes: %(standard)s")
            % {"person": standard.proposed_by or "–", "standard": standard},
            url=entity.url(standard),
            kind=entity.label[:1].upper() + entity.label[1:],
            subject="standards.standard",
            uid=standard.uid,
        )
        for standard in proposed(user).select_related("proposed_by")
    )


def proposed(user: Any) -> QuerySet[Standard]:
    entity = catalog.of(Standard)
    found = entity.queryset(user, "put_in_force").filter(state=Standard.State.PROPOSED)
    return by_others(entity, put_in_force, found, user).order_by("code")[:MOST]
