"""Whether there is something to fall back on: backups are made, are not old, and were tried."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from calidez.backups import shelf, standing
from calidez.config.examining.asked import Asked
from calidez.config.findings import Finding


def findings(asked: Asked) -> Iterator[Finding]:
    """Notes: an installation without backups works, until it does not."""
    for notice in standing.notices(*shelf.seen(), timezone.now()):
        yield Finding(notice.text, serious=False)
