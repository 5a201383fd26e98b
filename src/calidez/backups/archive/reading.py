"""Reads an archive as a stream: once to judge all of it before anything is touched, once more to take it out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from calidez.backups.archive import locks, packing, tar
from calidez.backups.archive.manifest import (
    DATABASE,
    FOLDERS,
    HEADER,
    KEY_FILE,
    KEYS,
    MANIFEST,
    MANIFEST_BYTES,
    Manifest,
    Member,
    damaged,
    need_known_format,
    not_ours,
    read_json,
)
from calidez.kit.platform.errors import RuleBroken

_AT_ONCE = 1 << 20
_SMALL = 1 << 20
LONGEST_STEP = 255  # bytes of one name, on every usual file system
Told = Callable[[int], None]


def judge(path: Path, keys: locks.Keys, *, told: Told = lambda done: None) -> Manifest:
    """The manifest of an archive of which every byte is as it was written; else a refusal."""
    if not path.is_file():
        raise RuleBroken(_("There is no file %(path)s.") % {"path": path})
    found: list[Member] = []
    manifest: Manifest | None = None
    with locks.reading(path, keys) as file:
        for name, size, content in _members(file):
            if manifest is not None:
                raise damaged(_("there is something behind its table of contents"))
            if name == MANIFEST:
                manifest = Manifest.read(_whole(content, size, MANIFEST_BYTES, name))
            else:
                found.append(_measured(name, size, content))
                told(size)
    if manifest is None:
        raise damaged(_("it ends too early: its table of contents is missing"))
    _compare(manifest, found)
    return manifest


def contents(path: Path, keys: locks.Keys, manifest: Manifest) -> Iterator[tuple[Member, Any]]:
    """Each member with a stream of its bytes. The stream ends with a refusal if the file is no longer the judged one."""
    expected = iter(manifest.members)
    with locks.reading(path, keys) as file, closing(_members(file)) as members:
        for name, size, content in members:
            member = next(expected, None)
            if name == MANIFEST:
                break
            if member is None or (member.name, member.size) != (name, size):
                raise damaged(_("it was changed while it was read"))
            checked = _Checked(content, member)
            yield member, checked
            checked.finish()


class _Checked:
    def __init__(self, content: _Content, member: Member) -> None:
        self._content, self._member, self._digest = content, member, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self._digest.update(piece)
        return piece

    def finish(self) -> None:
        while self.read(_AT_ONCE):
            pass
        if self._digest.hexdigest() != self._member.sha256:
            raise damaged(_("it was changed while it was read"))


class _Content:
    """The bytes of one member."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self.left = file, size

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        piece = _exactly(self._file, wanted) if wanted else b""
        self.left -= len(piece)
        return piece


def _members(file: IO[bytes]) -> Generator[tuple[str, int, _Content], None, None]:
    first = True
    while True:
        heading = tar.read_header(_up_to(file, tar.BLOCK), first=first)
        if heading is None:
            break
        name, size = heading
        content = _Content(file, size)
        if first:
            if name != HEADER or size > _SMALL:
                raise not_ours()
            text = content.read()
            need_known_format(read_json(text, HEADER))
            content = _Again(text)
        first = False
        yield name, size, content
        while content.left:
            content.read(_AT_ONCE)
        _exactly(file, len(tar.padding(size)))
    if _up_to(file, len(tar.END)) != tar.END[tar.BLOCK :]:
        raise damaged(_("there is something behind its end, or its end is missing"))


class _Again(_Content):
    """Bytes that were looked at already."""

    def __init__(self, text: bytes) -> None:
        self._text, self.left = text, len(text)

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        start = len(self._text) - self.left
        self.left -= wanted
        return self._text[start : start + wanted]


def _measured(name: str, size: int, content: _Content) -> Member:
    digest = hashlib.sha256()
    measure = packing.Measure() if name.startswith(f"{DATABASE}/") else None
    while piece := content.read(_AT_ONCE):
        digest.update(piece)
        if measure is not None:
            measure.take(piece)
    member = Member(name, size, digest.hexdigest())
    if measure is None:
        return member
    measure.finish()
    return replace(member, rows=measure.rows, unpacked=measure.unpacked)


def _compare(manifest: Manifest, found: list[Member]) -> None:
    known = {one.name: one for one in manifest.members}
    there = {one.name for one in found}
    if len(known) != len(manifest.members) or len(there) != len(found):
        raise damaged(_("a file is in it twice"))
    for member in found:
        if member.name not in known:
            raise damaged(_("it holds a file too many (%(name)s)") % {"name": member.name})
        if replace(known[member.name], place="") != member:
            raise damaged(_("%(name)s is not what was written") % {"name": member.name})
    for name in known:
        if name not in there:
            raise damaged(_("a file is missing (%(name)s)") % {"name": name})
    if [one.name for one in manifest.members] != [one.name for one in found]:
        raise damaged(_("its files are in another order"))
    _compare_places(manifest)
    _compare_rows(manifest)


def _compare_places(manifest: Manifest) -> None:
    """Where files go is said by the manifest, so it is looked at as closely as the names."""
    places = set()
    for member in manifest.members:
        place = member.place or member.name
        top, _slash, rest = place.partition("/")
        steps = rest.split("/")
        outside = any(
            step in {"", ".", ".."} or "\0" in step or "\\" in step or len(step.encode()) > LONGEST_STEP
            for step in steps
        )
        if member.name == HEADER:
            continue
        if top not in {KEYS, DATABASE, *FOLDERS} or outside:
            raise damaged(
                _("it holds a file that would lie outside its place (%(name)s)") % {"name": ascii(place)[:80]}
            )
        if member.place and top not in FOLDERS:
            raise damaged(
                _("it holds a file that would lie outside its place (%(name)s)") % {"name": ascii(place)[:80]}
            )
        if top == KEYS and not KEY_FILE.fullmatch(rest):
            raise damaged(_("it holds a file too many (%(name)s)") % {"name": member.name})
        if place in places:
            raise damaged(_("a file is in it twice"))
        places.add(place)


def _compare_rows(manifest: Manifest) -> None:
    counted: dict[str, int] = {}
    for member in manifest.members:
        top, _slash, rest = member.name.partition("/")
        if top == DATABASE:
            label = rest.partition("/")[0]
            counted[label] = counted.get(label, 0) + (member.rows or 0)
    said = {table.label: table.rows for table in manifest.tables}
    if counted != {label: rows for label, rows in said.items() if rows}:
        raise damaged(_("a table has more or fewer rows than it should"))


def _whole(content: _Content, size: int, most: int, name: str) -> bytes:
    if size > most:
        raise damaged(_("%(name)s cannot be read") % {"name": name})
    return content.read()


def _exactly(file: IO[bytes], size: int) -> bytes:
    piece = _up_to(file, size)
    if len(piece) < size:
        raise damaged(_("it ends too early"))
    return piece


def _up_to(file: IO[bytes], size: int) -> bytes:
    """Pipes give what they have."""
    pieces = []
    while size:
        piece = file.read(size)
        if not piece:
            break
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
