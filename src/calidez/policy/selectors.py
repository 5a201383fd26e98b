"""Reads of policies: what the check needs to know of each commitment, in a fixed number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from calidez.kit.catalog import catalog
from calidez.kit.core.writers import writers_since
from calidez.people.models import Unit
from calidez.policy.models import Commitment, Policy
from calidez.policy.rules import PolicyCheck, Promise, check_policy

WRITING = {"create", "edit", "withdraw", "take_back"}


def commitments_of(policy: Policy, user: Any) -> list[Commitment]:
    """Those that are part of the policy, in its order, as far as the reader may see them."""
    found = catalog.of(Commitment).queryset(user).filter(policy=policy, state=Commitment.State.STANDING)
    related = found.select_related("policy__unit", "owner", "unit").prefetch_related("documents")
    return list(related.order_by("place", "pk"))


def promise_of(commitment: Commitment, language: str, measures: Any) -> Promise:
    owner = commitment.owner
    return Promise(
        key=commitment.pk,
        statement=commitment.statement,
        language=language,
        why=commitment.why,
        remedy=commitment.remedy,
        owner_active=owner.is_active if owner is not None else None,
        process=commitment.process,
        documents=documents_as_read(commitment.documents.all()),
        measures=measures,
    )


def documents_as_read(documents: Any) -> tuple[tuple[str, bool], ...]:
    return tuple((str(one), one.state == one.State.IN_FORCE) for one in documents)


def check(policy: Policy, promises: Sequence[Promise]) -> PolicyCheck:
    return check_policy(policy.introduction, policy.language, promises)


def unit_names(paths: set[str]) -> dict[str, str]:
    """What the units at these paths are called."""
    return dict(Unit.objects.filter(path__in=paths).values_list("path", "name")) if paths else {}


def writers(policy: Policy) -> set[uuid.UUID]:
    """Who wrote the edition at hand, in the policy or its commitments, since it last came into force."""
    return set(writers_since(policy, {"put_in_force"}, verbs=WRITING, along=[policy.commitments.all()]))
