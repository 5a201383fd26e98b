"""The rows of a dataset on its page: for each person those of their units, written as they read."""

from __future__ import annotations

from typing import Any

import pytest

from calidez.kit.conformance import World
from calidez.monitoring.models import Dataset
from calidez.monitoring.tests.loads import client, loaded, look_once, people, visits

__all__ = ["look_once", "people"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(people: World) -> Dataset:
    loaded(people, visits(60))
    return Dataset.objects.get(code="visits")


def page(user: Any, dataset: Dataset, **asked: str) -> str:
    answer = client(user).get(f"/datasets/{dataset.uid}/rows/", asked)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_the_newest_rows_and_the_way_to_older_ones(people: World, dataset: Dataset) -> None:
    first = page(people.admin, dataset)
    assert "Rows 1 to 50, the newest first." in first
    assert "30 Jan 2026" in first
    assert "?page=2" in first
    last = page(people.admin, dataset, page="2")
    assert "Rows 51 to 60" in last
    assert "1 Jan 2026" in last
    assert "?page=3" not in last
    shown = client(people.admin).get(f"/datasets/{dataset.uid}/?whole=1").content.decode()
    assert f"/datasets/{dataset.uid}/rows/" in shown


def test_days_and_units_narrow_and_nonsense_is_left_out(people: World, dataset: Dataset) -> None:
    text = page(people.admin, dataset, since="2026-01-02", until="2026-01-02", unit="NORTH")
    assert "Rows 1 to 1," in text
    assert "There are no rows of these days and units" in page(people.admin, dataset, since="2030-01-01")
    assert "Rows 1 to 50" in page(people.admin, dataset, since="2026-13-45", unit="?", page="x")


def test_a_person_sees_only_rows_of_their_units(people: World, dataset: Dataset) -> None:
    text = page(people.north_manager, dataset)
    assert ">NORTH<" in text
    assert ">SOUTH<" not in text
    assert "Rows 1 to 30" in text
    assert ">SOUTH<" not in page(people.north_manager, dataset, unit="SOUTH")
    assert client(people.outsider).get(f"/datasets/{dataset.uid}/rows/").status_code in {403, 404}


def test_taking_them_along_needs_the_permission(people: World, dataset: Dataset) -> None:
    address = f"/datasets/{dataset.uid}/rows.csv"
    answer = client(people.admin).get(address, {"unit": "SOUTH"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "day,branch,visits,late"
    assert len(lines) == 31
    assert client(people.north_manager).get(address).status_code == 403
    assert address not in page(people.north_manager, dataset)


def test_after_a_load_the_next_step_is_offered_in_words(people: World) -> None:
    item = loaded(people, visits(20))
    text = client(people.admin).get(f"/imports/{item.uid}/load/").content.decode()
    assert "No indicator counts these rows yet" in text
