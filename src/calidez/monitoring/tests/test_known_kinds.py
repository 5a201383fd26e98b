"""A file of a kind that was loaded before goes from its upload to its check, and stops where something is new in it."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter

from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.loading.services import reading
from calidez.monitoring.tests.loads import (
    State,
    client,
    loaded,
    look_once,
    looked,
    people,
    said,
    upload,
    visits,
)

__all__ = ["look_once", "people"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]

HTMX = {"HX-Request": "true"}


def test_this_months_file_of_a_known_kind_goes_straight_to_its_check(people: Any) -> None:
    earlier = loaded(people, visits(10))
    item = upload(people, visits(20).replace("2026-01", "2026-02"), "february.csv")
    browser = client(people.admin)
    answer = browser.post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/imports/{item.uid}/check/"
    page = browser.post(f"/imports/{item.uid}/check/")
    assert (page.context["report"].loaded, page.context["report"].rejected) == (20, 0)
    assert f"Read like {earlier.code}" in page.content.decode()
    assert browser.get(f"/imports/{item.uid}/columns/").status_code == 200
    browser.post(f"/imports/{item.uid}/load/")
    run_queued()
    item.refresh_from_db()
    assert (item.state, item.dataset) == (State.LOADED, earlier.dataset)


def test_rows_to_leave_out_are_seen_before_they_are(people: Any) -> None:
    loaded(people, visits(10))
    item = upload(people, visits(20) + "TOTAL,,390,20\n", "totals.csv")
    answer = client(people.admin).post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"})
    assert "HX-Redirect" not in answer.headers
    assert "TOTAL" in answer.content.decode()


def test_what_a_known_kind_does_not_tell_is_asked(people: Any) -> None:
    loaded(people, visits(30))
    browser = client(people.admin)
    odd = visits(20).replace(",15,", ",-99,")
    item = upload(people, odd, "odd.csv")
    answer = browser.post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"})
    assert "HX-Redirect" not in answer.headers
    browser.post(f"/imports/{item.uid}/reading/")
    page = browser.get(f"/imports/{item.uid}/columns/")
    assert "What −99 means" in page.content.decode() or "What -99 means" in page.content.decode()
    answers = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    answers["dataset"] = str(page.context["target"].uid)
    assert browser.post(f"/imports/{item.uid}/columns/", answers).status_code == 422
    answers[next(name for name in answers if name.endswith("-nothing"))] = "nothing"
    assert browser.post(f"/imports/{item.uid}/columns/", answers).status_code == 302
    report = browser.post(f"/imports/{item.uid}/check/").context["report"]
    assert (report.loaded, report.gaps) == (20, ())


def test_a_large_file_of_a_known_kind_goes_straight_to_its_check_too(people: Any, monkeypatch: Any) -> None:
    loaded(people, visits(10))
    monkeypatch.setattr(reading, "LOOK_WHILE_WAITING", 10)
    item = upload(people, visits(20), "february.csv")
    browser = client(people.admin)
    browser.post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"})
    run_queued()
    answer = browser.get(f"/imports/{item.uid}/reading/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/imports/{item.uid}/check/"
    assert browser.get(f"/imports/{item.uid}/reading/").status_code == 200


# Tables that were turned, and workbooks whose sheets say the month


def months(count: int, unit: str = "NORTH") -> str:
    names = [f"2026-{n:02}" for n in range(1, count + 1)]
    return (
        f"sucursal,{','.join(names)},Total\n{unit},{','.join(str(10 * n) for n in range(1, count + 1))},0\n"
    )


def turned_before(people: Any, text: str, **said: Any) -> Any:
    item, browser = looked(people, text), client(people.admin)
    page = browser.get(f"/imports/{item.uid}/reading/")
    form = page.context["form"]
    posted = {name: form[name].value() or "" for name in form.fields}
    browser.post(f"/imports/{item.uid}/look/", posted | {"said": "1", "turn": "turn"} | said)
    return as_proposed(people, item)


def as_proposed(people: Any, item: Any) -> Any:
    browser = client(people.admin)
    browser.post(f"/imports/{item.uid}/reading/")
    base = f"/imports/{item.uid}/columns/"
    form = browser.get(base).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields} | {"dataset": "new"}
    answer = browser.post(base, {name: value for name, value in answers.items() if value is not False})
    assert answer.status_code == 302, answer.context["form"].errors
    browser.post(f"/imports/{item.uid}/check/")
    browser.post(f"/imports/{item.uid}/load/")
    run_queued()
    item.refresh_from_db()
    assert item.state == State.LOADED
    return item


def test_a_table_with_one_more_month_is_turned_as_the_last_one(people: Any) -> None:
    earlier = turned_before(people, months(5))
    item = upload(people, months(6).replace(",0\n", ",7\n"), "june.csv")
    answer = client(people.admin).post(f"/imports/{item.uid}/look/", headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"/imports/{item.uid}/check/"
    item.refresh_from_db()
    assert item.reading["like"] == earlier.code
    report = client(people.admin).post(f"/imports/{item.uid}/check/").context["report"]
    # The total beside the months is none of the table, so the months before are known by now.
    assert (report.loaded, report.rejected, report.known) == (1, 0, 5)


def test_the_same_on_the_command_line(people: Any, tmp_path: Any) -> None:
    earlier = turned_before(people, months(5))
    path = tmp_path / "june.csv"
    path.write_text(months(6).replace("NORTH", "SOUTH"))
    done = imports.import_file(path, dataset=earlier.dataset.code, by=people.admin)
    assert (done.report["rows_loaded"], done.dataset.rows) == (6, 11)


def test_the_year_of_months_without_one_is_asked_again(people: Any) -> None:
    text = "sucursal,Enero,Febrero,Marzo\nNORTH,1,2,3\n"
    turned_before(people, text, year="2025")
    item = upload(people, text.replace("1,2,3", "4,5,6"), "next.csv")
    answer = client(people.admin).post(f"/imports/{item.uid}/look/", headers=HTMX)
    assert "HX-Redirect" not in answer.headers
    assert "Year of the months" in answer.content.decode()


def workbook(*sheets: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for month, name in enumerate(sheets, start=1):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["fecha", "sucursal", "espera"])
            for day in range(1, 11):
                sheet.write_row(day, 0, [f"2026-{month:02}-{day:02}", "NORTH", day + month])
    return file.getvalue()


def test_a_workbook_with_one_more_sheet_is_read_as_the_last_one(people: Any) -> None:
    item = looked(people, workbook("Enero", "Febrero"), "two.xlsx")
    imports.look_at(item, by=people.admin, options={"sheets": ["Enero", "Febrero"], "sheet_column": "mes"})
    earlier = as_proposed(people, item)
    assert earlier.dataset.rows == 20
    item = upload(people, workbook("Enero", "Febrero", "Marzo"), "three.xlsx")
    answer = client(people.admin).post(f"/imports/{item.uid}/look/", headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"/imports/{item.uid}/check/"
    report = client(people.admin).post(f"/imports/{item.uid}/check/").context["report"]
    assert report.loaded == 30


def test_where_a_sheet_had_been_left_out_a_new_one_is_looked_at_first(people: Any) -> None:
    item = looked(people, workbook("Enero", "Febrero", "Prueba"), "two.xlsx")
    imports.look_at(item, by=people.admin, options={"sheets": ["Enero", "Febrero"], "sheet_column": "mes"})
    as_proposed(people, item)
    item = upload(people, workbook("Enero", "Febrero", "Prueba", "Marzo"), "three.xlsx")
    answer = client(people.admin).post(f"/imports/{item.uid}/look/", headers=HTMX)
    assert "HX-Redirect" not in answer.headers


def test_a_year_that_was_mistyped_is_pointed_at_before_the_load(people: Any) -> None:
    item = imports.check(
        said(looked(people, visits(20) + "2062-01-05,NORTH,5,1\n"), people.admin), by=people.admin
    )
    page = client(people.admin).get(f"/imports/{item.uid}/check/").content.decode()
    assert "until 5 Jan 2062: is the year right?" in page
