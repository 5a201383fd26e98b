"""Changes to units, people and their roles."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from calidez.kit import audit
from calidez.kit.errors import RuleBroken
from calidez.people.models import Grant, Permission, Role, Unit, User
from calidez.people.rules import SHIPPED_ROLES, child_path, would_loop


def place_unit(unit: Unit, *, by: Any) -> None:
    """Keep the path true; moving a unit moves everything below it."""
    if unit.parent is None and Unit.objects.filter(parent=None).exclude(pk=unit.pk).exists():
        raise RuleBroken(
            _("Say which unit this one belongs to: the organisation is already there."), field="parent"
        )
    if unit.parent is not None and would_loop(unit.path, unit.parent.path):
        raise RuleBroken(_("A unit cannot belong to itself or to a unit below it."), field="parent")
    new_path = child_path(unit.parent.path if unit.parent else "", unit.uid.hex)
    old_path, unit.path = unit.path, new_path
    if unit.pk and old_path != new_path:
        below = Unit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk)
        below.update(path=Concat(Value(new_path), Substr("path", len(old_path) + 1)))


def check_user(user: User, *, by: Any) -> None:
    """Addresses are compared without upper case, so that nobody has two accounts."""
    user.email = User.objects.normalize_email(user.email).lower()
    if not user.password:
        user.set_unusable_password()
    if not user.is_active and by is not None and user.pk == by.pk:
        raise RuleBroken(
            _("You cannot take away your own access; ask another administrator."), field="is_active"
        )


def set_password(user: User, password: str, *, by: Any = None) -> None:
    """Set a password that passes the rules; the trail says that it changed, never what it is."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), field="password") from error
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.write("set_password", user, by=by)


def choose_language(user: Any, language: str) -> None:
    """Remember the language that the person chose in the page; a taste, not a fact worth the trail."""
    if language in User.Language.values and user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)


def found_organisation(
    *, name: str, code: str, language: str, email: str, person: str, password: str
) -> User:
    """The first unit and the first administrator, where there is nobody yet to give permission."""
    with transaction.atomic():
        if Unit.objects.exists():
            raise RuleBroken(_("This installation already has an organisation."))
        ship_roles()
        unit = Unit(code=code, name=name, kind=Unit.Kind.ORGANISATION)
        unit.path = child_path("", unit.uid.hex)
        unit.full_clean()
        unit.save()
        user = User(email=email.lower(), name=person, unit=unit, language=language)
        user.set_unusable_password()
        user.full_clean()
        user.save()
        grant = Grant.objects.create(user=user, role=Role.objects.get(code="administrator"), unit=unit)
        for record in (unit, user, grant):
            audit.write("create", record, by=user, after=audit.snapshot(record))
        set_password(user, password, by=user)
    return user


def ship_roles(**_signal: Any) -> None:
    """Put the shipped roles in place; a role that exists is left as it was edited."""
    for code, table in SHIPPED_ROLES.items():
        role, created = Role.objects.get_or_create(code=code)
        if created:
            Permission.objects.bulk_create(
                Permission(role=role, entity=entity, verb=verb)
                for entity, verbs in table.items()
                for verb in verbs
            )
