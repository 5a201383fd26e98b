"""What Delta's log says of a dataset: the schema, the files with their stretch of time, and their statistics."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, Field
from deltalake import Schema as DeltaSchema
from deltalake.schema import PrimitiveType

from calidez.engine.connection import literal, quoted
from calidez.engine.errors import EngineError
from calidez.engine.parsing import STORAGE
from calidez.engine.report import utc
from calidez.engine.schema import Column, ColumnType, Schema

DELTA_TYPE = {
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "long",
    ColumnType.NUMBER: "double",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamp",
}


@dataclass(frozen=True)
class DataFile:
    """One Parquet file of a dataset with the stretch of time in it, both ends included."""

    path: Path
    batch: str
    rows: int
    when: datetime
    time_from: datetime | None
    time_to: datetime | None


def delta_schema(schema: Schema) -> DeltaSchema:
    return DeltaSchema(
        [
            Field(
                column.name, PrimitiveType(DELTA_TYPE[column.type]), nullable=True, metadata=_metadata(column)
            )
            for column in schema.stored
        ]
    )


def _metadata(column: Column) -> dict[str, str]:
    return {"calidez.column": json.dumps(column.to_json(), sort_keys=True)}


def column_of(field: Field) -> Column:
    return Column.from_json(json.loads(str(field.metadata["calidez.column"])))


def actions_of(table: DeltaTable) -> list[dict[str, object]]:
    return pa.table(table.get_add_actions(flatten=True)).to_pylist()


def data_file(root: Path, time_column: Column | None, row: dict[str, object]) -> DataFile:
    name = str(row["path"])
    start = row.get(f"min.{time_column.name}") if time_column else None
    end = row.get(f"max.{time_column.name}") if time_column else None
    return DataFile(
        path=root / name,
        batch=batch_of(name),
        rows=int(str(row["num_records"] or 0)),
        when=_aware(row["modification_time"]) or datetime.now(UTC),
        time_from=_aware(start),
        time_to=_aware(end),
    )


def batch_of(file_name: str) -> str:
    return file_name.rsplit("-", 1)[0]


def _aware(value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, int):
        return utc(value * 1000)
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def statistics_of(time_column: Column | None, rows: int, span: tuple[int, int] | None) -> dict[str, object]:
    stats: dict[str, object] = {"numRecords": rows}
    if time_column and span:
        first, last = (_stat(time_column, moment) for moment in span)
        stats |= {
            "minValues": {time_column.name: first},
            "maxValues": {time_column.name: last},
            "nullCount": {},
        }
    return stats


def _stat(column: Column, microseconds: int) -> str:
    moment = utc(microseconds)
    if column.type is ColumnType.DATE:
        return moment.date().isoformat()
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def overlaps(file: DataFile, since: datetime | None, until: datetime | None) -> bool:
    if since and file.time_to and file.time_to < since:
        return False
    return not (until and file.time_from and file.time_from >= until)


def read_files(schema: Schema, files: list[DataFile]) -> str:
    if not files:
        cells = ", ".join(
            f"NULL::{STORAGE[column.type]} AS {quoted(column.name)}" for column in schema.stored
        )
        return f"(SELECT {cells} WHERE false)"
    for file in files:
        if not file.path.is_file():
            raise EngineError("dataset_file_missing", dataset=file.path.parent.name, file=file.path.name)
    paths = ", ".join(literal(file.path) for file in files)
    return f"read_parquet([{paths}])"
