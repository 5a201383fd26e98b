"""Tables on a record's page: the records of another kind that lead to it, and the rows that belong to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access, cells, children, reach
from calidez.kit.core.blocks import PanelSource
from calidez.kit.desk.lists.columns import available
from calidez.kit.desk.lists.filters import narrow
from calidez.kit.desk.lists.query import ListQuery
from calidez.kit.desk.lists.selecting import fetched
from calidez.kit.desk.made_from import new_button
from calidez.kit.platform.display import CellKind, Empty, Header, Link, Panel, Row, Table

TEMPLATE = "kit/panels/table.html"


@dataclass(frozen=True)
class Related(PanelSource):
    """The records of another kind that lead to this one: `Related(Objective, by="commitment")`.

    They are read through their own door and in their own order. `by` is the path from them to the record, by foreign
    keys and many-to-many fields; `columns` are theirs by name, or columns of this table alone; `where` leaves out some
    that nobody looks for here; `new` False, or a function of the record that says no, offers no form for a new one.
    Columns that say nothing, or the same as the page itself, are left out. Without any row the panel is hidden,
    unless `empty` says something.
    """

    model: type[models.Model]
    by: str
    columns: tuple[Any, ...] = ()
    title: Any = ""
    empty: Any = ""
    key: str = ""
    where: models.Q | None = None
    order: tuple[Any, ...] = ()
    most: int = 20
    new: bool | Callable[[Any], bool] = True
    later: bool = False

    def __post_init__(self) -> None:
        _name(self, self.model._meta.verbose_name_plural)

    def expected(self, entity: Any, record: Any, user: Any) -> bool:
        return catalog.of(self.model).may(user, access.VIEW)

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        other = catalog.of(self.model)
        if not other.may(user, access.VIEW):
            return None
        known = available(other)
        columns = [known.get(c, c) if isinstance(c, str) else c for c in self.columns or other.columns]
        shown = tuple(c for c in columns if c not in (self.by, *other.secret_fields))
        order = (*(self.order or other.ordering), "pk")
        found = list(
            fetched(other, self._leading(other, record, user).order_by(*order), shown)[: self.most + 1]
        )
        drawn = found[: self.most]
        if "unit" in shown and _in_its_unit(drawn, record):
            shown = tuple(c for c in shown if c != "unit")
        more = self._more(other, record, user) if len(found) > self.most else None
        new = None
        if "__" not in self.by and (self.new(record) if callable(self.new) else self.new):
            new = new_button(other, self.by, record, user)
        return _panel(self, _table(other, drawn, shown, user, other.url), more, new)

    def _leading(self, other: Any, record: Any, user: Any) -> models.QuerySet[Any]:
        led, way = {self.by: record}, cells.field_of(self.model, self.by)
        records = other.queryset(user)
        if way.auto_created and not way.many_to_many and getattr(record, way.field.attname) is None:
            return records.none()  # the record itself says that it leads to none
        if "__" in self.by or way.many_to_many:
            # Several ways may lead to the same record; asked by key, each of them stands there once.
            records = records.filter(pk__in=self.model._default_manager.filter(**led).order_by().values("pk"))
        else:
            records = records.filter(**led)
        return records if self.where is None else records.filter(self.where)

    def _more(self, other: Any, record: Any, user: Any) -> Link:
        """All of them in their list, with the number that stands there."""
        if self.by not in other.filters:
            return Link(_("and others"), "")
        query = ListQuery({self.by: str(record.uid)})
        count = narrow(other.queryset(user).order_by(), other, user, self.by, query).count()
        return Link(_("All %(count)s") % {"count": count}, f"{other.list_url()}{query.url()}")


@dataclass(frozen=True)
class Rows(PanelSource):
    """The rows that belong to a record, as those that are written in its form: `Rows(StandardBasis)`.

    Where `seen` names a field, the rows are those at whose record in that field the reader may look.
    """

    model: type[models.Model]
    columns: tuple[Any, ...] = ()  # empty: those of the form
    title: Any = ""  # empty: that of the form
    empty: Any = ""
    key: str = ""
    order: tuple[Any, ...] = ()
    seen: str = ""
    later: bool = False

    def __post_init__(self) -> None:
        _name(self, self.model._meta.verbose_name_plural)

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        child = next((one for one in entity.children if one.model is self.model), None)
        shown = self.columns or (child.fields if child is not None else ())
        order = (*(self.order or ((child.order,) if child is not None and child.order else ())), "pk")
        rows = self.model._default_manager.filter(**{children.link(self.model, type(record)): record})
        if self.seen:
            target = catalog.of(cells.field_of(self.model, self.seen).related_model)
            rows = rows.filter(**{f"{self.seen}__in": target.queryset(user)})
        along = [c for c in shown if isinstance(c, str) and cells.field_of(self.model, c).is_relation]
        found = list(rows.select_related(*along).order_by(*order))
        return _panel(self, _table(self, found, shown, user, None))


def _name(source: Related | Rows, title: Any) -> None:
    """What the declaration does not say follows from the kind."""
    object.__setattr__(source, "title", source.title or capfirst(title))
    object.__setattr__(source, "key", source.key or source.model._meta.model_name)


def _table(
    entity: Any, records: Sequence[Any], columns: Sequence[Any], user: Any, url: Callable[[Any], str] | None
) -> Table:
    """The records as rows, with the columns that say anything; each costs at most one query, for what may be opened."""
    told = []
    for place, column in enumerate(columns):
        shown = [cells.cell_of(entity, one, column) for one in records]
        if place == 0 and url is not None:
            named = zip(shown, records, strict=True)
            told.append((column, [cells.cell(Link(str(cells.bare(c)) or str(r), url(r))) for c, r in named]))
        elif any(cell.kind != CellKind.EMPTY for cell in shown):
            told.append((column, reach.in_a_column(shown, records, column, user)))
    headers = tuple(
        Header(cells.column_label(entity, column), numeric=cells.is_numeric(entity, column))
        for column, _cells in told
    )
    rows = tuple(
        Row(url(one) if url is not None else "", tuple(shown[place] for _column, shown in told), str(one))
        for place, one in enumerate(records)
    )
    return Table(headers, rows)


def _panel(source: Related | Rows, table: Table, more: Any = None, new: Any = None) -> Panel | None:
    if not table.rows and not source.empty:
        return None
    empty = Empty(str(source.empty), new) if not table.rows else None
    content = Table(table.headers, table.rows, empty, more, new if table.rows else None)
    return Panel(source.key, str(source.title), TEMPLATE, content)


def _in_its_unit(records: Sequence[Any], record: Any) -> bool:
    """Whether all belong to the unit of the page itself, so that its name in each row would only take room."""
    own = getattr(record, "unit_id", None)
    return all(one.unit_id == own for one in records)
