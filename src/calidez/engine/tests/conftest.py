"""A dataset of visits in a fresh folder, and a short way to load text into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from calidez.engine import Column, ColumnType, Dataset, LoadReport, Role, Schema, Store, load_file

VISITS = Schema(
    (
        Column("seen_at", "Seen at", ColumnType.TIMESTAMP, Role.TIME, date_order="ymd"),
        Column("branch", "Branch", ColumnType.TEXT, Role.BRANCH),
        Column("channel", "Channel", ColumnType.TEXT, Role.SEGMENT),
        Column("waiting", "Waiting", ColumnType.NUMBER, Role.VALUE, unit="min"),
        Column("score", "Score", ColumnType.INTEGER, Role.VALUE),
        Column("solved", "Solved", ColumnType.BOOLEAN, Role.VALUE),
    )
)
HEADER = "Seen at,Branch,Channel,Waiting,Score,Solved\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "datasets")


@pytest.fixture
def visits(store: Store) -> Dataset:
    return store.create("visits", VISITS)


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., LoadReport]:
    """Write text (or bytes) to a file and load it; every column is one that an indicator needs, unless told otherwise."""

    def write_and_load(
        dataset: Dataset, content: str | bytes, name: str = "file.csv", **more: object
    ) -> LoadReport:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        given = {"needed": [column.name for column in dataset.schema.stored], **more}
        return load_file(dataset, path, reject_dir=tmp_path / "rejects", **given)  # type: ignore[arg-type]

    return write_and_load
