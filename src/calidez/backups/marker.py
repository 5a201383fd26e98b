"""Says of a data folder that a restore was begun in it and is not finished; nothing is served from there until it is.

Loads nothing but the standard library: it is looked at before every start.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

NAME = "restoring.json"


def read(folder: Path) -> dict[str, Any] | None:
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        said = json.loads(text)
    except ValueError:  # killed while it was written
        return {}
    return said if isinstance(said, dict) else {}


def put(folder: Path, *, archive: str, begun_at: str) -> None:
    with (folder / NAME).open("w", encoding="utf-8") as file:
        json.dump({"archive": archive, "begun_at": begun_at}, file)
        file.flush()
        os.fsync(file.fileno())


def take_away(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)
