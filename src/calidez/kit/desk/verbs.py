"""What can be permitted: for each kind of record its verbs, in the words people use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access


@dataclass(frozen=True)
class Verb:
    name: str
    label: str


@dataclass(frozen=True)
class Subject:
    """A row of a role's table: a kind of record, or something else that needs permission."""

    key: str
    label: str
    verbs: tuple[Verb, ...]


@dataclass(frozen=True)
class Group:
    title: str
    subjects: tuple[Subject, ...]


_extra: dict[str, dict[str, Any]] = defaultdict(dict)
_others: dict[str, tuple[Any, dict[str, Any]]] = {}


def add_verb(name: str, label: Any, *, kinds: Iterable[str] = (access.ALL,)) -> None:
    """A permission that is no step of a page, such as commenting; for every kind unless `kinds` names some."""
    for kind in kinds:
        _extra[kind][name] = label


def add_subject(key: str, label: Any, verbs: dict[str, Any]) -> None:
    """Something that is no kind of record and yet needs permission, such as the background jobs."""
    _others[key] = (label, verbs)


def groups() -> tuple[Group, ...]:
    """All that can be permitted, by the part it belongs to."""
    parts: dict[str, list[Subject]] = defaultdict(list)
    for entity in catalog:
        label = entity.label_plural
        if possible := verbs_of(entity):
            parts[entity.part].append(Subject(entity.key, label[:1].upper() + label[1:], possible))
    own = parts.pop("kit", [])
    found = [Group(_part(label), tuple(subjects)) for label, subjects in parts.items()]
    others = (
        Subject(key, str(label), tuple(Verb(n, str(w)) for n, w in words.items()))
        for key, (label, words) in _others.items()
    )
    return (*found, Group(_("Installation"), (*own, *others)))


def everything() -> Subject:
    """The row that stands for every kind of record, those of later versions too."""
    common = {**access.WORDS, **_extra[access.ALL]}
    return Subject(
        access.ALL, _("Everything but who may do what"), tuple(Verb(n, str(w)) for n, w in common.items())
    )


def verbs_of(entity: Entity) -> tuple[Verb, ...]:
    if entity.log:
        return tuple(Verb(name, str(label)) for name, label in _extra[entity.key].items())
    words: dict[str, Any] = {name: access.WORDS[name] for name in (access.VIEW, access.EXPORT)}
    if entity.creation is not None:
        words[access.CREATE] = access.WORDS[access.CREATE]
    if entity.edition is not None:
        words[access.EDIT] = access.WORDS[access.EDIT]
    for step in entity.steps:
        words.setdefault(step.verb, step.label)
    words |= _extra[access.ALL] | _extra[entity.key]
    return tuple(Verb(name, str(label)) for name, label in words.items())


def words_of(key: str, verb: str) -> str:
    """One line of a role's table as people say it: “Edit · Indicators”."""
    subjects = [everything(), *(s for group in groups() for s in group.subjects)]
    subject = next((s for s in subjects if s.key == key), Subject(key, key, ()))
    if verb == access.ALL:
        return _("%(kind)s: all of it") % {"kind": subject.label}
    said = next((v.label for v in subject.verbs if v.name == verb), str(access.WORDS.get(verb, verb)))
    return _("%(kind)s: %(verb)s") % {"kind": subject.label, "verb": said[:1].lower() + said[1:]}


def known() -> set[tuple[str, str]]:
    """Every line that a role's table can hold."""
    lines = {(access.ALL, access.ALL), *((access.ALL, v.name) for v in everything().verbs)}
    for group in groups():
        for subject in group.subjects:
            lines |= {(subject.key, access.ALL), *((subject.key, v.name) for v in subject.verbs)}
    return lines


def _part(label: str) -> str:
    return str(apps.get_app_config(label).verbose_name)
