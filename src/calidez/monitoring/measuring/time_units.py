"""Seconds, minutes, hours and days, by the words that people write: a figure in one is another number in the next."""

from __future__ import annotations

import re

SECONDS: dict[str, float] = {
    **dict.fromkeys(("s", "seg", "segs", "segundo", "segundos", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "mins", "minuto", "minutos", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hora", "horas", "hour", "hours"), 3_600.0),
    **dict.fromkeys(("d", "día", "días", "dia", "dias", "day", "days"), 86_400.0),
}
WITH_UNIT = re.compile(r"([+-]?[\d.,]+)\s*([^\W\d_]+)\.?")
CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")


def seconds_in(unit: str) -> float | None:
    """How many seconds one of this unit has; None where it is no unit of time."""
    return SECONDS.get(unit.strip().rstrip(".").casefold())


def times(had: str, wanted: str) -> float | None:
    """What a figure in the unit `had` is multiplied by to be in the other; None where either is no unit of time."""
    one, other = seconds_in(had), seconds_in(wanted)
    return None if one is None or other is None else one / other


def of_clock(text: str) -> float | None:
    """The seconds of 0:20 (hours and minutes) or 0:20:30; None of anything else."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(hours * 3_600 + minutes * 60 + seconds)


def taken_apart(text: str) -> tuple[str, str] | None:
    """The number and the unit of time of “20 min”; None where it is not written so."""
    found = WITH_UNIT.fullmatch(text.strip())
    return (found[1], found[2]) if found and seconds_in(found[2]) is not None else None
