"""A workbook with one stray cell far away is refused with a sentence at every door, and nobody else notices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from calidez.documents.content import files
from calidez.engine.tests.far_cells import workbook
from calidez.kit.desk.runs.models import Run
from calidez.kit.tests.factories import issued
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Dataset, Import

pytestmark = [pytest.mark.django_db, pytest.mark.processes]
SENTENCES = {
    "en": "most likely a stray value far from the table",
    "es": "lo más probable es un valor suelto lejos de la tabla",
}


@pytest.fixture
def admin(world: Any, settings: Any, tmp_path: Path) -> Any:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return world.admin


def bomb() -> SimpleUploadedFile:
    return SimpleUploadedFile("far.xlsx", workbook())


def client(user: Any, language: str) -> Client:
    browser = Client(headers={"Accept-Language": language})
    browser.force_login(user)
    user.language = language
    user.save()
    return browser


@pytest.mark.parametrize("language", SENTENCES)
def test_records_from_a_file(admin: Any, language: str) -> None:
    answer = client(admin, language).post("/positions/load/", {"file": bomb()})
    assert answer.status_code == 422
    assert SENTENCES[language] in answer.content.decode()
    assert not Run.objects.exists()


@pytest.mark.parametrize("language", SENTENCES)
def test_the_import_wizard(admin: Any, language: str) -> None:
    item = imports.receive_upload(imports.receive("far.xlsx", [workbook()]), unit=admin.unit, by=admin)
    answer = client(admin, language).post(f"/imports/{item.uid}/look/", headers={"HX-Request": "true"})
    assert SENTENCES[language] in answer.content.decode()
    assert "XFD1048576" in answer.content.decode()


@pytest.mark.parametrize("language", SENTENCES)
def test_facts_over_the_interface(admin: Any, language: str) -> None:
    sent = {"Authorization": f"Bearer {issued(admin).secret}", "Accept-Language": language}
    columns = [{"name": "day", "type": "date", "role": "time", "date_order": "ymd"}]
    about = {"code": "visits", "name": "Visits", "unit": admin.unit.code, "columns": columns}
    made = Client().post("/api/v1/datasets", about, content_type="application/json", headers=sent)
    assert made.status_code == 201, made.content
    answer = Client().post("/api/v1/datasets/visits/facts", workbook(), content_type="text/csv", headers=sent)
    assert answer.status_code == 422, answer.content
    assert SENTENCES[language] in answer.json()["detail"]
    assert Dataset.objects.get(code="visits").imports.count() == Import.objects.count() == 0


def test_the_file_of_a_document(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    path = tmp_path / "far.xlsx"
    path.write_bytes(workbook())
    found = files.extract(path, "0" * 64, files.SHEETS)
    assert found.problem == "far_cell"
    assert SENTENCES["en"] in found.sentence


def test_no_reader_of_workbooks_stands_in_a_process_that_answers() -> None:
    """Whoever opens a workbook does so in a process of its own: importing every part must not bring the reader in."""
    setup = "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'calidez.config.settings'; django.setup()\n"
    code = setup + "import calidez.config.urls; print('python_calamine' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
