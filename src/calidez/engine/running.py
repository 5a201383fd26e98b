"""Runs one long statement so that it can tell how far it is and be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable

import duckdb

from calidez.engine.connection import memory_errors, storage_errors
from calidez.engine.errors import EngineError
from calidez.engine.report import Progress

TICK = 0.1


class Reporter:
    """Tells the caller the progress and asks whether to go on."""

    def __init__(
        self, progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool] | None, name: str
    ) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self.name = name

    def at(self, step: str, done: float) -> None:
        if self._cancelled and self._cancelled():
            raise EngineError("cancelled")
        if self._progress:
            self._progress(Progress(step, min(max(done, 0.0), 1.0)))

    def finished(self) -> None:
        """After the commit nothing may stop the load any more: the batch is there."""
        if self._progress:
            self._progress(Progress("done", 1.0))

    @property
    def watched(self) -> bool:
        return self._progress is not None or self._cancelled is not None


def run(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    reporter: Reporter,
    *,
    step: str,
    start: float,
    end: float,
) -> list[tuple]:
    """The rows of the statement; progress moves from `start` to `end` of the whole load."""
    reporter.at(step, start)
    try:
        with storage_errors(), memory_errors(reporter.name):
            if not reporter.watched:
                return connection.execute(sql).fetchall()
            return _watched(connection, sql, reporter, step, start, end)
    except duckdb.InterruptException as error:
        raise EngineError("cancelled") from error
    except duckdb.Error as error:
        raise EngineError("unreadable_file", name=reporter.name) from error


def _watched(
    connection: duckdb.DuckDBPyConnection, sql: str, reporter: Reporter, step: str, start: float, end: float
) -> list[tuple]:
    rows: list[tuple] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            rows.extend(connection.execute(sql).fetchall())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(TICK)
            share = max(connection.query_progress(), 0.0) / 100
            reporter.at(step, start + share * (end - start))
    except BaseException:
        connection.interrupt()
        thread.join()
        raise
    if failure:
        raise failure[0]
    return rows
