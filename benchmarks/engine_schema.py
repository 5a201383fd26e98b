"""The generated events as a dataset; shared by the benchmarks of the engine."""

from calidez.engine import Column, ColumnType, Role, Schema

SCHEMA = Schema(
    (
        Column("event_time", "event_time", ColumnType.TIMESTAMP, Role.TIME, date_order="ymd"),
        Column("branch", "branch", ColumnType.TEXT, Role.BRANCH),
        Column("channel", "channel", ColumnType.TEXT, Role.SEGMENT),
        Column("agent", "agent", ColumnType.TEXT, Role.SEGMENT),
        Column("duration", "duration", ColumnType.NUMBER, Role.VALUE, unit="s"),
        Column("waiting_seconds", "waiting_seconds", ColumnType.INTEGER, Role.VALUE, unit="s"),
        Column("rating", "rating", ColumnType.INTEGER, Role.VALUE),
    )
)
