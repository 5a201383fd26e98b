"""Which files make up a dataset at one version of its log, so that a copy of them is that version and no other."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from calidez.engine.connection import first_line
from calidez.engine.delta import actions_of
from calidez.engine.errors import EngineError
from calidez.engine.store import Dataset

LOG = "_delta_log"
_STEP = re.compile(r"(\d{20})\.(?:json|checkpoint(?:\.\d+\.\d+)?\.parquet)")
_NEWEST = "_last_checkpoint"


@dataclass(frozen=True)
class Copy:
    """`files` are relative to the dataset's folder."""

    version: int
    rows: int
    files: tuple[str, ...]


def version_of(dataset: Dataset) -> int:
    return _table(dataset).version()


def newest_with(dataset: Dataset, batches: Collection[str], *, after: int) -> int:
    """The newest version after this one that brought one of these batches; this one where none did."""
    for version in range(version_of(dataset), after, -1):
        if _batch_at(dataset, version) in batches:
            return version
    return after


def copy_of(dataset: Dataset, version: int) -> Copy:
    """The log as far as that version, and the data that it still names there."""
    table = _table(dataset, version)
    data = actions_of(table)
    log = [
        f"{LOG}/{path.name}"
        for path in (dataset.path / LOG).iterdir()
        if (found := _STEP.fullmatch(path.name)) and int(found[1]) <= version
    ]
    if _checkpoint_within(dataset.path / LOG / _NEWEST, version):
        log.append(f"{LOG}/{_NEWEST}")
    rows = sum(int(str(row["num_records"] or 0)) for row in data)
    return Copy(version, rows, (*sorted(log), *sorted(str(row["path"]) for row in data)))


def _batch_at(dataset: Dataset, version: int) -> str:
    """Which batch a step of the log brought, by the step itself: there may be thousands, and few are asked for."""
    path = dataset.path / LOG / f"{version:020}.json"
    try:
        steps = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise EngineError("dataset_damaged", dataset=dataset.name, detail=first_line(error)) from error
    said: dict[str, object] = next((step["commitInfo"] for step in steps if "commitInfo" in step), {})
    return str(said.get("calidez.batch", ""))


def _checkpoint_within(path: Path, version: int) -> bool:
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["version"]) <= version
    except (OSError, ValueError, KeyError):
        return False


def _table(dataset: Dataset, version: int | None = None) -> DeltaTable:
    try:
        return DeltaTable(str(dataset.path), version=version)
    except (DeltaError, OSError) as error:
        raise EngineError("dataset_damaged", dataset=dataset.name, detail=first_line(error)) from error
