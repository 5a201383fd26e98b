"""Writes an archive beside its final name and gives it that name only when all of it is on the disk."""

from __future__ import annotations

import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from calidez.backups.archive import locks, packing, tar
from calidez.backups.archive.manifest import HEADER, MANIFEST, Manifest, Member, header
from calidez.kit.platform.errors import RuleBroken

_AT_ONCE = 1 << 20


class Writer:
    """Takes members one after the other; remembers what it took."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.members: list[Member] = []

    def begin(self, program: str, made_at: str) -> None:
        self.add(HEADER, header(program, made_at))

    def add(self, name: str, content: bytes) -> None:
        self._put(name, content)

    def add_rows(self, folder: str, lines: Iterable[bytes]) -> Iterator[int]:
        """A table in parts; yields the number of rows so far, so that long work can say how far it is."""
        count = 0
        for number, part in enumerate(packing.parts(lines), start=1):
            count += part.rows
            self._put(f"{folder}/{number:06}.jsonl.gz", part.packed, rows=part.rows, unpacked=part.unpacked)
            yield count

    def add_file(self, place: str, path: Path) -> None:
        """A file that nobody changes any more; `place` is where it lies in the data folder."""
        with path.open("rb") as file:
            size, digest = os.fstat(file.fileno()).st_size, hashlib.sha256()
            name = place if tar.fits(place) else f"{place.partition('/')[0]}/by-number/{len(self.members):08}"
            self._file.write(tar.header(name, size))
            left = size
            while left:
                piece = file.read(min(left, _AT_ONCE))
                if not piece:
                    raise OSError(f"{path} became shorter while it was read")
                digest.update(piece)
                self._file.write(piece)
                left -= len(piece)
        self._file.write(tar.padding(size))
        self._note(Member(name, size, digest.hexdigest(), place="" if name == place else place))

    def finish(self, manifest: Manifest) -> None:
        self._put(MANIFEST, manifest.to_bytes(), noted=False)
        self._file.write(tar.END)

    def _put(
        self,
        name: str,
        content: bytes,
        *,
        rows: int | None = None,
        unpacked: int | None = None,
        noted: bool = True,
    ) -> None:
        self._file.write(tar.header(name, len(content)) + content + tar.padding(len(content)))
        if noted:
            self._note(Member(name, len(content), hashlib.sha256(content).hexdigest(), rows, unpacked))

    def _note(self, member: Member) -> None:
        self.members.append(member)


@contextmanager
def new_archive(target: Path, lock: locks.Lock, *, replace: bool = False) -> Iterator[Writer]:
    """Appears under its name whole or not at all, readable for this account alone."""
    if target.exists() and not replace:
        raise RuleBroken(
            _("%(path)s is there already. Choose another name, or replace it with --force.")
            % {"path": target}
        )
    if not target.parent.is_dir():
        raise RuleBroken(
            _("There is no folder %(path)s. Make it, or choose another.") % {"path": target.parent}
        )
    _clear_unfinished(target)
    part = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}.part"
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # says that somebody is still writing it
            with locks.writing(file, lock) as inside:
                yield Writer(inside)
            file.flush()
            os.fsync(file.fileno())
            if replace:
                part.replace(target)
            else:
                _rename_to_new(part, target)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(target.parent)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename_to_new(part: Path, target: Path) -> None:
    """What appeared meanwhile under the same name is not written over."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise RuleBroken(
            _("%(path)s is there already. Choose another name, or replace it with --force.")
            % {"path": target}
        ) from None
    except OSError:  # a file system without links
        part.replace(target)


def _clear_unfinished(target: Path) -> None:
    """What a killed backup left under a name of its own."""
    for left in target.parent.glob(f".{target.name}.*.part"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
