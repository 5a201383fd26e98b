"""What somebody holds, over all kinds of record, and how it goes to others when they leave or move."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access
from calidez.kit.core.held import Held, held_in, key_of, label_of, of_person, operation
from calidez.kit.desk.notifications import When, kind, notify
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import NotAllowed, RuleBroken

FIRST = 5  # records of each kind that are named
HANDED = kind(
    "handed_over",
    label=gettext_lazy("Records handed over to you"),
    why=gettext_lazy("Somebody left or moved, and you answer for what they held."),
    mail=When.AT_ONCE,
)
# Installed by the people part: the page where what a person holds is handed over.
Address = Callable[[Any], str]
_address: Address | None = None


def install(address: Address) -> None:
    global _address
    _address = address


def address_for(person_uid: Any) -> str:
    if _address is None:
        raise RuntimeError("no part has said where work is handed over")
    return _address(person_uid)


@dataclass(frozen=True)
class Lot:
    """What a person holds of one kind: how many, how many of them the reader may hand over, and the first of these."""

    key: str
    label: str
    count: int
    mine: int
    first: tuple[Link, ...]
    personal: str = ""

    @property
    def others(self) -> int:
        return 0 if self.personal else self.count - self.mine

    @property
    def unnamed(self) -> int:
        return self.mine - len(self.first)


@dataclass(frozen=True)
class Handed:
    """How many records went over, and each that did not with the reason."""

    count: int
    refused: tuple[tuple[str, str], ...] = ()


def lots(person: Any, by: Any) -> tuple[Lot, ...]:
    """Kind by kind, without those of which the person holds nothing."""
    found = (_lot(entity, held, person, by) for entity, held in _declared())
    return tuple(lot for lot in found if lot.count)


def hand_over(person: Any, receivers: Mapping[str, Any], *, by: Any, note: str = "") -> Handed:
    """All that may be handed over of each kind (by its key) goes to its receiver; a record that refuses stays behind."""
    refused: list[tuple[str, str]] = []
    counts: dict[Any, int] = {}
    with transaction.atomic():
        for entity, held in _declared():
            receiver = receivers.get(key_of(entity, held))
            if receiver is None or held.personal:
                continue
            for record in of_person(entity, held, person, entity.queryset(by, access.EDIT)):
                try:
                    _hand_over(entity, held, record, person, receiver, by, note)
                except (RuleBroken, NotAllowed) as refusal:
                    refused.append((entity.title(record), str(refusal)))
                else:
                    counts[receiver] = counts.get(receiver, 0) + 1
        for receiver, count in counts.items():
            _tell(person, receiver, count, by)
    return Handed(sum(counts.values()), tuple(refused))


def _hand_over(
    entity: Entity, held: Held, record: Any, giver: Any, receiver: Any, by: Any, note: str
) -> None:
    granted, path = entity.granted(receiver, access.VIEW), entity.unit_path(record)
    if not granted or (path is not None and not granted.covers(path)):
        raise RuleBroken(
            _("%(person)s may not see it: choose somebody with a role there.") % {"person": receiver}
        )
    operation(entity, held)(record, by=by, note=note, giver=giver, receiver=receiver)


def _tell(person: Any, receiver: Any, count: int, by: Any) -> None:
    notify(
        receiver,
        HANDED,
        text=lambda: (
            ngettext(
                "%(name)s handed over to you what %(person)s held: %(count)s record.",
                "%(name)s handed over to you what %(person)s held: %(count)s records.",
                count,
            )
            % {"name": by, "person": person, "count": count}
        ),
        url=reverse("kit:my-work"),
        by=by,
    )


def _declared() -> Sequence[tuple[Entity, Held]]:
    return [(entity, held) for entity in catalog for held in held_in(entity)]


def _lot(entity: Entity, held: Held, person: Any, by: Any) -> Lot:
    count = of_person(entity, held, person, entity.model._default_manager.all()).count()
    mine = (
        None
        if not count or held.personal
        else of_person(entity, held, person, entity.queryset(by, access.EDIT))
    )
    first = () if mine is None else mine.select_related(*entity.related())[:FIRST]
    return Lot(
        key_of(entity, held),
        label_of(entity, held),
        count,
        0 if mine is None else mine.count(),
        tuple(Link(entity.title(record), entity.url(record)) for record in first),
        str(held.personal),
    )
