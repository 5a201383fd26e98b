"""Paths as the log may tell them: without the pieces that would let its reader in."""

from __future__ import annotations

import logging
import re
import uuid
from typing import Any

# What addresses call a piece of them that lets its bearer in.
SECRETS = ("token", "uidb64")
_LONG = re.compile(r"[^/]{20,}")
_DIGIT_OR_CAPITAL = re.compile(r"[0-9A-Z]")


def told_path(path: str, secret_pieces: tuple[str, ...] = ()) -> str:
    """The path without what would let its reader in: pieces that the address calls so, and whatever looks like one."""
    for piece in secret_pieces:
        path = re.sub(rf"(?<=/){re.escape(piece)}(?=[/.]|$)", "…", path)
    return _LONG.sub(lambda found: _masked(found[0]), path)


class MaskedPaths(logging.Filter):
    """Django names paths in lines of its own, and writes a traceback for each Host that nobody serves."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.") and isinstance(record.args, tuple):
            match = getattr(getattr(record, "request", None), "resolver_match", None)
            pieces = secret_pieces(match)
            record.args = tuple(
                told_path(one, pieces) if isinstance(one, str) and one.startswith("/") else one
                for one in record.args
            )
        if record.name.startswith("django.") and record.levelno < logging.ERROR:
            record.exc_info = None
        if record.name.startswith("django.security."):
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def secret_pieces(match: Any) -> tuple[str, ...]:
    kwargs = match.kwargs if match is not None else {}
    return tuple(str(kwargs[name]) for name in SECRETS if kwargs.get(name))


def _masked(piece: str) -> str:
    """Identifiers of records are no secrets, and long words have neither digits nor capitals."""
    try:
        uuid.UUID(piece)
    except ValueError:
        return "…" if _DIGIT_OR_CAPITAL.search(piece) else piece
    return piece
