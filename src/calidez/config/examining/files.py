"""The bytes of every file that a record holds are there: attachments, files of versions, and files on their way in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from calidez.config.examining.asked import Asked, named
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _
from calidez.kit.desk.files.models import Attachment
from calidez.kit.platform.kept_files import store
from calidez.kit.platform.kept_files.field import KeptFileField
from calidez.monitoring.models import Import

DIGEST = re.compile(r"[0-9a-f]{64}")
UNDERWAY = (Import.State.UPLOADED, Import.State.CHECKED, Import.State.LOADING)


def findings(asked: Asked) -> Iterator[Finding]:
    kept: dict[str, str] = {}
    missing: list[str] = []
    changed: list[str] = []
    for sha256, name, size in _held():
        fault = kept[sha256] if sha256 in kept else _fault(sha256, size, asked.deep)
        kept[sha256] = fault
        if fault:
            (missing if fault == "missing" else changed).append(name)
    if missing:
        yield Finding(
            _("Files of records are missing (%(count)s): %(names)s. Restore them from a backup.")
            % {"count": len(missing), "names": named(missing)}
        )
    if changed:
        yield Finding(
            _(
                "Files of records are not what was put there (%(count)s): %(names)s. Restore them from a backup."
            )
            % {"count": len(changed), "names": named(changed)}
        )
    yield from _uploads()
    yield from _strangers(kept)


def _held() -> Iterator[tuple[str, str, int | None]]:
    """Digest, name and, where it was noted, size."""
    yield from Attachment.objects.order_by("id").values_list("sha256", "name", "size").iterator()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, KeptFileField):
                named_by: Any = model._default_manager.exclude(**{field.name: ""})
                for value in named_by.values_list(field.name, flat=True).iterator():
                    sha256, _slash, name = str(value or "").partition("/")
                    if sha256:
                        yield sha256, name, None


def _fault(sha256: str, size: int | None, deep: bool) -> str:
    path = store.path_of(sha256)
    if not path.is_file():
        return "missing"
    if size is not None and path.stat().st_size != size:
        return "changed"
    return "changed" if deep and not store.whole(sha256) else ""


def _uploads() -> Iterator[Finding]:
    """A file that waits to be loaded lies in the data folder, or where the command line was told."""
    lost = [
        f"{code} {name}"
        for code, name, path in Import.objects.filter(state__in=UNDERWAY)
        .order_by("code")
        .values_list("code", "file_name", "path")
        if not Path(path).is_file()
    ]
    if lost:
        yield Finding(
            _("Files that wait to be loaded are gone: %(names)s. Upload them again.")
            % {"names": named(lost)},
            serious=False,
        )


def _strangers(kept: dict[str, str]) -> Iterator[Finding]:
    strangers = [
        path
        for path in Path(settings.FILES_DIR).glob("??/*")
        if DIGEST.fullmatch(path.name) and path.name not in kept
    ]
    if strangers:
        size = sum(path.stat().st_size for path in strangers)
        yield Finding(
            _("Files that no record holds lie in %(path)s: %(count)s, together %(size)s. They do no harm.")
            % {"path": settings.FILES_DIR, "count": len(strangers), "size": filesizeformat(size)},
            serious=False,
        )
