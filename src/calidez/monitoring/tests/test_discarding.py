"""Files that will not be loaded go: by hand at any step, by themselves after a while, and only they."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from calidez.kit.core import audit, verification
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs.declare import kinds
from calidez.monitoring.loading import services as imports
from calidez.monitoring.models import Import
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
pytestmark = pytest.mark.django_db
BAD = visits(6) + "2026-02-30,NORTH,many,1\n"


@pytest.mark.slow
def test_at_every_step_the_file_can_be_discarded(
    people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    item = imports.check(said(looked(people, BAD), people.admin), by=people.admin)
    assert item.state == State.CHECKED
    browser = client(people.admin)
    asks = f"/imports/{item.uid}/do/discard/"
    for step in ("reading", "columns", "check"):
        assert asks in browser.get(f"/imports/{item.uid}/{step}/").content.decode()
    page = browser.get(asks).content.decode()
    assert "The file and what was read of it are deleted" in page
    folder, rejects = Path(item.path).parent, Path(settings.REJECTS_DIR) / item.uid.hex
    assert folder.is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(asks, {"version": item.version}).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.reading, item.report) == (State.DISCARDED, {}, {})
    assert not folder.exists()
    assert not rejects.exists()
    event = audit.history(item, limit=1)[0]
    assert (event.verb, event.actor) == ("discard", str(people.admin))
    for step in ("reading", "columns", "check", "load"):
        answer = browser.get(f"/imports/{item.uid}/{step}/", follow=True)
        assert answer.redirect_chain[-1][0] == f"/imports/{item.uid}/"
    shown = browser.get(f"/imports/{item.uid}/").content.decode()
    assert "Discarded" in shown
    assert "Go on with this file" not in shown


def test_who_may_not_load_may_not_discard(people: Any) -> None:
    item = upload(people, visits(4))
    with pytest.raises(NotAllowed):
        imports.discard(item, by=people.auditor)
    assert Path(item.path).exists()


def test_what_was_loaded_stays(people: Any) -> None:
    with pytest.raises(RuleBroken):
        imports.discard(loaded(people, visits(4)), by=people.admin)


def test_what_nobody_went_on_with_is_cleared_away(
    people: Any, django_capture_on_commit_callbacks: Any
) -> None:
    now = timezone.now()
    old, new, done = upload(people, visits(4)), upload(people, visits(5)), loaded(people, visits(6))
    Import.objects.filter(pk__in=[old.pk, done.pk]).update(created_at=now - dt.timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        assert imports.discard_unfinished(now) == 1
    states = dict(Import.objects.values_list("pk", "state"))
    assert states == {old.pk: State.DISCARDED, new.pk: State.UPLOADED, done.pk: State.LOADED}
    assert (Path(old.path).exists(), Path(new.path).exists()) == (False, True)
    event = audit.history(old, limit=1)[0]
    assert (event.verb, event.actor, event.note) == ("discard", "", "Nobody went on with it for 30 days.")
    assert imports.discard_unfinished(now) == 0
    assert verification.verify().intact


def test_folders_of_uploads_that_broke_off_are_cleared_away(people: Any) -> None:
    now = timezone.now()
    kept = upload(people, visits(4))
    uploads = Path(settings.UPLOADS_DIR)
    broken, arriving, foreign = uploads / ("a" * 32), uploads / ("b" * 32), uploads / "records-of-others"
    for folder in (broken, arriving, foreign):
        folder.mkdir()
    before = (now - dt.timedelta(days=2)).timestamp()
    for folder in (broken, foreign, Path(kept.path).parent):
        os.utime(folder, (before, before))
    imports.discard_unfinished(now)
    assert [f.exists() for f in (broken, arriving, foreign)] == [False, True, True]
    assert Path(kept.path).exists()


def test_it_is_done_every_night() -> None:
    assert any(kind.every and kind.name.endswith("clear_unfinished_imports") for kind in kinds())
