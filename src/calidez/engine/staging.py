"""The good rows of a file in one Parquet file, the bad ones in a table, and the count of each."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import duckdb

from calidez.engine.aside import Aside
from calidez.engine.bad_rows import EMPTIED, BadRows, Unreadable
from calidez.engine.checking import Checks
from calidez.engine.clocks import odd_times
from calidez.engine.connection import literal, quoted, storage_errors
from calidez.engine.delta import read_files
from calidez.engine.errors import EngineError
from calidez.engine.formats import Format
from calidez.engine.repeats import Repeats
from calidez.engine.report import Interval, LoadReport, utc
from calidez.engine.running import Reporter, run
from calidez.engine.schema import ColumnType, Schema
from calidez.engine.sources import Source
from calidez.engine.store import Dataset

SLOT_SECONDS = 900  # every time zone in use is a whole number of quarter hours from UTC
YEAR_ONE = 62_135_596_800  # seconds before 1970; DuckDB divides towards zero, so nothing negative is divided
PARQUET = "FORMAT parquet, COMPRESSION zstd"


@dataclass(frozen=True)
class Staging:
    connection: duckdb.DuckDBPyConnection
    source: Source
    checks: Checks
    schema: Schema
    dataset: Dataset | None
    scratch: Path
    reporter: Reporter

    def write(self, target: Path) -> LoadReport:
        """Write the rows to load to `target`; rejected rows stay in the table `rejected`."""
        if self.source.odd_quotes and self.source.format is Format.CSV:
            closed, cut = self._without_open_row()
            return closed.write_all_but(cut, target)
        return self.write_all_but(None, target)

    def write_all_but(self, cut: Unreadable | None, target: Path) -> LoadReport:
        """Write the rows to load to `target`, and count `cut`, the last row of a file that ends in its middle, as rejected."""
        report = self._with_key(target) if self.schema.key else self._plain(target)
        if cut:
            self.bad_rows.add_last(cut)
            report = replace(report, rows_read=report.rows_read + 1, rows_rejected=report.rows_rejected + 1)
        if gaps := self.bad_rows.count(EMPTIED):
            report = replace(report, rows_with_gaps=gaps, emptied_cells=self.bad_rows.cells(EMPTIED))
        if not report.rows_rejected:
            return report
        return replace(
            report,
            reasons=self.bad_rows.reasons(),
            rejected_cells=self.bad_rows.cells(),
            unknown_branches=self.bad_rows.unknown_branches(),
            regions=self.bad_rows.regions(),
        )

    @property
    def bad_rows(self) -> BadRows:
        return BadRows(self.connection, self.source, self.checks, self.reporter)

    def _without_open_row(self) -> tuple[Staging, Unreadable | None]:
        """A quote that is never closed swallows all rows after it; only in the last row it harms no other."""
        width = len(self.source.headers)
        cells = ", ".join(f"max(c{n})" for n in range(width))
        self._run(f"SELECT {cells} FROM ({self.source.plain()})", 0.15, 0.2)
        found = self.bad_rows.unreadable("UNQUOTED VALUE")
        self.bad_rows.forget_put_aside()
        if not found:
            return replace(self, source=replace(self.source, odd_quotes=False)), None
        first = found[0]
        if "\n" in first.text:
            raise EngineError("unterminated_quote", name=self.source.name, row=first.line)
        copy = self.scratch / "closed.csv"
        with storage_errors(), self.source.path.open("rb") as file, copy.open("wb") as shorter:
            _copy_start(file, shorter, first.start)
        lines = None if self.source.lines is None else self.source.lines - 1
        return replace(self, source=replace(self.source, path=copy, odd_quotes=False, lines=lines)), first

    def _plain(self, target: Path) -> LoadReport:
        """One parallel pass writes the good rows and keeps the bad ones.

        No row takes less than a line, so as many good rows as lines prove that nothing was left out. Otherwise
        every row of the file must be accounted for, or a thorough pass, one row after the other, decides.
        """
        aside, noted = self._aside(), self._noted()
        loaded = self._copy(self._good(aside, noted), target, "writing", 0.15, 0.8)
        if loaded == self.source.lines and not noted.any:
            return LoadReport(batch="", rows_read=loaded, rows_loaded=loaded)
        rejected = self.bad_rows.from_one_pass(aside, noted, loaded) if aside else None
        if rejected is None:
            rejected = self.bad_rows.from_second_pass(gaps=noted.any)
            if loaded + rejected != self.source.lines and loaded != self._count_good():
                # The two ways of reading disagree about a ragged row: the thorough one decides.
                loaded = self._copy(self.checks.good(self._whole_rows()), target, "writing", 0.85, 0.9)
        return LoadReport(batch="", rows_read=loaded + rejected, rows_loaded=loaded, rows_rejected=rejected)

    def _aside(self) -> Aside | None:
        """Only text has rows with places and numbers of their own."""
        if self.source.format is not Format.CSV:
            return None
        return Aside(self.connection, len(self.source.headers))

    def _noted(self) -> Aside:
        return Aside(self.connection, len(self.source.headers), answer=True)

    def _good(self, aside: Aside | None, noted: Aside) -> str:
        if not aside:
            return self.checks.good(self.source.plain(), *noted.cells, note=noted.keep)
        return self.checks.good_beside(self.source.plain(), aside.cells, aside.keep, noted.keep)

    def _with_key(self, target: Path) -> LoadReport:
        """With a key every row has its number, and rows that came before are dropped."""
        numbered = self.scratch / "numbered.parquet"
        noted = self._noted()
        query = self.checks.good(self._whole_rows(), "_row", *noted.cells, note=noted.keep)
        good = self._copy(query, numbered, "writing", 0.2, 0.5)
        whole = good == self.source.lines and not noted.any
        rejected = 0 if whole else self.bad_rows.from_second_pass(gaps=noted.any)
        with storage_errors():
            self.connection.execute(f"CREATE VIEW staged AS SELECT * FROM read_parquet({literal(numbered)})")
        dropped = self._drop_repeats()
        lost = dropped["conflict"] + dropped["changed"]
        if lost:
            self._reject_dropped()
        remaining = "ANTI JOIN dropped USING (_row)" if dropped.total() else ""
        query = f"SELECT {self.checks.names} FROM staged {remaining} ORDER BY _row"
        loaded = self._copy(query, target, "writing", 0.75, 0.9)
        return LoadReport(
            batch="",
            rows_read=good + rejected,
            rows_loaded=loaded,
            rows_rejected=rejected + lost,
            rows_repeated=dropped["repeat"],
            rows_conflicting=dropped["conflict"],
            rows_known=dropped["known"],
        )

    def _copy(self, query: str, target: Path, step: str, start: float, end: float) -> int:
        statement = f"COPY ({query}) TO {literal(target)} ({PARQUET})"
        return int(run(self.connection, statement, self.reporter, step=step, start=start, end=end)[0][0])

    def _whole_rows(self) -> str:
        return f"SELECT * FROM ({self.source.numbered()}) WHERE _shape IS NULL"

    def _count_good(self) -> int:
        query = f"SELECT count(*) FROM ({self.checks.good(self._whole_rows())})"
        return int(run(self.connection, query, self.reporter, step="checking", start=0.85, end=0.9)[0][0])

    # Rows that came before

    def _drop_repeats(self) -> Counter[str]:
        repeats = Repeats(self.schema)
        self._run(f"CREATE TEMP TABLE dropped AS {repeats.inside()}", 0.6, 0.65)
        if self.dataset:
            time = self.schema.time
            # Where time is part of the key, few files can hold the same.
            existing = self._existing(self.span_of("staged") if time and time.is_key else None)
            if existing:
                self._run(f"INSERT INTO dropped {repeats.known(existing)}", 0.65, 0.75)
        found = self.connection.execute("SELECT why, count(*) FROM dropped GROUP BY 1").fetchall()
        return Counter({str(why): int(count) for why, count in found})

    def alike(self, staged: Path) -> int:
        """How many of the rows to load are exactly like rows that the dataset has, each as often as it is there."""
        both = self._against(staged, "INTERSECT ALL")
        return self._count(f"SELECT count(*) FROM ({both})") if both else 0

    def without_alike(self, staged: Path, report: LoadReport) -> LoadReport:
        """Leave out the rows that the dataset has already: a file that goes on from an earlier one repeats them."""
        new = self._against(staged, "EXCEPT ALL")
        if not new:
            return report
        rest = self.scratch / "new.parquet"
        loaded = self._copy(new, rest, "comparing", 0.9, 0.92)
        rest.replace(staged)
        return replace(report, rows_loaded=loaded, rows_known=report.rows_loaded - loaded)

    def _against(self, staged: Path, operation: str) -> str:
        """The rows to load against those that the dataset has of the same stretch of time; empty where it has none."""
        rows = f"read_parquet({literal(staged)})"
        time = self.schema.time
        if self.dataset is None or not time or not self._count(f"SELECT count(*) FROM {rows}"):
            return ""
        span = self.span_of(rows)
        existing = self._existing(span)
        if not existing or not span:
            return ""
        moment = _microseconds(time.name)
        beside = f"SELECT {self.checks.names} FROM {existing} WHERE {moment} BETWEEN {span[0]} AND {span[1]}"
        return f"SELECT {self.checks.names} FROM {rows} {operation} {beside}"

    def _existing(self, span: tuple[int, int] | None) -> str | None:
        """The files of the dataset with rows of this stretch of time, or all of them."""
        assert self.dataset
        files = list(self.dataset.files())
        if span:
            first, last = utc(span[0]), utc(span[1])
            files = [
                f
                for f in files
                if not (f.time_to and f.time_to < first) and not (f.time_from and f.time_from > last)
            ]
        return read_files(self.schema, files) if files else None

    def _reject_dropped(self) -> None:
        """Rows that contradict an earlier one join the rejected ones, with their cells as they were."""
        width = len(self.source.headers)
        cells = ", ".join(f"c{n}" for n in range(width))
        code = "CASE why WHEN 'conflict' THEN 'key_conflict' ELSE 'known_changed' END"
        query = (
            f"SELECT _row, {cells}, [{{'column': '', 'code': {code}, 'value': NULL::VARCHAR}}] AS _problems "
            f"FROM ({self.source.numbered()}) JOIN dropped USING (_row) WHERE why IN ('conflict', 'changed')"
        )
        into = "INSERT INTO rejected" if self.bad_rows.any else "CREATE TEMP TABLE rejected AS"
        self._run(f"{into} {query}", 0.7, 0.75)

    def _run(self, statement: str, start: float, end: float) -> None:
        run(self.connection, statement, self.reporter, step="comparing", start=start, end=end)

    # Time

    def span(self, staged: Path) -> tuple[tuple[int, int] | None, tuple[Interval, ...]]:
        """First and last moment (microseconds of UTC) and the stretches in which rows lie."""
        time = self.schema.time
        if not time:
            return None, ()
        step = 86_400 if time.type is ColumnType.DATE else SLOT_SECONDS
        moment = _microseconds(time.name)
        found = self.connection.execute(
            f"SELECT ({moment} + {YEAR_ONE * 1_000_000}) // {step * 1_000_000} - {YEAR_ONE // step} AS slot, min({moment}), max({moment}) "
            f"FROM read_parquet({literal(staged)}) GROUP BY slot ORDER BY slot"
        ).fetchall()
        if not found:
            return None, ()
        span = (min(int(first) for _, first, _ in found), max(int(last) for _, _, last in found))
        return span, _merged([int(slot) for slot, _, _ in found], step)

    def odd_times(self, staged: Path) -> tuple[int, int]:
        """How many times the clock skipped, and how many it showed twice."""
        if not any(cell.column.type is ColumnType.TIMESTAMP for cell in self.checks.cells):
            return 0, 0

        def rows(statement: str) -> tuple[int, ...]:
            return run(self.connection, statement, self.reporter, step="comparing", start=0.93, end=0.96)[0]

        return odd_times(self.checks.cells, f"read_parquet({literal(staged)})", self.source.plain(), rows)

    def span_of(self, rows: str) -> tuple[int, int] | None:
        time = self.schema.time
        assert time
        moment = _microseconds(time.name)
        found = self.connection.execute(f"SELECT min({moment}), max({moment}) FROM {rows}").fetchone()
        return (int(found[0]), int(found[1])) if found and found[0] is not None else None

    def _count(self, query: str) -> int:
        found = self.connection.execute(query).fetchone()
        return int(found[0]) if found else 0


def _copy_start(file: BinaryIO, target: BinaryIO, size: int) -> None:
    left = size
    while left > 0:
        chunk = file.read(min(left, 1 << 20))
        if not chunk:
            return
        target.write(chunk)
        left -= len(chunk)


def _microseconds(name: str) -> str:
    return f"epoch_us({quoted(name)})"


def _merged(slots: list[int], step: int) -> tuple[Interval, ...]:
    """Neighbouring slots as one interval."""
    firsts = [slot for n, slot in enumerate(slots) if n == 0 or slots[n - 1] != slot - 1]
    lasts = [slot for n, slot in enumerate(slots) if n + 1 == len(slots) or slots[n + 1] != slot + 1]
    return tuple(
        Interval(utc(first * step * 1_000_000), utc((last + 1) * step * 1_000_000))
        for first, last in zip(firsts, lasts, strict=True)
    )
