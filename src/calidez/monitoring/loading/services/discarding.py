"""Files that will not be loaded: discarded by a person, or cleared away once nobody went on with them for long."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.core import access
from calidez.kit.core.operations import transition
from calidez.monitoring.loading.services.uploads import forget_file
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.store import store

State = Import.State
UNFINISHED = (State.UPLOADED, State.CHECKED, State.FAILED)
KEPT = dt.timedelta(days=30)
# An upload writes into its folder before its import is noted; after a day, nobody is writing any more.
ARRIVING = dt.timedelta(days=1)
OWN_FOLDER = re.compile(r"[0-9a-f]{32}")


@transition(
    Import,
    source=UNFINISHED,
    target=State.DISCARDED,
    label=gettext_lazy("Discard this file"),
    verb=access.CREATE,
    icon="trash",
    grave=True,
    help=gettext_lazy("The file and what was read of it are deleted; that it was here stays in the history."),
)
def discard(item: Import, *, by: Any) -> None:
    _empty(item)


def discard_unfinished(now: dt.datetime) -> int:
    """Clear away what nobody went on with, and folders of uploads that broke off with the server."""
    old = Import.objects.filter(state__in=UNFINISHED, created_at__lt=now - KEPT)
    count = sum(_clear_away(pk) for pk in list(old.values_list("pk", flat=True)))
    _clear_folders(now)
    return count


def sweep_removed() -> int:
    """Delete the files whose rows were taken back, once nobody reads them any more; returns how many."""
    return sum(
        _swept(code)
        for code in Dataset.objects.filter(state=Dataset.State.IN_USE).values_list("code", flat=True)
        if store().exists(code)
    )


def _swept(code: str) -> int:
    held = store().open(code)
    try:
        with held.locked(timeout=0.0):
            return held.sweep()
    except engine.EngineError:  # a load is on its way, and sweeps as it begins
        return 0


def _clear_away(pk: int) -> bool:
    with transaction.atomic():
        item = Import.objects.select_for_update().get(pk=pk)
        if item.state not in UNFINISHED:
            return False
        note = _("Nobody went on with it for %(days)s days.") % {"days": KEPT.days}
        discard.follow(item, by=None, note=note)
    return True


def _empty(item: Import) -> None:
    """Nothing stays of the file's contents, which may be personal."""
    path = item.path
    item.reject_file = ""
    item.reading, item.report = {}, {}
    transaction.on_commit(lambda: forget_file(path))
    forget_rejects(item)


def forget_rejects(item: Import) -> None:
    """Once the transaction ends, the file with the rows that were not loaded goes."""
    rejects = Path(settings.REJECTS_DIR) / item.uid.hex
    transaction.on_commit(lambda: shutil.rmtree(rejects, ignore_errors=True))


def _clear_folders(now: dt.datetime) -> None:
    uploads = Path(settings.UPLOADS_DIR)
    if not uploads.is_dir():
        return
    needed = Import.objects.filter(state__in=(*UNFINISHED, State.LOADING)).values_list("path", flat=True)
    known = {Path(path).parent.name for path in needed}
    oldest = (now - ARRIVING).timestamp()
    for folder in uploads.iterdir():
        if OWN_FOLDER.fullmatch(folder.name) and folder.name not in known and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
