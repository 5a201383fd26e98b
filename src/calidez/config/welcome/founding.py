"""What the answers become: organisation, administrator, time zone and units, all at once or not at all."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from calidez.config.welcome import code
from calidez.config.welcome.unit_list import UnitList
from calidez.kit.catalog import catalog
from calidez.kit.platform import preferences, time_zone
from calidez.people import services
from calidez.people.models import Unit, User


def found(answers: dict[str, Any], units: UnitList) -> User:
    with transaction.atomic():
        admin = services.found_organisation(
            name=answers["organisation"],
            code=slugify(answers["organisation"])[:40] or "organisation",
            language=answers["language"],
            email=answers["email"],
            person=answers["name"],
            password_hash=answers["password_hash"],
        )
        preferences.put(time_zone.KEY, answers["time_zone"])
        _make(units, admin)
    code.forget()
    return admin


def _make(units: UnitList, admin: User) -> None:
    creation = catalog.of(Unit).creation
    assert creation is not None
    made: dict[int, Unit] = {}
    for place in sorted(range(len(units.units)), key=lambda p: units.units[p].level):
        planned = units.units[place]
        made[place] = creation(
            by=admin,
            code=planned.code,
            name=planned.name,
            kind=Unit.Kind.GROUP if units.has_children(place) else Unit.Kind.BRANCH,
            parent=admin.unit if planned.parent is None else made[planned.parent],
        )
