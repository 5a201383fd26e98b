"""What a load left out comes in later, and nothing twice: units that are known by now, rows that somebody mended."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.utils.translation import override

from calidez.kit.conformance import World
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.tests.loads import State, client, count, look_once, looked, people, said, visits
from calidez.people.models import Unit
from calidez.people.tests.factories import create

__all__ = ["look_once", "people"]  # fixtures
pytestmark = pytest.mark.django_db
TEXT = visits(12, ("NORTH", "Sucursal Nueva", "SOUTH"))


def load(item: Import, by: Any) -> Import:
    item = imports.start_load(item, by=by)
    run_queued()
    item.refresh_from_db()
    return item


def first_load(people: World, text: str = TEXT, *, key: bool = False) -> Import:
    changes = {"day": {"key": key}, "branch": {"key": key}, "visits": {"key": key, "kind": "number:."}}
    item = said(looked(people, text), people.admin, **changes)
    return load(imports.check(item, by=people.admin), people.admin)


def again(people: World, text: str = TEXT) -> Import:
    """The same file once more, as it is proposed."""
    item = looked(people, text)
    dataset = Dataset.objects.get(code="visits")
    choices = imports.choices_for(item, dataset, by=people.admin)
    schema = imports.schema_for_existing(dataset, choices)
    item = imports.confirm_mapping(item, by=people.admin, schema=schema, dataset=dataset)
    return imports.check(item, by=people.admin)


@pytest.mark.parametrize("key", [False, True])
def test_only_rows_whose_unit_is_known_by_now_are_added(people: World, key: bool) -> None:
    first = first_load(people, key=key)
    assert (first.report["rows_loaded"], first.report["rows_rejected"]) == (8, 4)
    create(Unit, people.admin, code="NEW", name="Sucursal Nueva", parent=people.root)
    item = again(people)
    assert (item.report["rows_read"], item.report["rows_loaded"]) == (4, 4)
    page = client(people.admin).get(f"/imports/{item.uid}/check/").content.decode()
    assert "4 rows of Sucursal Nueva, left out on" in page
    assert f"({first.code}), would be added" in page
    assert "read in another way" not in page
    item = load(item, people.admin)
    assert (item.state, count("visits", "count(*)")) == (State.LOADED, 12)
    assert count("visits", "sum(visits)") == sum(10 + n for n in range(12))
    page = client(people.admin).get(f"/imports/{item.uid}/load/").content.decode()
    assert "were added" in page
    third = again(people)
    assert third.report["already_loaded"]
    page = client(people.admin).get(f"/imports/{third.uid}/check/").content.decode()
    assert "Loading it again changes nothing" in page
    assert f"/imports/{item.uid}/do/take_back/" in page


def test_units_are_settled_on_the_page_of_the_second_load(people: World) -> None:
    first_load(people)
    item = again(people)
    assert (item.report["rows_read"], item.report["rows_loaded"]) == (4, 0)
    assert item.report["unknown_branches"] == {"Sucursal Nueva": 4}
    item = imports.resolve_branches(
        item, by=people.admin, decisions=[imports.Decision("Sucursal Nueva", unit="NORTH")]
    )
    item = load(imports.check(item, by=people.admin), people.admin)
    assert count("visits", "count(*) FILTER (branch = 'NORTH')") == 8
    assert imports.check(again(people), by=people.admin).report["already_loaded"]


def test_what_the_later_load_leaves_out_may_come_by_a_third(people: World) -> None:
    text = visits(12, ("NORTH", "One", "Two"))
    first_load(people, text)
    create(Unit, people.admin, code="1", name="One", parent=people.root)
    item = load(again(people, text), people.admin)
    assert item.report["unknown_branches"] == {"Two": 4}
    create(Unit, people.admin, code="2", name="Two", parent=people.root)
    item = load(again(people, text), people.admin)
    assert (item.report["rows_loaded"], count("visits", "count(*)")) == (4, 12)


def test_what_was_added_to_is_taken_back_last(people: World) -> None:
    """Else the file could come in no more: its later part is there, and the rest would count twice or never."""
    first = first_load(people)
    create(Unit, people.admin, code="NEW", name="Sucursal Nueva", parent=people.root)
    second = load(again(people), people.admin)
    with pytest.raises(RuleBroken, match=f"{second.code} .* added what it had left out"):
        imports.take_back(first, by=people.admin, note="Wrong.")
    for item in (second, first):
        item = imports.take_back(item, by=people.admin, note="Wrong.", background=False)
        imports.run_taking_back(item, by=people.admin)
    item = load(again(people), people.admin)
    assert (item.report["rows_loaded"], count("visits", "count(*)")) == (12, 12)


def test_two_who_add_the_same_at_once_add_it_once(people: World) -> None:
    first_load(people)
    create(Unit, people.admin, code="NEW", name="Sucursal Nueva", parent=people.root)
    one, two = again(people), again(people)
    load(one, people.admin)
    two = load(two, people.admin)
    assert (two.report["already_loaded"], count("visits", "count(*)")) == (True, 12)


def test_names_that_mean_other_units_by_now_bring_nothing_twice(people: World) -> None:
    """All rows are there already: that a name stands for another unit now is no reason to count them again."""
    text = visits(12, ("NORTH", "Elsewhere"))
    item = said(looked(people, text), people.admin)
    item = imports.check(item, by=people.admin)
    decide = [imports.Decision("Elsewhere", unit="NORTH")]
    load(
        imports.check(imports.resolve_branches(item, by=people.admin, decisions=decide), by=people.admin),
        people.admin,
    )
    Dataset.objects.update(branch_map={})
    create(Unit, people.admin, code="ELSE", name="Elsewhere", parent=people.root)
    assert again(people, text).report["already_loaded"]


def test_rows_that_left_with_another_load_come_in_where_a_key_tells_them(people: World) -> None:
    first = first_load(people, visits(6), key=True)
    second = load(again(people, visits(10)), people.admin)
    assert (second.report["rows_known"], second.report["rows_loaded"]) == (6, 4)
    imports.run_taking_back(
        imports.take_back(first, by=people.admin, note="Wrong.", background=False), by=people.admin
    )
    third = again(people, visits(10))
    assert (third.report["rows_loaded"], third.report["rows_known"]) == (6, 4)
    load(third, people.admin)
    assert count("visits", "count(*)") == 10
    assert again(people, visits(10)).report["rows_loaded"] == 0


def test_another_reading_of_the_same_file_offers_to_take_the_first_back(people: World) -> None:
    first = first_load(people, visits(12))
    item = looked(people, visits(12))
    dataset = Dataset.objects.get(code="visits")
    choices = imports.choices_for(item, dataset, by=people.admin)
    other = [c if c.source != "late" else c.__class__(**{**vars(c), "source": "visits"}) for c in choices]
    schema = imports.schema_for_existing(dataset, other)
    item = imports.confirm_mapping(item, by=people.admin, schema=schema, dataset=dataset)
    item = imports.check(item, by=people.admin)
    page = client(people.admin).get(f"/imports/{item.uid}/check/").content.decode()
    assert "but read in another way" in page
    assert f"/imports/{first.uid}/do/take_back/" in page


def test_what_a_program_sent_is_completed_when_it_is_sent_again(people: World) -> None:
    first_load(people)
    dataset = Dataset.objects.get(code="visits")

    def pushed() -> imports.Pushed:
        return imports.push(dataset, imports.receive("visits.csv", [TEXT.encode()]), by=people.admin)

    assert pushed().again
    create(Unit, people.admin, code="NEW", name="Sucursal Nueva", parent=people.root)
    assert not pushed().again
    run_queued()
    assert count("visits", "count(*)") == 12
    assert pushed().again


# Rows that were rejected, mended


BAD = "2026-02-30,Nowhere,7,1\n2026-02-31,NORTH,8,1\n"


@pytest.mark.parametrize("language", ["en", "es"])
def test_mended_rows_go_where_the_others_went(people: World, language: str) -> None:
    first = first_load(people, visits(48) + BAD)
    people.admin.__class__.objects.update(language=language)
    rows = rejected(people, first)
    assert [row[0] for row in rows[1:]] == ["50", "51"]
    assert rows[1][1] == "day; branch"
    mended = [
        [
            *row[:5],
            *(cell.replace("2026-02-30", "2026-02-28").replace("Nowhere", "NORTH") for cell in row[5:]),
        ]
        for row in rows
    ]
    with override("en"):
        item = looked(people, written(mended), "mended.csv")
        proposal = imports.propose(item, by=people.admin)
        assert proposal.dataset == first.dataset
        assert [c.source for c in proposal.choices if c.loaded] == ["day", "branch", "visits", "late"]
    page = client(people.admin).get(f"/imports/{item.uid}/columns/").content.decode()
    assert first.code in page
    assert f'name="dataset" value="{first.dataset.uid}"' in page
    dataset = first.dataset
    schema = imports.schema_for_existing(dataset, imports.choices_for(item, dataset, by=people.admin))
    item = imports.confirm_mapping(item, by=people.admin, schema=schema, dataset=dataset)
    item = load(imports.check(item, by=people.admin), people.admin)
    assert (item.report["rows_loaded"], item.report["rows_rejected"]) == (1, 1)
    assert item.mapping["repairs"] == first.pk


def test_mended_rows_with_a_heading_made_up_here_are_recognised_in_spanish(people: World) -> None:
    text = "day,branch,,late\n" + visits(48).split("\n", 1)[1]
    first = first_load(people, text + BAD)
    people.admin.__class__.objects.update(language="es")
    rows = rejected(people, first)
    assert rows[0][5:] == ["day", "branch", "Columna 3", "late"]
    mended = [
        [cell.replace("2026-02-30", "2026-02-28").replace("Nowhere", "NORTH") for cell in row] for row in rows
    ]
    item = looked(people, written(mended), "mended.csv")
    proposal = imports.propose(item, by=people.admin)
    assert proposal.dataset == first.dataset
    assert [c.source for c in proposal.choices if c.loaded] == ["day", "branch", "Columna 3", "late"]
    assert all(choice.source for choice in imports.choices_for(item, first.dataset, by=people.admin))


def test_rows_of_unknown_units_that_came_in_mended_do_not_come_in_again(people: World) -> None:
    first = first_load(people)
    rows = rejected(people, first)
    create(Unit, people.admin, code="NEW", name="Sucursal Nueva", parent=people.root)
    load(again(people, written(rows)), people.admin)
    assert count("visits", "count(*)") == 12
    assert again(people).report["already_loaded"]


def rejected(people: World, item: Import) -> list[list[str]]:
    answer = client(people.admin).get(f"/imports/{item.uid}/rejected.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))


def written(rows: list[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()
