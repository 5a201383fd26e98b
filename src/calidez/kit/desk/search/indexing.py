"""Keeping the index true without costing the writers anything: it follows the audit trail, in the order of its seals."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.events import AuditSeal
from calidez.kit.desk.search.models import SearchCursor, SearchEntry, SearchPosting, SearchTerm
from calidez.kit.desk.search.words import digest, words_of

TRAIL = "trail"
AT_ONCE = 300


def follow_trail(most: int = AT_ONCE) -> int:
    """Index what the trail says was made or changed since last time; returns how many events were followed.

    Positions are given in the order of commitment, so none is passed over.
    """
    behind = AuditSeal.objects.filter(position__gt=_position(TRAIL)).exists()
    if not behind:
        return 0
    with transaction.atomic():
        cursor = SearchCursor.objects.select_for_update().get_or_create(source=TRAIL)[0]
        seals = list(
            AuditSeal.objects.filter(position__gt=cursor.position)
            .order_by("position")
            .values_list("position", "event__subject", "event__subject_uid")[:most]
        )
        changed: dict[str, set[uuid.UUID]] = defaultdict(set)
        for _place, subject, uid in seals:
            changed[subject].add(uid)
        for entity in catalog.records():
            if uids := changed.get(entity.model._meta.label_lower):
                index(entity, _with_related(entity).filter(uid__in=uids))
        if seals:
            cursor.position = seals[-1][0]
            cursor.save(update_fields=["position"])
    return len(seals)


def sweep(most: int = AT_ONCE) -> int:
    """Index records that came into being without a line in the trail; returns how many."""
    count = 0
    for entity in catalog.records():
        source = f"key:{entity.key}"
        place = _position(source)
        records = list(_with_related(entity).filter(pk__gt=place).order_by("pk")[:most])
        if not records:
            continue
        with transaction.atomic():
            index(entity, records)
            SearchCursor.objects.update_or_create(source=source, defaults={"position": records[-1].pk})
        count += len(records)
    return count


def renew() -> int:
    """Look at every record again, for names that changed elsewhere, and forget those that are gone."""
    count = 0
    for entity in catalog.records():
        last = 0
        while records := list(_with_related(entity).filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
            with transaction.atomic():
                count += index(entity, records)
            last = records[-1].pk
        gone = SearchEntry.objects.filter(entity=entity.key).exclude(
            subject_uid__in=entity.model._default_manager.values_list("uid", flat=True)
        )
        gone.delete()
    SearchEntry.objects.exclude(entity__in=[entity.key for entity in catalog.records()]).delete()
    return count


def index(entity: Entity, records: Iterable[Any]) -> int:
    """Write the words of these records; returns how many had changed."""
    found = {record.uid: words_of(entity, record) for record in records}
    known = {e.subject_uid: e for e in SearchEntry.objects.filter(entity=entity.key, subject_uid__in=found)}
    changed = {
        uid: words for uid, words in found.items() if uid not in known or known[uid].digest != digest(words)
    }
    now = timezone.now()
    made = [
        SearchEntry(entity=entity.key, subject_uid=uid, digest=digest(words), touched=now)
        for uid, words in changed.items()
        if uid not in known
    ]
    SearchEntry.objects.bulk_create(made)
    again = [known[uid] for uid in changed if uid in known]
    for entry in again:
        entry.digest, entry.touched = digest(changed[entry.subject_uid]), now
    SearchEntry.objects.bulk_update(again, ["digest", "touched"])
    SearchPosting.objects.filter(entry__in=again).delete()
    terms = _terms(sorted({word for words in changed.values() for word in words}))
    SearchPosting.objects.bulk_create(
        (
            SearchPosting(term_id=terms[word], entry=entry)
            for entry in (*made, *again)
            for word in changed[entry.subject_uid]
        ),
        batch_size=2000,
    )
    return len(changed)


def _terms(words: Sequence[str]) -> dict[str, int]:
    SearchTerm.objects.bulk_create(
        (SearchTerm(term=word) for word in words), ignore_conflicts=True, batch_size=500
    )
    found: dict[str, int] = {}
    for start in range(0, len(words), 500):
        part = SearchTerm.objects.filter(term__in=words[start : start + 500])
        found |= dict(part.values_list("term", "pk"))
    return found


def _with_related(entity: Entity) -> Any:
    """Records with what their titles and searched fields speak of, in one query."""
    related = {path.rpartition("__")[0] for path in entity.search if "__" in path} | set(entity.related())
    model: Any = entity.model
    single = [path for path in related if _single(model, path)]
    return model._default_manager.select_related(*single)


def _single(model: Any, path: str) -> bool:
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if not field.is_relation or field.many_to_many or field.one_to_many:
            return False
        model = field.related_model
    return True


def _position(source: str) -> int:
    return SearchCursor.objects.filter(source=source).values_list("position", flat=True).first() or 0
