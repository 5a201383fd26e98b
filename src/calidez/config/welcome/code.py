"""The code that lets the owner of the installation, and no stranger on the network, found the organisation."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else


def setup_code() -> str:
    """The code in the data folder; made when it is first asked for."""
    path = _path()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    with os.fdopen(handle, "w") as file:
        file.write(code)
    return code


def fits(given: str) -> bool:
    return secrets.compare_digest(_bare(given).encode(), _bare(setup_code()).encode())


def forget() -> None:
    """An organisation is founded once."""
    _path().unlink(missing_ok=True)


def _bare(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _path() -> Path:
    return Path(settings.DATA_DIR) / "setup.code"
