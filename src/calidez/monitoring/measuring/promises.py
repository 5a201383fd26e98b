"""What is promised of an indicator in a unit, version after version, as the standard that it proves says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calidez.monitoring.models import Indicator
from calidez.monitoring.rules import Promise, Schedule
from calidez.people.models import Unit
from calidez.standards.models import Standard, StandardVersion
from calidez.standards.rules import holds_in


@dataclass(frozen=True)
class _Version:
    """One version with the paths of the units that it names, whatever they are today."""

    version: StandardVersion
    place: str
    only: tuple[str, ...]
    local: tuple[tuple[str, float], ...]  # the innermost unit first


def promise_of(indicator: Indicator, unit: Unit) -> Schedule | None:
    """The promises that the indicator proves in a unit, oldest first; None where nothing was ever promised there."""
    standard = indicator.standard
    if standard is None or standard.latest_id is None:
        return None
    found = tuple(
        _promise(one, unit.path)
        for one in _versions(standard)
        if holds_in(unit.path, place=one.place, only=one.only)
    )
    return Schedule(found) if found else None


def more_is_promised(indicator: Indicator) -> bool:
    """Whether the figure has to reach its target from below; so where nothing is promised."""
    versions = _versions(indicator.standard) if indicator.standard is not None else ()
    return not versions or versions[-1].version.direction == Standard.Direction.AT_LEAST


def _promise(one: _Version, path: str) -> Promise:
    """With the target of the unit itself, or of the nearest one above it that has its own."""
    version = one.version
    local = next((target for prefix, target in one.local if path.startswith(prefix)), None)
    return Promise(
        target=version.target if local is None else local,
        tolerance=version.tolerance,
        at_least=version.direction == Standard.Direction.AT_LEAST,
        starts=version.starts,
        ends=version.ends,
        unacceptable=version.unacceptable,
    )


def _versions(standard: Standard) -> tuple[_Version, ...]:
    """Read once per standard, since many units ask."""
    cached: tuple[_Version, ...] | None = getattr(standard, "_promised", None)
    if cached is None:
        versions = list(standard.versions.order_by("number"))
        paths = _paths(versions)
        cached = tuple(_placed(version, standard, paths) for version in versions)
        standard._promised = cached  # type: ignore[attr-defined]
    return cached


def _paths(versions: Sequence[StandardVersion]) -> dict[str, str]:
    """Where the named units stand in the tree today: a unit that moved takes what was promised in it along."""
    named = {uid for version in versions for uid in _named(version.content)}
    return {str(uid): path for uid, path in Unit.objects.filter(uid__in=named).values_list("uid", "path")}


def _named(promised: dict[str, Any]) -> list[str]:
    local = [one["unit"] for one in promised.get("local_targets", ())]
    return [one["uid"] for one in (promised.get("unit"), *promised.get("units", ()), *local) if one]


def _placed(version: StandardVersion, standard: Standard, paths: dict[str, str]) -> _Version:
    promised = version.content
    place = promised.get("unit")
    local = [
        (paths[one["unit"]["uid"]], float(one["target"]))
        for one in promised.get("local_targets", ())
        if one["unit"]["uid"] in paths
    ]
    return _Version(
        version,
        place=paths[place["uid"]] if place and place["uid"] in paths else standard.unit.path,
        only=tuple(paths[one["uid"]] for one in promised.get("units", ()) if one["uid"] in paths),
        local=tuple(sorted(local, key=lambda pair: len(pair[0]), reverse=True)),
    )
