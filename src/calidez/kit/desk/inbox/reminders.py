"""Reminders of what is due: each stage is told once, on whatever day the worker comes to it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core import access
from calidez.kit.core.operations import Operation
from calidez.kit.desk.inbox import rules
from calidez.kit.desk.inbox.declared import Declared, everything
from calidez.kit.desk.inbox.models import Delegation, Reminder, Snooze
from calidez.kit.desk.notifications import kind, notify
from calidez.kit.platform.formats import day

NEAREST = 3  # of those who may do it, the ones whose role was given nearest are told; the others see it in their work
KEPT = dt.timedelta(days=400)
DUE = kind(
    "due",
    label=gettext_lazy("Work that falls due"),
    why=gettext_lazy("It waits for you and has a day by which it is to be done."),
)


def remind(on: dt.date) -> int:
    """Tell everybody what of theirs is coming due or overdue and has not been told yet; returns how many were told."""
    return sum(_remind(one, on) for one in everything() if one.waits.due)


def forget(now: dt.datetime) -> int:
    return Reminder.objects.filter(on__lt=(now - KEPT).date()).delete()[0]


def _remind(one: Declared, on: dt.date) -> int:
    asked = list(_asked(one, list(one.coming(on))))
    if not asked:
        return 0
    begins, told = f"{one.key}/", 0
    told_before = {
        (r.person_id, r.key): r for r in Reminder.objects.filter(key__startswith=begins).only(*_KNOWN)
    }
    open_ones = Delegation.objects.filter(source=one.key, ended_at=None, receiver__is_active=True)
    handed = {(d.giver_id, d.key): d.receiver_id for d in open_ones}
    put_off = Snooze.objects.filter(key__startswith=begins, until__gt=on).values_list("person_id", "key")
    sleeping = set(put_off)
    people = (
        get_user_model()
        ._default_manager.filter(is_active=True)
        .in_bulk({*handed.values(), *(person for _record, person in asked)})
    )
    for record, person in asked:
        key = f"{begins}{one.subject}/{record.uid}"
        whom = handed.get((person, key), person)  # whoever it was handed to has to know
        before = told_before.get((whom, key))
        last = before.on if before is not None and before.due == record.day_due else None
        stage = rules.reminder_due(
            record.day_due, last, on=on, before=one.waits.remind_before, again=one.waits.again
        )
        if stage and whom in people and (whom, key) not in sleeping:
            _tell(people[whom], one, record, key, on)
            told += 1
    return told


_KNOWN = ("person", "key", "due", "on")


def _asked(one: Declared, records: list[Any]) -> Iterator[tuple[Any, int]]:
    """Each record with the person it asks; where it asks whoever may do it, with those nearest."""
    who = one.waits.who
    if not isinstance(who, Operation):
        yield from ((record, record.person_asked) for record in records if record.person_asked is not None)
        return
    questions = {record: (one.entity.key, who.verb, one.entity.unit_path(record)) for record in records}
    answers = access.audiences(set(questions.values())) if questions else {}
    for record, question in questions.items():
        left_out = getattr(record, "person_asked", None)
        others = (p for p in answers[question] if p.pk != left_out and who.offered_to(record, p))
        yield from ((record, person.pk) for person in itertools.islice(others, NEAREST))


def _tell(person: Any, one: Declared, record: Any, key: str, on: dt.date) -> None:
    with transaction.atomic():
        given = {"due": record.day_due, "on": on}
        Reminder.objects.update_or_create(person=person, key=key, defaults=given)
        notify(person, DUE, text=partial(_sentence, one, record, on), record=record)


def _sentence(one: Declared, record: Any, on: dt.date) -> str:
    words = {"what": one.waits.sentence(record), "day": day(record.day_due)}
    if record.day_due < on:
        return _("Overdue since %(day)s: %(what)s") % words
    return _("Due on %(day)s: %(what)s") % words
