"""How the file is written: what the engine found, as the person confirmed or corrected it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.core import access
from calidez.kit.core.operations import operation
from calidez.monitoring.loading.services.plans import file_of, need_permission, refusal
from calidez.monitoring.models import Import

State = Import.State
OPTIONS = ("encoding", "delimiter", "header", "sheet")
PREVIEW_ROWS, PREVIEW_COLUMNS = 12, 40


def look_at(item: Import, *, by: Any, options: Mapping[str, Any] | None = None) -> Import:
    """Look at the file as it is, or as the person says that it is to be read; keeps what was found."""
    need_permission(item, by)
    asked = {name: (options or {}).get(name) for name in OPTIONS}
    try:
        profile = engine.inspect_file(file_of(item), scratch=Path(settings.FILE_UPLOAD_TEMP_DIR), **asked)
    except engine.EngineError as error:
        raise refusal(error) from error
    looked: Import = keep_look(item, by=by, profile=profile, options=asked)
    return looked


@operation(
    Import,
    label=gettext_lazy("Look at the file"),
    verb=access.CREATE,
    source=[State.UPLOADED, State.CHECKED, State.FAILED],
    target=State.UPLOADED,
)
def keep_look(item: Import, *, by: Any, profile: Any, options: Mapping[str, Any]) -> None:
    """What was said about the columns holds only as long as these stay the same."""
    signature = signature_of(profile.columns)
    if signature != item.signature:
        item.mapping = {}
    item.signature = signature
    item.report = {}
    item.reading = {"options": dict(options), "profile": _as_json(profile), "confirmed": False}


@operation(
    Import,
    label=gettext_lazy("Confirm how the file is read"),
    verb=access.CREATE,
    source=[State.UPLOADED, State.CHECKED, State.FAILED],
    target=State.UPLOADED,
)
def confirm_reading(item: Import, *, by: Any) -> None:
    """The person saw the first rows and found them right."""
    item.reading = {**item.reading, "confirmed": True}


def profile_of(item: Import) -> Any:
    """What was found in the file; None before anybody looked."""
    kept = item.reading.get("profile")
    if not kept:
        return None
    return engine.FileProfile(
        **{
            **kept,
            "columns": tuple(_column(column) for column in kept["columns"]),
            "preview": tuple(tuple(row) for row in kept["preview"]),
            "sheets": tuple(kept["sheets"]),
            "proposed_key": tuple(kept["proposed_key"]),
            "problems": tuple(engine.Problem(**problem) for problem in kept["problems"]),
        }
    )


def signature_of(columns: Any) -> str:
    """Files with the same headings in any order are of one kind."""
    text = "\x1f".join(sorted(column.source for column in columns))
    return hashlib.sha256(text.encode()).hexdigest()


def _as_json(profile: Any) -> dict[str, Any]:
    kept = asdict(profile)
    kept["preview"] = [row[:PREVIEW_COLUMNS] for row in profile.preview[:PREVIEW_ROWS]]
    return kept


def _column(kept: Mapping[str, Any]) -> Any:
    return engine.ColumnProfile(
        **{
            **kept,
            "type": engine.ColumnType(kept["type"]),
            "suggested_role": engine.Role(kept["suggested_role"]),
            "samples": tuple(kept["samples"]),
            "date_orders": tuple(kept["date_orders"]),
        }
    )
