"""The first unit and the first administrator."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from calidez.kit.core.following import created, noted
from calidez.kit.platform.errors import RuleBroken
from calidez.people.models import Grant, Role, Unit, User
from calidez.people.rules import child_path
from calidez.people.services.roles import ship_roles
from calidez.people.services.users import set_password


def found_organisation(
    *,
    name: str,
    code: str,
    language: str,
    email: str,
    person: str,
    password: str = "",
    password_hash: str = "",
) -> User:
    """The first unit and the first administrator, where there is nobody yet to give permission."""
    with transaction.atomic():
        if Unit.objects.exists():
            raise RuleBroken(_("This installation already has an organisation."))
        ship_roles()
        unit = Unit(code=code, name=name, kind=Unit.Kind.ORGANISATION)
        unit.path = child_path("", unit.uid.hex)
        user = User(email=email.lower(), name=person, language=language)
        user.set_unusable_password()
        created(unit, by=user)
        user.unit = unit
        created(user, by=user)
        created(Grant(user=user, role=Role.objects.get(code="administrator"), unit=unit), by=user)
        if password_hash:  # checked where it was asked for
            user.password = password_hash
            user.save(update_fields=["password"])
            noted(user, "set_password", by=user)
        else:
            set_password(user, password, by=user)
    return user
