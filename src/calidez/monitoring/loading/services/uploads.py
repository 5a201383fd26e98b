"""Taking a file in: written while it arrives, never larger than allowed, and nothing left behind when it is refused."""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from calidez.kit.core.operations import creation
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.models import Import
from calidez.people.models import Unit

LONGEST_NAME = 120


@dataclass(frozen=True)
class Received:
    """A file that arrived whole, in a folder of its own."""

    name: str
    path: Path
    size: int
    sha256: str


class Receiver:
    """Writes a file piece by piece into the data folder; refuses what is too large or does not fit on the disk."""

    def __init__(self, name: str) -> None:
        self.name = safe_file_name(name)
        self.size = 0
        self._digest = hashlib.sha256()
        self._folder = Path(settings.UPLOADS_DIR) / uuid.uuid4().hex
        self.path = self._folder / self.name
        with _EnoughDisk():
            self._folder.mkdir(parents=True)
            self._file = self.path.open("xb")

    def write(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > settings.UPLOAD_LIMIT_BYTES:
            raise too_large()
        self._digest.update(chunk)
        with _EnoughDisk():
            self._file.write(chunk)

    def finish(self) -> Received:
        with _EnoughDisk():
            self._file.close()
        if not self.size:
            raise RuleBroken(_("The file %(name)s is empty.") % {"name": self.name}, field="file")
        return Received(self.name, self.path, self.size, self._digest.hexdigest())

    def discard(self) -> None:
        self._file.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def receive(name: str, chunks: Iterable[bytes]) -> Received:
    """Take in a whole file at once: what the browser does chunk by chunk."""
    receiver = Receiver(name)
    try:
        for chunk in chunks:
            receiver.write(chunk)
        return receiver.finish()
    except BaseException:
        receiver.discard()
        raise


def receive_pasted(text: str) -> Received:
    """Rows copied in a spreadsheet, which keeps their cells apart by tabulators, as a file like any other."""
    name = _("pasted rows")
    return receive(f"{name}.tsv", [text.strip("\r\n").encode()])


def receive_upload(received: Received, *, unit: Unit, by: Any) -> Import:
    """The import begins: the file is kept until it is loaded, and everybody in scope sees that it is there."""
    try:
        item: Import = begin(
            by=by,
            file_name=received.name,
            path=str(received.path),
            size=received.size,
            sha256=received.sha256,
            unit=unit,
        )
    except BaseException:
        forget_file(received.path)
        raise
    return item


def _begun(item: Import, *, by: Any) -> None:
    if not item.unit.is_active:
        raise RuleBroken(
            _("%(unit)s is no longer active: choose another unit.") % {"unit": item.unit}, field="unit"
        )


begin = creation(Import, fields=())(_begun)


def forget_file(path: Path | str) -> None:
    """Delete a file that was taken in; one that lies elsewhere belongs to somebody else and stays."""
    folder = Path(path).parent
    if folder.parent in {Path(settings.UPLOADS_DIR), kept_folder()}:
        shutil.rmtree(folder, ignore_errors=True)


def kept_folder() -> Path:
    """Where loaded files stay for a while."""
    return Path(settings.UPLOADS_DIR) / "kept"


def too_large() -> RuleBroken:
    return RuleBroken(
        _(
            "The file is larger than the %(limit)s that one upload may have. "
            "Compress it with gzip, split it, or ask the administrator to load it with “calidez import”."
        )
        % {"limit": filesizeformat(settings.UPLOAD_LIMIT_BYTES)},
        field="file",
    )


def safe_file_name(name: str) -> str:
    """The name that people see and the engine tells the format by, without anything that could leave the folder."""
    last = re.split(r"[\\/]", name)[-1]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if not stem:
        return plain[:LONGEST_NAME] or _("file")
    return f"{stem[: LONGEST_NAME - len(suffix) - 1]}{dot}{suffix[:20]}"


class _EnoughDisk:
    """A full disk is a sentence, not a technical error."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise RuleBroken(
                _("There is no space left on the server's disk. Nothing was kept; tell the administrator."),
                field="file",
            ) from error
