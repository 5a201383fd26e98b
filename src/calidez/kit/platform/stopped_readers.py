"""How often a file ended the process that read it: counted by every process of the installation in one place, for whoever watches.

The engine tells; here it is kept, a line each, beside the data. Nothing of a file is kept, not even its name.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from calidez.engine import limited

MOST_BYTES = 1 << 20
log = logging.getLogger("calidez.files")


def watch() -> None:
    """Once in each process: from here on every reader that is ended is noted."""
    if note not in limited.listeners:
        limited.listeners.append(note)


def note(work: str, limit: str) -> None:
    """Appending a line is one write, so processes do not get into each other's way."""
    place = _place()
    line = json.dumps({"at": timezone.now().isoformat(), "work": work, "limit": limit}) + "\n"
    try:
        if place.exists() and place.stat().st_size > MOST_BYTES:
            place.replace(place.with_suffix(".old"))
        with place.open("a", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:  # a full disk must not make it worse for who waits
        log.warning("A stopped reader could not be noted: %s", error)


def stopped(*, since: dt.datetime | None = None) -> Counter[str]:
    """How many readers were ended by each limit, of those that are still noted."""
    counted: Counter[str] = Counter()
    for place in (_place().with_suffix(".old"), _place()):
        try:
            lines = place.read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        for line in lines:
            try:
                noted = json.loads(line)
                if since is None or dt.datetime.fromisoformat(noted["at"]) >= since:
                    counted[noted["limit"]] += 1
            except (ValueError, KeyError):  # cut off, as by a full disk
                continue
    return counted


def _place() -> Path:
    return Path(settings.DATA_DIR) / "stopped-readers.jsonl"
