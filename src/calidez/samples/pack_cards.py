"""Starter packs in words: their cards, their whole content before it is loaded, and what they became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.documents.content.markdown import Rendered, render
from calidez.kit.catalog import catalog
from calidez.kit.core.cells import cell
from calidez.kit.platform.display import Badge, Header, Link, Row
from calidez.kit.platform.formats import with_unit
from calidez.people.models import Unit
from calidez.samples.models import PackEntry
from calidez.samples.packs.format import SECTIONS
from calidez.samples.packs.loading import MODELS
from calidez.samples.packs.shelf import Pack
from calidez.standards.models import Standard, StandardBasis


@dataclass(frozen=True)
class Card:
    key: str
    name: str
    icon: str
    description: str
    brings: str
    url: str


@dataclass(frozen=True)
class Preview:
    title: str
    introduction: Rendered
    commitments: tuple[Mapping[str, Any], ...]
    standards: tuple[Row, ...]
    headers: tuple[Header, ...]
    objectives: tuple[Mapping[str, Any], ...]
    datasets: tuple[Mapping[str, Any], ...]
    brings: str


@dataclass(frozen=True)
class Brought:
    """One record, and how far it is by now."""

    text: str
    url: str
    state: Badge | None


@dataclass(frozen=True)
class Group:
    """The records of one kind that came from a pack."""

    title: str
    url: str
    records: tuple[Brought, ...]


def choices(units: Iterable[Unit]) -> tuple[tuple[str, str], ...]:
    """Identifier and name, each set in below the unit that it belongs to."""
    listed = list(units)
    least = min((unit.path.count("/") for unit in listed), default=0)
    return tuple((str(u.uid), "\u2003" * (u.path.count("/") - least) + u.name) for u in listed)


def way() -> tuple[Link, ...]:
    return (Link(_("Administration"), reverse("kit:administration")),)


def cards(packs: Iterable[Pack], query: str = "") -> tuple[Card, ...]:
    found = (
        Card(p.key, p.name, p.icon, p.description, brings(p), reverse("samples:pack", args=[p.key]) + query)
        for p in packs
    )
    return tuple(sorted(found, key=lambda card: card.name.casefold()))


def brings(pack: Pack) -> str:
    counts = pack.counts
    parts = (
        ngettext("%(count)s commitment", "%(count)s commitments", counts["commitments"])
        % {"count": counts["commitments"]},
        ngettext("%(count)s standard", "%(count)s standards", counts["standards"])
        % {"count": counts["standards"]},
        ngettext("%(count)s indicator", "%(count)s indicators", counts["indicators"])
        % {"count": counts["indicators"]},
    )
    return " · ".join(part.replace(" ", "\u00a0") for part in parts)


def preview(pack: Pack, language: str) -> Preview:
    policy: Mapping[str, Any] = next(iter(pack.entries("policy", language)), {})
    indicators = {one["standard"]: one for one in pack.entries("indicators", language) if "standard" in one}
    headers = (_("Standard"), _("Target"), _("Basis"), _("Indicator"))
    return Preview(
        title=policy.get("title", ""),
        introduction=render(policy.get("introduction", ""), shift=2),
        commitments=tuple(pack.entries("commitments", language)),
        headers=tuple(Header(text) for text in headers),
        standards=tuple(_standard(one, indicators) for one in pack.entries("standards", language)),
        objectives=tuple({**one, "target": _target(one)} for one in pack.entries("objectives", language)),
        datasets=tuple(pack.entries("datasets", language)),
        brings=brings(pack),
    )


def _standard(entry: Mapping[str, Any], indicators: Mapping[str, Mapping[str, Any]]) -> Row:
    proves, kinds = indicators.get(entry["key"], {}), dict(StandardBasis.Kind.choices)
    basis = ", ".join(str(row.get("reference") or kinds[row["kind"]]) for row in entry.get("basis", ()))
    return Row("", (cell(entry["title"]), cell(_target(entry)), cell(basis), cell(proves.get("name", ""))))


def _target(entry: Mapping[str, Any]) -> str:
    if "target" not in entry:
        return ""
    words = dict(Standard.Direction.choices)[entry.get("direction", Standard.Direction.AT_LEAST)]
    figure = number_format(entry["target"], use_l10n=True)
    return f"{words} {with_unit(figure, entry.get('measured_in', '%'))}"


def groups(pack: Pack, unit: Unit, user: Any) -> tuple[Group, ...]:
    """Of what this person may see; in the order in which it was made."""
    entries = PackEntry._default_manager.filter(pack=pack.key, unit=unit).order_by("pk")
    uids: dict[str, list[Any]] = {section: [] for section in SECTIONS}
    for entry in entries:
        uids.setdefault(entry.section, []).append(entry.record)
    found = []
    for section in SECTIONS:
        entity = catalog.of(MODELS[section])
        records = entity.queryset(user).filter(uid__in=uids[section]).order_by("pk")
        links = tuple(Brought(str(r), entity.url(r), entity.state_badge(r)) for r in records)
        if links:
            label = entity.label_plural
            found.append(Group(label[:1].upper() + label[1:], entity.list_url(), links))
    return tuple(found)
