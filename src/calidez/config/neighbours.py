"""Another server that works on the same data folder: who it is, as the operator is told. Standard library only."""

from __future__ import annotations

import time

from calidez.config.speech import gettext as _
from calidez.kit.platform.presence import Present


def refusal(other: Present) -> str:
    return _(
        "%(other)s already uses this data folder. Stop it first; to serve beside it all the same, add --beside."
    ) % {"other": named(other)}


def named(other: Present) -> str:
    """Which process, where it listens and since when, in local time."""
    since = time.strftime("%Y-%m-%d %H:%M", time.localtime(other.since))
    return _("The server %(place)s (process %(pid)s on %(host)s, since %(since)s)") % {
        "place": other.place,
        "pid": other.pid,
        "host": other.host,
        "since": since,
    }
