"""Roles are data: what is granted holds at once, nobody hands out more than they have, somebody stays in charge."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.core import access, audit
from calidez.kit.desk.panels import History
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.people import rules, services
from calidez.people.models import Grant, Position, Role, Unit, User
from calidez.people.services import roles
from calidez.people.tests.factories import create, person

pytestmark = pytest.mark.django_db
EDIT = catalog.of(Role).edition
ROLES = "/roles/"
REFUSED = (NotAllowed, RuleBroken)


def fresh(user: User) -> User:
    """As the next request finds them."""
    return User.objects.get(pk=user.pk)


def may(user: User, kind: str, verb: str) -> bool:
    return bool(access.scope(fresh(user), kind, verb))


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def signed_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_ticked_box_holds_at_once_and_the_history_says_it_in_words(world, client):
    clerk = person(world.admin, world.north, "clerk@example.org", "Cleo Clerk", role="employee")
    assert not may(clerk, "position", "create")
    employee = role("employee")
    page = signed_in(client, world.admin).get(f"{ROLES}{employee.uid}/edit/").content.decode()
    assert 'value="unit:view" checked' in page
    ticked = [*(f"{e}:{v}" for e, v in rules.lines(employee.table)), "position:create"]
    ticked.remove("signal:view")
    data = {"name": "", "purpose": "", "version": employee.version, "table": ticked}
    assert client.post(f"{ROLES}{employee.uid}/edit/", data).status_code == 302
    assert may(clerk, "position", "create")
    assert not may(clerk, "signal", "view")
    told = History().build(catalog.of(Role), role("employee"), world.admin).content.entries[0]
    assert [(c.label, c.after) for c in told.changes] == [
        ("Granted", "Positions: create"),
        ("Taken away", "Signals: see"),
    ]


def test_a_new_role_begins_as_a_copy(world, client):
    basis = role("process_owner")
    data = {"name": "Complaints desk", "basis": basis.pk}
    assert signed_in(client, world.admin).post(f"{ROLES}new/", data).status_code == 302
    made = Role.objects.get(name="Complaints desk")
    assert (made.code, made.table) == ("complaints-desk", basis.table)
    assert roles.reset.open_for(made) is False


def test_an_edited_role_can_be_reset(world):
    shipped = role("manager")
    EDIT(shipped, by=world.admin, table={"unit": ["view"]})
    assert role("manager").table == {"unit": ["view"]}
    roles.reset(role("manager"), by=world.admin)
    assert role("manager").table == rules.tidy(rules.SHIPPED_ROLES["manager"])


def test_a_word_that_permits_nothing_is_refused(world):
    with pytest.raises(RuleBroken, match="no permission"):
        EDIT(role("manager"), by=world.admin, table={"unitt": ["view"]})


def test_only_who_may_change_roles_everywhere_changes_them(world):
    with pytest.raises(NotAllowed):
        EDIT(role("employee"), by=world.north_manager, table={})
    with pytest.raises(REFUSED):
        create(Role, world.north_manager, name="Mine", basis=role("administrator"))


def _staffing(world) -> User:
    """Somebody who may grant and edit roles, and little else."""
    desk = create(Role, world.admin, name="Staffing")
    table = {
        "*": ["comment", "view"],
        "grant": ["create", "edit"],
        "user": ["create", "edit"],
        "role": ["create", "edit"],
        "acknowledgement": ["acknowledge"],
    }
    EDIT(desk, by=world.admin, table=table)
    who = person(world.admin, world.root, "staff@example.org", "Stella Staffing")
    create(Grant, world.admin, user=who, role=role("staffing"), unit=world.root)
    return fresh(who)


def test_nobody_gives_more_than_they_have(world):
    clerk = _staffing(world)
    for code in ("administrator", "quality_manager"):
        with pytest.raises(RuleBroken, match="more than you may do yourself"):
            create(Grant, clerk, user=clerk, role=role(code), unit=world.root)
    create(Grant, clerk, user=world.outsider, role=role("employee"), unit=world.north)
    with pytest.raises(RuleBroken, match="more than you may do yourself"):
        EDIT(role("staffing"), by=clerk, table={**role("staffing").table, "standard": ["edit"]})
    with pytest.raises(RuleBroken, match="more than you may do yourself"):
        create(Role, clerk, name="Copy", basis=role("administrator"))
    with pytest.raises(RuleBroken, match="more than you may do yourself"):
        roles.end(world.admin.grants.get(), by=clerk)
    with pytest.raises(RuleBroken, match="more than you may do yourself"):
        catalog.of(Grant).edition(world.admin.grants.get(), by=clerk, user=clerk)


def test_a_grant_stays_within_the_givers_units(world):
    with pytest.raises(NotAllowed):
        create(Grant, world.north_manager, user=world.outsider, role=role("employee"), unit=world.south)
    with pytest.raises(NotAllowed):
        create(Grant, world.north_manager, user=world.outsider, role=role("employee"), unit=world.root)


def test_somebody_always_administers(world):
    with pytest.raises(RuleBroken, match="nobody could administer"):
        roles.end(world.admin.grants.get(), by=world.admin)
    with pytest.raises(RuleBroken, match="nobody could administer"):
        catalog.of(Grant).edition(world.admin.grants.get(), by=world.admin, ends=dt.date(2999, 1, 1))
    with pytest.raises(RuleBroken, match="nobody could administer"):
        EDIT(
            role("administrator"), by=world.admin, table={"*": ["view"], "role": ["edit"], "grant": ["edit"]}
        )
    assert rules.allows(role("administrator").table, "*", "*")


def test_nobody_takes_their_own_hand_off_the_wheel(world):
    second = person(world.admin, world.root, "second@example.org", "Sara Second", role="administrator")
    with pytest.raises(RuleBroken, match="no longer be able to grant roles"):
        roles.end(world.admin.grants.get(), by=world.admin)
    roles.end(world.admin.grants.get(), by=fresh(second))
    assert not may(world.admin, "unit", "view")


def test_a_visit_has_an_end(world):
    with pytest.raises(RuleBroken, match="until when"):
        create(Grant, world.admin, user=world.outsider, role=role("auditor"), unit=world.root)


def test_roles_come_into_force_and_end(world, client):
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    cases = [
        (today + day, None, "Coming", False),
        (None, today, "In force", True),
        (today - 9 * day, today - day, "Ended", False),
    ]
    for number, (starts, ends, said, holds) in enumerate(cases):
        who = person(world.admin, world.north, f"p{number}@example.org", f"Person {number}")
        create(
            Grant, world.admin, user=who, role=role("employee"), unit=world.north, starts=starts, ends=ends
        )
        assert may(who, "unit", "view") is holds
        page = signed_in(client, world.admin).get(f"/people/{who.uid}/").content.decode()
        assert said in page


def test_a_new_version_changes_only_what_it_brings(world):
    manager = role("manager")
    edited = {"*": ["view"], "unit": ["edit"]}
    before = {"*": list(rules.SHARE), "signal": ["acknowledge"], "grant": list(rules.READ)}
    Role.objects.filter(pk=manager.pk).update(table=edited, shipped=before)
    services.ship_roles()
    brought = role("manager")
    assert brought.table == rules.tidy(
        {**edited, **{kind: v for kind, v in rules.SHIPPED_ROLES["manager"].items() if kind not in before}}
    ), "what the organisation took away stays away, what is new arrives"
    assert audit.history(brought, limit=1)[0].verb == "ship"
    services.ship_roles()
    assert role("manager").version == brought.version


def test_positions_and_units_are_still_guarded_by_the_roles(world):
    create(Position, world.north_manager, name="Porter", unit=world.north)
    with pytest.raises(NotAllowed):
        create(Unit, world.north_manager, code="N", name="N", parent=world.south)


def test_seeing_everything_does_not_mean_who_may_do_what():
    """Keys, roles and grants are seen by those whose table names them, or by those who may do everything."""
    inspector, administrator = rules.SHIPPED_ROLES["inspector"], rules.SHIPPED_ROLES["administrator"]
    for kind in rules.APART:
        assert not rules.allows(inspector, kind, "view")
        assert rules.allows(administrator, kind, "view")
        assert rules.allows({**inspector, kind: ["view"]}, kind, "view")
    assert rules.exceeding({"apitoken": ["view"]}, inspector) == [("apitoken", "view")]
