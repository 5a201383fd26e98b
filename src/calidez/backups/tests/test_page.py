"""The page of the backups: says what is and what is missing, and asks for one more; for those who operate the whole alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from calidez.backups import jobs, shelf
from calidez.backups.archive.manifest import Manifest
from calidez.backups.making import Made
from calidez.kit.core.events import AuditEvent
from calidez.kit.platform.jobs.models import Job

pytestmark = pytest.mark.django_db
ADDRESS = "/backups/"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.BACKUP_DIR, settings.BACKUP_KEEP = tmp_path / "kept", ""
    settings.BACKUP_DIR.mkdir()
    settings.DATA_DIR = tmp_path
    return settings.BACKUP_DIR


def put(folder: Path, *, age: dt.timedelta = dt.timedelta(hours=3), missing: int = 0) -> shelf.Kept:
    moment = timezone.now() - age
    path = folder / shelf.new_name(moment, locked=False)
    path.write_bytes(b"x" * 2_000_000)
    manifest = Manifest(
        program="0.1.0", made_at=moment.isoformat(), database="sqlite", migrations=(), keys={}, tables=(),
        left_out=(), datasets=(), missing=("files/x",) * missing, members=(),
    )  # fmt: skip
    return shelf.put(Made(path, manifest, 2_000_000, "ab" * 32, ""), moment)


def page(client: Any, person: Any) -> str:
    client.force_login(person)
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    return str(answer.content.decode())


def asked(client: Any, step: str) -> str:
    return str(
        client.post(ADDRESS, {"step": step}, follow=True, headers={"referer": ADDRESS}).content.decode()
    )


def test_without_a_folder_the_page_says_how_to_begin(client: Any, world: Any, settings: Any) -> None:
    settings.BACKUP_DIR = None
    text = page(client, world.admin)
    assert "CALIDEZ_BACKUP_DIR" in text
    assert "Back up now" not in text
    assert "No folder for backups is named" in asked(client, "backup")
    assert not Job.objects.filter(name=jobs.make_backup.name).exists()


def test_the_first_is_asked_for_and_stands_in_the_trail(client: Any, world: Any, folder: Path) -> None:
    text = page(client, world.admin)
    assert "There is no backup yet" in text
    assert "Try a restore now" not in text
    assert "Making a backup · Waiting" in asked(client, "backup")
    assert Job.objects.get(name=jobs.make_backup.name).state == Job.State.QUEUED
    event = AuditEvent.objects.get(verb="run_now")
    assert (event.actor, event.label) == (str(world.admin), "Making a backup")
    assert "The same work is already waiting" in asked(client, "backup")


def test_the_page_follows_what_is_under_way_and_is_drawn_anew_when_it_is_over(
    client: Any, world: Any, folder: Path
) -> None:
    client.force_login(world.admin)
    assert 'hx-trigger="every 2s"' in asked(client, "backup")
    following = client.get(ADDRESS, headers={"hx-request": "true"})
    assert following.content.count(b'id="underway"') == 1, "only what is under way is drawn anew"
    assert (following.status_code, "HX-Refresh" in following) == (200, False)
    Job.objects.filter(name=jobs.make_backup.name).update(state=Job.State.DONE)
    assert client.get(ADDRESS, headers={"hx-request": "true"})["HX-Refresh"] == "true"
    assert 'hx-trigger="every 2s"' not in page(client, world.admin)


def test_what_is_kept_and_what_proves_it(client: Any, world: Any, folder: Path) -> None:
    one = put(folder)
    text = page(client, world.admin)
    assert "No backup has been tried yet" in text
    assert "3 hours ago" in text
    assert str(one.path) in text
    shelf.put_trial(one, shelf.Trial(timezone.now(), True, rows=1234, facts=5, files=6, seconds=40))
    text = page(client, world.admin)
    assert "No backup has been tried yet" not in text
    assert "All 1,234 records, 5 facts and 6 files" in text
    client.post(ADDRESS, {"step": "trial"})
    assert Job.objects.filter(name=jobs.try_backup.name).exists()


def test_what_is_wrong_stands_at_the_top(client: Any, world: Any, folder: Path) -> None:
    one = put(folder, age=dt.timedelta(days=3), missing=2)
    shelf.put_trial(one, shelf.Trial(timezone.now(), False, "Not equal after restoring: people.user."))
    Job.objects.create(
        name=jobs.make_backup.name, state=Job.State.FAILED, error="There is too little room.", created_at=timezone.now(),
        run_after=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip
    text = page(client, world.admin)
    for said in (
        "made 3 days ago, and one should be made every day",
        "Not equal after restoring: people.user.",
        "2 files that records name were missing",
        "There is too little room.",
    ):
        assert said in text
    one.path.unlink()
    assert "There is no backup yet" in page(client, world.admin)


def test_of_a_folder_that_is_gone_the_last_known_backup_is_shown(
    client: Any, world: Any, folder: Path, settings: Any
) -> None:
    one = put(folder, age=dt.timedelta(days=3))
    put(folder, age=dt.timedelta(days=5))  # found later, and older
    folder.rename(folder.with_name("unplugged"))
    text = page(client, world.admin)
    for said in ("Is its disk connected", "made 3 days ago, and one should be", str(one.path), one.sha256):
        assert said in text
    for offered in ("Kept backups", "Try a restore now"):
        assert offered not in text
    settings.BACKUP_DIR = folder.with_name("another")
    text = page(client, world.admin)
    assert "Is its disk connected" in text
    assert str(one.path) not in text, "it never lay there"


def test_what_is_kept_is_said_in_words(client: Any, world: Any, folder: Path, settings: Any) -> None:
    put(folder)
    assert "Kept are: 7 daily, 4 weekly, 12 monthly." in page(client, world.admin)
    settings.BACKUP_KEEP = "0d,1w"
    assert "Kept are: 1 weekly." in page(client, world.admin)


def test_each_thing_has_its_own_word(client: Any, world: Any, folder: Path) -> None:
    """The digest of the file is not that of the content, and a badge says what it means where no heading stands."""
    put(folder)
    text = page(client, world.admin)
    assert "SHA-256 of the file" in text
    assert "Not encrypted" in text
    assert ">Digest<" not in text


def test_only_who_operates_the_whole_finds_it(client: Any, world: Any, folder: Path) -> None:
    put(folder)
    assert "/backups/" in _administration(client, world.admin)
    for person in (world.north_manager, world.auditor, world.outsider):
        client.force_login(person)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, {"step": "backup"}).status_code == 403
    assert not Job.objects.filter(name=jobs.make_backup.name).exists()


def _administration(client: Any, person: Any) -> str:
    client.force_login(person)
    return str(client.get("/administration/").content.decode())
