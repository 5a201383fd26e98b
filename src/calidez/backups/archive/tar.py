"""Just enough of tar: plain files, one header each, names and sizes that are looked at before anything else is.

Python's own reader also follows links, extended headers and sparse maps, which no archive of ours has and a forged one may.
"""

from __future__ import annotations

import re
import tarfile

from django.utils.translation import gettext as _

from calidez.backups.archive.manifest import damaged, not_ours

BLOCK = tarfile.BLOCKSIZE
END = b"\0" * (2 * BLOCK)
# What both tar's oldest form and every file system can say.
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_SIZE, _SUM, _LARGEST = slice(124, 136), slice(148, 156), 8**11 - 1


def fits(name: str) -> bool:
    """Whether a member can have this name; other files get a number, and the manifest says their place."""
    if not NAME.fullmatch(name) or len(name) > 200:
        return False
    try:
        _info(name).tobuf(tarfile.USTAR_FORMAT)
    except ValueError:
        return False
    return True


def header(name: str, size: int) -> bytes:
    block = bytearray(_info(name, min(size, _LARGEST)).tobuf(tarfile.USTAR_FORMAT))
    if size > _LARGEST:  # beyond eight gigabytes GNU's form of the number, which every tar reads
        block[_SIZE] = b"\x80" + size.to_bytes(11, "big")
        block[_SUM] = b"%06o\0 " % _sum_of(block)
    return bytes(block)


def padding(size: int) -> bytes:
    return b"\0" * (-size % BLOCK)


def read_header(block: bytes, *, first: bool = False) -> tuple[str, int] | None:
    """Name and size of the member that follows; None at the end of the archive."""
    if len(block) == BLOCK and not first and block == b"\0" * BLOCK:
        return None
    try:
        found = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError):
        if first:
            raise not_ours() from None
        raise damaged(_("it ends too early, or a heading inside it cannot be read")) from None
    if found.type != tarfile.REGTYPE or found.size < 0:
        raise damaged(_("it holds something that is no plain file"))
    if not NAME.fullmatch(found.name):
        raise damaged(
            _("it holds a file that would lie outside its place (%(name)s)")
            % {"name": ascii(found.name)[:80]}
        )
    return found.name, found.size


def _sum_of(block: bytes | bytearray) -> int:
    """Of all bytes, with the place of the sum itself counted as spaces."""
    return sum(block) - sum(block[_SUM]) + 8 * ord(" ")


def _info(name: str, size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info
