"""The rows of each table as lines, read from one moment of a database that goes on changing; and back into one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import DatabaseError
from django.db.utils import load_backend
from django.utils.translation import gettext as _

from calidez.backups.database import values
from calidez.backups.database.places import Places
from calidez.backups.database.schema import Schema, TableOf
from calidez.kit.platform.errors import RuleBroken

_AT_ONCE = 2000
_DIGITS = 1 << 256
# Only where JSON holds a number with a point or an exponent do the databases give it back in different ways.
_DECIMAL = re.compile(r"\d[.eE]")


@contextmanager
def one_moment(connection: Any) -> Iterator[Any]:
    """Another connection to the same database that sees one moment of it, holds nobody up and writes nothing."""
    reader = _like(connection)
    try:
        with reader.cursor() as cursor:
            if reader.vendor == "postgresql":
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            else:
                cursor.execute("PRAGMA query_only = ON")
                # Not Django's own beginning here, which would take the one lock of writers.
                cursor.execute("BEGIN DEFERRED")
            cursor.execute(
                "SELECT count(*) FROM django_migrations"
            )  # the moment is that of the first reading
            yield reader
    finally:
        reader.close()


def _like(connection: Any) -> Any:
    settings = {**connection.settings_dict, "CONN_MAX_AGE": 0}
    return load_backend(settings["ENGINE"]).DatabaseWrapper(settings, connection.alias)


class Reading:
    """One table being read: its lines, and afterwards how many there were and their digest."""

    def __init__(self, connection: Any, table: TableOf, places: Places) -> None:
        self._connection, self._table, self._places = connection, table, places
        self.rows, self._sum = 0, 0

    @property
    def digest(self) -> str:
        """The sum of the digests of its lines: the order of rows, which each database has its own of, is no part of it."""
        return f"{self._sum:064x}"

    def lines(self) -> Iterator[bytes]:
        table = self._table
        writers = [(n, w) for n, w in enumerate(values.writers(table.columns)) if w is not None]
        jsons = [n for n, column in enumerate(table.columns) if column.kind == "JSONField"]
        paths = self._places.of(table)
        for raw in _raw(self._connection, table):
            row = list(raw)
            decimals = any(isinstance(row[n], str) and _DECIMAL.search(row[n]) for n in jsons)
            for place, write in writers:
                if row[place] is not None:
                    row[place] = write(row[place])
            for place in paths:
                row[place] = self._places.out(row[place])
            text = values.line(row)
            same = values.same_everywhere(row, jsons) if decimals else row
            compared = text if same is row else values.line(same)
            self._sum = (self._sum + int.from_bytes(hashlib.sha256(compared).digest(), "big")) % _DIGITS
            self.rows += 1
            yield text


def digest_of(connection: Any, table: TableOf, places: Places) -> tuple[int, str]:
    reading = Reading(connection, table, places)
    for _line in reading.lines():
        pass
    return reading.rows, reading.digest


def _raw(connection: Any, table: TableOf) -> Iterator[Sequence[Any]]:
    """As the driver gives them: fields with ideas of their own make no difference."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column.column) for column in table.columns)
    key = quote(table.model._meta.pk.column)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {quote(table.name)} ORDER BY {key}")  # noqa: S608 - names of models
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows


def clear(connection: Any, schema: Schema) -> None:
    """What migrations put into a new database, and what a visitor left there; the archive has its own."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in (*schema.tables, *schema.left_out):
            cursor.execute(f"SELECT 1 FROM {quote(table.name)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                cursor.execute(f"DELETE FROM {quote(table.name)}")  # noqa: S608


def load(connection: Any, table: TableOf, lines: Iterable[bytes], places: Places) -> None:
    try:
        with connection.cursor() as cursor:
            _put(cursor, connection, table, _rows(connection, table, lines, places))
    except (DatabaseError, ValueError, TypeError, OverflowError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise RuleBroken(
            _("The database does not take the rows of %(table)s: %(reason)s")
            % {"table": table.name, "reason": reason}
        ) from error


def _rows(connection: Any, table: TableOf, lines: Iterable[bytes], places: Places) -> Iterator[Sequence[Any]]:
    readers = [(n, r) for n, r in enumerate(values.readers(table.columns, connection)) if r is not None]
    paths = places.of(table)
    for text in lines:
        row = json.loads(text)
        if len(row) != len(table.columns):
            raise ValueError(f"{len(row)} values for {len(table.columns)} columns")
        for place in paths:
            row[place] = places.into(row[place])
        for place, read in readers:
            if row[place] is not None:
                row[place] = read(row[place])
        yield row


def _put(cursor: Any, connection: Any, table: TableOf, rows: Iterable[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column.column) for column in table.columns)
    if connection.vendor == "postgresql":
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(table.columns))
    cursor.executemany(f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def go_on_counting(connection: Any, schema: Schema) -> None:
    """The next new row gets a number behind the highest; SQLite sees to that by itself."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [one.model for one in schema.tables]):
            cursor.execute(sql)
