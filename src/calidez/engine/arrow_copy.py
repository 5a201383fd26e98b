"""Copies an Arrow stream to Parquet, as a process of its own with limits: the engine reads files, and this one says its types.

    python -m calidez.engine.arrow_copy STREAM COPY BYTES

A small stream can hold much more than it looks: what arrives on the disk counts.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from calidez.engine import limited
from calidez.engine.preparing import ROWS_PER_BYTE, SUSPECT_ROWS
from calidez.engine.sheet_copy import Refused, asked, told

# The program that sent it waits for the answer to its request.
LIMITS = limited.Limits(memory=3 << 30, seconds=60, wait=20)
MODULE = "calidez.engine.arrow_copy"


def copy_stream(path: Path, copy: Path, *, most: int) -> None:
    """EngineError says why there is no copy."""
    arguments = str(path), str(copy), str(most)
    asked(MODULE, arguments, lambda: _copied(path, copy, most), limits=LIMITS, name=path.name)


def _copied(path: Path, copy: Path, most: int) -> dict[str, Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with (
            pa.OSFile(str(path)) as file,
            pa.ipc.open_stream(file) as stream,
            pq.ParquetWriter(str(copy), stream.schema) as writer,
        ):
            rows = 0
            for batch in stream:
                rows += batch.num_rows
                # What repeats itself shrinks to nothing on the way and on the disk, and still has to be gone through.
                if rows > SUSPECT_ROWS and rows > ROWS_PER_BYTE * path.stat().st_size:
                    raise Refused("too_many_rows_declared", rows=rows)
                batch.validate(full=True)
                writer.write_batch(batch)
                if copy.stat().st_size > most:
                    raise Refused("too_large", limit=f"{most / 1e9:.3g} GB")
    except MemoryError:
        raise
    except (pa.ArrowException, ValueError):
        raise Refused("no_stream") from None
    return {}


def main() -> None:
    path, copy, most = sys.argv[1:4]
    limited.answer(lambda _say: told(lambda: _copied(Path(path), Path(copy), int(most))), LIMITS)


if __name__ == "__main__":
    main()
