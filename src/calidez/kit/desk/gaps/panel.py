"""A record's own broken links, first on its page: what is missing, and the way to mend it or whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from calidez.kit.desk.gaps.finding import may_mend, menders, own
from calidez.kit.desk.gaps.mending import ask_whom, way
from calidez.kit.platform.display import Link, Panel


@dataclass(frozen=True)
class Missing:
    """One broken link; `mend` leads to the form where the reader may use it, else `ask` says whom to ask."""

    label: str
    sentence: str
    mend: Link | None
    ask: str = ""


def broken_links(entity: Any, record: Any, user: Any) -> Panel | None:
    """One query for all kinds of broken link, and two more where others must be asked."""
    found = own(record)
    if not found:
        return None
    open_to = {gap.key for gap in found if may_mend(gap, record, user)}
    others = menders((gap, record) for gap in found if gap.key not in open_to)
    missing = tuple(
        Missing(
            label=str(gap.label),
            sentence=gap.said_of(record),
            mend=way(gap, record) if gap.key in open_to else None,
            ask=""
            if gap.key in open_to
            else ask_whom(gap, record, others.get((gap.key, record.uid), ()), user),
        )
        for gap in found
    )
    title = ngettext("Broken link", "Broken links", len(missing))
    return Panel("gaps", title, "kit/gaps/panel.html", missing)
