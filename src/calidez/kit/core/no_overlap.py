"""A database constraint: the periods of one record never overlap, so that on every day at most one holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q

# PostgreSQL keeps ranges apart by itself, and two ranges need no extension of the database; SQLite asks in triggers.
_EXCLUDE = (
    "EXCLUDE USING gist (int8range({of}, {of}, '[]') WITH &&, daterange({starts}, {ends}, '[]') WITH &&)"
)
_TRIGGER = (
    "CREATE TRIGGER {name} BEFORE {event} ON %(table)s WHEN EXISTS (SELECT 1 FROM %(table)s AS other "
    "WHERE other.{of} = NEW.{of} AND other.{starts} <= COALESCE(NEW.{ends}, '9999-12-31') "
    "AND NEW.{starts} <= COALESCE(other.{ends}, '9999-12-31'){apart}) "
    "BEGIN SELECT RAISE(ABORT, '{name}'); END"
)


class NoOverlap(models.BaseConstraint):
    """`of` names the reference to the record whose periods are kept apart; a period without an end never ends."""

    def __init__(self, *, of: str, starts: str = "starts", ends: str = "ends", **options: Any) -> None:
        super().__init__(**options)
        self.of, self.starts, self.ends = of, starts, ends

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        quoted = self._quoted(model, schema_editor)
        if schema_editor.connection.vendor == "postgresql":
            return f"CONSTRAINT {quoted['name']} {_EXCLUDE.format(**quoted)}"
        for event, apart in (("INSERT", ""), ("UPDATE", " AND other.rowid <> OLD.rowid")):
            named = {**quoted, "name": f"{self.name}_{event.lower()}"}
            sql = _TRIGGER.format(**named, event=event, apart=apart)
            table = Table(model._meta.db_table, schema_editor.quote_name)
            schema_editor.deferred_sql.append(Statement(sql, table=table))
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return Statement(
            "ALTER TABLE %(table)s ADD %(constraint)s",
            table=table,
            constraint=self.constraint_sql(model, schema_editor),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        starts, ends = getattr(instance, self.starts), getattr(instance, self.ends)
        of = model._meta.get_field(self.of).attname
        if starts is None or getattr(instance, of) is None:
            return
        others = model._base_manager.using(using).filter(
            Q(**{f"{self.ends}__isnull": True}) | Q(**{f"{self.ends}__gte": starts}),
            **{of: getattr(instance, of), f"{self.starts}__lte": ends or dt.date.max},
        )
        if others.exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def deconstruct(self) -> Any:
        path, args, options = super().deconstruct()
        return path, args, {**options, "of": self.of, "starts": self.starts, "ends": self.ends}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # as Django's own constraints: compared, never kept in a set

    def _quoted(self, model: Any, schema_editor: Any) -> dict[str, str]:
        names = {"of": self.of, "starts": self.starts, "ends": self.ends}
        columns = {key: model._meta.get_field(name).column for key, name in names.items()}
        return {
            key: schema_editor.quote_name(column) for key, column in {**columns, "name": self.name}.items()
        }
