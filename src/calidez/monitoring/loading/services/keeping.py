"""Loaded files stay for a while, packed: only from them can a dataset be read again when its columns are to change."""

from __future__ import annotations

import datetime as dt
import gzip
import logging
import shutil
from pathlib import Path

from django.conf import settings

from calidez.kit.core.following import following
from calidez.monitoring.loading.services.uploads import forget_file, kept_folder
from calidez.monitoring.models import Import

State = Import.State
TEXT_FORMATS = ("csv", "jsonl")
PACKED = ".gz"
FAST = 3  # of gzip: twice as fast as usual, and hardly larger
log = logging.getLogger("calidez.loading")


def keep_file(item: Import) -> str:
    """Keep the file of a load that came in; returns where, empty where none is kept. A second time it is as the first."""
    source = Path(item.path)
    if not settings.KEEP_FILES_DAYS or not source.is_file():
        return ""
    folder = kept_folder() / item.uid.hex
    packs = str((item.reading.get("profile") or {}).get("format")) in TEXT_FORMATS and _is_plain(source)
    target = folder / (source.name + PACKED if packs else source.name)
    if source == target:
        return str(target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if packs:
            with source.open("rb") as plain, gzip.open(target, "wb", compresslevel=FAST) as packed:
                shutil.copyfileobj(plain, packed, 1 << 20)
        else:
            shutil.copyfile(source, target)
    except OSError as error:
        # The load counts, and without its file only a later change of columns is refused.
        log.warning("The file of %s could not be kept: %s", item.code, error)
        shutil.rmtree(folder, ignore_errors=True)
        return ""
    return str(target)


def kept_until(item: Import) -> dt.date | None:
    """None where the file is no longer kept, or never was."""
    if item.loaded_at is None or not is_kept(item):
        return None
    return (item.loaded_at + dt.timedelta(days=settings.KEEP_FILES_DAYS)).date()


def is_kept(item: Import) -> bool:
    path = Path(item.path)
    return path.parent.parent == kept_folder() and path.is_file()


def forget_old_files(now: dt.datetime) -> int:
    """Delete what was kept long enough; returns how many files."""
    before = now - dt.timedelta(days=settings.KEEP_FILES_DAYS)
    old = Import.objects.filter(path__startswith=f"{kept_folder()}/", loaded_at__lt=before)
    found = list(old)
    for item in found:
        forget_file(item.path)
        with following(item, "forget_file", by=None) as changed:
            changed.path = ""
    return len(found)


def _is_plain(path: Path) -> bool:
    """What is packed already, or is a page that holds a table, is read as it is."""
    with path.open("rb") as file:
        start = file.read(512)
    return not start.startswith(b"\x1f\x8b") and b"<" not in start
