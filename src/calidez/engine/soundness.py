"""Whether a dataset on the disk is what its log says: each file there, of its size, readable and with its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from calidez.engine.connection import first_line
from calidez.engine.delta import actions_of
from calidez.engine.store import Dataset

MISSING, SIZE, UNREADABLE, ROWS = "missing", "size", "unreadable", "rows"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one file; `detail` is technical."""

    kind: str
    file: str
    detail: str = ""


def faults_of(dataset: Dataset, *, deep: bool = False) -> Iterator[Fault]:
    """Sizes and footers; `deep` unpacks every value too, which takes as long as reading all of it."""
    for row in actions_of(DeltaTable(str(dataset.path))):
        fault = _fault(dataset, row, deep)
        if fault is not None:
            yield fault


def _fault(dataset: Dataset, row: dict[str, object], deep: bool) -> Fault | None:
    name, size, rows = str(row["path"]), int(str(row["size_bytes"])), int(str(row["num_records"] or 0))
    path = dataset.path / name
    if not path.is_file():
        return Fault(MISSING, name)
    held = path.stat().st_size
    if held != size:
        return Fault(SIZE, name, f"{held} ≠ {size}")
    try:
        with pq.ParquetFile(path) as file:
            counted = file.metadata.num_rows
            if deep:
                counted = sum(batch.num_rows for batch in file.iter_batches())
    except (OSError, pa.ArrowException) as error:
        return Fault(UNREADABLE, name, first_line(error))
    return Fault(ROWS, name, f"{counted} ≠ {rows}") if counted != rows else None
