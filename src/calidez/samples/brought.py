"""What starter packs brought and nobody has put into practice yet, in words that say how to begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Link
from calidez.monitoring.models import Indicator, Standing
from calidez.objectives.models import Objective
from calidez.people.models import Unit
from calidez.policy.models import Policy
from calidez.samples.models import PackEntry
from calidez.samples.packs.loading import MODELS, may_load
from calidez.samples.packs.shelf import keys, pack_called
from calidez.standards.models import Standard

DRAFTS = {Policy: Policy.State.DRAFT, Standard: Standard.State.DRAFT, Objective: Objective.State.DRAFT}
SECTIONS = {model: section for section, model in MODELS.items()}
Place = tuple[str, int]  # the pack, and the unit into which it was loaded


def waiting(user: Any, kind: str) -> Iterator[Link]:
    """Told to those who may load packs; for the lists of other kinds nothing is asked."""
    asked = [model for model in (*DRAFTS, Indicator) if kind in ("", _kind_of(model))]
    if not asked or not may_load(user):
        return
    drafts: Counter[Place] = Counter()
    for model in asked:
        if model in DRAFTS:
            drafts += _counted(model, catalog.of(model).queryset(user).filter(state=DRAFTS[model]))
    for (pack, unit), count in sorted(drafts.items()):
        yield Link(_drafts(pack, count), _address(pack, unit))
    if Indicator in asked:
        for (pack, _unit), count in sorted(_counted(Indicator, _unmeasured(user)).items()):
            yield Link(_indicators(pack, count), reverse("imports-new"))


def _kind_of(model: Any) -> str:
    entity = catalog.of(model)
    return f"{entity.part}.{entity.key}"


def _counted(model: Any, records: QuerySet[Any]) -> Counter[Place]:
    entries = PackEntry.objects.filter(section=SECTIONS[model], record__in=records.order_by().values("uid"))
    return Counter(
        {
            (pack, unit): count
            for pack, unit, count in entries.values_list("pack", "unit").annotate(Count("pk"))
        }
    )


def _unmeasured(user: Any) -> QuerySet[Any]:
    measured = Standing.objects.filter(indicator=OuterRef("pk"), period_start__isnull=False)
    active = catalog.of(Indicator).queryset(user).filter(state=Indicator.State.ACTIVE)
    return active.exclude(Exists(measured))


def _drafts(pack: str, count: int) -> str:
    words = ngettext(
        "%(count)s draft of the starter pack “%(pack)s”: review it and put it into practice if you want it",
        "%(count)s drafts of the starter pack “%(pack)s”: review them and put into practice those you want",
        count,
    )
    return words % {"count": count, "pack": _name(pack)}


def _indicators(pack: str, count: int) -> str:
    words = ngettext(
        "%(count)s indicator of the starter pack “%(pack)s” waits for data: load a file",
        "%(count)s indicators of the starter pack “%(pack)s” wait for data: load a file",
        count,
    )
    return words % {"count": count, "pack": _name(pack)}


def _name(pack: str) -> str:
    return pack_called(pack).name if pack in keys() else pack


def _address(pack: str, unit: int) -> str:
    """What came of the pack; one that was loaded from a file has no page of its own."""
    if pack not in keys():
        return f"{catalog.of(Standard).list_url()}?state={Standard.State.DRAFT}"
    return reverse("samples:came", args=[pack, Unit.objects.values_list("uid", flat=True).get(pk=unit)])
