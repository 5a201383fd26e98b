"""The thread shows what the reader may see, ends where it came from, and asks one query for each edge and one for broken links."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calidez.kit.catalog import catalog
from calidez.kit.core import edges
from calidez.kit.core.edges import Edge, Way
from calidez.kit.desk import thread
from calidez.kit.desk.thread import Thread, strands
from calidez.monitoring.models import Indicator
from calidez.monitoring.tests.factories import indicator
from calidez.people.models import Position
from calidez.people.tests.factories import create
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard

pytestmark = pytest.mark.django_db


def texts(found):
    return [node.text for strand in found for node in strand.nodes]


def test_a_promise_and_its_proof_find_each_other(world):
    promise = standard(world, world.north, 1)
    proof = indicator(world, world.north, 1, standard=promise)
    assert texts(strands(promise, Way.DOWN, world.admin, passed=())) == [str(proof)]
    up = strands(proof, Way.UP, world.admin, passed=())
    assert texts(up) == [str(promise), str(proof.dataset)]
    panel = Thread().build(catalog.of(Standard), promise, world.admin)
    assert (panel.content.up, texts(panel.content.down)) == ((), [str(proof)])


def test_what_the_reader_may_not_see_is_not_even_counted(world):
    promise = standard(world, world.root, 1)
    indicator(world, world.south, 1, standard=promise)
    mine = indicator(world, world.north, 2, standard=promise)
    down = strands(promise, Way.DOWN, world.north_manager, passed=())
    assert texts(down) == [str(mine)]
    assert down[0].more is None
    assert texts(strands(mine, Way.UP, world.outsider, passed=())) == []


def test_many_are_named_by_the_first_and_a_way_to_all_with_the_same_queries(world):
    promise = standard(world, world.north, 1)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            found = strands(promise, Way.DOWN, world.admin, passed=())
        return len(captured), found

    indicator(world, world.north, 0, standard=promise)
    strands(promise, Way.DOWN, world.admin, passed=())
    few, _found = queries()
    for number in range(1, 8):
        indicator(world, world.north, number, standard=promise)
    many, (strand,) = queries()
    assert (many, few) == (2, 2)  # one for the edge, one for broken links
    assert len(strand.nodes) == thread.MOST_DRAWN
    client = Client()
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    listed = client.get(strand.more.url).content.decode()
    missing = [i for i in Indicator.objects.filter(standard=promise) if str(i.uid) not in listed]
    assert missing == [], strand.more.url


def test_a_circle_is_walked_once(world, monkeypatch):
    """Each position follows from the other."""
    first, second = (create(Position, world.admin, name=n, unit=world.north) for n in ("First", "Second"))
    edge = Edge(Way.DOWN, "leads to", Position, lambda p: Position.objects.exclude(pk=p.pk))
    monkeypatch.setitem(edges._edges, "people.position", [edge])
    (strand,) = strands(first, Way.DOWN, world.admin, passed=())
    (node,) = strand.nodes
    client = Client()
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    further = client.get(node.further_url, headers={"HX-Request": "true"}).content.decode()
    assert "First" in further
    assert "already on this way" in further
    assert "hx-get" not in further
    without_script = client.get(node.further_url)
    assert without_script["Location"].endswith(f"{second.uid}/#panel-thread")
    assert client.get(f"/positions/{second.uid}/thread/sideways/").status_code == 404
    assert client.get(f"/positions/{uuid.uuid4()}/thread/down/").status_code == 404
