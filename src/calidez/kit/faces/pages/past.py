"""A record as it stood on a day or after an event, read from its trail and marked as past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.core import audit
from calidez.kit.core.events import AuditEvent
from calidez.kit.core.trail import Look, Values, stood, trails
from calidez.kit.desk.panels import label_of, readable, titles_for
from calidez.kit.platform import far_days
from calidez.kit.platform.display import Panel
from calidez.kit.platform.formats import day, moment


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


def look_of(request: HttpRequest) -> Look | None:
    """The moment that the address asks for: the end of a day, or right after an event; nonsense asks for nothing."""
    number, chosen = request.GET.get("after", ""), far_days.day_asked(request.GET.get("on", ""))
    if number.isdecimal() and len(number) < 19:
        event = AuditEvent.objects.filter(pk=int(number)).only("at").first()
        return Look(event.at, timezone.localdate(event.at), event.pk) if event is not None else None
    return Look(_end_of(chosen), chosen) if chosen is not None else None


def past_panel(entity: Any, record: Any, look: Look, user: Any) -> Panel | None:
    """The panel that stands in place of the fields; None where the event looked at is none of this record's."""
    past = stood(record, trails([record])[record.uid], look)
    if look.event is not None and past.last is None:
        return None
    rows: tuple[PastRow, ...] = ()
    if past.values is not None:
        rows = _rows(entity, past.values, audit.snapshot(record), user, entity.withheld(record, user))
    content = PastPage(said_of(look), rows, sum(1 for row in rows if row.now), entity.url(record))
    return Panel("past", content.said, "kit/panels/past.html", content)


def said_of(look: Look) -> str:
    if look.event is not None:
        return _("As it stood after the change of %(moment)s") % {"moment": moment(look.moment)}
    return _("As it stood at the end of %(day)s") % {"day": day(look.day)}


def _rows(
    entity: Any, then: Values, now: Values, user: Any, withheld: Collection[str]
) -> tuple[PastRow, ...]:
    """What the trail keeps, in the order of the declaration; the state first, fields of no form last."""
    names = ["state", *(n for n in entity.all_fields), *now]
    secret = {"uid", "created_by", *withheld}
    rows = []
    titles = titles_for(user, then, now)
    for name in dict.fromkeys(n for n in names if n in now and n not in secret):
        before, today = (
            readable(entity, name, then.get(name), titles),
            readable(entity, name, now[name], titles),
        )
        if before == today == "–":
            continue
        label = label_of(entity, name)
        changed = then.get(name) != now[name] and before != today
        rows.append(PastRow(label, before, today if changed else ""))
    return tuple(rows)


def _end_of(chosen: dt.date) -> dt.datetime:
    """The last moment of the day in the time zone of the organisation."""
    return timezone.make_aware(dt.datetime.combine(chosen, dt.time.max))
