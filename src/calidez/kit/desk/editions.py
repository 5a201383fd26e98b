"""Editions on a record's page: each with what it changed, the one that held on a day, and any two side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from calidez.kit.core import cells, children, editions
from calidez.kit.core.blocks import PanelSource
from calidez.kit.core.editions import Edition, EditionInForce
from calidez.kit.core.trail import Look
from calidez.kit.desk.panels import label_of, readable
from calidez.kit.platform.display import Badge, Change, FieldRow, Panel, Tone
from calidez.kit.platform.formats import day, moment

_NOTHING = "–"


@dataclass(frozen=True)
class EditionShown:
    number: int
    url: str
    badge: Badge | None
    headline: str
    told: str
    note: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class EditionsShown:
    editions: tuple[EditionShown, ...]
    compare_url: str


@dataclass(frozen=True)
class Versions(PanelSource):
    """The newest edition first; on a day of the past the one that held then, whole."""

    title: Any = gettext_lazy("Versions")  # noqa: RUF009 - a lazy text is as constant as a literal
    key: str = "versions"
    later: bool = True

    def expected(self, entity: Any, record: Any, user: Any) -> bool:
        return getattr(record, "latest_id", record.pk) is not None

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        found = list(editions.of(record).select_related(*_people(entity)))
        if not found:
            return None
        for edition in found:
            edition.record = record
        hidden = entity.withheld(record, user)
        shown = tuple(
            _shown(entity, edition, before, hidden)
            for edition, before in zip(found, [*found[1:], None], strict=True)
        )
        url = reverse("kit:editions", args=[entity.slug, record.uid]) if len(found) > 1 else ""
        content = EditionsShown(shown, url)
        return Panel(self.key, str(self.title), "kit/panels/editions.html", content)

    def build_past(
        self, entity: Any, record: Any, user: Any, look: Look, request: Any = None
    ) -> Panel | None:
        held = editions.holding(record, look.day)
        # One written down later may hold for that day too, but nobody could read it then.
        if held is None or held.made_at > look.moment:
            return None
        rows = tuple(
            FieldRow(label, cells.cell(said))
            for label, said in in_words(entity, held.content, entity.withheld(record, user))
        )
        title = _("Version %(number)s, which was in force on that day") % {"number": held.number}
        return Panel(self.key, title, "kit/panels/fields.html", rows)


def name_of(edition: Edition) -> str:
    """“Version 2, 3 May 2026”: the day from which it held, or on which it was made."""
    dated = isinstance(edition, EditionInForce)
    since = edition.starts if dated else timezone.localdate(edition.made_at)  # type: ignore[attr-defined]
    return _("Version %(number)s, %(day)s") % {"number": edition.number, "day": day(since)}


def differences(
    entity: Any, before: Mapping[str, Any], after: Mapping[str, Any], hidden: Collection[str] = ()
) -> tuple[Change, ...]:
    """What the later content says otherwise, in words, in the order of the declaration."""
    declared = entity.editions
    if declared.differences is not None:
        return tuple(declared.differences(before, after))
    return tuple(
        Change(
            _label(entity, name), words(entity, name, before.get(name)), words(entity, name, after.get(name))
        )
        for name in _names(entity, after)
        if name not in hidden and _compared(before.get(name)) != _compared(after.get(name))
    )


def in_words(entity: Any, content: Mapping[str, Any], hidden: Collection[str] = ()) -> list[tuple[str, str]]:
    """Label and words of everything that the content says."""
    told = [(name, words(entity, name, content[name])) for name in _names(entity, content)]
    return [(_label(entity, name), said) for name, said in told if said != _NOTHING and name not in hidden]


def words(entity: Any, name: str, value: Any) -> str:
    if not value and value not in (0, False):
        return _NOTHING
    if name in entity.editions.words:
        return str(entity.editions.words[name](value))
    child = _children(entity).get(name)
    if child is None:
        return readable(entity, name, value)
    return "; ".join(
        children.in_words(child, children.text_of_values(child, {n: _plain(v) for n, v in row.items()}))
        for row in value
    )


def _shown(entity: Any, edition: Any, before: Edition | None, hidden: Collection[str]) -> EditionShown:
    declared = entity.editions
    told = declared.told or _told
    return EditionShown(
        number=edition.number,
        url=declared.url(edition) if declared.url is not None else "",
        badge=_badge(edition) if isinstance(edition, EditionInForce) else None,
        headline=declared.headline(edition) if declared.headline is not None else "",
        told=told(edition),
        note=declared.note(edition) if declared.note is not None else "",
        changes=differences(entity, before.content, edition.content, hidden) if before is not None else (),
    )


def _badge(edition: EditionInForce) -> Badge:
    today = timezone.localdate()
    if edition.holds_on(today):
        return Badge(_("In force"), Tone.GOOD)
    if edition.starts > today:
        return Badge(_("Not begun yet"), Tone.NEUTRAL)
    return Badge(pgettext("version", "Past"), Tone.QUIET)


def _told(edition: Any) -> str:
    if not isinstance(edition, EditionInForce):
        made = {"person": edition.made_by or "–", "moment": moment(edition.made_at)}
        return _("Made by %(person)s, %(moment)s.") % made
    days = {"first": day(edition.starts), "last": day(edition.ends) if edition.ends else ""}
    span = (_("%(first)s to %(last)s") if edition.ends else _("since %(first)s")) % days
    return f"{span} · {_approval(edition)}"


def _approval(edition: EditionInForce) -> str:
    if edition.made_by is None:
        return _("Put in force before a second person was asked.")
    return _("Proposed by %(proposer)s, put in force by %(approver)s on %(day)s.") % {
        "proposer": edition.proposed_by or "–",
        "approver": edition.made_by,
        "day": day(edition.made_at),
    }


def _names(entity: Any, content: Mapping[str, Any]) -> list[str]:
    declared = (*editions.fields_of(entity), *_children(entity))
    return [name for name in dict.fromkeys((*declared, *content)) if name in content]


def _label(entity: Any, name: str) -> str:
    child = _children(entity).get(name)
    return str(child.label) if child is not None else label_of(entity, name)


def _children(entity: Any) -> dict[str, Any]:
    return {children.accessor(child, entity.model): child for child in entity.children}


def _plain(value: Any) -> Any:
    return value["label"] if isinstance(value, dict) and "label" in value else value


def _compared(value: Any) -> Any:
    """By identifier: that a unit or person is called otherwise now is no change of what was said."""
    if isinstance(value, dict) and "uid" in value:
        return value["uid"]
    if isinstance(value, dict):
        return {name: _compared(part) for name, part in value.items()}
    return [_compared(part) for part in value] if isinstance(value, list) else value


def _people(entity: Any) -> list[str]:
    dated = issubclass(entity.editions.model, EditionInForce)
    return ["made_by", "proposed_by"] if dated else ["made_by"]
