"""DuckDB opened with limits of our own, and its errors turned into ours."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from calidez.engine.errors import EngineError

MEMORY_LIMIT = "1GB"
# A table takes a quarter of a megabyte for each column before it holds a row.
WIDE, WIDE_LIMIT = 1_500, "2GB"
# Beyond so many columns, looking for expressions that two of them share takes longer than everything else together.
MANY_EXPRESSIONS = 300


@contextmanager
def connect(
    scratch: Path, *, columns: int = 0, memory_limit: str = MEMORY_LIMIT
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database that spills into `scratch`, in UTC, without extensions from elsewhere.

    `columns` is how many the file has that is read.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": WIDE_LIMIT if columns > WIDE else memory_limit,
            "temp_directory": str(scratch / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        if columns > MANY_EXPRESSIONS:
            connection.execute("SET disabled_optimizers = 'common_subexpressions'")
        # Progress is asked for, never printed.
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        yield connection
    finally:
        connection.close()


@contextmanager
def storage_errors() -> Iterator[None]:
    """A full disk and a folder that cannot be written are refusals, never tracebacks."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException) as error:
        if _disk_is_full(error):
            raise EngineError("disk_full") from error
        raise EngineError("storage_failed", detail=first_line(error)) from error


@contextmanager
def reading(dataset: str) -> Iterator[None]:
    """While facts are read, only what is spilled is written: whatever else fails is the dataset's own damage."""
    try:
        with storage_errors():
            yield
    except EngineError as error:
        if error.code == "storage_failed" and ".parquet" in str(error):
            raise EngineError("dataset_damaged", dataset=dataset, detail=error.params["detail"]) from error
        raise
    except duckdb.InterruptException:
        raise  # whoever interrupted it knows why
    except duckdb.Error as error:
        raise EngineError("dataset_damaged", dataset=dataset, detail=first_line(error)) from error


@contextmanager
def within(connection: duckdb.DuckDBPyConnection, seconds: float | None, dataset: str) -> Iterator[None]:
    """What takes longer is interrupted and refused; None waits as long as it takes."""
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, connection.interrupt)
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise EngineError("took_too_long", dataset=dataset) from error
    finally:
        timer.cancel()


@contextmanager
def memory_errors(name: str) -> Iterator[None]:
    """What the file `name` takes beyond the memory of a connection is a refusal of the file."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        if _disk_is_full(error):  # what would not fit was to go there
            raise
        raise EngineError("too_much_memory", name=name) from error


def _disk_is_full(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    text = str(error).lower()
    return any(
        sign in text for sign in ("no space left", "disk quota", "file too large", "max_temp_directory_size")
    )


def first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """An SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
