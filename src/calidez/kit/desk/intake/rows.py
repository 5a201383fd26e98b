"""One row of a file becomes a new record, a change, nothing, or a refusal that says why; always by the operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from calidez.kit.core.finding import find
from calidez.kit.core.values import Notation, Reader, Unreadable
from calidez.kit.desk.intake.matching import UID, Matched, heading
from calidez.kit.platform.errors import NotAllowed, RuleBroken, VersionConflict


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell; `column` is empty where it concerns the whole row."""

    row: int
    column: str
    value: str
    sentence: str


@dataclass(frozen=True)
class Outcome:
    row: int
    fate: Fate
    label: str = ""
    changes: tuple[str, ...] = ()  # names of the fields that differ
    version: int | None = None  # of the record that the row changes, as the rehearsal saw it
    faults: tuple[Fault, ...] = ()


@dataclass
class Rows:
    """Works off rows of one file for one person; keeps what it looked up and which keys it has met.

    `versions` holds, by row, the version that each record had when the rehearsal saw it: whoever changed one
    meanwhile is not overwritten.
    """

    entity: Any
    matched: Matched
    user: Any
    notation: Notation
    versions: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        creation, edition = self.entity.creation, self.entity.edition
        in_form = creation is not None and self.entity.created_in_form
        self._creatable = tuple(creation.fields or self.entity.all_fields) if in_form else ()
        self._editable = tuple(edition.fields) if edition is not None else ()
        names = dict.fromkeys([*self._creatable, *self._editable])
        self._reader = Reader(self.entity, tuple(names), self.user, notation=self.notation)
        self._met: dict[str, int] = {}

    def work(self, rows: Iterable[tuple[int, list[Any]]]) -> Iterator[Outcome]:
        """Must run inside a transaction; each row is undone by itself when it is refused."""
        for number, cells in rows:
            raw = {
                name: cells[place] if place < len(cells) else None
                for name, place in self.matched.places.items()
            }
            yield self._guarded(number, raw)

    def _guarded(self, number: int, raw: Mapping[str, Any]) -> Outcome:
        try:
            with transaction.atomic():
                return self._one(number, raw)
        except Unreadable as error:
            return self._refused(number, raw, error.errors)
        except RuleBroken as error:
            return self._refused(number, raw, error.errors or {"": str(error)})
        except NotAllowed as error:
            return self._refused(number, raw, {"": str(error)})
        except VersionConflict as conflict:
            said = _("“%(record)s” was changed by somebody else since the check: check the file again.")
            return self._refused(number, raw, {"": said % {"record": conflict.record}})

    def _one(self, number: int, raw: Mapping[str, Any]) -> Outcome:
        try:
            self._once(number, raw)
            record = self._existing(raw)
        except Unreadable as error:
            # Whoever mends the row wants to hear at once what else is wrong with it.
            raise Unreadable({**self._other_faults(raw), **error.errors}) from None
        if record is None:
            return self._create(number, raw)
        return self._change(number, record, raw)

    def _once(self, number: int, raw: Mapping[str, Any]) -> None:
        for name in (self.matched.key, UID):
            text = _text(raw.get(name)).lower()
            if not text:
                continue
            earlier = self._met.setdefault(f"{name}:{text}", number)
            if earlier != number:
                raise Unreadable(
                    {name: _("The same record already stands in row %(row)s.") % {"row": earlier}}
                )

    def _other_faults(self, raw: Mapping[str, Any]) -> Mapping[str, str]:
        try:
            self._reader.read({n: v for n, v in raw.items() if n in self._reader.fields and _text(v)})
        except Unreadable as error:
            return error.errors
        return {}

    def _existing(self, raw: Mapping[str, Any]) -> Any:
        """The record that the row speaks of; None for a new one."""
        for name in (UID, self.matched.key):
            text = _text(raw.get(name)) if name else ""
            if not text:
                continue
            try:
                return find(self.entity.model, text, self.user)
            except ValidationError as error:
                # A code that people choose may be new; one that the system gives, or an identifier, may not.
                if name == UID or name not in self._creatable:
                    raise Unreadable({name: " ".join(error.messages)}) from None
        return None

    def _create(self, number: int, raw: Mapping[str, Any]) -> Outcome:
        if not self._creatable:
            raise RuleBroken(
                _(
                    "Records of this kind do not come into being from a file: give the “%(key)s” of one that exists."
                )
                % {"key": heading(self.entity, self.matched.key or UID)}
            )
        given = {n: v for n, v in raw.items() if n in self._creatable and _text(v)}
        proposed = self.entity.proposed(self.user)
        needed = [name for name in self._creatable if name not in proposed]
        values = {**proposed, **self._reader.read(given, needed=needed)}
        record = self.entity.creation(by=self.user, **values)
        return Outcome(number, Fate.NEW, str(record))

    def _change(self, number: int, record: Any, raw: Mapping[str, Any]) -> Outcome:
        given = {n: v for n, v in raw.items() if n in self._reader.fields}
        values = self._reader.read(given)
        differing = {n: v for n, v in values.items() if _differs(record, n, v)}
        if not differing:
            return Outcome(number, Fate.SAME, str(record))
        fixed = [n for n in differing if n not in self._editable]
        if fixed:
            raise Unreadable({n: _("This cannot be changed once the record exists.") for n in fixed})
        version = self.versions.get(number, record.version)
        changed = self.entity.edition(record, by=self.user, version=version, **differing)
        return Outcome(number, Fate.CHANGED, str(changed), tuple(differing), record.version)

    def _refused(self, number: int, raw: Mapping[str, Any], errors: Mapping[str, str]) -> Outcome:
        faults = tuple(
            Fault(
                number,
                heading(self.entity, name) if name in self.matched.places else "",
                _text(raw.get(name))[:200],
                sentence if name in self.matched.places or not name else self._about(name, sentence),
            )
            for name, sentence in errors.items()
        )
        return Outcome(number, Fate.REFUSED, faults=faults)

    def _about(self, name: str, sentence: str) -> str:
        """A fault in a field for which the file has no column."""
        return _("%(field)s: %(sentence)s") % {"field": heading(self.entity, name), "sentence": sentence}


def _differs(record: Any, name: str, value: Any) -> bool:
    descriptor = record._meta.get_field(name)
    if descriptor.many_to_many:
        return {r.pk for r in getattr(record, name).all()} != {r.pk for r in value}
    if descriptor.is_relation:
        return getattr(record, descriptor.attname) != (None if value is None else value.pk)
    return bool(getattr(record, name) != value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
