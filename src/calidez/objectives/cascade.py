"""The cascade that an objective is part of: how each unit below stands to its own share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Badge, Link
from calidez.objectives import sentences
from calidez.objectives.models import Objective

MOST_BELOW = 200
MOST_DEPTH = 6


@dataclass(frozen=True)
class CascadeNode:
    """One objective of the tree with its unit's present value against its target."""

    link: Link
    unit: str
    target: str
    value: str
    badge: Badge | None
    here: bool
    below: tuple[CascadeNode, ...]


@dataclass(frozen=True)
class Cascade:
    sentence: str
    root: CascadeNode


def cascade(objective: Objective, user: Any, request: Any) -> Cascade | None:
    """The whole tree that the objective belongs to, as far as the reader may see it; None where it stands alone."""
    visible = catalog.of(Objective).queryset(user).select_related("unit", "indicator")
    root, passed = objective, {objective.pk}
    while root.parent_id is not None and root.parent_id not in passed:
        above = visible.filter(pk=root.parent_id).first()
        if above is None:
            break
        passed.add(above.pk)
        root = above
    children = _below(root, visible)
    if root.pk == objective.pk and not children:
        return None
    shares = children.get(objective.pk, [])
    return Cascade(_shares(shares), _node(root, objective, children))


def _below(root: Objective, visible: Any) -> dict[int, list[Objective]]:
    """One query for each level, so that a wide cascade costs no more than a narrow one."""
    found: dict[int, list[Objective]] = {}
    level, seen = [root.pk], {root.pk}
    for _depth in range(MOST_DEPTH):
        rows = list(
            visible.filter(parent__in=level)
            .exclude(pk__in=seen)
            .exclude(state=Objective.State.WITHDRAWN)
            .order_by("unit__name", "pk")[:MOST_BELOW]
        )
        if not rows:
            break
        for row in rows:
            found.setdefault(row.parent_id, []).append(row)
        level = [row.pk for row in rows]
        seen.update(level)
    return found


def _node(objective: Objective, here: Objective, children: dict[int, list[Objective]]) -> CascadeNode:
    return CascadeNode(
        link=Link(objective.title, catalog.of(Objective).url(objective)),
        unit=objective.unit.name,
        target=sentences.target_sentence(objective),
        value=sentences.with_interval(objective.value, objective.low, objective.high, objective.measured_in),
        badge=sentences.progress_badge(objective),
        here=objective.pk == here.pk,
        below=tuple(_node(child, here, children) for child in children.get(objective.pk, [])),
    )


def _shares(shares: list[Objective]) -> str:
    active = [s for s in shares if s.state == Objective.State.ACTIVE]
    if not active:
        return ""
    behind = sum(s.status == Objective.Status.BEHIND for s in active)
    values = {"count": len(active), "behind": behind}
    if not behind:
        return (
            ngettext(
                "%(count)s objective below contributes to it; it is not behind its plan.",
                "%(count)s objectives below contribute to it; none of them is behind its plan.",
                len(active),
            )
            % values
        )
    return (
        ngettext(
            "%(count)s objective below contributes to it; it is behind its plan.",
            "%(count)s objectives below contribute to it; %(behind)s of them are behind their plan.",
            len(active),
        )
        % values
    )
