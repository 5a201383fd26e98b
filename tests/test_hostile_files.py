"""The corpus of hostile files at every door: nobody fails, nobody is held, each is told why in a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calidez.kit.desk.files.models import Attachment
from calidez.monitoring.models import Import

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
import hostile_doors  # noqa: E402
from hostile_files import BODY, CORPUS, NAMES_OF_FILES, Hostile  # noqa: E402

pytestmark = pytest.mark.django_db
BY_NAME = {one.name: one for one in CORPUS}
# What is said of a file at a door, of each kind one: the rest is the night's.
TOLD = {
    ("far-cell-in-disguise.xlsx", "look"): "200 The file far-cell-in-disguise.xlsx takes more memory to read",
    ("one-cell-of-200-mb.xlsx", "look"): "has more than 1000000 characters",
    ("50000-parts.xlsx", "records"): "more than 20000 parts",
    ("cut.xlsx", "look"): "is cut short or damaged",
    ("deep.jsonl", "look"): "200",
    ("half-characters.jsonl", "look"): "200",
    ("5001-columns.parquet", "look"): "has 5001 columns; at most 5000",
    ("null-in-a-name.parquet", "look"): "holds a character that no name can have",
    ("noise.arrow", "push"): "422 This is no Arrow stream",
    ("tables-in-tables.docx", "document"): "refused: The file is damaged",
    ("packed-thrice.pdf", "document"): "",
}


@pytest.fixture
def doors(world: Any, settings: Any, tmp_path: Path) -> hostile_doors.Doors:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.DATA_DIR = tmp_path
    settings.API_REQUESTS_PER_MINUTE = 0
    return hostile_doors.Doors(world, tmp_path)


@pytest.mark.processes
@pytest.mark.parametrize(("name", "door"), TOLD)
def test_a_hostile_file_is_refused_in_time_and_in_a_sentence(
    doors: hostile_doors.Doors, tmp_path: Path, name: str, door: str
) -> None:
    path = BY_NAME[name].make(tmp_path, big=False)
    answer = doors.tried(name, door, path)
    assert answer.faults == []
    assert TOLD[name, door] in answer.said


@pytest.mark.parametrize("one", [one for one in CORPUS if one.kind == BODY], ids=lambda one: one.name)
def test_what_a_program_sends_is_refused(doors: hostile_doors.Doors, tmp_path: Path, one: Hostile) -> None:
    answer = doors.tried(one.name, "body", one.make(tmp_path, big=False))
    assert answer.said[:3] in {"400", "413", "422"}
    assert answer.faults == []


def test_endpoints_that_declare_what_they_take_read_by_the_same_reader(
    doors: hostile_doors.Doors, tmp_path: Path
) -> None:
    for one in CORPUS:
        if one.kind == BODY:
            answer = doors.program.post(
                "/api/v1/datasets",
                one.make(tmp_path, big=False).read_bytes(),
                content_type="application/json",
                headers=doors.signed,
            )
            assert answer.status_code in {400, 413, 422}, (one.name, answer.status_code)


@pytest.mark.parametrize("name", NAMES_OF_FILES)
def test_a_name_does_no_harm(doors: hostile_doors.Doors, settings: Any, name: str) -> None:
    sent = b"day,visits\n2026-01-01,1\n"
    upload = SimpleUploadedFile("plain.csv", sent)
    upload._name = name  # what a program sends that does not clean it as Django's own does
    for address, field in (
        ("/imports/new/", "file"),
        (f"/positions/{doors.record.uid}/files/", "files"),
        ("/positions/load/", "file"),
    ):
        upload.seek(0)
        answer = doors.browser.post(address, {field: upload})
        assert answer.status_code in {302, 422}, (address, answer.status_code)
    for path in map(Path, Import.objects.values_list("path", flat=True)):
        assert path.parent.parent == Path(settings.UPLOADS_DIR)
        assert path.read_bytes() == sent
    for kept in [
        *Attachment.objects.values_list("name", flat=True),
        *Import.objects.values_list("file_name", flat=True),
    ]:
        assert len(kept) <= 255
        assert kept.isprintable()
        assert "/" not in kept
        assert "\\" not in kept


def test_the_corpus_is_what_was_promised() -> None:
    assert len(CORPUS) == len(BY_NAME) >= 60


@pytest.mark.overnight
@pytest.mark.processes
def test_the_whole_corpus_in_its_whole_size_at_every_door() -> None:
    """Some twenty minutes, and up to four gigabytes of memory."""
    command = [sys.executable, str(ROOT / "scripts" / "hostile_files.py"), "--run"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stderr[-5_000:]
