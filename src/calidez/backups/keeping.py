"""Backups by the clock: one a night into the folder of the settings, old ones cleared away, the newest tried every week."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.backups import making, retention, shelf, telling
from calidez.backups import place as places
from calidez.backups.archive import locks
from calidez.backups.archive.writing import digest_of
from calidez.backups.shelf import Kept, Trial
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import report_progress

EVERY = dt.timedelta(days=1)
# What is written must fit beside what people write meanwhile.
SPARE = 200_000_000
LONGEST_TRIAL = 6 * 3600.0
# A trial is of the archive alone: it reaches neither the database nor the notes of the installation that it came from.
NOT_FOR_TRIALS = ("DATABASE_URL", "CALIDEZ_DATA", "CALIDEZ_TRAIL_HEADS")


def wanted() -> bool:
    return shelf.folder() is not None


def back_up() -> Kept:
    """One more backup; whatever hinders it is told to who looks after the installation."""
    with _told(telling.failed):
        folder = _folder()
        _need_room(folder)
        now = timezone.now().replace(microsecond=0)
        recipients = tuple(settings.BACKUP_RECIPIENTS)
        lock = locks.Recipients(recipients) if recipients else None
        target = folder / shelf.new_name(now, locked=lock is not None)
        made = making.back_up(places.here(), target, lock, told=report_progress)
        before = next(iter(shelf.kept(folder)), None)
        one = shelf.put(made, now)
        if one.missing > (before.missing if before else 0):
            telling.incomplete(one.missing)
        shelf.clear_away(folder, retention.plan_of(settings.BACKUP_KEEP))
    return one


def try_newest() -> Kept:
    """Restore the newest backup into a place that is thrown away, and note whether it was equal."""
    with _told(telling.trial_failed):
        newest = next(iter(shelf.kept(_folder())), None)
        if newest is None:
            raise RuleBroken(_("There is no backup to try yet. Make one first."))
        tried = shelf.put_trial(newest, _trial(newest))
        trial = tried.trial
        assert trial is not None
        if trial.equal is False:
            raise RuleBroken(trial.said)
    return tried


def _trial(one: Kept) -> Trial:
    now, began = timezone.now(), time.monotonic()
    if digest_of(one.path) != one.sha256:
        return Trial(
            now, False, _("%(name)s is no longer the file that was written.") % {"name": one.path.name}
        )
    identity = settings.BACKUP_IDENTITY_FILE
    if one.locked and identity is None:
        return Trial(
            now,
            None,
            _(
                "The file is as it was written, but the key that opens it is not on this computer. Name it in CALIDEZ_BACKUP_IDENTITY_FILE, or try the backup where the key is: calidez restore"
            ),
        )
    with _thrown_away() as folder:
        told = _restored(one, folder, identity)
    seconds = time.monotonic() - began
    if refused := told.get("refused"):
        return Trial(now, False, str(refused), seconds=seconds)
    counts: dict[str, Any] = {name: int(told[name]) for name in ("rows", "facts", "files")}
    if told["different"]:
        names = ", ".join(told["different"][:5])
        return Trial(
            now,
            False,
            _("Not equal after restoring: %(names)s.") % {"names": names},
            **counts,
            seconds=seconds,
        )
    if not told["intact"]:
        return Trial(now, False, _("After restoring, the audit trail is broken."), **counts, seconds=seconds)
    return Trial(now, True, **counts, seconds=seconds)


def _restored(one: Kept, folder: Path, identity: Path | None) -> dict[str, Any]:
    """By a process of its own, whose settings are those of the thrown-away place."""
    environ = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TRIALS}
    environ["CALIDEZ_DATA"] = str(folder)
    line = [sys.executable, "-m", "calidez.backups.trying", str(one.path), str(identity or "")]
    until = time.monotonic() + LONGEST_TRIAL
    with subprocess.Popen(line, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            while True:
                try:
                    out, err = process.communicate(timeout=1)
                    break
                except subprocess.TimeoutExpired:
                    report_progress(0, 0, _("Restoring into a place of its own"))
                    if time.monotonic() > until:
                        return {"refused": _("Trying the backup took too long and was stopped.")}
        finally:
            process.kill()
    try:
        told: dict[str, Any] = json.loads(out.splitlines()[-1])
    except (IndexError, ValueError):
        reason = (err.decode(errors="replace").strip().splitlines() or ["?"])[-1][:300]
        return {"refused": _("The backup could not be restored: %(reason)s") % {"reason": reason}}
    return told


@contextmanager
def _thrown_away() -> Iterator[Path]:
    root = Path(settings.DATA_DIR) / "tmp"
    root.mkdir(exist_ok=True)
    for left in root.glob("trial-*"):  # of a trial that was killed; there is never more than one
        shutil.rmtree(left, ignore_errors=True)
    folder = root / f"trial-{uuid.uuid4().hex}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    folder = shelf.folder()
    if folder is None:
        raise RuleBroken(_("No folder for backups is named. Name one in CALIDEZ_BACKUP_DIR."))
    if not folder.is_dir():
        raise RuleBroken(
            _("The folder for backups %(path)s is not there. Is its disk connected?") % {"path": folder}
        )
    return folder


def _need_room(folder: Path) -> None:
    """By the last backup, or by what lies in the data folder where there was none."""
    last = next(iter(shelf.kept(folder)), None)
    expected = last.size * 6 // 5 if last else _size_of(Path(settings.DATA_DIR))
    free = shelf.free(folder)
    if free < expected + SPARE:
        raise RuleBroken(
            _(
                "There is too little room for another backup in %(path)s: about %(needed)s MB are needed, %(free)s MB are free."
            )
            % {
                "path": folder,
                "needed": (expected + SPARE) // 1_000_000,
                "free": free // 1_000_000,
            }
        )


def _size_of(folder: Path) -> int:
    names = ("datasets", "files", "uploads", "rejects", "runs", "calidez.sqlite3")
    paths = (path for name in names for path in (folder / name, *(folder / name).rglob("*")))
    return sum(path.stat().st_size for path in paths if path.is_file())


@contextmanager
def _told(tell: Any) -> Iterator[None]:
    try:
        yield
    except RuleBroken as refusal:
        tell(str(refusal))
        raise
    except OSError as error:
        sentence = _("The backup could not be written: %(reason)s") % {"reason": error.strerror or error}
        tell(sentence)
        raise RuleBroken(sentence) from error
