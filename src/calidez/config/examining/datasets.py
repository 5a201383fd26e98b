"""Each dataset that the database knows is on the disk as its log says, with the rows that were noted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from calidez import engine
from calidez.config.examining.asked import Asked, named
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _
from calidez.engine import soundness
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.store import store

UNDERWAY = (Import.State.LOADING, Import.State.TAKING_BACK)


def findings(asked: Asked) -> Iterator[Finding]:
    known = {}
    for dataset in Dataset.objects.filter(state=Dataset.State.IN_USE).order_by("code"):
        known[dataset.code] = dataset
        yield from _of(dataset, asked)
    strangers = [name for name in store().names() if name not in known]
    if strangers:
        yield Finding(
            _("Folders of datasets that the database does not know: %(names)s.")
            % {"names": named(strangers)},
            serious=False,
        )


def _of(dataset: Dataset, asked: Asked) -> Iterator[Finding]:
    values: dict[str, object] = {"name": dataset.name, "code": dataset.code}
    try:
        held = store().open(dataset.code)
        faults = list(soundness.faults_of(held, deep=asked.deep))
    except engine.EngineError as error:
        if error.code == "dataset_missing":
            path = Path(settings.DATASETS_DIR) / dataset.code
            yield Finding(
                _("The dataset %(name)s (%(code)s) is not at %(path)s. Restore it from a backup.")
                % {**values, "path": path}
            )
        else:
            reason = error.params.get("detail", error)
            yield Finding(
                _(
                    "The log of the dataset %(name)s (%(code)s) cannot be read: %(reason)s. Restore it from a backup."
                )
                % {**values, "reason": reason}
            )
        return
    for kind in dict.fromkeys(fault.kind for fault in faults):
        files = [fault.file for fault in faults if fault.kind == kind]
        yield Finding(_sentence(kind) % {**values, "files": named(files)})
    rows = held.rows()
    if rows != dataset.rows:
        yield Finding(
            _("The dataset %(name)s (%(code)s) holds %(rows)s rows, and %(noted)s were noted.")
            % {**values, "rows": rows, "noted": dataset.rows},
            # Between the commit of a load, or of taking it back, and its note lies a moment, and a worker that was killed notes it later.
            serious=not dataset.imports.filter(state__in=UNDERWAY).exists(),
        )


def _sentence(kind: str) -> str:
    return {
        soundness.MISSING: _(
            "Files of the dataset %(name)s (%(code)s) are missing: %(files)s. Restore them from a backup."
        ),
        soundness.SIZE: _(
            "Files of the dataset %(name)s (%(code)s) have not the size that was noted: %(files)s. Restore them from a backup."
        ),
        soundness.UNREADABLE: _(
            "Files of the dataset %(name)s (%(code)s) cannot be read: %(files)s. Restore them from a backup."
        ),
        soundness.ROWS: _(
            "Files of the dataset %(name)s (%(code)s) hold not as many rows as were noted: %(files)s. Restore them from a backup."
        ),
    }[kind]
