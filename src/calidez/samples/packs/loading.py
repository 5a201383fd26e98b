"""A starter pack becomes records of one unit, by the parts' own operations: all of it or nothing, and only once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.monitoring.models import Dataset, Indicator
from calidez.objectives.models import Objective
from calidez.people.models import Unit
from calidez.policy.models import Commitment, Policy
from calidez.samples.models import PackEntry
from calidez.samples.packs import making
from calidez.samples.packs.checking import where
from calidez.samples.packs.document import Fault, PackRefused, Path
from calidez.samples.packs.format import SECTIONS
from calidez.samples.packs.shelf import Pack
from calidez.standards.models import Standard

MODELS: Mapping[str, Any] = {
    "policy": Policy,
    "commitments": Commitment,
    "datasets": Dataset,
    "standards": Standard,
    "indicators": Indicator,
    "objectives": Objective,
}


class Outcome(StrEnum):
    CREATED = "created"
    THERE = "there"  # from an earlier load, or a dataset that was there before and has all the columns
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Line:
    """What became of one entry; `record` is None where it was left out."""

    section: str
    key: str
    outcome: Outcome
    record: Any = None
    why: str = ""


@dataclass(frozen=True)
class Loaded:
    lines: tuple[Line, ...]

    def of(self, outcome: Outcome | str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.outcome == outcome)

    def count(self, section: str, outcome: Outcome | str = Outcome.CREATED) -> int:
        return sum(line.section == section and line.outcome == outcome for line in self.lines)


def may_load(by: Any, unit: Unit | None = None) -> bool:
    """Whether this person may create all that a pack holds, in this unit or anywhere at all."""
    scopes = [access.scope(by, catalog.of(model).key, access.CREATE) for model in MODELS.values()]
    return all(scope.covers(unit.path) if unit is not None else bool(scope) for scope in scopes)


def units_for(by: Any) -> models.QuerySet[Any]:
    """The units into which this person may load a pack."""
    units = catalog.of(Unit).queryset(by)
    for model in MODELS.values():
        units = units.filter(access.scope(by, catalog.of(model).key, access.CREATE).query("path"))
    return units.order_by("path")


def load_pack(pack: Pack, *, by: Any, unit: Unit, language: str) -> Loaded:
    """What an earlier load made stays as people left it; what the pack has gained since is added."""
    _need_all(pack, by, unit)
    with transaction.atomic(), translation.override(language):
        # Two who load at once would each make all of it.
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        load = _Load(pack, by, unit, language)
        return Loaded(tuple(load.lines()))


def loaded_before(pack: Pack, unit: Unit) -> bool:
    return PackEntry._default_manager.filter(pack=pack.key, unit=unit).exists()


def _need_all(pack: Pack, by: Any, unit: Unit) -> None:
    lacking = [
        catalog.of(MODELS[section]).label_plural
        for section in SECTIONS
        if pack.counts[section]
        and not access.scope(by, catalog.of(MODELS[section]).key, access.CREATE).covers(unit.path)
    ]
    if lacking:
        raise NotAllowed(
            _(
                "Who loads a starter pack may create all that it holds. You may not create here: %(kinds)s. "
                "Ask the quality manager or an administrator."
            )
            % {"kinds": ", ".join(lacking)}
        )


@dataclass
class _Load:
    pack: Pack
    by: Any
    unit: Unit
    language: str
    made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        earlier = {
            (entry.section, entry.key): entry.record
            for entry in PackEntry._default_manager.filter(pack=self.pack.key, unit=self.unit)
        }
        policy = next((one["key"] for one in self.pack.entries("policy", self.language)), "")
        for section in SECTIONS:
            for place, given in enumerate(self.pack.entries(section, self.language)):
                key = given["key"]
                entry = given | {"policy": policy} if section == "commitments" else given
                if (section, key) in earlier:
                    record = MODELS[section].objects.filter(uid=earlier[section, key]).first()
                    self.made[section, key] = record
                    yield Line(section, key, Outcome.THERE, record)
                else:
                    yield self._line(section, place, entry)

    def _line(self, section: str, place: int, entry: Mapping[str, Any]) -> Line:
        path: Path = {"policy": ("policy",), "commitments": ("policy", "commitments", place)}.get(
            section, (section, place)
        )
        try:
            record, outcome = self._record(section, entry)
        except making.LeftOut as left:
            return Line(section, entry["key"], Outcome.LEFT_OUT, why=str(left))
        except PackRefused:
            raise
        except RuleBroken as refusal:
            document = self.pack.document
            at = (*path, refusal.field) if refusal.field in entry else path
            fault = Fault(where(document, at), str(refusal), document.line_of(at))
            raise PackRefused(document.name, [fault]) from refusal
        self.made[section, entry["key"]] = record
        PackEntry._default_manager.create(
            pack=self.pack.key, unit=self.unit, section=section, key=entry["key"], record=record.uid
        )
        return Line(section, entry["key"], outcome, record)

    def _record(self, section: str, entry: Mapping[str, Any]) -> tuple[Any, Outcome]:
        there = making.dataset_there(entry, self.unit) if section == "datasets" else None
        if there is not None:
            return there, Outcome.THERE
        context = making.Context(
            self.by, self.unit, self.language, self.pack.name, lambda s, k: self.made.get((s, k))
        )
        return making.MAKERS[section](entry, context), Outcome.CREATED
