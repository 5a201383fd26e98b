"""The rows that a load refuses, in the table `rejected`, and those of which it leaves cells empty, in `emptied`: each with
its number, its cells and what is wrong with them."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from calidez.engine.aside import Aside
from calidez.engine.checking import Checks
from calidez.engine.connection import literal
from calidez.engine.formats import Format
from calidez.engine.report import CellCount
from calidez.engine.row_numbers import Numbers, nth_other, row_numbers, split
from calidez.engine.running import Reporter, run
from calidez.engine.schema import Role
from calidez.engine.sources import Source

SHAPES = {
    "MISSING COLUMNS": "too_few_cells",
    "TOO MANY COLUMNS": "too_many_cells",
    "UNQUOTED VALUE": "bad_quotes",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
}
REJECTED, EMPTIED = "rejected", "emptied"
SAMPLES, MOST_KINDS = 5, 200
# With padding the reader fills up what is missing and takes one cell too many; the rest it still cannot take.
EVEN_PADDED = ("TOO MANY COLUMNS", "LINE SIZE OVER MAXIMUM", "UNQUOTED VALUE")


@dataclass(frozen=True)
class Unreadable:
    """A row that the reader put aside: the place of its first byte, its line, what is wrong, and its text."""

    start: int
    line: int
    code: str
    text: str


@dataclass(frozen=True)
class BadRow:
    number: int
    cells: Sequence[str | None]
    code: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class BadRows:
    connection: duckdb.DuckDBPyConnection
    source: Source
    checks: Checks
    reporter: Reporter

    def from_one_pass(self, aside: Aside, noted: Aside, loaded: int) -> int | None:
        """How many rows were refused; None, and nothing done, if not every row of the file is accounted for."""
        unreadable = self.unreadable()
        if aside.overflowed or noted.overflowed or any(not row.code for row in unreadable):
            return None
        self.reporter.at("checking", 0.8)
        refused, gaps = aside.rows(), noted.rows()
        starts = [row.start for row in unreadable]
        found = row_numbers(self.source.path, self.source.delimiter, cells=[*refused, *gaps], starts=starts)
        header = 1 if self.source.has_header else 0
        told = loaded + len(refused) + len(unreadable)
        if not found.complete or found.rows != header + len(found.empty) + told:
            return None
        numbers = found.of_cells[: len(refused)], found.of_cells[len(refused) :]
        rows = [
            *(BadRow(number, cells) for number, cells in zip(numbers[0], refused, strict=True) if number),
            *(
                self._cut(row, number)
                for number, row in zip(found.of_starts, unreadable, strict=True)
                if number
            ),
        ]
        self.forget_put_aside()
        if rows:
            self._write(rows)
        if gaps:
            with_gaps = [
                BadRow(number, cells) for number, cells in zip(numbers[1], gaps, strict=True) if number
            ]
            self._write(with_gaps, EMPTIED)
        return self.count()

    def from_second_pass(self, *, gaps: bool) -> int:
        """Keep the bad rows by reading the file again, one row after the other; returns how many there are.

        With `gaps`, also the good ones of which cells are left empty.
        """
        self.forget_put_aside()
        self._read_again(REJECTED, self.checks.bad)
        put_aside = self.unreadable(*EVEN_PADDED)
        self.forget_put_aside()
        if gaps:
            self._read_again(EMPTIED, self.checks.with_gaps)
            self.forget_put_aside()
        if self.source.format is Format.CSV:
            self._renumber(put_aside, (REJECTED, EMPTIED) if gaps else (REJECTED,))
        return self.count()

    def _read_again(self, table: str, which: Callable[[str, int], str]) -> None:
        statement = f"CREATE TEMP TABLE {table} AS {which(self.source.numbered(), len(self.source.headers))}"
        run(self.connection, statement, self.reporter, step="checking", start=0.8, end=0.9)

    def add_last(self, row: Unreadable) -> None:
        """The row in which the file was cut."""
        number = row_numbers(self.source.path, self.source.delimiter).rows + 1
        self._write([self._cut(row, number)])

    def unreadable(self, *kinds: str) -> list[Unreadable]:
        """What DuckDB's reader put aside in the last pass."""
        if self.source.format is not Format.CSV or not self._has_table("reject_errors"):
            return []
        only = f"WHERE error_type::VARCHAR IN ({', '.join(map(literal, kinds))})" if kinds else ""
        found = self.connection.execute(
            "SELECT line_byte_position, min(line), any_value(error_type::VARCHAR), any_value(csv_line) "
            f"FROM reject_errors {only} GROUP BY line_byte_position ORDER BY line_byte_position"
        ).fetchall()
        return [_unreadable(*row) for row in found]

    def forget_put_aside(self) -> None:
        self.connection.execute("DROP TABLE IF EXISTS reject_errors")
        self.connection.execute("DROP TABLE IF EXISTS reject_scans")

    # What is in the table

    def count(self, table: str = REJECTED) -> int:
        if not self._has_table(table):
            return 0
        found = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(found[0]) if found else 0

    @property
    def any(self) -> bool:
        return self._has_table(REJECTED)

    def cells(self, table: str = REJECTED) -> tuple[CellCount, ...]:
        """What is wrong with the rows, by column, the commonest first."""
        found = self.connection.execute(
            "SELECT p.column, p.code, count(*), list(DISTINCT left(trim(p.value), 60) ORDER BY left(trim(p.value), 60))"
            f"[1:{SAMPLES}] FROM (SELECT unnest(_problems) AS p FROM {table}) GROUP BY ALL ORDER BY 3 DESC, 1, 2 LIMIT {MOST_KINDS}"
        ).fetchall()
        return tuple(
            CellCount(
                str(column or ""), str(code), int(count), tuple(value for value in samples or () if value)
            )
            for column, code, count, samples in found
        )

    def reasons(self) -> dict[str, int]:
        found = self.connection.execute(
            "SELECT p.code, count(*) FROM (SELECT unnest(_problems) AS p FROM rejected) GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        return {str(code): int(count) for code, count in found}

    def unknown_branches(self) -> dict[str, int]:
        found = self.connection.execute(
            "SELECT trim(p.value), count(*) FROM (SELECT unnest(_problems) AS p FROM rejected) "
            "WHERE p.code = 'unknown_branch' GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        return {str(name): int(count) for name, count in found}

    def regions(self) -> dict[str, dict[str, str]]:
        """By heading, what each unknown name stands beside: of the segments in which every name has one value, and several
        names share one, as branches do a region."""
        branch = next((cell for cell in self.checks.cells if cell.column.role is Role.BRANCH), None)
        if branch is None or not branch.positions or not self._has_table(REJECTED):
            return {}
        found = {}
        for cell in self.checks.cells:
            if cell.column.role is not Role.SEGMENT or not cell.positions:
                continue
            rows = self.connection.execute(
                f"SELECT trim({branch.text}), max(trim({cell.text})), count(DISTINCT trim({cell.text})) FROM rejected "
                f"WHERE list_contains(list_transform(_problems, p -> p.code), 'unknown_branch') GROUP BY 1 ORDER BY 1"
            ).fetchall()
            one_each = all(count == 1 and value for _name, value, count in rows)
            if one_each and 1 <= len({value for _name, value, _count in rows}) < len(rows):
                found[cell.column.source] = {str(name): str(value) for name, value, _count in rows}
        return found

    # Writing it

    def _write(self, rows: Sequence[BadRow], into_table: str = REJECTED) -> None:
        table = self._table(rows)
        self.connection.register("bad_rows", table)
        which = self.checks.bad if into_table == REJECTED else self.checks.with_gaps
        query = which("SELECT * FROM bad_rows", len(self.source.headers))
        there = self._has_table(into_table)
        into = f"INSERT INTO {into_table}" if there else f"CREATE TEMP TABLE {into_table} AS"
        self.connection.execute(f"{into} {query}")
        self.connection.unregister("bad_rows")

    def _table(self, rows: Sequence[BadRow]) -> pa.Table:
        columns: dict[str, pa.Array] = {
            "_row": pa.array([row.number for row in rows], pa.int64()),
            "_shape": pa.array([row.code for row in rows], pa.string()),
            "_beyond": pa.array([row.value for row in rows], pa.string()),
        }
        for n in range(len(self.source.headers)):
            cells = [row.cells[n] if n < len(row.cells) else None for row in rows]
            columns[f"c{n}"] = pa.array(cells, pa.string())
        return pa.table(columns)

    def _cut(self, row: Unreadable, number: int) -> BadRow:
        """Ragged rows are cut into cells as far as they go; what cannot be cut stands whole in the first."""
        if row.code not in ("too_few_cells", "too_many_cells"):
            return BadRow(number, [row.text], row.code, row.text)
        cells, width = split(row.text, self.source.delimiter), len(self.source.headers)
        return BadRow(number, cells[:width], row.code, self.source.delimiter.join(cells[width:]) or None)

    def _renumber(self, unreadable: Sequence[Unreadable], tables: Iterable[str] = (REJECTED,)) -> None:
        """Rows were numbered as the reader gave them; it skips empty ones and those that it cannot take."""
        starts = [row.start for row in unreadable]
        found = row_numbers(self.source.path, self.source.delimiter, starts=starts)
        numbers = [number or row.line for row, number in zip(unreadable, found.of_starts, strict=True)]
        for table in tables:
            self._move(found, numbers, table)
        self._write([self._cut(row, number) for row, number in zip(unreadable, numbers, strict=True)])

    def _move(self, found: Numbers, unreadable: Iterable[int], table: str) -> None:
        skipped = np.union1d(found.empty, np.asarray(list(unreadable), np.int64))
        if not len(skipped):
            return
        rows = self.connection.execute(f"SELECT _row FROM {table} ORDER BY _row").to_arrow_table()
        given = rows.column("_row").to_numpy()
        moves = pa.table({"_row": given, "number": nth_other(given, skipped)})
        self.connection.register("moves", moves)
        self.connection.execute(
            f"UPDATE {table} SET _row = moves.number FROM moves WHERE {table}._row = moves._row"
        )
        self.connection.unregister("moves")

    def _has_table(self, name: str) -> bool:
        found = self.connection.execute(
            f"SELECT count(*) FROM duckdb_tables() WHERE table_name = {literal(name)}"
        ).fetchone()
        return bool(found and found[0])


def _unreadable(position: int, line: int, kind: str, text: str | None) -> Unreadable:
    """Positions count from 1, and empty lines before the row belong to its text."""
    whole = text or ""
    bare = whole.lstrip("\r\n")
    start = int(position) - 1 + len(whole) - len(bare)
    return Unreadable(start, int(line), SHAPES.get(kind, ""), bare.rstrip("\r\n"))
