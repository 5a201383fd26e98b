"""Records of people for tests, made by the part's own operations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from calidez.kit.conformance import World, create, factory_for
from calidez.people import services
from calidez.people.models import ClosedDay, Grant, Invitation, Position, Role, ServiceCalendar, Unit, User

PASSWORD = "correct horse battery staple"


def world() -> World:
    """An organisation with two branches and people of different rights."""
    admin = services.found_organisation(
        name="Northwind Clinics",
        code="NW",
        language="en",
        email="admin@example.org",
        person="Ada Administrator",
        password=PASSWORD,
    )
    root = admin.unit
    north = create(Unit, admin, code="NORTH", name="North clinic", parent=root)
    south = create(Unit, admin, code="SOUTH", name="South clinic", parent=root)
    auditor = person(admin, root, "auditor@example.org", "Alan Auditor", role="auditor")
    manager = person(admin, north, "north@example.org", "Nora North", role="administrator")
    outsider = person(admin, root, "outsider@example.org", "Olga Outsider")
    return World(root, north, south, admin, auditor, manager, outsider)


def person(by: User, unit: Unit, email: str, name: str, *, role: str = "", **values: Any) -> User:
    user = create(User, by, email=email, name=name, unit=unit, language="en", **values)
    if role:
        chosen = Role.objects.get(code=role)
        ends = timezone.localdate() + dt.timedelta(days=365) if chosen.for_a_time else None
        create(Grant, by, user=user, role=chosen, unit=unit, ends=ends)
    return user


@factory_for(Unit)
def unit(world: World, unit: Unit, number: int) -> Unit:
    return create(Unit, world.admin, code=f"U-{unit.code}-{number}", name=f"Unit {number}", parent=unit)


@factory_for(Position)
def position(world: World, unit: Unit, number: int) -> Position:
    return create(Position, world.admin, name=f"Receptionist {number}", unit=unit, purpose="Greets people.")


@factory_for(ServiceCalendar)
def service_calendar(world: World, unit: Unit, number: int) -> ServiceCalendar:
    starts = dt.date(2020, 1, 1) + dt.timedelta(days=number)
    hours = {"monday": "08:00-20:00", "saturday": "22:00-06:00"}
    return create(ServiceCalendar, world.admin, unit=unit, starts=starts, **hours)


@factory_for(ClosedDay)
def closed_day(world: World, unit: Unit, number: int) -> ClosedDay:
    first = dt.date(2020, 12, 25) + dt.timedelta(days=number)
    return create(ClosedDay, world.admin, unit=unit, first=first, name=f"Holiday {number}", yearly=True)


@factory_for(User)
def user(world: World, unit: Unit, number: int) -> User:
    return person(world.admin, unit, f"person{number}.{unit.code.lower()}@example.org", f"Person {number}")


@factory_for(Grant)
def grant(world: World, unit: Unit, number: int) -> Grant:
    who = person(world.admin, unit, f"granted{number}.{unit.code.lower()}@example.org", f"Granted {number}")
    return create(Grant, world.admin, user=who, role=Role.objects.get(code="employee"), unit=unit)


@factory_for(Role)
def role(world: World, unit: Unit, number: int) -> Role:
    return create(Role, world.admin, name=f"Receptionist {number}", basis=Role.objects.get(code="employee"))


@factory_for(Invitation)
def invitation(world: World, unit: Unit, number: int) -> Invitation:
    return create(
        Invitation,
        world.admin,
        email=f"invited{number}.{unit.code.lower()}@example.org",
        role=Role.objects.get(code="employee"),
        unit=unit,
        language="en",
    )
