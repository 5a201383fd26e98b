"""Files that are not as they should be, limits and full disks: one sentence each, and nothing half done."""

from __future__ import annotations

import csv
import errno
import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calidez import engine
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Import
from calidez.monitoring.store import store
from calidez.monitoring.tests.loads import (
    State,
    client,
    count,
    look_once,
    looked,
    people,
    said,
    upload,
    visits,
)

__all__ = ["look_once", "people"]  # fixtures
pytestmark = pytest.mark.django_db


BAD = {
    "binary": (bytes(range(256)) * 8, "x.csv", "not a table"),
    "header only": (b"day,visits\n", "x.csv", "no rows"),
    "blank": (b"\n  \n", "x.csv", "is empty"),
    "cut workbook": (b"PK\x03\x04" + b"\x00" * 200, "x.xlsx", "cut short or damaged"),
    "cut gzip": (gzip.compress(visits(4000).encode())[:-40], "x.csv.gz", "cut short or damaged"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_table_is_told_in_one_sentence(people: Any, kind: str) -> None:
    content, name, sentence = BAD[kind]
    item = upload(people, content, name)
    answer = client(people.admin).post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert sentence in text
    assert "Upload another file" in text
    item.refresh_from_db()
    assert item.state == State.FAILED
    assert set(item.report) == {"error"}
    assert store().names() == []


def test_a_quote_that_is_never_closed_is_told_with_its_row(people: Any) -> None:
    item = said(looked(people, visits(40) + '2026-02-01,"NORTH,1,1\n' + visits(40)), people.admin)
    answer = client(people.admin).post(f"/imports/{item.uid}/check/", headers={"HX-Request": "true"})
    assert "A quotation mark opened in row 42 of visits.csv is never closed." in answer.content.decode()
    assert "Back to the columns" in answer.content.decode()


def test_a_wrong_encoding_is_told_and_can_be_corrected(people: Any) -> None:
    text = "day,branch,visits\n2026-01-01,NORTH,1\n2026-01-02,Peñón,2\n"
    item = upload(people, text.encode("cp1252"))
    browser = client(people.admin)
    look = f"/imports/{item.uid}/look/"
    first = browser.post(look, headers={"HX-Request": "true"})
    assert "Peñón" in first.content.decode()
    answers = {"said": "1", "encoding": "utf-8", "delimiter": "comma", "header": "yes"}
    wrong = browser.post(look, answers, headers={"HX-Request": "true"}).content.decode()
    assert "is not in the encoding utf-8: line 3 cannot be read" in wrong
    assert "Peñón" in wrong, "what was understood before stays"
    headless = browser.post(
        look, answers | {"encoding": "cp1252", "header": "no"}, headers={"HX-Request": "true"}
    )
    assert "Column 1" in headless.content.decode()


def test_ragged_rows_formulas_and_mixed_dates_are_rejected_by_row(people: Any) -> None:
    text = (
        visits(60)
        + "03/02/2026,NORTH,1,1\n2026-02-02,NORTH,=2+2,1\n2026-02-03,NORTH\n2026-02-04,NORTH,1,1,1\n"
    )
    item = said(looked(people, text), people.admin, day={"kind": "date:ymd"})
    item = imports.check(item, by=people.admin)
    assert (item.report["rows_loaded"], item.report["rows_with_gaps"]) == (61, 1)
    assert item.report["reasons"] == {
        "bad_date": 1,
        "too_few_cells": 1,
        "too_many_cells": 1,
    }
    answer = client(people.admin).get(f"/imports/{item.uid}/rejected.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][:5] == ["row", "column", "code", "reason", "value"]
    assert [row[0] for row in rows[1:]] == ["62", "64", "65"]
    answer = client(people.admin).get(f"/imports/{item.uid}/left-empty.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1][:5] == ["63", "visits", "bad_integer", "The value is not a whole number.", "'=2+2"]


def test_repeated_headings_are_told_and_renamed(people: Any) -> None:
    item = looked(people, "day,amount,amount\n2026-01-01,1,2\n2026-01-02,3,4\n")
    problems = imports.profile_of(item).problems
    assert [problem.code for problem in problems] == ["duplicate_header"]
    assert [choice.source for choice in imports.propose(item, by=people.admin).choices] == [
        "day",
        "amount",
        "amount (2)",
    ]


def test_decimal_commas_are_read(people: Any) -> None:
    text = "fecha;sucursal;espera\n2026-01-01;NORTH;1.234,5\n2026-01-02;NORTH;0,25\n2026-01-03;NORTH;7,1\n"
    item = said(looked(people, text), people.admin, espera={"kind": "number:,"}, sucursal={"role": "branch"})
    item = imports.start_load(imports.check(item, by=people.admin), by=people.admin)
    run_queued()
    assert count("visits", "sum(espera)") == pytest.approx(1241.85)


# Limits and the disk


def test_an_upload_over_the_limit_is_refused_and_leaves_nothing(people: Any, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    sent = SimpleUploadedFile("big.csv", b"x" * 5000)
    answer = client(people.admin).post("/imports/new/", {"file": sent})
    assert answer.status_code == 422
    assert "larger than the 1000" in answer.content.decode().replace("\xa0", " ")
    assert (Import.objects.count(), list(Path(settings.UPLOADS_DIR).iterdir())) == (0, [])


def test_an_empty_or_missing_file_is_refused(people: Any, settings: Any) -> None:
    browser = client(people.admin)
    empty = browser.post("/imports/new/", {"file": SimpleUploadedFile("none.csv", b"")})
    assert (empty.status_code, "none.csv is empty" in empty.content.decode()) == (422, True)
    assert browser.post("/imports/new/", {}).status_code == 422
    assert (Import.objects.count(), list(Path(settings.UPLOADS_DIR).iterdir())) == (0, [])


def test_a_name_cannot_leave_the_folder(people: Any, settings: Any) -> None:
    item = upload(people, visits(2), "../../etc/<b>pass\x00wd.csv")
    assert item.file_name == "bpasswd.csv"
    assert Path(item.path).parent.parent == Path(settings.UPLOADS_DIR)


def test_a_full_disk_while_uploading_is_a_sentence(people: Any, settings: Any, monkeypatch: Any) -> None:
    receiver = imports.Receiver("visits.csv")

    def full(chunk: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    receiver._file.close()
    receiver._file = type("Full", (), {"write": staticmethod(full), "close": staticmethod(lambda: None)})()
    with pytest.raises(RuleBroken, match="no space left"):
        receiver.write(b"day")
    receiver.discard()
    assert list(Path(settings.UPLOADS_DIR).iterdir()) == []


def test_a_load_that_fails_says_why_and_can_be_tried_again(people: Any, monkeypatch: Any) -> None:
    item = imports.check(said(looked(people, visits()), people.admin), by=people.admin)
    item = imports.start_load(item, by=people.admin)

    def full(*arguments: Any, **values: Any) -> None:
        raise engine.EngineError("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "load_file", full)
        run_queued()
    item.refresh_from_db()
    assert (item.state, store().open("visits").rows()) == (State.FAILED, 0)
    page = client(people.admin).get(f"/imports/{item.uid}/load/").content.decode()
    assert "There is no space left on the disk." in page
    assert "Try again" in page
    client(people.admin).post(f"/imports/{item.uid}/load/")
    run_queued()
    item.refresh_from_db()
    assert (item.state, item.dataset.rows) == (State.LOADED, 40)
