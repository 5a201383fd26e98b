"""What a file is, by its content: its name is what somebody called it, and is believed only where content agrees."""

from __future__ import annotations

import re
from pathlib import PurePath

HEAD = 4096  # bytes looked at
UNKNOWN, TEXT, PDF = "application/octet-stream", "text/plain", "application/pdf"

_MAGIC = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1f\x8b", "application/gzip"),
    (b"{\\rtf", "application/rtf"),
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_ZIP = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_IN_OLE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
}
# Shown by the browser as an image; an SVG is a program as much as a picture and is not among them.
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PREVIEWED = frozenset({*IMAGES, PDF, TEXT})
_MARKUP = re.compile(
    rb"<\s*(svg|html|head|body|script|iframe|object|embed|!doctype|\?xml|math|style|link|meta)", re.I
)


def media_type(head: bytes, name: str) -> str:
    """The type as content says; Office files are told apart by their name, and only from each other."""
    suffix = PurePath(name).suffix.lower()
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in {b"heic", b"heix", b"mif1", b"msf1"} else "video/mp4"
    if head.startswith(_ZIP):
        return _IN_ZIP.get(suffix, "application/zip")
    if head.startswith(_OLE):
        return _IN_OLE.get(suffix, UNKNOWN)
    if _MARKUP.search(head):
        return "image/svg+xml" if b"<svg" in head.lower() else "text/html"
    return TEXT if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    if not head or b"\x00" in head:
        return False
    # Where only the beginning was looked at, its last letter may be cut in the middle.
    for cut in range(4 if len(head) >= HEAD else 1):
        try:
            text = head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return not any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text)
    return False
