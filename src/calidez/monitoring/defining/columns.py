"""The columns of a dataset to choose from: by their headings, with their type and some examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format

from calidez import engine
from calidez.kit.platform.display import Option
from calidez.monitoring.defining.words import label_of
from calidez.monitoring.loading.column_kinds import shown_samples
from calidez.monitoring.models import Dataset
from calidez.monitoring.panels import type_name
from calidez.monitoring.store import store

EXAMPLES = 3


@dataclass(frozen=True)
class Columns:
    """What is known of a dataset whose columns are to be named: its schema, and what its newest rows hold."""

    schema: Any
    seen: Mapping[str, engine.Seen]

    def options(self, columns: Iterable[Any], chosen: str) -> tuple[Option, ...]:
        return tuple(Option(c.name, self.words(c), c.name == chosen) for c in columns)

    def words(self, column: Any) -> str:
        """“Wait (s): number, as 12, 15, 20”."""
        parts = [f"{label_of(self.schema, column.name)}: {type_name(column.type)}", *self.examples(column)]
        return " · ".join(parts)

    def examples(self, column: Any) -> tuple[str, ...]:
        found = self.seen.get(column.name, engine.Seen()).values[:EXAMPLES]
        said = [_number(value) for value in found] if column.type is engine.ColumnType.NUMBER else found
        return (", ".join(shown_samples(said)),) if found else ()

    def values(self, name: str) -> tuple[str, ...]:
        """What may be proposed for a condition: nothing of columns in which hardly a value comes twice."""
        found = self.seen.get(name)
        return () if found is None or found.all_different else found.values

    def every_value(self, name: str) -> tuple[str, ...]:
        """All that the newest rows hold, where those are few enough to be known; none where there may be others."""
        found = self.seen.get(name)
        return () if found is None or found.different > len(found.values) else found.values


def _number(text: str) -> str:
    """As people here write it: the engine gives “2.0”."""
    value = float(text)
    return str(number_format(int(value) if value.is_integer() else value))


def columns_of(dataset: Dataset | None, branches: Iterable[str] | None) -> Columns | None:
    """None where a dataset has no columns yet; without examples where its facts cannot be read now."""
    if dataset is None or not dataset.schema:
        return None
    schema = engine.Schema.from_json(dataset.schema)
    try:
        held = store().open(dataset.code)
        seen = engine.sample_of(held, branches=None if branches is None else list(branches))
    except engine.EngineError:
        seen = {}
    return Columns(schema, seen)
