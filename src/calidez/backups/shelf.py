"""The folder of kept backups: beside each archive a note of what it is, and of what came of trying it."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import uuid
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from calidez.backups import retention
from calidez.backups.making import Made
from calidez.backups.place import fingerprint
from calidez.kit.platform.jobs.schedules import zone

_NAME = re.compile(r"calidez-(\d{8}T\d{6})Z\.tar(\.age)?")
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Trial:
    """Whether a restored copy was equal; None where the archive could not be opened here. `said` tells what differed."""

    at: dt.datetime
    equal: bool | None
    said: str = ""
    rows: int = 0
    facts: int = 0
    files: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Kept:
    """An archive that was written whole and read again. `installation` says whose it is, where several share a folder."""

    path: Path
    made_at: dt.datetime
    size: int
    sha256: str
    digest: str
    locked: str
    rows: int
    facts: int
    files: int
    missing: int
    installation: str
    unpacked: int
    trial: Trial | None = None


def folder() -> Path | None:
    return settings.BACKUP_DIR


def seen() -> tuple[Path | None, bool, tuple[Kept, ...]]:
    """The folder that the settings name, whether it is there, and what is kept in it; of one that is gone the last
    that is known."""
    place = folder()
    if place is None:
        return None, False, ()
    if place.is_dir():
        return place, True, kept(place)
    last = _last_known()
    return place, False, (last,) if last is not None and last.path.parent == place else ()


def installation() -> str:
    return fingerprint("audit", settings.AUDIT_KEY)


def new_name(moment: dt.datetime, *, locked: bool) -> str:
    return f"calidez-{moment.astimezone(dt.UTC).strftime(_STAMP)}Z.tar{'.age' if locked else ''}"


def kept(place: Path) -> tuple[Kept, ...]:
    """Of this installation, the newest first. An archive without its note, or of another size, is not counted."""
    found = []
    for path in place.iterdir():
        if _NAME.fullmatch(path.name):
            one = _read(path)
            if one is not None and one.installation == installation():
                found.append(one)
    return tuple(sorted(found, key=lambda one: one.made_at, reverse=True))


def put(made: Made, moment: dt.datetime) -> Kept:
    manifest = made.manifest
    one = Kept(
        path=made.path,
        made_at=moment,
        size=made.size,
        sha256=made.sha256,
        digest=manifest.digest,
        locked=made.locked,
        rows=manifest.rows,
        facts=sum(dataset.rows for dataset in manifest.datasets),
        files=len(manifest.files),
        missing=len(manifest.missing),
        installation=installation(),
        unpacked=manifest.unpacked,
    )
    _write(one)
    _remember(one)
    return one


def put_trial(one: Kept, trial: Trial) -> Kept:
    tried = replace(one, trial=trial)
    if one.path.exists():
        _write(tried)
        _remember(tried)
    return tried


def clear_away(place: Path, plan: retention.Plan) -> list[Kept]:
    """Delete what the plan keeps no longer; the newest, the newest that is complete, and the newest
    that was equal when tried, stay whatever it says."""
    there = kept(place)
    proved = [one.made_at for one in there if one.trial is not None and one.trial.equal][:1]
    complete = [one.made_at for one in there if not one.missing][:1]
    stay = retention.kept((one.made_at for one in there), plan, zone(), always=[*proved, *complete])
    gone = [one for one in there if one.made_at not in stay]
    for one in gone:
        one.path.unlink(missing_ok=True)
        _note_of(one.path).unlink(missing_ok=True)
    return gone


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _read(path: Path) -> Kept | None:
    try:
        one = _of_note(_note_of(path), path)
        return one if path.stat().st_size == one.size else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _of_note(note: Path, path: Path) -> Kept:
    said: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    trial = said.pop("trial")
    return Kept(
        **{**said, "path": path, "made_at": _moment(said["made_at"])},
        trial=Trial(**{**trial, "at": _moment(trial["at"])}) if trial else None,
    )


def _write(one: Kept) -> None:
    _put_note(_note_of(one.path), _said(one))


def _remember(one: Kept) -> None:
    """In the data folder too, for the day on which the disk of the backups is gone."""
    if one.made_at >= (last.made_at if (last := _last_known()) else one.made_at):
        _put_note(_memory(), {**_said(one), "path": str(one.path)})


def _last_known() -> Kept | None:
    try:
        path = Path(json.loads(_memory().read_text(encoding="utf-8"))["path"])
        return _of_note(_memory(), path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _memory() -> Path:
    return Path(settings.DATA_DIR) / "last-backup.json"


def _said(one: Kept) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "path"}


def _put_note(note: Path, said: dict[str, Any]) -> None:
    arriving = note.with_name(f".{note.name}.{uuid.uuid4().hex[:8]}.part")
    handle = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(said, file, indent=1, default=_plain, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    arriving.replace(note)


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def free(place: Path) -> int:
    """Bytes that this account may still write there."""
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize
