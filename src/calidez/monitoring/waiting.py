"""Signals that somebody should look at, few enough to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit import access
from calidez.kit.catalog import catalog
from calidez.kit.inbox import Pending
from calidez.monitoring.models import Signal
from calidez.monitoring.news import TOLD, latest_periods, one_each, recent_signals
from calidez.monitoring.sentences import signal_sentence
from calidez.monitoring.showing import indicator_url

EACH = 5  # signals told one by one; the rest are counted


def signals_waiting(user: Any) -> tuple[Pending, ...]:
    """Read once for a request: the frame of the page counts what its content lists."""
    kept = getattr(user, "_signals_waiting", None)
    if kept is None:
        kept = user._signals_waiting = tuple(_waiting(user))
    return kept


def _waiting(user: Any) -> Iterator[Pending]:
    """New concerns of the latest periods: those of the person's highest units one by one, the others as a count."""
    granted = access.scope(user, "signal", "acknowledge")
    if not granted:
        return
    new = recent_signals(granted.query("unit__path"), latest_periods()).filter(
        kind=Signal.Kind.CONCERN, state=Signal.State.NEW
    )
    highest = Q(unit__path__in=granted.paths)
    own = new.filter(highest).only(*TOLD).order_by("-period_start")[: EACH * 4]
    for signal in one_each(own, "indicator_id")[:EACH]:
        yield Pending(
            text=signal_sentence(signal),
            url=indicator_url(signal.indicator, signal.unit, show="signals"),
            kind=f"{signal.indicator} · {signal.unit}",
            since=signal.period_start,
        )
    below = (
        new.exclude(highest)
        .order_by()
        .aggregate(
            branches=Count("unit", distinct=True), since=Min("period_start"), until=Max("period_start")
        )
    )
    if below["branches"]:
        yield Pending(
            text=ngettext(
                "%(count)s branch has new signals of concern",
                "%(count)s branches have new signals of concern",
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
            since=below["until"],
        )
