"""Rows that say where a file lies say it from the data folder on, so that they are right in another one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps

from calidez.backups.database.schema import TableOf

# No path begins so, and no program reads it: it stands in archives only.
FOLDER = "{data}/"


@dataclass(frozen=True)
class Places:
    """Models name the fields in which paths stand: `stored_paths = ("path",)`."""

    folder: Path

    def of(self, table: TableOf) -> list[int]:
        try:
            named = getattr(apps.get_model(table.label), "stored_paths", ())
        except LookupError:
            return []
        return [n for n, column in enumerate(table.columns) if column.name in named]

    def out(self, value: Any) -> Any:
        return _moved(value, f"{self.folder}/", FOLDER)

    def into(self, value: Any) -> Any:
        return _moved(value, FOLDER, f"{self.folder}/")


def _moved(value: Any, before: str, after: str) -> Any:
    if isinstance(value, str):
        return after + value.removeprefix(before) if value.startswith(before) else value
    if isinstance(value, list):
        return [_moved(one, before, after) for one in value]
    if isinstance(value, dict):
        return {name: _moved(one, before, after) for name, one in value.items()}
    return value
