"""Reading files again that a dataset came from, with other columns: the new rows replace the old in one commit, or nothing changes."""

# ruff: noqa: S608 - names are quoted

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calidez.engine.connection import connect, quoted, reading
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


@dataclass(frozen=True)
class Again:
    """What came of each file; and by column, how many rows had a value before and have one now."""

    reports: tuple[LoadReport, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]


def read_again(
    dataset: Dataset,
    schema: Schema,
    files: Sequence[FileAgain],
    *,
    commit: bool,
    known: Collection[str] = (),
    stage: Stage | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Again:
    """What came of each file, in their order, so that a key drops what an earlier one brought.

    Batches of other labels than those of the files, or the `known` ones, came meanwhile, and nothing is done. Without
    `commit` nothing changes: the reports say what would be. Others wait with their loads meanwhile.
    """
    with dataset.locked():
        dataset.need_only(known or [file.label for file in files])
        dataset.sweep()
        with dataset.staging() as scratch:
            beside = Store(scratch).create(BESIDE, schema)
            reports = [
                _read(beside, file, stage, progress, number, len(files)) for number, file in enumerate(files)
            ]
            filled = (_filled(dataset), _filled(beside))
            if commit:
                dataset.overwrite(beside, {r.batch: f.label for r, f in zip(reports, files, strict=True)})
    return Again(tuple(reports), *filled)


def _filled(dataset: Dataset) -> dict[str, int]:
    names = [column.name for column in dataset.schema.stored]
    counts = ", ".join(f"count({quoted(name)})" for name in names)
    with dataset.scratch() as folder, connect(folder) as connection, reading(dataset.name):
        found = connection.execute(f"SELECT {counts} FROM {dataset.source()}").fetchone()
    return dict(zip(names, found or (), strict=False))


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
