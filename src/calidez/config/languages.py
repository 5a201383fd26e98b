"""Which languages there are: English, in which the sentences are written, and each that has a catalogue."""

from __future__ import annotations

from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
FIRST = ("es", "en")


def discover(folder: Path = LOCALE) -> tuple[str, ...]:
    """A language is a file away: `locale/<code>/LC_MESSAGES/django.po`."""
    found = {
        path.parent.parent.name.replace("_", "-").lower() for path in folder.glob("*/LC_MESSAGES/django.po")
    }
    found |= {
        path.parent.parent.name.replace("_", "-").lower() for path in folder.glob("*/LC_MESSAGES/django.mo")
    }
    found.add("en")
    return (*(code for code in FIRST if code in found), *sorted(found - set(FIRST)))
