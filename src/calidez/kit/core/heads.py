"""The head of the audit trail kept outside the database: what was sealed once cannot be taken back unseen.

Beside the key lies one line, rewritten after every commit: how many events are sealed, and the digest of the last seal.
Files elsewhere, where the installation names some, keep every head that was spread to them, so that not even somebody
with the key in hand can rewrite what was. A database that is ahead of what is kept is right: the program may be killed
between the two. One that is behind, or that says something else at that place, was tampered with.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

log = logging.getLogger("calidez.audit")
GENESIS = "0" * 64


@dataclass(frozen=True)
class Head:
    """`events` were sealed by then, and `digest` is the last seal's."""

    events: int
    digest: str
    at: str = ""

    def line(self) -> str:
        said = {"events": self.events, "digest": self.digest, "at": self.at, "mac": self.mac()}
        return json.dumps(said) + "\n"

    def mac(self) -> str:
        text = f"head {self.events} {self.digest} {self.at}"
        return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


class Unreadable(Exception):
    """The file is there and says nothing that this key has signed."""


def beside_key() -> Path | None:
    """None where no head is kept, as in tests, whose trail is rolled back."""
    place: Path | None = settings.TRAIL_HEAD
    return place


def elsewhere() -> list[Path]:
    return list(settings.TRAIL_HEADS)


def kept() -> Head | None:
    """The head beside the key; None where there is no such file. Unreadable where it is none of ours."""
    place = beside_key()
    if place is None:
        return None
    try:
        text = place.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    found = _read(text)
    if found is None:
        raise Unreadable(str(place))
    return found


def keep(head: Head) -> None:
    """Write the head beside the key, unless a later one stands there.

    Written in place and not synced: a power cut may leave an earlier head, which is as right as this one.
    """
    place = beside_key()
    if place is None:
        return
    with _locked(place) as file:
        before = _read(os.pread(file, 1000, 0).decode("utf-8", "replace"))
        if before is not None and before.events >= head.events:
            return
        line = head.line().encode()
        os.pwrite(file, line, 0)
        os.ftruncate(file, len(line))


def spread(head: Head) -> None:
    """Add the head to the files elsewhere whose last line says another one."""
    for place in elsewhere():
        try:
            _add(place, head)
        except OSError as error:
            log.error("The head of the audit trail could not be kept at %s: %s", place, error.strerror)


def spread_before(place: Path) -> list[Head]:
    """What was spread to a file, oldest first; lines that this key did not sign are passed over."""
    with place.open(encoding="utf-8", errors="replace") as file:
        return [head for head in map(_read, file) if head is not None]


def now(events: int, digest: str) -> Head:
    return Head(events, digest, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))


def _add(place: Path, head: Head) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with _locked(place) as file:
        size = os.fstat(file).st_size
        tail = os.pread(file, 2000, max(0, size - 2000)).decode("utf-8", "replace")
        last = _read(tail.strip().rpartition("\n")[2])
        if last is not None and (last.events, last.digest) == (head.events, head.digest):
            return
        line = head.line()
        if tail and not tail.endswith("\n"):  # a line that was cut off by a full disk
            line = "\n" + line
        os.pwrite(file, line.encode(), size)
        os.fsync(file)


def _read(text: str) -> Head | None:
    try:
        said = json.loads(text)
        head = Head(int(said["events"]), str(said["digest"]), str(said["at"]))
    except (ValueError, KeyError, TypeError):
        return None
    return head if hmac.compare_digest(head.mac(), str(said.get("mac", ""))) else None


@contextmanager
def _locked(place: Path) -> Iterator[int]:
    file = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)
