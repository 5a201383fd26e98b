"""What a record lays on one person by name, declared beside its links: when that person leaves, it goes to somebody.

held = (
    Held("owner", gone=_("Objective whose owner has left"), where=Q(state__in=OPEN)),
    Held("approvers__person", gone=_("Document whose approver has left"), pass_on=services.replace_approver),
)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from calidez.kit.core import access
from calidez.kit.core.operations import Operation

# Installed by the people part: those who still work where a record belongs, by the key of the person and the unit's path.
Present = Callable[[Any, Any], QuerySet[Any]]
_present: Present | None = None


def install(present: Present) -> None:
    global _present
    _present = present


@dataclass(frozen=True)
class Held:
    """`who` is the path to the person, `where` says while it matters, `label` what it is called in a list.

    `gone` names the broken link of records whose person has left, `key` the same in addresses. `pass_on(record,
    giver, receiver, by=)` puts the one in the other's place; a plain field needs none. What is `personal` nobody can
    take over: the words say what becomes of it.
    """

    who: str = "owner"
    gone: Any = ""
    where: Q | None = None
    label: Any = ""
    pass_on: Callable[..., None] | None = None
    personal: Any = ""
    key: str = ""


def held_in(entity: Any) -> tuple[Held, ...]:
    """As the kind declares it; an owner of whom nothing is said answers for it in every state."""
    if entity.held is not None:
        return tuple(entity.held)
    names = {field.name: field for field in entity.model._meta.concrete_fields}
    owner = names.get("owner")
    if owner is None or not owner.is_relation or owner.related_model._meta.label != settings.AUTH_USER_MODEL:
        return ()
    return (Held(gone=format_lazy(_("{kind}: the owner has left"), kind=entity.model._meta.verbose_name)),)


def key_of(entity: Any, held: Held) -> str:
    return held.key or f"{entity.part}.{entity.key}_{held.who.split('__')[0]}_gone"


def label_of(entity: Any, held: Held) -> str:
    return str(held.label or capfirst(entity.label_plural))


def of_person(entity: Any, held: Held, person: Any, found: QuerySet[Any]) -> QuerySet[Any]:
    """Of these records, those that this person holds."""
    terms = Q(**{held.who: person}) & (held.where or Q())
    return found.filter(pk__in=entity.model._default_manager.order_by().filter(terms).values("pk"))


def of_nobody(entity: Any, held: Held, found: QuerySet[Any]) -> QuerySet[Any]:
    """Of these records, those whose person can no longer sign in, or has no role any more where they belong."""
    if _present is None:
        raise RuntimeError("no part has said who the people are")
    path = "path" if entity.scope == "" else f"{entity.scope}__path" if entity.scope else ""
    records = entity.model._default_manager.order_by().filter(held.where or Q())
    records = records.annotate(held_by=F(held.who), held_at=F(path) if path else Value("/"))
    left = records.filter(held_by__isnull=False).exclude(
        Exists(_present(OuterRef("held_by"), OuterRef("held_at")))
    )
    return found.filter(pk__in=left.values("pk"))


def holder(held: Held, record: Any) -> Any:
    """Whoever holds this record; of several, one who has left."""
    path = f"{held.who}__is_active"
    people = (
        type(record)
        ._default_manager.order_by(path)
        .filter(pk=record.pk)
        .values_list(f"{held.who}__uid", flat=True)
    )
    return people.first()


def operation(entity: Any, held: Held) -> Operation:
    """Putting somebody else in the place of one who leaves, with the permission, transaction and trail of any operation."""

    def hand_over(record: Any, *, by: Any, giver: Any, receiver: Any) -> None:
        if held.pass_on is not None:
            held.pass_on(record, giver, receiver, by=by)
        elif getattr(record, f"{held.who}_id") == giver.pk:
            setattr(record, held.who, receiver)

    return Operation(
        hand_over,
        entity.model,
        label=_("Hand over"),
        verb=access.EDIT,
        icon="user-plus",
        drawn=False,
        bulk=False,
    )
