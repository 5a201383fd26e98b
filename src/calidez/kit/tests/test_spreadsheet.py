"""Spreadsheets: what a cell can hold, and long ones that are fetched when they are ready."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from python_calamine import CalamineWorkbook

from calidez.kit.conformance import World
from calidez.kit.core import cells
from calidez.kit.desk import spreadsheet
from calidez.people.models import Position
from calidez.people.tests.factories import create


def written(*values: Any) -> list[Any]:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = spreadsheet._Sheet(book, "One")
        sheet.heading(["x"] * len(values))
        sheet.row([cells.cell(value) for value in values])
        sheet.finish()
    file.seek(0)
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1]


def test_cells_keep_their_kind_and_formulas_stay_texts() -> None:
    given = ["=1+1", "@x", 12, 1.5, dt.date(2026, 3, 12), dt.datetime(2026, 3, 12, 9, 40), True, "á\x01b"]
    assert written(*given)[:7] == [
        "=1+1",
        "@x",
        12,
        1.5,
        dt.date(2026, 3, 12),
        dt.datetime(2026, 3, 12, 9, 40),
        True,
    ]


def test_what_a_sheet_cannot_hold_is_said() -> None:
    row = written("x" * 40_000, "😀" * 20_000, dt.date(1815, 6, 18), float("inf"), 12345678901234567)
    for text in row[:2]:
        assert len(text.encode("utf-16-le")) // 2 <= spreadsheet.MOST_LETTERS
        assert text.endswith("]")
    assert row[2:] == ["1815-06-18", "inf", "12345678901234567"]


@pytest.mark.django_db
def test_a_long_spreadsheet_is_fetched_when_it_is_ready(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calidez.kit.desk.exports import write_spreadsheet
    from calidez.kit.desk.notifications.models import Notification
    from calidez.kit.platform.jobs.models import Job

    monkeypatch.setattr("calidez.kit.faces.pages.exports.AT_ONCE", 2)
    for number in range(3):
        create(Position, world.admin, name=f"Clerk {number}", unit=world.north)
    create(Position, world.admin, name="Nurse", unit=world.north)
    client, other = Client(), Client()
    client.force_login(world.auditor, backend="django.contrib.auth.backends.ModelBackend")
    other.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    place = client.get("/positions/export.xlsx?q=clerk")["Location"]
    assert "It waits for its turn." in client.get(place).content.decode()
    assert client.get(f"{place}file").status_code == 404
    write_spreadsheet(**Job.objects.get(name=write_spreadsheet.name).arguments)
    assert "3 rows, ready to be fetched." in client.get(place).content.decode()
    content = b"".join(client.get(f"{place}file").streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["Name", "Clerk 0", "Clerk 1", "Clerk 2"]
    assert other.get(f"{place}file").status_code == 404
    assert Notification.objects.get(person=world.auditor).url == place
