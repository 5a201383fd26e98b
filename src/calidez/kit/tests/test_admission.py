"""What no record may hold is refused at every way in; what stands there from before stays until somebody changes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.core.admission import admitted
from calidez.kit.core.following import created, following
from calidez.kit.desk.comments import services as comments
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.saved_views import services as views
from calidez.kit.platform import far_days
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.tests.visits import client_of
from calidez.objectives.models import Objective
from calidez.people.models import Grant, Position, User
from calidez.people.tests.factories import create

pytestmark = pytest.mark.django_db


def test_an_operation_is_given_only_what_may_be_kept(world: World) -> None:
    place = create(Position, by=world.admin, name=" Tri\u00adage\u00a0nurse\n", unit=world.north)
    assert place.name == "Triage nurse"
    with pytest.raises(RuleBroken, match="U\\+202E") as refusal:
        create(Position, by=world.admin, name="a\u202eb", purpose="c\x1bd", unit=world.north)
    assert set(refusal.value.errors) == {"name", "purpose"}
    edit = catalog.of(Position).edition
    assert edit is not None
    with pytest.raises(RuleBroken, match="U\\+001B"):
        edit(place, by=world.admin, name="a\x1bb")
    with pytest.raises(RuleBroken, match="1000 to 2999"):
        create(Grant, by=world.admin, user=world.outsider, role=_role(), unit=world.north, ends=dt.date.max)


def test_numbers_are_such_that_pages_can_reckon(world: World) -> None:
    for number in (10**400, float("inf"), -1e16):
        with pytest.raises(RuleBroken, match="too large"):
            admitted(Objective, {"target": number})
    with pytest.raises(RuleBroken, match="A number is needed"):
        admitted(Objective, {"target": float("nan")})
    assert str(admitted(Objective, {"target": -0.0})["target"]) == "0.0"
    assert admitted(Objective, {"target": 95})["target"] == 95


def test_services_are_asked_too(world: World) -> None:
    with pytest.raises(RuleBroken, match="U\\+202E"):
        created(Position(name="a\u202eb", unit=world.north), by=world.admin)
    place = created(Position(name="a\u200bb", unit=world.north), by=world.admin)
    assert place.name == "ab"
    with pytest.raises(RuleBroken, match="U\\+009B"), following(place, "edit", by=world.admin) as changed:
        changed.name = "a\x9bb"
    for text in ("a\x1b[2Jb", "a\u202eb"):
        with pytest.raises(RuleBroken):
            comments.comment(place, text, by=world.admin)
        with pytest.raises(RuleBroken):
            views.keep(catalog.of(Position), text, ListQuery({}), by=world.admin)


def test_what_stood_there_before_hinders_no_other_change(world: World) -> None:
    place = create(Position, by=world.admin, name="Nurse", unit=world.north)
    Position.objects.filter(pk=place.pk).update(name="Nur\u202ese\u200b")
    with following(place, "edit", by=world.admin) as changed:
        changed.purpose = "Care"
    place.refresh_from_db()
    assert (place.name, place.purpose) == ("Nur\u202ese\u200b", "Care")
    assert "name" not in (audit.history(place, limit=1)[0].after or {})


def test_a_reason_is_a_text_too(world: World) -> None:
    person: Any = catalog.of(User)
    step = person.step("deactivate")
    with pytest.raises(RuleBroken, match="U\\+0007") as refusal:
        step(world.outsider, by=world.admin, note="left\x07")
    assert refusal.value.field == "note"
    world.outsider.refresh_from_db()
    assert world.outsider.is_active


def test_a_null_character_is_turned_away_at_every_page(world: World) -> None:
    client = client_of(world.admin)
    for address in (
        "/positions/?q=a%00b",
        "/positions/?%00=1",
        "/posi%00tions/",
        "/search/?q=%00",
        "/my-work/?kind=%00",
    ):
        assert client.get(address).status_code == 400, address
    for address in ("/positions/new/", "/my-work/put-off/", "/login/", "/password/forgotten/", "/language/"):
        answer = client.post(address, {"name": "a\x00b", "until": "2026-01-01"})
        assert answer.status_code == 400, address
    assert "damaged" in Client().get("/login/?next=%00", headers={"Accept-Language": "en"}).content.decode()


def test_days_asked_beyond_the_calendar_mean_its_ends() -> None:
    assert far_days.day_asked("0001-01-01") == far_days.FIRST
    assert far_days.day_asked("9999-12-31") == far_days.LAST
    assert far_days.day_asked("2026-02-30") is None
    for text in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59"):
        moment = far_days.moment_asked(text)
        assert moment is not None
        assert timezone.localtime(moment)
        assert moment.astimezone(dt.UTC)
    assert far_days.moment_asked("soon") is None


def _role() -> Any:
    from calidez.people.models import Role

    return Role.objects.get(code="employee")
