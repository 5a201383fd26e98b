"""Panels below the first screen: their place on the page, fetched under the reader's rights, all at once for paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.core import audit
from calidez.kit.desk import panels
from calidez.kit.desk.comments import services as comments
from calidez.kit.desk.panels import Custom, add_panel, panels_for
from calidez.kit.platform.display import Place
from calidez.kit.tests.desk import client_of
from calidez.people.models import Position
from calidez.people.tests.factories import create

pytestmark = pytest.mark.django_db
CLICK = {"HX-Request": "true"}


@pytest.fixture
def record(world: Any) -> Position:
    made = create(Position, world.admin, name="Nurse", unit=world.north)
    comments.comment(made, "First words", by=world.admin)
    return made


@pytest.fixture
def own_panels(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Panels of an upper part, which note that they were built."""
    built: list[str] = []
    monkeypatch.setattr(panels, "_added", panels._added.copy())
    panels._added["people.position"] = []
    for number in range(12):
        add_panel(
            "people.position",
            Custom(
                f"upper{number}",
                f"Upper {number}",
                "kit/panels/text.html",
                lambda record, user, request, n=number: built.append(str(n)) or f"Said by {n}",
            ),
        )
    return built


def places(html: str) -> list[str]:
    return re.findall(r'id="panel-([\w-]+)" data-later', html)


def test_the_first_screen_is_there_and_the_rest_has_its_place(world: Any, record: Position) -> None:
    html = client_of(world.admin).get(record.get_absolute_url()).content.decode()
    assert 'id="panel-fields">' in html
    assert places(html) == ["thread", "comments", "files", "history"] or places(html) == [
        "comments",
        "files",
        "history",
    ]
    assert "First words" not in html
    assert f'hx-get="{record.get_absolute_url()}panels/comments/"' in html
    assert f'href="{record.get_absolute_url()}?whole=1"' in html


def test_a_panel_is_fetched_as_it_would_stand_on_the_page(world: Any, record: Position) -> None:
    client, url = client_of(world.admin), record.get_absolute_url()
    found = client.get(f"{url}panels/comments/", headers=CLICK)
    assert found.status_code == 200
    html = found.content.decode()
    assert html.strip().startswith('<section class="c-card')
    assert 'id="panel-comments"' in html
    assert "First words" in html
    assert "csrfmiddlewaretoken" in html
    assert "<html" not in html
    history = client.get(f"{url}panels/history/", headers=CLICK).content.decode()
    assert "created" in history
    assert f'{url}?after={audit.history(record, 9)[-1].pk}"' in history, (
        "the moment is looked at on the page itself"
    )


def test_without_scripts_its_address_leads_to_the_whole_page(world: Any, record: Position) -> None:
    client, url = client_of(world.admin), record.get_absolute_url()
    answer = client.get(f"{url}panels/comments/?show=x")
    assert answer.status_code == 302
    assert answer["Location"] == f"{url}?show=x&whole=1#panel-comments"


def test_paper_gets_all_of_them(world: Any, record: Position, own_panels: list[str]) -> None:
    html = client_of(world.admin).get(f"{record.get_absolute_url()}?whole=1").content.decode()
    assert places(html) == []
    assert "whole=1" not in html.split("<main")[1]
    assert "First words" in html
    assert len(own_panels) == 12
    for placed in panels_for(catalog.of(Position)):
        if placed.source.key.startswith("upper"):
            assert f'id="panel-{placed.source.key}"' in html


def test_a_page_costs_the_same_however_many_parts_hang_panels_on_it(
    world: Any,
    record: Position,
    own_panels: list[str],
) -> None:
    client = client_of(world.admin)
    client.get(record.get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        html = client.get(record.get_absolute_url()).content.decode()
    assert len(captured) <= 12
    assert own_panels == []
    assert {f"upper{n}" for n in range(12)} <= set(places(html))
    found = client.get(f"{record.get_absolute_url()}panels/upper3/", headers=CLICK).content.decode()
    assert own_panels == ["3"]
    assert "Said by 3" in found


def test_whoever_may_not_see_the_record_gets_no_panel(world: Any, record: Position) -> None:
    there = create(Position, world.admin, name="Porter", unit=world.south)
    for key in ("comments", "history", "fields", "thread"):
        for person, seen in (
            (world.outsider, record),
            (world.north_manager, there),
        ):
            address = f"{seen.get_absolute_url()}panels/{key}/"
            assert client_of(person).get(address, headers=CLICK).status_code == 404
            assert client_of(person).get(address).status_code == 404
    assert (
        client_of(world.admin).get(f"{record.get_absolute_url()}panels/nothing/", headers=CLICK).status_code
        == 404
    )


def test_a_panel_with_nothing_to_show_leaves_no_trace(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = create(Position, world.admin, name="Porter", unit=world.north)
    comments_of_reader = client_of(world.auditor).get(
        f"{made.get_absolute_url()}panels/comments/", headers=CLICK
    )
    assert (comments_of_reader.status_code, comments_of_reader.content) == (200, b"")


def test_the_past_shows_only_panels_that_know_it(
    world: Any,
    record: Position,
    own_panels: list[str],
) -> None:
    client, url = client_of(world.admin), record.get_absolute_url()
    event = audit.history(record, 9)[-1].pk
    today = timezone.localdate().isoformat()
    for query in (f"?on={today}", f"?after={event}"):
        html = client.get(url + query).content.decode()
        assert "panel-past" in html
        assert set(places(html)) <= {"thread", "history"}
        assert f'hx-get="{url}panels/history/{query}"' in html
        found = client.get(f"{url}panels/history/{query}", headers=CLICK)
        assert found.status_code == 200
        assert client.get(f"{url}panels/comments/{query}", headers=CLICK).content == b""
    shown = client.get(f"{url}panels/history/?after={event}", headers=CLICK).content.decode()
    assert 'aria-current="true"' in shown
    foreign = client.get(f"{url}panels/comments/?after=999999", headers=CLICK)
    assert b"First words" in foreign.content, "an event of nothing asks for nothing"


def test_the_panels_of_every_kind_can_be_told_apart_and_named() -> None:
    for entity in catalog:
        later = [placed.source for placed in panels_for(entity) if placed.later]
        keys = [source.key for source in (p.source for p in panels_for(entity))]
        for source in later:
            assert keys.count(source.key) == 1, f"{entity.key}: {source.key}"
            assert str(source.title)
            assert source.place in set(Place)
