"""Broken links of the thread: what a record should lead to and does not, found by rules that the parts declare.

    add_gap(
        "objectives.no_indicator",
        label=_("Objective without indicator"),
        subject="objectives.objective",
        broken=lambda objectives: objectives.filter(state=State.ACTIVE, indicator=None),
        sentence=_("No indicator measures it, so nobody can tell whether it is reached."),
        verb="edit",
    )

kit counts and lists them, says who can mend each, and leads to the form that does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from calidez.kit.core import access
from calidez.kit.platform.display import Link


@dataclass(frozen=True)
class Gap:
    """One kind of broken link.

    `broken` narrows the records that a reader may see to those whose link is broken, as one query. `mend` gives the
    way to the form that closes it; without one it is the record's own edit form, the step that `verb` names, or the
    form for a new `mender`. `verb` on `mender` (a kind of record, the subject itself where empty) is the permission
    that closing it takes. `sentence` may be a function of the record. `edge` is the kind of record to which the link
    should lead: there the thread draws the gap.
    """

    key: str
    label: Any
    subject: str
    broken: Callable[[models.QuerySet[Any]], models.QuerySet[Any]]
    sentence: Any
    verb: str = access.EDIT
    mender: str = ""
    mend: Callable[[Any], Link] | None = None
    edge: str = ""

    def said_of(self, record: Any) -> str:
        return str(self.sentence(record) if callable(self.sentence) else self.sentence)


_gaps: dict[str, Gap] = {}


def add_gap(
    key: str,
    *,
    label: Any,
    subject: str,
    broken: Callable[[models.QuerySet[Any]], models.QuerySet[Any]],
    sentence: Any,
    verb: str = access.EDIT,
    mender: str = "",
    mend: Callable[[Any], Link] | None = None,
    edge: str = "",
) -> None:
    """`subject` is a kind of record, as "standards.standard"; `key` names the gap in addresses and never changes."""
    if key in _gaps:
        raise ValueError(f"two broken links are called {key!r}")
    _gaps[key] = Gap(key, label, subject, broken, sentence, verb, mender, mend, edge)


def gaps() -> tuple[Gap, ...]:
    return tuple(_gaps.values())


def gaps_of(model: type[models.Model]) -> tuple[Gap, ...]:
    """The kinds of broken link that records of this kind may have."""
    return tuple(gap for gap in _gaps.values() if gap.subject == model._meta.label_lower)
