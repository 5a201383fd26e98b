"""Who wrote what is to be approved, as the trail knows, so that nobody approves their own words."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from calidez.kit.core.events import AuditEvent
from calidez.kit.core.record import Record

WRITING = frozenset({"create", "edit"})


def writers_since(
    record: Record,
    since: Collection[str],
    *,
    verbs: Collection[str] = WRITING,
    along: Iterable[QuerySet[Any]] = (),
) -> dict[uuid.UUID, str]:
    """Everybody who wrote since the record's last event of `since`, with the verb by which they did it last.

    `along` gives the records that are part of it, such as the commitments of a policy.
    """
    subjects = Q(subject=record._meta.label_lower, subject_uid=record.uid)
    for part in along:
        subjects |= Q(subject=part.model._meta.label_lower, subject_uid__in=part.values("uid"))
    told = AuditEvent.objects.filter(subjects, verb__in={*verbs, *since}).order_by("-id")
    wrote: dict[uuid.UUID, str] = {}
    for verb, actor, subject in told.values_list("verb", "actor_uid", "subject_uid"):
        if verb in since and subject == record.uid:
            break
        if verb in verbs and actor is not None:
            wrote.setdefault(actor, verb)
    return wrote


def written_by(records: Sequence[Record], person: Any, verbs: Collection[str] = WRITING) -> set[uuid.UUID]:
    """Which of these records of one kind the person ever wrote in, by one query."""
    if not records:
        return set()
    told = AuditEvent.objects.filter(
        subject=records[0]._meta.label_lower,
        subject_uid__in=[record.uid for record in records],
        actor_uid=person.uid,
        verb__in=verbs,
    )
    return set(told.values_list("subject_uid", flat=True).distinct())


def not_for_its_writer(entity: Any, step: Any, record: Any, by: Any) -> str:
    """Why this person may not take a step that asks for somebody else; empty where they may.

    Whoever wrote since the record was last where the step leads counts, and whoever vouched for it by bringing it to
    where the step begins: also where it was sent back and somebody else brought it there again.
    """
    since, vouched = _since(entity, step), _vouched(entity, step)
    did = writers_since(record, since, verbs=WRITING | vouched).get(getattr(by, "uid", None))  # type: ignore[arg-type]
    if did is None:
        return ""
    if did in vouched:
        return _("You took the step “%(done)s” yourself: “%(step)s” is for somebody else.") % {
            "done": entity.step(did).label,
            "step": step.label,
        }
    return _("You wrote in it yourself: “%(step)s” is for somebody else.") % {"step": step.label}


def by_others(entity: Any, step: Any, records: QuerySet[Any], person: Any) -> QuerySet[Any]:
    """Of the records that wait for such a step, those that this person did not write: by one query, for lists."""
    events = AuditEvent.objects.filter(subject=entity.model._meta.label_lower)
    settled = events.filter(subject_uid=OuterRef("subject_uid"), verb__in=_since(entity, step))
    mine = events.filter(
        subject_uid=OuterRef("uid"), actor_uid=person.uid, verb__in=WRITING | _vouched(entity, step)
    ).annotate(settled=Coalesce(Subquery(settled.order_by("-id").values("id")[:1]), 0))
    return records.exclude(Exists(mine.filter(id__gt=F("settled"))))


def _since(entity: Any, step: Any) -> frozenset[str]:
    """The steps that lead where this one leads: with them, what was written is settled."""
    return frozenset({step.name, *(s.name for s in entity.steps if s.target and s.target == step.target)})


def _vouched(entity: Any, step: Any) -> frozenset[str]:
    sources = step.source or ()
    return frozenset(
        s.name
        for s in entity.steps
        if s.target in sources and s.target is not None and step.target not in (s.source or ())
    )
