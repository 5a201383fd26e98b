"""Bytes on the disk under their own digest: the same content is kept once, and nobody alters it unnoticed."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.kept_files.sniffing import HEAD


@dataclass(frozen=True)
class Kept:
    sha256: str
    size: int
    head: bytes


def keep(chunks: Iterable[bytes], name: str) -> Kept:
    """Write the content to its place; one that is too large stops arriving."""
    folder = Path(settings.FILES_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    arriving = folder / f"{uuid.uuid4().hex}.part"
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with arriving.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.FILE_LIMIT_BYTES:
                    raise too_large(name)
                head += chunk[: max(0, HEAD - len(head))]
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise RuleBroken(_("“%(name)s” is empty.") % {"name": name}, field="files")
        place = path_of(digest.hexdigest())
        if not whole(digest.hexdigest()):
            place.parent.mkdir(exist_ok=True)
            arriving.chmod(0o440)
            arriving.replace(place)
    finally:
        arriving.unlink(missing_ok=True)
    return Kept(digest.hexdigest(), size, head)


def path_of(sha256: str) -> Path:
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def whole(sha256: str) -> bool:
    """Whether the bytes are there and are still those that were put there."""
    try:
        with path_of(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def too_large(name: str) -> RuleBroken:
    return RuleBroken(
        _("“%(name)s” is larger than %(most)s. Make it smaller, or write in a comment where it is kept.")
        % {"name": name, "most": filesizeformat(settings.FILE_LIMIT_BYTES)},
        field="files",
    )


def forget(sha256: str) -> None:
    """Take the bytes away for good; the caller knows that nothing else stands on them."""
    path_of(sha256).unlink(missing_ok=True)
