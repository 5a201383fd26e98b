"""The thread as it was: references moved, many-to-many sets changed, records made, renamed and taken through states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.core import audit, edges, mentions, verification
from calidez.kit.core.audit import snapshot
from calidez.kit.core.edges import Carrier, Edge, Way, carrier
from calidez.kit.core.events import AuditEvent, AuditMention
from calidez.kit.core.trail import Look
from calidez.kit.desk import thread
from calidez.kit.desk.panels import readable
from calidez.kit.desk.thread import Thread, strands_then
from calidez.kit.desk.thread_past import values_then
from calidez.kit.tests.tampering import unprotected
from calidez.monitoring.models import Indicator
from calidez.monitoring.services import retire
from calidez.monitoring.tests.factories import indicator
from calidez.people.models import Position, Unit
from calidez.people.tests.factories import create
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard

pytestmark = pytest.mark.django_db


def now() -> Look:
    moment = timezone.now()
    return Look(moment, timezone.localdate(moment))


def edit(record: Any, by: Any, **values: Any) -> Any:
    edition = catalog.of(type(record)).edition
    assert edition is not None
    return edition(record, by=by, **values)


def then(record: Any, way: Way, user: Any, look: Look) -> list[str]:
    values = values_then(record, look)
    assert values is not None
    return [n.text for s in strands_then(record, values, way, user, look, passed=()) for n in s.nodes]


def only(monkeypatch: pytest.MonkeyPatch, subject: str, *only_these: Edge) -> None:
    monkeypatch.setattr(edges, "of_links", lambda: ())
    monkeypatch.setitem(edges._edges, subject, list(only_these))


@pytest.fixture(autouse=True)
def edges_of_this_test() -> Iterator[None]:
    mentions._followed.cache_clear()
    yield
    mentions._followed.cache_clear()


@pytest.fixture
def proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise and its proof, whatever else the parts link."""
    down = Edge(Way.DOWN, "is proven by", Indicator, lambda s: Indicator.objects.filter(standard=s))
    up = Edge(Way.UP, "proves", Standard, lambda i: Standard.objects.filter(pk=i.standard_id))
    only(monkeypatch, "standards.standard", down)
    only(monkeypatch, "monitoring.indicator", up)


@pytest.fixture
def placed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise and the units that it holds in."""
    down = Edge(Way.DOWN, "holds in", Unit, lambda s: s.units.all(), field="units")
    up = Edge(Way.UP, "keeps", Standard, lambda u: Standard.objects.filter(units=u), field="units")
    only(monkeypatch, "standards.standard", down)
    only(monkeypatch, "people.unit", up)


def test_a_reference_that_moved_is_followed_from_both_ends(world: Any, proven: None) -> None:
    first, second = standard(world, world.north, 1), standard(world, world.north, 2)
    proof = indicator(world, world.north, 1, standard=first)
    before = now()
    edit(proof, world.admin, standard=second)
    between = now()
    edit(proof, world.admin, standard=None)
    for look, there in ((before, first), (between, second), (now(), None)):
        for promise in (first, second):
            expected = [str(proof)] if promise is there else []
            assert then(promise, Way.DOWN, world.admin, look) == expected
        assert then(proof, Way.UP, world.admin, look) == ([str(there)] if there else [])


def test_what_did_not_exist_yet_is_not_shown(world: Any, proven: None) -> None:
    promise = standard(world, world.north, 1)
    before = now()
    proof = indicator(world, world.north, 1, standard=promise)
    assert then(promise, Way.DOWN, world.admin, before) == []
    assert then(promise, Way.DOWN, world.admin, now()) == [str(proof)]
    assert values_then(proof, before) is None
    assert Thread().build_past(catalog.of(Indicator), proof, world.admin, before) is None


def test_what_a_program_brought_in_existed_from_then_on(world: Any, proven: None) -> None:
    promise = standard(world, world.north, 1)
    proof = indicator(world, world.north, 1)
    before = now()
    quiet = Indicator.objects.create(
        code="IND-900",
        name="Quiet",
        dataset=proof.dataset,
        unit=world.north,
        owner=world.admin,
        measure=proof.measure,
        standard=promise,
    )
    assert then(promise, Way.DOWN, world.admin, before) == []
    assert then(promise, Way.DOWN, world.admin, now()) == [str(quiet)]


def test_a_set_of_records_that_changed_is_followed_from_both_ends(world: Any, placed: None) -> None:
    promise = standard(world, world.root, 1)
    edit(promise, world.admin, units=[world.north, world.south])
    both = now()
    edit(promise, world.admin, units=[world.south])
    assert sorted(then(promise, Way.DOWN, world.admin, both)) == [str(world.north), str(world.south)]
    assert then(promise, Way.DOWN, world.admin, now()) == [str(world.south)]
    assert then(world.north, Way.UP, world.admin, both) == [str(promise)]
    assert then(world.north, Way.UP, world.admin, now()) == []


def test_a_set_kept_by_names_alone_stays_readable_and_followed(world: Any, placed: None) -> None:
    """So did earlier versions write their events; none of them is ever changed."""
    promise = standard(world, world.root, 1)
    edit(promise, world.admin, units=[world.north])
    unprotected("DELETE FROM kit_auditmention")
    old = audit.write(
        "edit",
        promise,
        by=world.admin,
        before={"units": []},
        after={"units": [str(world.north), "Closed clinic"]},
    )
    entity = catalog.of(Standard)
    assert readable(entity, "units", old.after["units"]) == f"{world.north}, Closed clinic"
    assert readable(entity, "units", snapshot(promise)["units"]) == str(world.north)
    assert then(promise, Way.DOWN, world.admin, now()) == [str(world.north)]
    assert then(world.north, Way.UP, world.admin, now()) == [str(promise)]
    assert verification.verify().intact
    page = client_of(world.admin).get(f"{entity.url(promise)}?on={timezone.localdate()}").content.decode()
    assert f"{world.north}, Closed clinic" in page


def test_nodes_say_their_name_and_state_of_then(world: Any, proven: None) -> None:
    promise = standard(world, world.north, 1)
    proof = indicator(world, world.north, 1, standard=promise)
    name, before = proof.name, now()
    proof = retire(edit(proof, world.admin, name="Renamed"), by=world.admin, note="Replaced.")
    values = values_then(promise, before)
    assert values is not None
    (strand,) = strands_then(promise, values, Way.DOWN, world.admin, before, passed=())
    (node,) = strand.nodes
    assert name in node.text
    assert node.state is not None
    assert node.state.text == str(Indicator.State.ACTIVE.label)
    assert node.url.endswith(f"?on={before.day.isoformat()}")
    (strand,) = strands_then(promise, values, Way.DOWN, world.admin, now(), passed=())
    assert "Renamed" in strand.nodes[0].text
    assert strand.nodes[0].state is not None
    assert strand.nodes[0].state.text == str(Indicator.State.RETIRED.label)


def test_what_the_reader_may_not_see_stays_hidden_in_the_past(world: Any, proven: None) -> None:
    promise = standard(world, world.root, 1)
    indicator(world, world.south, 1, standard=promise)
    mine = indicator(world, world.north, 2, standard=promise)
    edit(mine, world.admin, standard=None)
    assert then(promise, Way.DOWN, world.north_manager, now()) == []
    look = Look(timezone.now(), timezone.localdate(), audit.history(mine)[-1].pk)
    assert then(promise, Way.DOWN, world.north_manager, look) == [str(mine)]
    assert then(mine, Way.UP, world.outsider, look) == []


def test_what_exists_no_more_is_named_to_those_alone_who_see_all_of_its_kind(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = Edge(Way.DOWN, "has", Position, lambda u: Position.objects.filter(unit=u))
    only(monkeypatch, "people.unit", down)
    post = create(Position, world.admin, name="Porter", unit=world.north)
    # The unit that a record belongs to is kept beside the trail because an edge asks for it.
    assert AuditMention.objects.filter(uid=world.north.uid, subject="people.position").count() == 1
    look = now()
    Position.objects.filter(pk=post.pk).delete()
    values = values_then(world.north, look)
    assert values is not None
    (strand,) = strands_then(world.north, values, Way.DOWN, world.admin, look, passed=())
    assert [(n.text, n.url) for n in strand.nodes] == [(str(post), "")]
    assert then(world.north, Way.DOWN, world.north_manager, look) == []


def test_many_cost_the_same_queries_as_few(world: Any, proven: None) -> None:
    promise = standard(world, world.north, 1)

    def queries(user: Any) -> int:
        values, look = values_then(promise, now()), now()
        with CaptureQueriesContext(connection) as captured:
            found = strands_then(promise, values, Way.DOWN, user, look, passed=())
        assert len(found[0].nodes) <= thread.MOST_DRAWN
        return len(captured)

    indicator(world, world.north, 0, standard=promise)
    queries(world.admin)
    few = queries(world.admin)
    for number in range(1, 9):
        indicator(world, world.north, number, standard=promise)
    assert queries(world.admin) == few <= 5


def test_the_page_and_what_lies_further_show_the_day(world: Any) -> None:
    promise = standard(world, world.north, 1)
    proof = indicator(world, world.north, 1, standard=promise)
    client, today = client_of(world.admin), timezone.localdate().isoformat()
    url = catalog.of(Standard).url(promise)
    page = client.get(f"{url}?on={today}&whole=1").content.decode()
    assert "panel-past" in page
    assert f"?on={today}" in page
    assert f'hx-get="/indicators/{proof.uid}/thread/down/?passed=' in page
    assert "See it as it stands now" in page
    assert 'name="on"' in client.get(url).content.decode()
    further = client.get(
        f"/indicators/{proof.uid}/thread/up/?on={today}", headers={"HX-Request": "true"}
    ).content.decode()
    assert str(promise) in further
    before = client.get(f"/indicators/{proof.uid}/thread/up/?on=2001-01-01", headers={"HX-Request": "true"})
    assert str(promise) not in before.content.decode()
    early = client.get(f"{url}?on=2001-01-01&whole=1").content.decode()
    assert "did not exist yet" in early
    assert "panel-thread" not in early
    # The page of an indicator shows its chart; asked for the past, it shows the fields.
    assert "panel-past" in client.get(f"{catalog.of(Indicator).url(proof)}?on={today}").content.decode()


def test_a_trail_names_each_record_once_and_neither_people_nor_the_unit(world: Any) -> None:
    promise = standard(world, world.north, 1)
    proof = indicator(world, world.north, 1, standard=promise)
    edit(proof, world.admin, standard=None)
    edit(proof, world.admin, standard=promise)
    mine = AuditMention.objects.filter(subject_uid=proof.uid)
    assert sorted(mine.values_list("field", "uid")) == [
        ("dataset", proof.dataset.uid),
        ("standard", promise.uid),
    ]
    assert AuditEvent.objects.filter(subject_uid=proof.uid).count() == 3


def test_the_field_of_an_edge_is_found_or_asked_for() -> None:
    def edge(target: Any, **values: Any) -> Edge:
        return Edge(Way.DOWN, "x", target, lambda record: None, **values)

    assert carrier(Standard, edge(Indicator)) == Carrier("standard", False)
    assert carrier(Indicator, edge(Standard)) == Carrier("standard", True)
    assert carrier(Standard, edge(Indicator, field=None)) is None
    assert carrier(Unit, edge(Unit)) is None  # its parent or its children
    assert carrier(Unit, edge(Unit, field="parent")) == Carrier("parent", False)  # the way is down
    assert carrier(Unit, edge(Unit, field="this.parent")) == Carrier("parent", True)
    assert carrier(Unit, edge(Unit, field="other.parent")) == Carrier("parent", False)
    with pytest.raises(ValueError, match="nothing"):
        carrier(Standard, edge(Indicator, field="nothing"))


def test_every_edge_of_every_part_can_be_followed_into_the_past_or_says_that_it_cannot() -> None:
    from django.apps import apps

    lost = [
        (subject, str(edge.label))
        for subject, edge in edges.every_edge()
        if edge.field is not None and carrier(apps.get_model(subject), edge) is None
    ]
    assert lost == [], "give add_edge the field that carries the relation, or field=None where none does"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
