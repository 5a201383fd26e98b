"""Reading files again that a dataset came from, with other columns: the new rows replace the old in one commit, or nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calidez.engine.errors import EngineError
from calidez.engine.loading import Stage, load_file
from calidez.engine.report import LoadReport, Progress
from calidez.engine.schema import Schema
from calidez.engine.store import Dataset, Store

BESIDE = "again"


@dataclass(frozen=True)
class FileAgain:
    """One file as it is to be read now; `arguments` are those of `load_file`."""

    path: Path
    mapping: Schema
    label: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def read_again(
    dataset: Dataset,
    schema: Schema,
    files: Sequence[FileAgain],
    *,
    commit: bool,
    stage: Stage | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[LoadReport]:
    """What came of each file, in their order, so that a key drops what an earlier one brought.

    Without `commit` nothing changes: the reports say what would be. Others wait with their loads meanwhile.
    """
    with dataset.locked():
        dataset.sweep()
        with dataset.staging() as scratch:
            beside = Store(scratch).create(BESIDE, schema)
            reports = [
                _read(beside, file, stage, progress, number, len(files)) for number, file in enumerate(files)
            ]
            if commit:
                dataset.overwrite(beside, {r.batch: f.label for r, f in zip(reports, files, strict=True)})
    return reports


def _read(
    beside: Dataset,
    file: FileAgain,
    stage: Stage | None,
    progress: Callable[[Progress], None] | None,
    number: int,
    count: int,
) -> LoadReport:
    def told(step: Progress) -> None:
        if progress is not None:
            progress(Progress(step.step, (number + step.done) / count))

    if not file.path.is_file():
        raise EngineError("missing_file", name=file.path.name)
    return load_file(
        beside,
        file.path,
        file.mapping,
        progress=told,
        batch_label=file.label,
        stage=stage,
        **file.arguments,
    )
