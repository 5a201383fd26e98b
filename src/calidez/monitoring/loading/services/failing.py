"""Why a file was refused stays with its import, for all who find it in a list, not only for who waited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from calidez import engine
from calidez.kit.core.following import following
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services.plans import is_for_later
from calidez.monitoring.models import Import


@contextmanager
def noting_refusals(item: Import, *, by: Any, last: bool) -> Iterator[None]:
    """What the engine refuses; not what only a page would not wait for, unless nobody is to try it after this (`last`)."""
    try:
        yield
    except RuleBroken as refused:
        if isinstance(refused.__cause__, engine.EngineError) and (last or not is_for_later(refused)):
            note_failure(item, refused.__cause__, by, verb="refused", note=str(refused))
        raise


def note_failure(item: Import, error: Any, by: Any, *, verb: str = "failed", note: str = "") -> None:
    """Why it failed is kept as a code, so that each reader is told in their own language."""
    code = getattr(error, "code", "")
    params = {name: str(value) for name, value in getattr(error, "params", {}).items()}
    with following(item, verb, by=by, note=note or str(error)) as failed:
        failed.state = Import.State.FAILED
        failed.report = {**failed.report, "error": {"code": code, "params": params, "text": str(error)}}
