"""Rows that have come before: twice in the same file, or in the dataset already, found by their key."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from dataclasses import dataclass

from calidez.engine.connection import quoted
from calidez.engine.schema import Schema


@dataclass(frozen=True)
class Repeats:
    """Statements over the table `staged` (with `_row`), filling `dropped(_row, why)`."""

    schema: Schema

    @property
    def _keys(self) -> list[str]:
        return [quoted(column.name) for column in self.schema.key]

    @property
    def _rest(self) -> list[str]:
        keys = {column.name for column in self.schema.key}
        return [quoted(column.name) for column in self.schema.stored if column.name not in keys]

    def inside(self) -> str:
        """Of rows with the same key the first in the file stays; the others repeat it or contradict it.

        Only rows whose key has a hash that occurs twice are compared, so unique files stay cheap.
        """
        keys = ", ".join(self._keys)
        window = f"OVER (PARTITION BY {keys} ORDER BY _row)"
        content = _row_of(self._rest)
        return f"""
            WITH twice AS (SELECT hash({keys}) AS h FROM staged GROUP BY h HAVING count(*) > 1),
            compared AS (
                SELECT _row, row_number() {window} AS nth, {content} AS content,
                       first_value({content}) {window} AS first_content
                FROM staged WHERE hash({keys}) IN (SELECT h FROM twice)
            )
            SELECT _row, CASE WHEN content IS DISTINCT FROM first_content THEN 'conflict' ELSE 'repeat' END AS why
            FROM compared WHERE nth > 1
        """

    def known(self, existing: str) -> str:
        """Rows whose key the dataset already has, with the same content or another."""
        same = " AND ".join(f"e.{key} IS NOT DISTINCT FROM s.{key}" for key in self._keys)
        changed = " OR ".join(f"e.{name} IS DISTINCT FROM s.{name}" for name in self._rest) or "false"
        return f"""
            SELECT s._row, CASE WHEN bool_or({changed}) THEN 'changed' ELSE 'known' END AS why
            FROM (SELECT * FROM staged WHERE _row NOT IN (SELECT _row FROM dropped)) s
            JOIN {existing} e ON {same}
            GROUP BY s._row
        """


def _row_of(names: list[str]) -> str:
    return f"row({', '.join(names)})" if names else "true"
