"""The load that brought the same content before: what it left out for want of a unit may come in now, and nothing twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from calidez import engine
from calidez.monitoring.models import Dataset, Import

State = Import.State
HOW = ("encoding", "delimiter", "has_header", "sheet", "found", "besides")
FOUND_TOO = ("encoding", "delimiter", "header", "sheet")


@dataclass(frozen=True)
class Before:
    """The newest such load. `names` are what the file calls the units that were not known then, with their rows.

    `whole` where a key tells which of all rows are still there: then each is looked at again.
    """

    item: Import
    names: Mapping[str, int]
    branches: Mapping[str, str]
    whole: bool
    word: str

    def arguments(self, branch_map: Mapping[str, str]) -> dict[str, Any]:
        if self.whole and self._alike(branch_map):
            return {"again": self.word}
        return {"only": tuple(self.names)}

    def to_json(self) -> dict[str, Any]:
        loaded = self.item.loaded_at
        return {
            "code": self.item.code,
            "on": loaded.isoformat() if loaded else "",
            "names": dict(self.names),
            "whole": self.whole,
        }

    def _alike(self, branch_map: Mapping[str, str]) -> bool:
        """Whether the rows that came in then would get the same units now: where one is part of the key, others are new rows."""
        return all(
            branch_map.get(name) == self.branches.get(name)
            for name in {*branch_map, *self.branches} - {*self.names}
        )


def before(item: Import, schema: engine.Schema) -> Before | None:
    """None where the content is new, or was read otherwise: then the engine decides, and the page warns."""
    if item.dataset is None or not item.sha256:
        return None
    found = next(
        (
            load
            for load in loads_of(item.dataset, item.sha256).exclude(pk=item.pk)
            if _alike(load, item, schema)
        ),
        None,
    )
    if found is None:
        return None
    newest = _newest_repair(found) or found
    return Before(
        found,
        dict(newest.report.get("unknown_branches") or {}),
        found.mapping.get("branches") or {},
        bool(engine.Schema.from_json(item.dataset.schema).key) and _met_others(found),
        item.code,
    )


def _met_others(load: Import) -> bool:
    """Whether rows were left out because the dataset already held them, or others with their key: those may have gone since."""
    reasons = load.report.get("reasons") or {}
    return bool(load.report.get("rows_known") or reasons.get("known_changed"))


def loads_of(dataset: Dataset, sha256: str) -> QuerySet[Import]:
    """The loads that brought rows of these bytes, the newest first."""
    same = Import.objects.filter(dataset=dataset, sha256=sha256, state=State.LOADED)
    return same.filter(Q(report__rows_read__gt=0)).order_by("-loaded_at")


def _newest_repair(load: Import) -> Import | None:
    """Its rejected rows may have been mended and loaded since: then they say what is still left out."""
    repairs = Import.objects.filter(
        dataset=load.dataset_id, state=State.LOADED, mapping__repairs=load.pk, loaded_at__gt=load.loaded_at
    )
    return repairs.order_by("-loaded_at").first()


def added_later(load: Import) -> Import | None:
    """The newest load that brought rows which this one had left out: of the same file, or of its rejected rows."""
    same = Import.objects.filter(dataset=load.dataset_id, state=State.LOADED, report__rows_loaded__gt=0)
    added = Q(sha256=load.sha256, report__left_out__code=load.code, report__left_out__whole=False)
    found: Import | None = (
        same.filter(added | Q(mapping__repairs=load.pk)).exclude(pk=load.pk).order_by("-loaded_at").first()
    )
    return found


def _alike(load: Import, item: Import, schema: engine.Schema) -> bool:
    """Read by the same columns, from cells that were told apart in the same way."""
    kept = load.mapping.get("schema")
    if not kept or engine.Schema.from_json(kept) != schema:
        return False
    one, other = _way(load), _way(item)
    # What was kept before there were other layouts says nothing of them.
    names = [name for name in HOW if name in one and name in other]
    return [one[name] for name in names] == [other[name] for name in names]


def _way(item: Import) -> dict[str, Any]:
    """How the cells were told apart: as found in the file, and what somebody said besides."""
    profile, said = item.reading.get("profile") or {}, item.reading.get("options") or {}
    besides = {name: value for name, value in said.items() if value and name not in FOUND_TOO}
    return {**profile, "besides": besides}
