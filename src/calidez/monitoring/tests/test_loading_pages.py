"""What the pages of loading say: what is still open, what is left behind, what comes next, and that nothing said is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from calidez import engine
from calidez.kit.conformance import World
from calidez.kit.platform.display import LifePage, LifeState, NextMove
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring import panels
from calidez.monitoring.loading import seen
from calidez.monitoring.loading import services as imports
from calidez.monitoring.loading.column_kinds import kinds_for
from calidez.monitoring.loading.report import report_of, wrong_in_short
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.tests.loads import (
    State,
    client,
    counted,
    loaded,
    look_once,
    looked,
    people,
    said,
    visits,
)

__all__ = ["look_once", "people"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]

NOWHERE = "2026-02-21,Nowhere,7,1\n"
BAD_DAY = "2026-02-30,NORTH,7,1\n"


def filled(form: Any, **more: str) -> dict[str, Any]:
    """The form as it stands, as a browser sends it."""
    answers = {name: form[name].value() for name in form.fields}
    sent = {name: "on" if value is True else value for name, value in answers.items() if value}
    return sent | {"dataset": "new"} | more


def checked(people: World, text: str, **changes: Any) -> Import:
    return imports.check(said(looked(people, text), people.admin, **changes), by=people.admin)


def finished(people: World, item: Import) -> Import:
    imports.start_load(item, by=people.admin)
    run_queued()
    item.refresh_from_db()
    assert item.state == State.LOADED
    return item


# What is left out


def test_rows_of_unknown_units_count_as_lost_once_the_load_is_over(people: World) -> None:
    item = checked(people, visits(18) + BAD_DAY + NOWHERE)
    before = report_of(item, people.admin)
    assert (before.rejected, before.undecided) == (2, 1)
    assert "5% of the rows are not loaded" in before.warnings[0]
    page = client(people.admin).get(f"/imports/{item.uid}/check/").content.decode()
    assert "one of them until its unit is known" in page
    after = report_of(finished(people, item), people.admin)
    assert after.undecided == 0
    assert "10% of the rows are not loaded" in after.warnings[0]


def test_the_list_says_how_many_rows_a_load_left_out(people: World) -> None:
    item = checked(people, visits(18) + BAD_DAY + BAD_DAY.replace("30", "31"))
    assert wrong_in_short(item).value == "2 rows would be left out."
    assert wrong_in_short(finished(people, item)).value == "2 rows were left out."
    assert "2 rows were left out." in client(people.admin).get("/imports/").content.decode()


def test_headings_made_up_here_are_told_in_the_readers_language(people: World) -> None:
    lines = "".join(f"2026-01-{d:02},NORTH,{d}\n" for d in range(1, 29)) + "2026-02-01,NORTH,many\n"
    item = looked(people, "day,branch,\n" + lines)
    choices = {choice.source: choice for choice in imports.propose(item, by=people.admin).choices}
    assert "Column 3" in choices
    item = imports.check(
        said(item, people.admin, **{"Column 3": {"kind": "integer:.", "role": "key", "key": True}}),
        by=people.admin,
    )
    assert item.report["rows_rejected"] == 1
    with override("es"):
        told = report_of(item, people.admin).reasons[0].text
    assert told.startswith("Columna 3: ")


def test_what_does_not_fit_a_column_is_said_with_its_values(people: World) -> None:
    item = looked(people, visits(40) + "2026-02-20,NORTH,many,0\n")
    texts = [one.text for one in seen.noticed(imports.profile_of(item))]
    assert "visits: one value is not a number (many)." in texts


# The columns


def test_open_questions_are_counted_above_the_columns(people: World) -> None:
    text = "day,branch,visits\n" + "".join(f"0{n}/0{n + 1}/2026,NORTH,{n}\n" for n in range(1, 8))
    item = looked(people, text)
    page = client(people.admin).get(f"/imports/{item.uid}/columns/")
    form = page.context["form"]
    assert [(question.column, question.id) for question in form.questions] == [("day", "c_0-kind")]
    body = page.content.decode()
    assert "One question before the check:" in body
    assert '<a href="#c_0-kind">day</a>' in body
    refused = client(people.admin).post(f"/imports/{item.uid}/columns/", filled(form))
    assert refused.context["form"].questions == (), "then the summary of the errors names them"
    ignored = client(people.admin).post(f"/imports/{item.uid}/columns/", filled(form, **{"0-role": "ignore"}))
    assert "0-kind" not in ignored.context["form"].errors


def test_readings_that_fit_come_before_text(people: World) -> None:
    column = imports.profile_of(looked(people, visits(20))).column("visits")
    groups = [name for name, _inside in kinds_for(column, "integer:.")]
    assert groups.index("Numbers") < groups.index("text")
    own = [
        text
        for name, kinds in kinds_for(column, "integer:.")
        if name in ("Days", "Moments")
        for _k, text in kinds
    ]
    assert {"date, written as…", "date and time, written as…"} <= set(own)


def test_what_was_said_of_repeated_rows_and_odd_numbers_stands_when_one_comes_back(people: World) -> None:
    lines = [*visits(40).splitlines(keepends=True)[1:], *(f"2026-03-0{n},NORTH,-99,0\n" for n in range(1, 8))]
    item = looked(people, "day,branch,visits,late\n" + "".join([*lines, *lines[1:39]]))
    browser, base = client(people.admin), f"/imports/{item.uid}/columns/"
    form = browser.get(base).context["form"]
    assert not form["repeats"].value()
    odd = {name: "number" for name in form.fields if name.endswith("-nothing")}
    assert odd
    assert browser.post(base, filled(form, repeats="twice", **odd)).status_code == 302
    again = browser.get(base).context["form"]
    assert again["repeats"].value() == "twice"
    assert {name: again[name].value() for name in odd} == odd
    assert not browser.get(base + "?anew=1").context["form"]["repeats"].value()


def test_columns_without_a_place_in_the_dataset_are_named(people: World) -> None:
    loaded(people, visits(20))
    dataset = Dataset.objects.get(code="visits")
    more = "day,branch,visits,late,mood\n" + "".join(
        f"2026-05-{d:02},NORTH,{d},0,good\n" for d in range(1, 20)
    )
    item = looked(people, more, "more.csv")
    page = client(people.admin).get(f"/imports/{item.uid}/columns/?dataset={dataset.uid}").content.decode()
    assert "One column of the file is not loaded: mood." in page
    assert f"/datasets/{dataset.uid}/columns/" in page


def test_a_part_of_the_key_is_called_so_in_spanish_too(people: World) -> None:
    item = looked(people, visits(20))
    finished(people, imports.check(said(item, people.admin, day={"key": True}), by=people.admin))
    dataset = Dataset.objects.get(code="visits")
    people.admin.__class__.objects.update(language="es")
    again = looked(people, visits(30), "again.csv")
    page = client(people.admin).get(f"/imports/{again.uid}/columns/?dataset={dataset.uid}").content.decode()
    assert "parte de la clave" in page
    assert "part of the key" not in page


# Before and after the load


def test_a_file_without_fault_says_so_and_where_it_goes(people: World) -> None:
    item = checked(people, visits(20))
    page = client(people.admin).get(f"/imports/{item.uid}/check/").content.decode()
    assert "Every row is in order. They go into the new dataset Visits." in page
    assert "figures of these periods" not in page, "no indicator counts them"


def test_a_load_can_be_taken_back_where_it_ends(people: World) -> None:
    item = loaded(people, visits(20))
    browser = client(people.admin)
    page = browser.get(f"/imports/{item.uid}/load/").content.decode()
    assert f"/imports/{item.uid}/do/take_back/" in page
    counted(people, Dataset.objects.get(code="visits"))
    assert "figures of these periods" in browser.get(f"/imports/{item.uid}/load/").content.decode()
    taken = imports.take_back(item, by=people.admin, note="x", background=False)
    imports.run_taking_back(taken, by=people.admin)
    item.refresh_from_db()
    step = report_of(item, people.admin).next_step
    assert step is not None
    assert (step.text, step.url) == ("Load the file again", "/imports/new/")


# The dataset


def test_removing_says_more_than_emptying(people: World) -> None:
    loaded(people, visits(20))
    dataset = Dataset.objects.get(code="visits")
    browser = client(people.admin)
    empties = browser.get(f"/datasets/{dataset.uid}/do/empty/").content.decode()
    removes = browser.get(f"/datasets/{dataset.uid}/do/remove/").content.decode()
    assert "The dataset leaves the lists" in removes
    assert "It cannot be brought back" in removes
    assert "leaves the lists" not in empties
    imports.remove(dataset, by=people.admin, note="x")
    run_queued()
    dataset.refresh_from_db()
    assert dataset.code != "visits"
    assert imports.code_shown(dataset) == "visits"
    assert (
        dataset.code
        not in browser.get(f"/datasets/{dataset.uid}/?whole=1").content.decode().split("History")[0]
    )


def test_a_dataset_leads_to_what_it_needs_next(people: World) -> None:
    loaded(people, visits(20))
    dataset = Dataset.objects.get(code="visits")
    assert [button.text for button in panels.onward(dataset, people.admin)] == [
        "Create an indicator",
        "Load a file",
    ]
    browser = client(people.admin)
    assert browser.get(f"/datasets/{dataset.uid}/").context["page"].primary.text == "Create an indicator"
    counted(people, dataset)
    assert browser.get(f"/datasets/{dataset.uid}/").context["page"].primary.text == "Load a file"
    assert panels.onward(dataset, people.auditor) == ()
    days = panels.first_fact(dataset), panels.last_fact(dataset)
    assert [str(day) for day in days] == ["2026-01-01", "2026-01-10"]


def test_other_columns_are_named_before_they_are_decided(people: World) -> None:
    loaded(people, visits(20) + BAD_DAY)
    dataset = Dataset.objects.get(code="visits")
    choices = imports.columns_now(dataset).choices
    changed = [
        c if c.source != "late" else c.__class__(**{**c.__dict__, "kind": "text", "role": "segment"})
        for c in choices
    ]
    dataset = imports.ask_columns(dataset, by=people.admin, schema=imports.schema_for_new(changed))
    run_queued()
    dataset.refresh_from_db()
    told = list(imports.trial_sentences(dataset))
    assert any(sentence.startswith("late: ") and sentence.endswith("→ text.") for sentence in told)
    assert any(sentence.startswith("One row stays out, as before:") for sentence in told)
    browser = client(people.admin)
    page = browser.get(f"/datasets/{dataset.uid}/columns/").content.decode()
    assert 'name="note"' in page
    asks = f"/datasets/{dataset.uid}/do/change_columns/"
    assert browser.post(asks, {"version": dataset.version, "note": "It is a word."}).status_code == 302
    run_queued()
    dataset.refresh_from_db()
    assert engine.Schema.from_json(dataset.schema).column("late").type is engine.ColumnType.TEXT


def test_the_history_names_the_columns_and_units_that_changed() -> None:
    def schema(type_: str) -> dict[str, Any]:
        return {"columns": [{"name": "late", "type": type_, "role": "value"}]}

    assert panels.column_changes(schema("text"), schema("text")) == []
    (change,) = panels.column_changes(schema("integer"), schema("text"))
    assert (change.label, change.before, change.after) == ("late", "whole number, value", "text, value")
    (name,) = panels.name_changes({"A": "N1"}, {"A": "N1", "B": "N2"})
    assert (name.label, name.before, name.after) == ("B", "–", "N2")


def test_a_long_refusal_stands_below_the_life_and_a_single_state_is_no_life() -> None:
    short, long_ = NextMove("Approve", "not now"), NextMove("Approve", "x" * 200)
    page = LifePage(
        (LifeState("Draft", "present", None, "", ()), LifeState("Approved", "next", None, "", (short, long_)))
    )
    assert page.long_reasons == (long_,)


def test_a_unit_is_not_both_created_and_another(people: World) -> None:
    item = checked(people, visits(18) + NOWHERE)
    browser = client(people.admin)
    parent = str(people.root.uid)
    both = {"0-create": "on", "0-same": "NORTH", "parent": parent}
    refused = browser.post(f"/imports/{item.uid}/units/", both)
    assert refused.status_code == 422
    assert "Either create it, or say which unit it is." in refused.content.decode()
