"""Backups by the clock: which are kept, what hinders one and who hears of it, and whether the newest can be brought back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calidez.backups import jobs, keeping, making, retention, shelf
from calidez.config.tests.backups import places
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import schedules
from calidez.people.tests.factories import world as new_world

UTC = ZoneInfo("UTC")
Install = Callable[[Path], Path]
DAYS = [dt.datetime(2026, 11, 28, 2, 35, tzinfo=dt.UTC) - dt.timedelta(days=n) for n in range(800)]


def days(kept: set[dt.datetime]) -> list[str]:
    return [moment.strftime("%m-%d") for moment in sorted(kept, reverse=True)]


def test_the_usual_plan_keeps_days_weeks_and_months() -> None:
    kept = retention.kept(DAYS, retention.plan_of(""), UTC)
    assert days(kept) == [
        *("11-28", "11-27", "11-26", "11-25", "11-24", "11-23", "11-22"),
        *("11-15", "11-08"),  # Sundays: the newest of their weeks
        *("10-31", "09-30", "08-31", "07-31", "06-30", "05-31", "04-30", "03-31", "02-28", "01-31", "12-31"),
    ]


def test_of_one_day_the_newest_stays_and_the_day_is_that_of_the_house() -> None:
    night = [dt.datetime(2026, 11, 28, hour, tzinfo=dt.UTC) for hour in (2, 4, 6, 23)]
    plan = retention.plan_of("3d")
    assert retention.kept(night, plan, UTC) == {night[3]}
    assert retention.kept(night, plan, ZoneInfo("America/Bogota")) == {night[1], night[3]}


def test_a_pause_forgets_nothing() -> None:
    """Counted are days on which there is a backup: who was away for months finds the last ones there."""
    long_ago = DAYS[300:310]
    assert retention.kept(long_ago, retention.plan_of("7d"), UTC) == set(long_ago[:7])


@pytest.mark.parametrize("text", ["7", "d", "7y", "0d", "7d;4w", "-1d", "0d,0w", "99999d"])
def test_a_plan_that_keeps_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number of days|at least one"):
        retention.plan_of(text)


@given(
    st.sets(st.sampled_from(DAYS)),
    st.tuples(*[st.integers(0, 9)] * 3),
    st.sets(st.sampled_from(DAYS), max_size=2),
)
def test_the_newest_and_the_proved_always_stay(
    there: set[dt.datetime], counts: tuple[int, int, int], proved: set[dt.datetime]
) -> None:
    kept = retention.kept(there, retention.Plan(*counts), UTC, always=proved)
    assert kept <= there
    assert kept >= proved & there
    assert not there or max(there) in kept
    assert len(kept - proved) <= max(1, sum(counts))


# With a folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


@contextmanager
def _site(tmp_path: Path, installed: Install, settings: Any, folder: Path | None) -> Iterator[Any]:
    installed(tmp_path / "var")
    settings.BACKUP_DIR, settings.BACKUP_KEEP = folder, "2d"
    settings.BACKUP_RECIPIENTS, settings.BACKUP_IDENTITY_FILE = [], None
    with places.at(tmp_path / "var"):
        yield new_world()


@pytest.fixture
def site(tmp_path: Path, installed: Install, settings: Any, folder: Path, db: None) -> Iterator[Any]:
    """An installation whose folder for backups is named; gives its people."""
    with _site(tmp_path, installed, settings, folder) as people:
        yield people


def told(person: Any) -> list[str]:
    return list(Notification.objects.filter(person=person, kind="backups").values_list("text", flat=True))


def test_a_backup_is_written_noted_and_told_to_nobody(site: Any, folder: Path) -> None:
    one = keeping.back_up()
    assert shelf.kept(folder) == (one,)
    assert one.path.parent == folder
    assert (one.size, one.locked, one.missing) == (one.path.stat().st_size, "", 0)
    assert one.rows > 100
    assert told(site.admin) == []
    assert {path.name for path in folder.iterdir()} == {one.path.name, f"{one.path.name}.json"}


def test_old_ones_go_and_those_of_others_stay(site: Any, folder: Path, settings: Any) -> None:
    first = keeping.back_up()
    for number in range(2, 6):
        _aged(first, days=number)
    (folder / "calidez-20200101T000000Z.tar").write_bytes(b"of somebody who keeps no notes")
    other = _aged(first, days=9)
    _note(other, installation="another")
    shelf.put_trial(_found(folder, days=4), shelf.Trial(dt.datetime.now(dt.UTC), True))
    first.path.unlink()  # two backups of one second have one name
    last = keeping.back_up()
    kept = shelf.kept(folder)
    ages = [(last.made_at - one.made_at).days for one in kept]
    assert ages == [0, 2, 4], "two days, and the one that was proved"
    assert other.exists()
    assert (folder / "calidez-20200101T000000Z.tar").exists()


def _aged(one: shelf.Kept, *, days: int) -> Path:
    moment = one.made_at - dt.timedelta(days=days)
    path = one.path.with_name(shelf.new_name(moment, locked=False))
    path.write_bytes(one.path.read_bytes())
    said = json.loads(one.path.with_name(f"{one.path.name}.json").read_text())
    path.with_name(f"{path.name}.json").write_text(json.dumps({**said, "made_at": moment.isoformat()}))
    return path


def _note(path: Path, **values: Any) -> None:
    note = path.with_name(f"{path.name}.json")
    note.write_text(json.dumps({**json.loads(note.read_text()), **values}))


def _found(folder: Path, *, days: int) -> shelf.Kept:
    newest = shelf.kept(folder)[0]
    return next(one for one in shelf.kept(folder) if (newest.made_at - one.made_at).days == days)


def test_too_little_room_is_told_to_those_who_can_mend_it(
    site: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "free", lambda place: 1000)
    with pytest.raises(RuleBroken, match="too little room"):
        keeping.back_up()
    assert list(folder.iterdir()) == []
    (text,) = told(site.admin)
    assert text.startswith("The backup was not made. There is too little room")
    assert told(site.north_manager) == told(site.outsider) == told(site.auditor) == []


def test_a_disk_that_fills_up_or_is_gone_is_told_too(
    site: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def full(*_arguments: Any, **_options: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(making, "back_up", full)
        with pytest.raises(RuleBroken, match="No space left"):
            keeping.back_up()
    settings.BACKUP_DIR = folder / "unplugged"
    with pytest.raises(RuleBroken, match="Is its disk connected"):
        keeping.back_up()
    assert len(told(site.admin)) == 2


def test_without_a_folder_nothing_is_scheduled(
    tmp_path: Path, installed: Install, settings: Any, db: None
) -> None:
    names = {jobs.make_backup.name, jobs.try_backup.name}
    with _site(tmp_path, installed, settings, None) as people:
        assert not names & {kind.name for kind in schedules.scheduled()}
        jobs.make_backup()
        jobs.try_backup()
        assert told(people.admin) == []
        settings.BACKUP_DIR = tmp_path
        assert names <= {kind.name for kind in schedules.scheduled()}


def test_missing_files_are_told_once(site: Any, folder: Path) -> None:
    from calidez.monitoring.models import Import
    from calidez.monitoring.tests.factories import import_

    import_(site, site.north, 1)
    one = Import.objects.get()
    Import.objects.filter(pk=one.pk).update(
        path=str(folder.parent / "var" / "uploads" / "gone" / "x.csv"), state="uploaded"
    )
    assert keeping.back_up().missing == 1
    assert len(told(site.admin)) == 1
    _move(shelf.kept(folder)[0])
    assert keeping.back_up().missing == 1
    assert len(told(site.admin)) == 1


def _move(one: shelf.Kept) -> None:
    _aged(one, days=1)
    one.path.unlink()


def test_encrypted_to_the_recipients_of_the_settings(
    site: Any, folder: Path, settings: Any, tmp_path: Path
) -> None:
    key = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    one = keeping.back_up()
    assert (one.locked, one.path.suffix) == ("keys", ".age")
    trial = keeping.try_newest().trial
    assert trial is not None
    assert trial.equal is None, "without the key nothing is claimed"
    assert "CALIDEZ_BACKUP_IDENTITY_FILE" in trial.said


def test_a_file_that_was_changed_on_the_shelf_is_not_equal(site: Any, folder: Path) -> None:
    one = keeping.back_up()
    text = bytearray(one.path.read_bytes())
    text[5000] ^= 1
    one.path.write_bytes(text)
    with pytest.raises(RuleBroken, match="no longer the file that was written"):
        keeping.try_newest()
    assert "could not be proved" in told(site.admin)[0]
    trial = shelf.kept(folder)[0].trial
    assert trial is not None
    assert trial.equal is False


def test_nothing_is_tried_where_nothing_is(site: Any) -> None:
    with pytest.raises(RuleBroken, match="no backup to try"):
        keeping.try_newest()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"refused": "The database does not take it."}, "does not take it"),
        ({"different": ["people.user"], "intact": True}, "people.user"),
        ({"different": [], "intact": False}, "audit trail is broken"),
    ],
)
def test_whatever_a_trial_finds_is_noted_and_told(
    answer: dict[str, Any], said: str, site: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.back_up()
    counts = {"rows": 1, "facts": 2, "files": 3}
    monkeypatch.setattr(keeping, "_restored", lambda *_arguments: counts | answer)
    with pytest.raises(RuleBroken, match=said):
        keeping.try_newest()
    assert said in told(site.admin)[0]
    trial = shelf.kept(folder)[0].trial
    assert trial is not None
    assert (trial.equal, said in trial.said) == (False, True)


@pytest.mark.processes
def test_the_newest_is_restored_elsewhere_and_equal(
    monkeypatch: pytest.MonkeyPatch, site: Any, folder: Path, tmp_path: Path, settings: Any
) -> None:
    monkeypatch.setenv("CALIDEZ_PARTS", "calidez.kit.tests.ledger")  # the tests have it without being asked
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"{key}\n")
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    settings.BACKUP_IDENTITY_FILE = tmp_path / "key.txt"
    one = keeping.back_up()
    trial = keeping.try_newest().trial
    assert trial is not None
    assert (trial.equal, trial.said, trial.rows) == (True, "", one.rows)
    assert shelf.kept(folder)[0].trial == trial
    assert list((tmp_path / "var" / "tmp").iterdir()) == []
    assert told(site.admin) == []
