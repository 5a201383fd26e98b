"""A field that names a record of any kind: by every door, in the trail, along the thread, and never more than one may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import audit, finding, mentions
from calidez.kit.core.any_record import Named, look_up
from calidez.kit.core.edges import Way
from calidez.kit.core.links import Link
from calidez.kit.core.trail import Look
from calidez.kit.core.values import Reader, Unreadable
from calidez.kit.desk.intake.template import existing
from calidez.kit.desk.thread import strands, strands_then
from calidez.kit.desk.thread_past import values_then
from calidez.kit.tests.ledger.models import Remark
from calidez.monitoring.tests.factories import indicator
from calidez.people.models import Position
from calidez.people.tests.factories import create
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard

pytestmark = pytest.mark.django_db


class Remarks(Entity):
    model = Remark
    slug = "remarks"
    code = "REM-{n:03}"
    scope = None
    columns = ("code", "text", "origin")
    filters = ("origin",)
    fields = ("text", "origin")
    links = (Link("origin", up="was noted about", down="led to"),)


@pytest.fixture(autouse=True)
def remarks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Remarks]:
    entity = Remarks()
    monkeypatch.setitem(catalog._by_model, Remark, entity)
    monkeypatch.setitem(catalog._by_slug, "remarks", entity)
    mentions._followed.cache_clear()
    yield entity
    mentions._followed.cache_clear()


@pytest.fixture
def promise(world: Any) -> Standard:
    return standard(world, world.south, 1)


@pytest.fixture
def remark(world: Any, remarks: Remarks, promise: Standard) -> Remark:
    assert remarks.creation is not None
    found: Remark = remarks.creation(by=world.admin, text="Too slow", origin=promise)
    return found


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def texts(found: Any) -> list[str]:
    return [node.text for strand in found for node in strand.nodes]


def origin_of(remark: Remark) -> str:
    return str(Remark.objects.get(pk=remark.pk).origin or "")


def test_kept_is_a_stable_name_by_which_records_are_found(remark: Remark, promise: Standard) -> None:
    found = Remark.objects.get(origin=promise)
    assert found.origin == Named("standards.standard", promise.uid)
    assert origin_of(remark) == f"standards.standard:{promise.uid}"
    assert Remark(origin=promise).origin == found.origin
    for same in (found.origin, str(found.origin)):
        assert list(Remark.objects.filter(origin=same)) == [found]
    assert not Remark.objects.filter(origin__isnull=True).exists()
    with pytest.raises(ValidationError, match="names no record"):
        Remark(text="x", origin="nonsense").clean_fields()
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, Remark._meta.db_table).values()
    assert any(one["index"] and one["columns"] == ["origin"] for one in indexes)


def test_a_form_takes_code_address_or_name_and_refuses_what_one_cannot_see(
    world: Any, promise: Standard
) -> None:
    client = client_of(world.admin)
    person = create(Position, world.admin, name="Porter", unit=world.north)
    page = f"https://quality.example.org/positions/{person.uid}/?on=2026-01-01"
    for written, meant in (
        (promise.code.lower(), promise),
        (f"standards.standard:{promise.code}", promise),
        (str(promise.uid), promise),
        (page, person),
        ("", None),
    ):
        assert client.post("/remarks/new/", {"text": "Noted", "origin": written}).status_code == 302, written
        made = Remark.objects.latest("pk")
        assert made.origin == (Named.of(meant) if meant is not None else None)
    north = client_of(world.north_manager)
    for hidden in (promise.code, str(promise.uid), f"standards.standard:{promise.uid}", "no such thing"):
        refused = north.post("/remarks/new/", {"text": "Noted", "origin": hidden})
        assert refused.status_code == 422
        assert "you cannot see it" in refused.content.decode()


def test_a_form_says_which_record_it_is_and_keeps_one_that_is_out_of_sight(
    world: Any, remark: Remark, promise: Standard
) -> None:
    address = f"/remarks/{remark.uid}/edit/"
    page = client_of(world.admin).get(address).content.decode()
    assert f'value="{promise.code}"' in page
    assert str(promise) in page
    north = client_of(world.north_manager)
    page = north.get(address).content.decode()
    assert str(promise) not in page
    assert promise.code not in page
    kept = {"text": "Far too slow", "origin": origin_of(remark), "version": remark.version}
    assert north.post(address, kept).status_code == 302
    assert origin_of(remark) == str(Named.of(promise))


def test_where_a_reader_may_not_go_only_the_kind_is_told(
    world: Any, remark: Remark, promise: Standard
) -> None:
    pages = (
        "/remarks/",
        f"/remarks/{remark.uid}/",
        f"/remarks/{remark.uid}/?whole=1",
        f"/remarks/{remark.uid}/?on={timezone.localdate():%Y-%m-%d}",
        "/remarks/export.csv",
        f"/remarks/?origin={Named.of(promise)}",
        "/api/v1/remarks",
        f"/api/v1/remarks/{remark.uid}",
        f"/api/v1/remarks/{remark.uid}/history",
    )
    for page in pages:
        answers = [client_of(user).get(page) for user in (world.admin, world.north_manager)]
        seen, hidden = (
            b"".join(one.streaming_content).decode() if one.streaming else one.content.decode()
            for one in answers
        )
        assert "Too slow" in hidden or page.endswith("history"), page
        assert str(promise) in seen or page.endswith("history"), page
        assert str(promise) not in hidden, page
        assert "tandard" in hidden, page


def test_programs_name_it_by_code_or_kind_and_read_the_same(
    world: Any, remark: Remark, promise: Standard
) -> None:
    client = client_of(world.admin)
    said = client.get(f"/api/v1/remarks/{remark.uid}").json()["origin"]
    assert said == {
        "kind": "standards.standard",
        "uid": str(promise.uid),
        "code": promise.code,
        "label": str(promise),
    }
    for given in (said, promise.code, {"code": promise.code}):
        made = client.post("/api/v1/remarks", {"text": "By program", "origin": given}, "application/json")
        assert made.status_code == 201, made.content
        assert made.json()["origin"] == said
    hidden = client_of(world.north_manager).get(f"/api/v1/remarks/{remark.uid}").json()["origin"]
    assert hidden == {"kind": "standards.standard", "label": "Standard"}
    listed = client.get("/api/v1/remarks", {"origin": promise.code}).json()["items"]
    assert len(listed) == 4
    assert len(client.get("/api/v1/remarks", {"origin": "standards.standard"}).json()["items"]) == 4
    assert client.get("/api/v1/remarks", {"origin": "people.position"}).json()["items"] == []
    assert client.get("/api/v1/remarks", {"origin": "nothing"}).status_code == 422
    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert described["Remark"]["properties"]["origin"]["anyOf"][0]["$ref"].endswith("/AnyReference")
    assert described["NewRemark"]["properties"]["origin"]["anyOf"][0]["$ref"].endswith("/AnyMeant")


def test_a_file_goes_out_and_comes_in_again(
    world: Any, remark: Remark, remarks: Remarks, promise: Standard
) -> None:
    place = create(Position, world.admin, name="Porter", unit=world.north)
    assert remarks.creation is not None
    remarks.creation(by=world.admin, text="Friendly", origin=place)
    rows = list(existing(remarks, world.admin))
    written = {text: origin for _code, text, origin, _uid in rows}
    assert written == {"Too slow": promise.code, "Friendly": f"people.position:{place.uid}"}
    reader = Reader(remarks, ("text", "origin"), world.admin)
    assert reader.read({"origin": written["Too slow"]})["origin"] == Named.of(promise)
    assert reader.read({"origin": written["Friendly"]})["origin"] == Named.of(place)
    with pytest.raises(Unreadable, match="you cannot see it"):
        Reader(remarks, ("origin",), world.north_manager).read({"origin": promise.code})


def test_two_kinds_with_one_code_are_asked_for_by_kind(
    world: Any, monkeypatch: pytest.MonkeyPatch, remark: Remark, promise: Standard
) -> None:
    monkeypatch.setattr(catalog.of(Standard), "code", "REM-{n:03}", raising=False)
    Standard.objects.filter(pk=promise.pk).update(code="REM-001")
    with pytest.raises(ValidationError, match="Several records"):
        finding.find_any("REM-001", world.admin)
    assert finding.find_any("standards.standard:REM-001", world.admin) == Named.of(promise)


def test_a_list_is_narrowed_by_kind_and_by_record_at_the_same_cost(
    world: Any, remark: Remark, remarks: Remarks, promise: Standard
) -> None:
    assert remarks.creation is not None
    client = client_of(world.admin)

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = queries("/remarks/")
    for number in range(8):
        remarks.creation(by=world.admin, text=f"Again {number}", origin=promise)
    place = create(Position, world.admin, name="Porter", unit=world.north)
    assert queries("/remarks/") == few
    remarks.creation(by=world.admin, text="Friendly", origin=place)
    assert queries("/remarks/") == few + 1  # one for each kind that is named
    of_kind = client.get("/remarks/?origin=people.position").content.decode()
    assert "Friendly" in of_kind
    assert "Too slow" not in of_kind
    of_one = client.get(f"/remarks/?origin={Named.of(promise)}").content.decode()
    assert "Too slow" in of_one
    assert "Friendly" not in of_one


def test_the_history_and_the_thread_of_then_follow_it(
    world: Any, remark: Remark, remarks: Remarks, promise: Standard
) -> None:
    place = create(Position, world.admin, name="Porter", unit=world.north)
    before = Look(timezone.now(), timezone.localdate())
    assert remarks.edition is not None
    remark = remarks.edition(remark, by=world.admin, origin=place)
    event = audit.history(remark)[0]
    assert event.before == {"origin": {"kind": "standards.standard", "uid": str(promise.uid)}}
    page = client_of(world.admin).get(f"/remarks/{remark.uid}/?whole=1").content.decode()
    assert str(promise) in page
    assert "Porter" in page
    assert (
        str(promise)
        not in client_of(world.north_manager).get(f"/remarks/{remark.uid}/?whole=1").content.decode()
    )
    assert texts(strands(remark, Way.UP, world.admin, passed=())) == ["Porter"]
    assert texts(strands(place, Way.DOWN, world.admin, passed=())) == ["Too slow"]
    then = values_then(remark, before)
    assert then is not None
    assert texts(strands_then(remark, then, Way.UP, world.admin, before, passed=())) == [str(promise)]
    assert texts(strands_then(remark, then, Way.UP, world.north_manager, before, passed=())) == []
    for one, day, expected in (
        (promise, before, ["Too slow"]),
        (promise, Look(timezone.now(), timezone.localdate()), []),
        (place, Look(timezone.now(), timezone.localdate()), ["Too slow"]),
    ):
        kept = values_then(one, day)
        assert kept is not None
        down = strands_then(one, kept, Way.DOWN, world.admin, day, passed=())
        assert [text for text in texts(down) if text == "Too slow"] == expected


def test_the_thread_shows_both_ways_what_the_reader_may_see_and_leads_to_all(
    world: Any, remark: Remark, remarks: Remarks, promise: Standard
) -> None:
    assert remarks.creation is not None
    for number in range(8):
        remarks.creation(by=world.admin, text=f"Again {number}", origin=promise)
    down = next(s for s in strands(promise, Way.DOWN, world.admin, passed=()) if s.label == "led to")
    assert down.more is not None
    listed = client_of(world.admin).get(down.more.url).content.decode()
    assert listed.count("Again") >= 8
    assert texts(strands(remark, Way.UP, world.admin, passed=())) == [str(promise)]
    assert texts(strands(remark, Way.UP, world.north_manager, passed=())) == []


def test_from_any_record_a_new_one_is_made_with_it_filled_in(world: Any, remarks: Remarks) -> None:
    proof = indicator(world, world.north, 1)
    for one, user in ((proof, world.admin), (proof, world.north_manager), (world.north, world.admin)):
        client = client_of(user)
        address = f"/remarks/new/?origin={one._meta.label_lower}%3A{one.uid}"
        assert f'href="{address}"' in client.get(catalog.of(type(one)).url(one)).content.decode()
        form = client.get(address).content.decode()
        assert str(one) in form
        said = getattr(one, "code", "") if catalog.of(type(one)).code else str(Named.of(one))
        assert f'value="{said}"' in form
    reader = client_of(world.auditor)
    assert "/remarks/new/" not in reader.get(catalog.of(type(proof)).url(proof)).content.decode()
    assert reader.get(f"/remarks/new/?origin={Named.of(proof)}").status_code == 403
    hidden = standard(world, world.south, 1)
    form = client_of(world.north_manager).get(f"/remarks/new/?origin={Named.of(hidden)}").content.decode()
    assert hidden.code not in form
    assert str(hidden) not in form


def test_a_kind_that_is_gone_and_a_record_that_is_gone_are_told_by_what_is_left(
    world: Any, remark: Remark, remarks: Remarks
) -> None:
    place = create(Position, world.admin, name="Porter", unit=world.north)
    assert remarks.edition is not None
    remark = remarks.edition(remark, by=world.admin, origin=place)
    look = Look(timezone.now() + dt.timedelta(seconds=1), timezone.localdate())
    Position.objects.filter(pk=place.pk).delete()
    page = client_of(world.admin).get(f"/remarks/{remark.uid}/")
    assert page.status_code == 200
    then = values_then(remark, look)
    assert then is not None
    (strand,) = strands_then(remark, then, Way.UP, world.admin, look, passed=())
    assert [(node.text, node.kind, node.url) for node in strand.nodes] == [("Position", "Position", "")]
    Remark.objects.filter(pk=remark.pk).update(origin="gone.kind:00000000-0000-0000-0000-000000000001")
    gone = Remark.objects.get(pk=remark.pk)
    look_up([gone], world.admin)
    assert gone.origin.kind == "Gone.kind"
    assert client_of(world.admin).get(f"/remarks/{remark.uid}/").status_code == 200
