"""Broken links of the thread: what a record should lead to and does not, as links and parts declare it.

Where a link is missing, the link itself says so (`Missing`, in the declaration of the kind). Any other rule is added:

    add_gap(
        "objectives.overdue",
        label=_("Objective past its date and not closed"),
        subject="objectives.objective",
        broken=lambda objectives: objectives.filter(state=State.ACTIVE, due__lt=timezone.localdate()),
        sentence=_("It was due, and nobody has said yet whether it was reached."),
        verb="close",
    )

kit counts and lists them, says who can mend each, and leads to the form that does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access, held
from calidez.kit.core.links import Link, Missing
from calidez.kit.desk import leaving
from calidez.kit.platform.display import Link as Address


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
    mend: Callable[[Any], Address] | None = None
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
    mend: Callable[[Any], Address] | None = None,
    edge: str = "",
) -> None:
    """`subject` is a kind of record, as "standards.standard"; `key` names the gap in addresses and never changes."""
    if key in _gaps:
        raise ValueError(f"two broken links are called {key!r}")
    _gaps[key] = Gap(key, label, subject, broken, sentence, verb, mender, mend, edge)


def gaps() -> tuple[Gap, ...]:
    """All of them, part by part."""
    parts = [entity.part for entity in catalog]
    places = {part: place for place, part in reversed(list(enumerate(parts)))}
    return tuple(
        sorted(
            (*_gaps.values(), *of_links(), *of_held()),
            key=lambda gap: places.get(gap.key.split(".")[0], len(parts)),
        )
    )


def gaps_of(model: type[models.Model]) -> tuple[Gap, ...]:
    """The kinds of broken link that records of this kind may have."""
    return tuple(gap for gap in gaps() if gap.subject == model._meta.label_lower)


def of_links() -> tuple[Gap, ...]:
    return tuple(gap for entity in catalog for gap in _of_declaration(entity))


def of_held() -> tuple[Gap, ...]:
    return tuple(gap for entity in catalog for gap in _of_holders(entity))


@functools.cache
def _of_holders(kind: Entity) -> tuple[Gap, ...]:
    """Whoever may change the record is led to the page where all that the person held is handed over."""
    return tuple(
        Gap(
            held.key_of(kind, one),
            one.gone,
            kind.model._meta.label_lower,
            functools.partial(held.of_nobody, kind, one),
            _("Whoever is named no longer signs in, or has no role here any more. Hand it over to somebody."),
            mend=functools.partial(_hand_over, one),
        )
        for one in held.held_in(kind)
        if not one.personal
    )


def _hand_over(one: held.Held, record: Any) -> Address:
    return Address(str(_("Hand over")), leaving.address_for(held.holder(one, record)))


@functools.cache
def _of_declaration(kind: Entity) -> tuple[Gap, ...]:
    return tuple(gap for link in kind.links for gap in _of_link(kind, link))


def _of_link(kind: Entity, link: Link) -> Iterator[Gap]:
    """A record of the kind that names none is mended on its own form, one that none names by a new one of the kind."""
    here, named = kind.model._meta.label_lower, link.named_by(kind.model)
    there = named._meta.label_lower if named is not None else ""
    if isinstance(missing := link.missing, Missing):
        yield Gap(
            missing.key,
            missing.label,
            here,
            functools.partial(link.naming_none, kind.model, missing),
            missing.sentence,
            missing.verb or access.EDIT,
            mend=missing.mend,
            edge=there,
        )
    if isinstance(missing := link.missing_there, Missing):
        yield Gap(
            missing.key,
            missing.label,
            there,
            functools.partial(link.named_by_none, kind.model, missing),
            missing.sentence,
            missing.verb or access.CREATE,
            here,
            missing.mend,
            edge=here,
        )
