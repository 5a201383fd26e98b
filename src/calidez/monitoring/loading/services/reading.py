"""How the file is written: what the engine found, as the person confirmed or corrected it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.core import access
from calidez.kit.core.operations import operation
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services import repairing
from calidez.monitoring.loading.services.failing import noting_refusals
from calidez.monitoring.loading.services.plans import (
    file_of,
    is_for_later,
    need_permission,
    queue,
    refusal,
)
from calidez.monitoring.models import Import

State = Import.State
PREVIEW_ROWS, PREVIEW_COLUMNS = 12, 40
# Up to this size the person waits for the answer.
LOOK_WHILE_WAITING = 128 * 1024 * 1024
LOOK_JOB = "monitoring.look_at_import"


def look_at(item: Import, *, by: Any, options: Mapping[str, Any] | None = None, limits: Any = None) -> Import:
    """Look at the file as it is, or as the person says that it is to be read; keeps what was found."""
    need_permission(item, by)
    return look_kept(item, by=by, profile=look(file_of(item), options, limits=limits), options=options)


def look(path: Path, options: Mapping[str, Any] | None = None, *, limits: Any = None) -> Any:
    """What is in the file; writes nothing. Without other limits, those of the worker."""
    try:
        return engine.inspect_apart(
            path,
            scratch=Path(settings.FILE_UPLOAD_TEMP_DIR),
            limits=limits or engine.looking(path.stat().st_size),
            options=engine.ReadOptions.from_json(options or {}),
        )
    except engine.EngineError as error:
        raise refusal(error) from error


def look_kept(item: Import, *, by: Any, profile: Any, options: Mapping[str, Any] | None = None) -> Import:
    looked: Import = keep_look(item, by=by, profile=profile, options=_asked(options))
    return looked


def look_or_queue(item: Import, *, by: Any, options: Mapping[str, Any] | None = None) -> Import:
    """Look while the person waits; what takes longer than a page may, the worker looks at."""
    if item.size <= LOOK_WHILE_WAITING:
        try:
            with _noting(item, by, last=False):
                return look_at(item, by=by, options=options, limits=engine.LOOKING_AT_ONCE)
        except RuleBroken as refused:
            if not is_for_later(refused):
                raise
    return queue(item, LOOK_JOB, by=by, options=_asked(options))


def look_in_background(item: Import, *, by: Any, options: Mapping[str, Any] | None = None) -> Import:
    with _noting(item, by, last=True):
        return look_at(item, by=by, options=options)


def _noting(item: Import, by: Any, *, last: bool) -> AbstractContextManager[None]:
    """A way of reading that somebody tries may fail: what was found before still holds."""
    if profile_of(item) is not None:
        return nullcontext()
    return noting_refusals(item, by=by, last=last)


def _asked(options: Mapping[str, Any] | None) -> dict[str, Any]:
    """As it is kept: whatever is not said is found out again."""
    try:
        kept: dict[str, Any] = engine.ReadOptions.from_json(options or {}).to_json()
    except engine.EngineError as error:
        raise refusal(error) from error
    return kept


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
def confirm_reading(item: Import, *, by: Any, like: str = "") -> None:
    """The person saw the first rows and found them right, or they are read like those of the import with this code."""
    item.reading = {**item.reading, "confirmed": True, "like": like}


def profile_of(item: Import) -> Any:
    """What was found in the file; None before anybody looked."""
    kept = item.reading.get("profile")
    return engine.FileProfile.from_json(kept) if kept else None


def signature_of(columns: Any) -> str:
    return repairing.signature_of(column.source for column in columns)


def _as_json(profile: Any) -> dict[str, Any]:
    kept: dict[str, Any] = profile.to_json()
    kept["preview"] = [row[:PREVIEW_COLUMNS] for row in profile.preview[:PREVIEW_ROWS]]
    for row in kept["found"]["rows"]:
        row["cells"] = row["cells"][:PREVIEW_COLUMNS]
    return kept
