"""How a session's key is kept: as its digest, so that a copy of the database opens no door."""

from __future__ import annotations

import hashlib


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
