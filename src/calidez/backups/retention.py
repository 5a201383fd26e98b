"""Which backups are kept: the newest of each of the last days, weeks and months; pure, the moment is an argument."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

USUAL = "7d,4w,12m"
_PLAN = re.compile(r"(\d{1,4})([dwm])")


@dataclass(frozen=True)
class Plan:
    """How many of each are kept; one backup can be that of its day, its week and its month."""

    days: int
    weeks: int
    months: int


def plan_of(text: str) -> Plan:
    """From “7d,4w,12m”; ValueError where it says nothing that can be kept."""
    counts = {"d": 0, "w": 0, "m": 0}
    for piece in (text.strip() or USUAL).split(","):
        found = _PLAN.fullmatch(piece.strip().lower())
        if found is None:
            raise ValueError(f"{piece!r} says no number of days, weeks or months")
        counts[found[2]] = int(found[1])
    if not any(counts.values()):
        raise ValueError("a plan keeps at least one backup")
    return Plan(counts["d"], counts["w"], counts["m"])


def kept(
    moments: Iterable[dt.datetime], plan: Plan, zone: ZoneInfo, *, always: Iterable[dt.datetime] = ()
) -> set[dt.datetime]:
    """The newest of all and those in `always` stay whatever the plan says."""
    newest_first = sorted(moments, reverse=True)
    rules: Sequence[tuple[int, Callable[[dt.date], Any]]] = (
        (plan.days, lambda day: day),
        (plan.weeks, lambda day: day.isocalendar()[:2]),
        (plan.months, lambda day: (day.year, day.month)),
    )
    stay = {*newest_first[:1], *always}
    for count, name_of in rules:
        seen: list[Any] = []
        for moment in newest_first:
            name = name_of(moment.astimezone(zone).date())
            if name not in seen:
                if len(seen) == count:
                    break
                seen.append(name)
                stay.add(moment)
    return stay & {*newest_first}
