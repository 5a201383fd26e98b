"""“My work” in plain values: what waits in groups by day, what sleeps, what others have."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.desk.inbox import rules, waiting
from calidez.kit.desk.inbox.models import Delegation
from calidez.kit.desk.inbox.sources import Pending, Source, source, sources
from calidez.kit.platform.display import Link, Tone

GROUPS: tuple[tuple[rules.Group, Any, Tone], ...] = (
    (rules.Group.OVERDUE, gettext_lazy("Overdue"), Tone.BAD),
    (rules.Group.TODAY, gettext_lazy("Due today"), Tone.CONCERN),
    (rules.Group.WEEK, gettext_lazy("This week"), Tone.NEUTRAL),
    (rules.Group.LATER, gettext_lazy("Later"), Tone.NEUTRAL),
    (rules.Group.UNDATED, gettext_lazy("Without a day"), Tone.NEUTRAL),
)


@dataclass(frozen=True)
class Trace:
    """Who handed an item to whom, when and with what words."""

    uid: uuid.UUID
    name: str
    at: dt.datetime
    note: str


@dataclass(frozen=True)
class Line:
    """One item and what may be done with it; a date that is not offered is None."""

    key: str
    text: str
    url: str
    kind: str
    since: dt.datetime | dt.date | None
    due: dt.date | None
    late: bool
    tomorrow: dt.date | None
    next_week: dt.date | None
    first: dt.date
    latest: dt.date
    hand_on_url: str  # empty: nobody can take it over
    act: Link | None = None
    received: Trace | None = None
    given: Trace | None = None
    until: dt.date | None = None  # snoozed until then


@dataclass(frozen=True)
class Block:
    key: str
    title: str
    tone: Tone
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Board:
    total: int
    sentence: str
    blocks: tuple[Block, ...]
    snoozed: tuple[Line, ...]
    given: tuple[Line, ...]
    views: tuple[Link, ...]
    filtered: bool
    overdue_rule: str


def board(person: Any, today: dt.date, only: str = "") -> Board:
    """`only` is the key of a source; an unknown one shows all."""
    found = waiting.waiting(person)
    chosen = source(only)
    items = [i for i in found.items if chosen is None or i.source == chosen.key]
    lines = [(i, _line(i, today, received=found.received.get(i.key))) for i in items]
    blocks = []
    for key, title, tone in GROUPS:
        members = tuple(line for item, line in lines if rules.group(item.due, today) == key)
        if members:
            blocks.append(Block(key.value, str(title), tone, members))
    return Board(
        total=len(found.items),
        sentence=how_it_stands(found.items, today),
        blocks=tuple(blocks),
        snoozed=tuple(
            _line(i, today, until=day, received=found.received.get(i.key)) for i, day in found.snoozed
        ),
        given=tuple(_line(i, today, given=d) for i, d in found.given),
        views=_views(found.items, chosen),
        filtered=chosen is not None,
        overdue_rule=ngettext(
            "What is due can be put off %(days)s day at most.",
            "What is due can be put off %(days)s days at most.",
            rules.LONGEST_OVERDUE,
        )
        % {"days": rules.LONGEST_OVERDUE},
    )


def how_it_stands(items: Iterable[Pending], today: dt.date) -> str:
    """How it stands, as a receptionist would say it."""
    groups = Counter(rules.group(item.due, today) for item in items)
    late, now, total = groups[rules.Group.OVERDUE], groups[rules.Group.TODAY], sum(groups.values())
    parts = []
    if late:
        parts.append(ngettext("%(count)s overdue", "%(count)s overdue", late) % {"count": late})
    if now:
        parts.append(ngettext("%(count)s due today", "%(count)s due today", now) % {"count": now})
    whole = ngettext("%(count)s thing waits for you", "%(count)s things wait for you", total) % {
        "count": total
    }
    return f"{whole}: {', '.join(parts)}." if parts else f"{whole}."


def _line(
    item: Pending,
    today: dt.date,
    *,
    received: Delegation | None = None,
    given: Delegation | None = None,
    until: dt.date | None = None,
) -> Line:
    latest = rules.latest_return(item.due, today)
    tomorrow, monday = rules.tomorrow(today), rules.next_week(today)
    one = source(item.source)
    may_hand_on = one is not None and one.verb and item.uid is not None and received is None
    return Line(
        key=item.key,
        text=item.text,
        url=item.url,
        kind=item.kind,
        since=item.since,
        due=item.due,
        late=item.due is not None and item.due < today,
        tomorrow=tomorrow if tomorrow <= latest else None,
        next_week=monday if tomorrow < monday <= latest else None,
        first=tomorrow,
        latest=latest,
        hand_on_url=f"{reverse('kit:hand-on')}?{urlencode({'key': item.key})}" if may_hand_on else "",
        act=item.act,
        received=Trace(received.uid, str(received.giver), received.at, received.note) if received else None,
        given=Trace(given.uid, str(given.receiver), given.at, given.note) if given else None,
        until=until,
    )


def _views(items: Iterable[Pending], chosen: Source | None) -> tuple[Link, ...]:
    """One for each source that has something, and the one that is chosen; a single one is no choice."""
    number = Counter(item.source for item in items)
    base = reverse("kit:my-work")
    views = [
        Link(f"{one.label} {number[one.key]}", f"{base}?kind={one.key}", current=one == chosen)
        for one in sources()
        if number[one.key] or one == chosen
    ]
    if len(views) < 2 and chosen is None:
        return ()
    return (Link(f"{_('All')} {sum(number.values())}", base, current=chosen is None), *views)
