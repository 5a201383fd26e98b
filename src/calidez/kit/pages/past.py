"""A record as it stood on a day or after an event, read from its trail and marked as past."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from calidez.kit import audit
from calidez.kit.display import Panel
from calidez.kit.panels import label_of, readable
from calidez.kit.templatetags.kit import day, moment
from calidez.kit.trail import Values, as_it_stood


@dataclass(frozen=True)
class PastRow:
    """One field then and now; `now` is empty where nothing has changed since."""

    label: str
    then: str
    now: str = ""


@dataclass(frozen=True)
class PastPage:
    """`said` names the moment; without rows the record did not exist yet."""

    said: str
    rows: tuple[PastRow, ...]
    changed: int
    back_url: str


def past_panel(request: HttpRequest, entity: Any, record: Any) -> Panel | None:
    """The panel that stands in place of the fields when the address asks for the past; nonsense asks for nothing."""
    number = request.GET.get("after", "")
    chosen = _day(request.GET.get("on", ""))
    if number.isdecimal() and len(number) < 19:
        past = as_it_stood(record, event=int(number))
        if past.last is None:
            return None
        said = _("As it stood after the change of %(moment)s") % {"moment": moment(past.last.at)}
    elif chosen is not None:
        past = as_it_stood(record, moment=_end_of(chosen))
        said = _("As it stood at the end of %(day)s") % {"day": day(chosen)}
    else:
        return None
    rows = _rows(entity, past.values, audit.snapshot(record)) if past.values is not None else ()
    content = PastPage(said, rows, sum(1 for row in rows if row.now), entity.url(record))
    return Panel("past", said, "kit/panels/past.html", content)


def _rows(entity: Any, then: Values, now: Values) -> tuple[PastRow, ...]:
    """What the trail keeps, in the order of the declaration; the state first, fields of no form last."""
    names = ["state", *(n for n in entity.all_fields), *now]
    rows = []
    for name in dict.fromkeys(n for n in names if n in now and n not in {"uid", "created_by"}):
        before, today = (
            readable(entity, name, then.get(name)),
            readable(entity, name, now[name]),
        )
        if before == today == "–":
            continue
        label = label_of(entity, name)
        changed = then.get(name) != now[name] and before != today
        rows.append(PastRow(label, before, today if changed else ""))
    return tuple(rows)


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _end_of(chosen: dt.date) -> dt.datetime:
    """The last moment of the day in the time zone of the organisation."""
    try:
        return timezone.make_aware(dt.datetime.combine(chosen, dt.time.max))
    except (OverflowError, ValueError):
        return timezone.now()
