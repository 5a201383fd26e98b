"""To add files to a record and to withdraw one; the trail keeps what was added by its digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.following import noted
from calidez.kit.core.record import Record
from calidez.kit.desk.files.models import Attachment
from calidez.kit.platform import letters
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.kept_files import store
from calidez.kit.platform.kept_files.names import clean_name
from calidez.kit.platform.kept_files.sniffing import media_type

MOST_AT_ONCE = 20


def may_attach(record: Record, user: Any) -> bool:
    entity = _entity(record)
    scope, path = entity.granted(user, access.ATTACH), entity.unit_path(record)
    return bool(scope) and (path is None or scope.covers(path))


def attach(
    record: Record,
    files: Sequence[Any],
    *,
    by: Any,
    effective_on: dt.date | None = None,
    note: str = "",
    at: dt.datetime | None = None,
) -> list[Attachment]:
    """Keep the files (anything with `name` and `chunks()`) beside the record: all of them, or none."""
    if not may_attach(record, by):
        raise access.refuse(access.ATTACH, _entity(record).label)
    now = at or timezone.now()
    if not files:
        raise RuleBroken(_("Choose at least one file."), field="files")
    if len(files) > MOST_AT_ONCE:
        raise RuleBroken(_("At most %(most)s files at once.") % {"most": MOST_AT_ONCE}, field="files")
    if effective_on is not None and effective_on > timezone.localdate(now):
        raise RuleBroken(_("The date of the evidence must not be in the future."), field="effective_on")
    said = letters.name(note, field="note")
    kept = [(clean_name(file.name), store.keep(file.chunks(), clean_name(file.name))) for file in files]
    with transaction.atomic():
        return [_attach(record, name, one, by, effective_on, said, now) for name, one in kept]


def _attach(
    record: Record,
    name: str,
    kept: store.Kept,
    by: Any,
    effective_on: dt.date | None,
    note: str,
    now: dt.datetime,
) -> Attachment:
    attachment = Attachment.objects.create(
        about=record,
        name=name,
        media_type=media_type(kept.head, name),
        size=kept.size,
        sha256=kept.sha256,
        effective_on=effective_on,
        note=note[:300],
        uploaded_by=by,
        uploaded_at=now,
    )
    noted(record, "attach_file", by=by, after=_trace(attachment), note=name)
    return attachment


def withdraw_file(
    attachment: Attachment, record: Record, why: str, *, by: Any, at: dt.datetime | None = None
) -> Attachment:
    """The file leaves the page with a reason; its bytes stay until the records' time is over."""
    why = letters.note(why, field="why").strip()
    if not why:
        raise RuleBroken(_("Say why the file is withdrawn."), field="why")
    with transaction.atomic():
        locked = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
        if locked.withdrawn_at is not None:
            return locked
        if not may_attach(record, by):
            raise access.refuse(access.ATTACH, _entity(record).label)
        locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_why = at or timezone.now(), by, why
        locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
        note = f"{locked.name}: {locked.withdrawn_why}"
        noted(record, "withdraw_file", by=by, after=_trace(locked), note=note)
    return locked


def _trace(attachment: Attachment) -> dict[str, Any]:
    return {
        "file": {"label": attachment.name, "uid": str(attachment.uid)},
        "sha256": attachment.sha256,
        "size": attachment.size,
    }


def _entity(record: Record) -> Any:
    return catalog.of(type(record))
