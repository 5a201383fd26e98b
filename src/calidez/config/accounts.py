"""What the command line does with accounts; whoever can run it owns the installation, so it acts as an administrator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.platform.errors import RuleBroken
from calidez.people import services
from calidez.people.models import Grant, Role, Unit, User
from calidez.people.selectors import organisation

# How long a role that is only for a time holds when the command line grants it.
VISIT = dt.timedelta(days=365)


@dataclass(frozen=True)
class Account:
    name: str
    email: str
    unit: str
    roles: tuple[str, ...]
    active: bool


def founded() -> bool:
    return organisation() is not None


def found(name_of_organisation: str, *, email: str, name: str, language: str, password: str) -> User:
    return services.found_organisation(
        name=name_of_organisation,
        code=slugify(name_of_organisation)[:40] or "organisation",
        language=language,
        email=email,
        person=name,
        password=password,
    )


def create(*, email: str, name: str, role: str, unit: str | None, language: str, password: str) -> User:
    """An account with one role, all or nothing."""
    by = administrator()
    place = find_unit(unit)
    with transaction.atomic():
        user: User = _creation(User)(by=by, email=email, name=name, unit=place, language=language)
        held = need_role(role)
        ends = timezone.localdate() + VISIT if held.for_a_time else None
        _creation(Grant)(by=by, user=user, role=held, unit=place, ends=ends)
        services.set_password(user, password, by=by)
    return user


def set_password(user: User, password: str) -> None:
    services.set_password(user, password, by=administrator())


def need_role(code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if role is None:
        codes = ", ".join(Role.objects.order_by("code").values_list("code", flat=True))
        raise RuleBroken(
            _("There is no role %(code)s; there are: %(codes)s.") % {"code": code, "codes": codes}
        )
    return role


def find(email: str) -> User:
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise RuleBroken(_("There is no account %(email)s. To see all: calidez user list") % {"email": email})
    return user


def find_unit(code: str | None) -> Unit:
    unit = Unit.objects.filter(code=code).first() if code else organisation()
    if unit is None:
        raise RuleBroken(_("There is no unit with the code %(code)s.") % {"code": code})
    return unit


def administrator() -> User:
    """The longest-standing person who may do everything everywhere."""
    grants = Grant.objects.in_force().filter(
        role__code="administrator", unit__parent=None, user__is_active=True
    )
    grant = grants.select_related("user").order_by("created_at", "pk").first()
    if grant is None:
        raise RuleBroken(
            _(
                "There is no administrator yet. Create one: calidez user create E-MAIL --name NAME --organisation NAME"
            )
        )
    return grant.user


def all_accounts() -> list[Account]:
    users = User.objects.select_related("unit").prefetch_related("grants__role").order_by("name")
    return [
        Account(
            u.name, u.email, u.unit.name, tuple(sorted({str(g.role) for g in u.grants.all()})), u.is_active
        )
        for u in users
    ]


def _creation(model: type[Any]) -> Any:
    return catalog.of(model).creation
