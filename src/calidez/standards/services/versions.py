"""Versions of a standard: what was promised is kept whole, and given back when a revision is dropped."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.core.children import Row, write
from calidez.kit.core.events import AuditEvent
from calidez.people.models import Unit
from calidez.standards import rules
from calidez.standards.models import Standard, StandardVersion

# What a version says besides the figures by which periods are judged; in the order of the page.
TEXTS = (
    "title",
    "requirement",
    "commitment",
    "kind",
    "dimension",
    "direction",
    "target",
    "measured_in",
    "tolerance",
    "case_limit",
    "case_direction",
    "case_measured_in",
    "unacceptable",
    "reaction",
    "frequency",
    "sampling",
    "remedy",
    "owner",
    "unit",
)
MANY = ("units", "readers_positions", "readers_units")
STRETCH = ("stretch_reason", "stretch_plan", "stretch_until")
COLUMNS = (
    "direction",
    "target",
    "tolerance",
    "measured_in",
    "unacceptable",
    "reaction",
    "case_direction",
    "case_limit",
    "case_measured_in",
    *STRETCH,
)


def promise_anew(standard: Standard, *, by: Any) -> StandardVersion:
    """The standard as it stands becomes its next version; the one before ends the day before."""
    before = standard.latest
    assert standard.starts is not None
    if before is not None:
        before.ends = rules.end_of_the_one_before(starts=standard.starts, ended=before.ends)
        before.save(update_fields=["ends"])
    version = StandardVersion.objects.create(
        standard=standard,
        number=before.number + 1 if before is not None else 1,
        promised=told(standard),
        starts=standard.starts,
        ends=standard.ends,
        proposed_by=standard.proposed_by,
        approved_by=by,
        approved_at=timezone.now(),
        **{name: getattr(standard, name) for name in COLUMNS},
    )
    standard.latest = version
    Standard.objects.filter(pk=standard.pk).update(latest=version)
    return version


def told(standard: Standard) -> dict[str, Any]:
    """All that the standard promises, as JSON; other records by identifier and name."""
    found: dict[str, Any] = {name: _plain(standard, name) for name in TEXTS}
    for name in MANY:
        found[name] = [_reference(one) for one in getattr(standard, name).order_by("pk")]
    found["basis"] = [
        {"kind": row.kind, "reference": row.reference, "explanation": row.explanation}
        for row in standard.basis.order_by("pk")
    ]
    found["local_targets"] = [
        {"unit": _reference(row.unit), "target": row.target}
        for row in standard.local_targets.select_related("unit").order_by("unit__path")
    ]
    return found


def give_back(standard: Standard, version: StandardVersion) -> None:
    """What was written since goes: the standard says again what its version promises."""
    promised = version.promised
    for name in TEXTS:
        if name in promised:
            setattr(standard, name, _read(standard, name, promised[name]))
    for name in (*STRETCH, "starts", "ends", "proposed_by"):
        setattr(standard, name, getattr(version, name))
    for name in MANY:
        related: Any = Standard._meta.get_field(name).related_model
        uids = [one["uid"] for one in promised.get(name, [])]
        getattr(standard, name).set(related.objects.filter(uid__in=uids))
    rows = {
        "rows_standardbasis": [Row(one, place=i) for i, one in enumerate(promised.get("basis", []))],
        "rows_localtarget": _local_rows(promised.get("local_targets", [])),
    }
    # The rows check themselves against the standard, which has to be as it was before they come back.
    standard.save()
    write(catalog.of(Standard).children, standard, rows)


def end(standard: Standard, *, on: dt.date) -> None:
    """The promise ends with `on`; a version that was to begin later never held, so it is not kept."""
    standard.latest = None
    standard.save(update_fields=["latest"])
    standard.versions.filter(starts__gt=on).delete()
    last = standard.versions.order_by("-number").first()
    if last is not None:
        last.ends = on if last.ends is None else min(last.ends, on)
        last.save(update_fields=["ends"])
    standard.latest = last


def _local_rows(given: list[Any]) -> list[Row]:
    units = {str(u.uid): u for u in Unit.objects.filter(uid__in=[one["unit"]["uid"] for one in given])}
    return [
        Row({"unit": units[one["unit"]["uid"]], "target": one["target"]}, place=i)
        for i, one in enumerate(given)
        if one["unit"]["uid"] in units
    ]


def _plain(standard: Standard, name: str) -> Any:
    field = Standard._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        return _reference(getattr(standard, name))
    return getattr(standard, name)


def _read(standard: Standard, name: str, value: Any) -> Any:
    field = Standard._meta.get_field(name)
    if not isinstance(field, models.ForeignKey):
        return value
    if value is None:
        return None
    related: Any = field.related_model
    return related.objects.filter(uid=value["uid"]).first() or getattr(standard, name)


def _reference(record: Any) -> dict[str, str] | None:
    return None if record is None else {"uid": str(record.uid), "label": str(record)}


def authors(standard: Standard) -> set[Any]:
    """Who wrote what is to be promised now: everybody who changed or proposed the standard since its last version.

    Whoever proposes gives the reasons of the promise, also where somebody else proposes it again.
    """
    wrote = set()
    told_by = AuditEvent.objects.filter(
        subject=standard._meta.label_lower,
        subject_uid=standard.uid,
        verb__in=["create", "edit", "propose", "put_in_force", "drop_revision"],
    )
    for verb, actor in told_by.order_by("-id").values_list("verb", "actor_uid"):
        if verb in {"put_in_force", "drop_revision"}:
            break
        if actor is not None:
            wrote.add(actor)
    return wrote
