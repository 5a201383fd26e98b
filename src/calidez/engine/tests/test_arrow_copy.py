"""A stream of Arrow becomes a file, unless it holds far more rows than a stream of its size does."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calidez.engine import EngineError, arrow_copy


def stream(path: Path, batches: int, rows: int) -> Path:
    schema = pa.schema([("value", pa.int8())])
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, schema, options=options) as writer:
        for _batch in range(batches):
            writer.write_batch(pa.record_batch([pa.array([0] * rows, pa.int8())], schema=schema))
    return path


def test_an_ordinary_stream_is_copied(tmp_path: Path) -> None:
    arrow_copy.copy_stream(stream(tmp_path / "s", 3, 1000), tmp_path / "copy", most=1 << 30)
    assert pq.read_table(tmp_path / "copy").num_rows == 3000


def test_rows_without_end_are_refused_before_they_are_gone_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_copy, "SUSPECT_ROWS", 10_000)
    with pytest.raises(EngineError) as refusal:
        arrow_copy.copy_stream(stream(tmp_path / "s", 50, 100_000), tmp_path / "copy", most=1 << 30)
    assert refusal.value.code == "too_many_rows_declared"
    assert not pq.ParquetFile(tmp_path / "copy").metadata.num_rows > 1_000_000
