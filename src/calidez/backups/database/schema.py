"""Which tables there are, as the applied migrations say: an older schema than the program's is written and read too."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps as installed
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from calidez.backups.archive.manifest import damaged
from calidez.backups.database.values import Column, column_of
from calidez.kit.platform.errors import RuleBroken

Applied = tuple[tuple[str, str], ...]
# Who is signed in where, and who mistyped a password: people sign in again after a restore.
LEFT_OUT = frozenset(
    {
        "sessions.session",
        "people.session",
        "axes.accessattempt",
        "axes.accessattemptexpiration",
        "axes.accessfailurelog",
        "axes.accesslog",
    }
)


@dataclass(frozen=True)
class TableOf:
    """One model's table, with the columns in the order of its fields."""

    model: Any
    label: str
    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Schema:
    applied: Applied
    tables: tuple[TableOf, ...]
    left_out: tuple[TableOf, ...]

    def table(self, label: str) -> TableOf | None:
        return next((one for one in self.tables if one.label == label), None)


def of_database(connection: Any) -> Schema:
    """As it is, up to date or not."""
    loader = MigrationLoader(connection)
    applied = tuple(sorted(key for key in loader.applied_migrations if key in loader.graph.nodes))
    return _schema(loader, applied)


def of_migrations(connection: Any, applied: Applied) -> Schema:
    """As it was where these migrations were applied. Refuses what this program does not know."""
    loader = MigrationLoader(connection)
    _need_known(loader, applied)
    return _schema(loader, applied)


def bring_to(connection: Any, applied: Applied) -> None:
    """An empty database gets the tables of just these migrations."""
    executor = MigrationExecutor(connection)
    executor.migrate(_last_of(executor.loader, applied))


def _schema(loader: MigrationLoader, applied: Applied) -> Schema:
    state = loader.project_state(_last_of(loader, applied))
    tables: list[TableOf] = []
    left_out: list[TableOf] = []
    for model in state.apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        label = model._meta.label_lower
        columns = tuple(column_of(field) for field in model._meta.local_concrete_fields)
        found = left_out if label in LEFT_OUT else tables
        found.append(TableOf(model, label, model._meta.db_table, columns))
    return Schema(applied, _by_label(tables), _by_label(left_out))


def _by_label(tables: list[TableOf]) -> tuple[TableOf, ...]:
    return tuple(sorted(tables, key=lambda one: one.label))


def _last_of(loader: MigrationLoader, applied: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """The migrations on which no other of their part stands: going to them is going to all of these."""
    given = {key for key in applied if key in loader.graph.nodes}
    below = {parent.key for key in given for parent in _parents(loader, key) if parent.key[0] == key[0]}
    return sorted(given - below)


def _parents(loader: MigrationLoader, key: tuple[str, str]) -> Iterable[Any]:
    return loader.graph.node_map[key].parents


def _need_known(loader: MigrationLoader, applied: Applied) -> None:
    replaced = {key for one in loader.replacements.values() for key in one.replaces}
    unknown = [
        key
        for key in applied
        if key not in loader.graph.nodes and key not in replaced and key not in loader.disk_migrations
    ]
    here = {config.label for config in installed.get_app_configs()}
    foreign = sorted({app for app, _name in unknown if app not in here})
    if foreign:
        raise RuleBroken(
            _(
                "The archive holds records of parts that this installation does not have: %(parts)s. Install them and name them in CALIDEZ_PARTS."
            )
            % {"parts": ", ".join(foreign)}
        )
    if unknown:
        raise RuleBroken(
            _(
                "This archive was made by a newer version of Calidez: it holds changes of the database that this version does not know, such as %(name)s. Install that version or a later one, and restore it there."
            )
            % {"name": ".".join(unknown[0])}
        )


def need_same_columns(schema: Schema, said: Iterable[Any]) -> None:
    """What the manifest says of its tables must be what its migrations make."""
    told = {table.label: (table.table, tuple(table.columns)) for table in said}
    made = {one.label: (one.name, tuple(c.name for c in one.columns)) for one in schema.tables}
    if told != made:
        different = sorted({label for label in {*told, *made} if told.get(label) != made.get(label)})
        raise damaged(_("its tables are not those of its version (%(name)s)") % {"name": different[0]})
