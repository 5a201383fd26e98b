"""Putting off, handing on and giving back: tastes are plain rows, what concerns two people leaves its event."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.core import access
from calidez.kit.core.following import noted
from calidez.kit.desk.inbox import permission, rules, waiting
from calidez.kit.desk.inbox.models import Delegation, Snooze
from calidez.kit.desk.inbox.sources import Pending, source
from calidez.kit.desk.notifications import When, kind, notify
from calidez.kit.platform import letters
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day

DELEGATED = kind(
    "delegated",
    label=gettext_lazy("Work handed to you"),
    why=gettext_lazy("Somebody handed you something that waited for them."),
    mail=When.AT_ONCE,
)
RETURNED = kind(
    "delegation_returned",
    label=gettext_lazy("Work given back"),
    why=gettext_lazy("Something that you handed on came back, or was taken back from you."),
)


def snooze(key: str, until: dt.date, *, by: Any, today: dt.date | None = None) -> Pending:
    """Hide an item until a day; it comes back by itself."""
    today = today or timezone.localdate()
    item = _waiting_item(by, key)
    latest = rules.latest_return(item.due, today)
    if until <= today:
        raise RuleBroken(_("Choose a day after today; until today there is nothing to wait for."))
    if until > latest:
        raise RuleBroken(_too_long(item, today, latest))
    Snooze.objects.update_or_create(person=by, key=key, defaults={"until": until, "at": timezone.now()})
    waiting.forget(by)
    return item


def wake(key: str, *, by: Any) -> None:
    """Bring a snoozed item back now."""
    Snooze.objects.filter(person=by, key=key).delete()
    waiting.forget(by)


def delegate(key: str, receiver: Any, *, by: Any, note: str = "") -> Delegation:
    """Hand an item to somebody who may do it; the record's history, and both people, know."""
    item = _waiting_item(by, key)
    one = source(item.source)
    found = permission.record_of(item)
    if one is None or not one.verb or found is None or item.uid is None:
        raise RuleBroken(_("This cannot be handed on: it is about no single record."))
    came = waiting.waiting(by).received.get(key)
    if came is not None:
        raise RuleBroken(
            _("%(name)s handed you this. Give it back, and they can hand it to somebody else.")
            % {"name": came.giver}
        )
    if receiver.pk == by.pk:
        raise RuleBroken(_("This waits for you already; choose somebody else."), field="receiver")
    on = Delegation.objects.filter(giver=receiver, key=key, ended_at=None).select_related("receiver").first()
    if on is not None:
        raise RuleBroken(
            _("%(name)s has handed this to %(other)s; choose somebody else.")
            % {"name": receiver, "other": on.receiver},
            field="receiver",
        )
    if not permission.may_do(receiver, one, item):
        raise RuleBroken(
            _("%(name)s may not do this. Choose somebody whose role allows it there.") % {"name": receiver},
            field="receiver",
        )
    _entity, record = found
    try:
        with transaction.atomic():
            gone = Delegation.objects.filter(giver=by, key=key, ended_at=None, receiver__is_active=False)
            gone.update(ended_at=timezone.now(), end=Delegation.End.NOT_ALLOWED)
            handed = Delegation.objects.create(
                source=one.key,
                key=key,
                subject=item.subject,
                subject_uid=item.uid,
                giver=by,
                receiver=receiver,
                note=letters.note(note, field="note").strip(),
                at=timezone.now(),
            )
            Snooze.objects.filter(person__in=(by, receiver), key=key).delete()
            _trace("delegate", record, by, receiver, note)
            notify(
                receiver,
                DELEGATED,
                text=lambda: _said(_("%(name)s handed you: %(what)s"), by, _in_words(by, key, item), note),
                record=record,
                url=item.url,
                by=by,
            )
    except IntegrityError:
        raise RuleBroken(_("This is with somebody else already.")) from None
    waiting.forget(by, receiver)
    return handed


def give_back(delegation: Delegation, *, by: Any, note: str = "") -> None:
    """By the receiver, who gives it back, or the giver, who takes it back."""
    if by.pk not in (delegation.giver_id, delegation.receiver_id):
        raise access.refuse(_("Give back"), _("work handed on"))
    returned = by.pk == delegation.receiver_id
    other = delegation.giver if returned else delegation.receiver
    found = permission.record_of(delegation)
    one = source(delegation.source)
    named = one.named(delegation.giver, {delegation.subject_uid}) if one else []
    what = named[0].text if named else str(found[1]) if found else ""
    with transaction.atomic():
        how = Delegation.End.GIVEN_BACK if returned else Delegation.End.TAKEN_BACK
        ended = _end(delegation, how, timezone.now(), letters.note(note, field="note").strip())
        if not ended or found is None:
            return
        record = found[1]
        _trace("give_back" if returned else "take_back_work", record, by, delegation.giver, note)
        sentence = (
            gettext_lazy("%(name)s gave back: %(what)s")
            if returned
            else gettext_lazy("%(name)s took back: %(what)s")
        )
        notify(
            other,
            RETURNED,
            text=lambda: _said(sentence, by, what, note),
            record=record,
            url=named[0].url if named else "",
            by=by,
        )
    waiting.forget(by, other)


def close_over(now: dt.datetime) -> int:
    """End what no longer waits for its giver, and bring back what its receiver may not do any more."""
    count = 0
    for delegation in Delegation.objects.filter(ended_at=None).select_related("giver", "receiver"):
        one = source(delegation.source)
        named = one.named(delegation.giver, {delegation.subject_uid}) if one else []
        if one is None or not named:
            count += _end(delegation, Delegation.End.OVER, now)
        elif not permission.may_do(delegation.receiver, one, delegation):
            count += _bring_back(delegation, named[0], now)
    return count


def _bring_back(delegation: Delegation, item: Pending, now: dt.datetime) -> int:
    found = permission.record_of(delegation)
    with transaction.atomic():
        ended = _end(delegation, Delegation.End.NOT_ALLOWED, now)
        if ended and found is not None:
            sentence = gettext_lazy("%(name)s may not do this any more, so it is yours again: %(what)s")
            _trace("take_back_work", found[1], None, delegation.giver, "")
            notify(
                delegation.giver,
                RETURNED,
                text=lambda: _said(
                    sentence, delegation.receiver, _in_words(delegation.giver, item.key, item), ""
                ),
                record=found[1],
                url=item.url,
            )
    return ended


def _end(delegation: Delegation, how: str, now: dt.datetime, note: str = "") -> int:
    return Delegation.objects.filter(pk=delegation.pk, ended_at=None).update(
        ended_at=now, end=how, end_note=note
    )


def _waiting_item(person: Any, key: str) -> Pending:
    item = waiting.find(person, key)
    if item is None:
        raise RuleBroken(_("This waits for you no more: it was done meanwhile, or somebody else has it."))
    return item


def _in_words(giver: Any, key: str, item: Pending) -> str:
    """The item's sentence in the language that is active now: the receiver's."""
    one = source(item.source)
    found = one.named(giver, {item.uid}) if one and item.uid else []
    return next((i.text for i in found if i.key == key), item.text)


def _said(sentence: Any, by: Any, what: str, note: str) -> str:
    said = str(sentence) % {"name": by, "what": what}
    if not note.strip():
        return said
    quoted = _("“%(words)s”") % {"words": note.strip()}
    return f"{said}\n{quoted}"


def _trace(verb: str, record: Any, by: Any, to: Any, note: str) -> None:
    noted(
        record,
        verb,
        by=by,
        before={"with": None},
        after={"with": {"label": str(to), "uid": str(to.uid)}},
        note=note.strip(),
    )


def _too_long(item: Pending, today: dt.date, latest: dt.date) -> str:
    if item.due is not None and item.due <= today:
        return ngettext(
            "What is due can wait %(days)s day at most: until %(day)s.",
            "What is due can wait %(days)s days at most: until %(day)s.",
            rules.LONGEST_OVERDUE,
        ) % {"days": rules.LONGEST_OVERDUE, "day": day(latest)}
    return _("This can wait until %(day)s at most.") % {"day": day(latest)}
