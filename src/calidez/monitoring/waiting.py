"""Signals that somebody should look at, few enough to be looked at."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk.inbox import Pending
from calidez.monitoring.models import Signal
from calidez.monitoring.news import FIELDS_TOLD, latest_periods, one_each, recent_signals
from calidez.monitoring.page_unit import indicator_url
from calidez.monitoring.sentences import begun, signal_sentence

EACH = 20  # signals told one by one; the rest are counted
SUBJECT = "monitoring.signal"


def signals_waiting(user: Any) -> tuple[Pending, ...]:
    """New concerns of the latest periods: those of the person's highest units one by one, the others as a count."""
    return tuple(_waiting(user))


def signals_named(user: Any, uids: Collection[uuid.UUID]) -> tuple[Pending, ...]:
    """Those of these signals that still wait for the person, however many others do."""
    granted = access.scope(user, "signal", "acknowledge")
    if not granted:
        return ()
    return tuple(_told(signal) for signal in _new(granted).filter(uid__in=uids).only(*FIELDS_TOLD))


def new_signals(user: Any) -> QuerySet[Signal] | None:
    """Without one of these no signal waits; which of them are news depends on the latest periods."""
    granted = access.scope(user, "signal", "acknowledge")
    if not granted:
        return None
    return _unread(Signal.objects.filter(granted.query("unit__path")))


def _new(granted: access.Scope) -> QuerySet[Signal]:
    return _unread(recent_signals(granted.query("unit__path"), latest_periods()))


def _unread(signals: QuerySet[Signal]) -> QuerySet[Signal]:
    return signals.filter(kind=Signal.Kind.CONCERN, state=Signal.State.NEW)


def _told(signal: Signal) -> Pending:
    return Pending(
        text=signal_sentence(signal),
        url=indicator_url(signal.indicator, signal.unit, show="signals"),
        kind=f"{signal.indicator} · {signal.unit}",
        since=begun(signal),
        subject=SUBJECT,
        uid=signal.uid,
    )


def _waiting(user: Any) -> Iterator[Pending]:
    granted = access.scope(user, "signal", "acknowledge")
    if not granted:
        return
    new = _new(granted)
    highest = Q(unit__path__in=granted.paths)
    own = new.filter(highest).only(*FIELDS_TOLD).order_by("-period_start")[: EACH * 4]
    for signal in one_each(own, "indicator_id")[:EACH]:
        yield _told(signal)
    below = (
        new.exclude(highest)
        .order_by()
        .aggregate(branches=Count("unit", distinct=True), since=Min("period_start"))
    )
    if below["branches"]:
        yield Pending(
            text=ngettext(
                "%(count)s unit has new signals of concern",
                "%(count)s units have new signals of concern",
                below["branches"],
            )
            % {"count": below["branches"]},
            url=catalog.of(Signal).list_url()
            + "?"
            + urlencode(
                {
                    "state": Signal.State.NEW.value,
                    "kind": Signal.Kind.CONCERN.value,
                    "period_start_from": below["since"],
                }
            ),
            kind=_("New signals"),
            since=below["since"],  # the day from which its page lists them
            subject="below",
        )
