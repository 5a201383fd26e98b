"""The list of one kind of record as plain values, ready to be drawn."""

from __future__ import annotations

from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.core import cells, reach
from calidez.kit.core.any_record import look_up
from calidez.kit.desk.brought import brought
from calidez.kit.desk.bulk.offers import Offer, offers
from calidez.kit.desk.intake.services import may_load
from calidez.kit.desk.lists import columns, counting, filters, grouping
from calidez.kit.desk.lists.query import ListQuery
from calidez.kit.desk.lists.selecting import fetched, narrowed, order
from calidez.kit.desk.navigation import above, way_to_begin
from calidez.kit.platform.display import (
    BulkBar,
    Button,
    Empty,
    GroupHead,
    Header,
    Link,
    ListPage,
    Option,
    Pager,
    Row,
    ViewsBar,
)

PAGE_SIZE = 25


def list_page(entity: Any, user: Any, params: Any, looked: ViewsBar | None = None) -> ListPage:
    """`looked`: the saved views above the list, where it is drawn with them."""
    query = params if isinstance(params, ListQuery) else ListQuery(params)
    shown = columns.chosen(entity, query)
    records = narrowed(entity, user, query)
    shown_filters = filters.drawn(entity, user, query)
    chips = filters.chips(shown_filters, query)
    hidden = None if chips or query.search else entity.hidden_in_list()
    if hidden is not None:
        records = records.exclude(hidden)
    ways = order(entity, query)
    layout = grouping.layout(entity, user, records, query)
    heads: dict[int, tuple[GroupHead, ...]] = {}
    tail: tuple[GroupHead, ...] = ()
    if layout is None:
        found = counting.page_of(records.order_by(*ways), query.page, PAGE_SIZE, searched=bool(query.search))
    else:
        part = layout.page_at(query.page, PAGE_SIZE)
        keys = counting.keys_at(part.records(records, ways), part.skip, part.size, part.found)
        found = counting.Keys(keys, part.number, layout.pages(PAGE_SIZE), layout.open)
        heads, tail = part.heads(query)
    doing = offers(entity, user)
    rows = tuple(
        _row(entity, record, user, shown, heads.get(place, ()), pick=bool(doing))
        for place, record in enumerate(_records(entity, found.keys, shown, user))
    )
    start = (found.number - 1) * PAGE_SIZE
    primary = _creating(entity, user)
    return ListPage(
        key=entity.key,
        title=entity.label_plural[:1].upper() + entity.label_plural[1:],
        help=str(entity.help),
        notice=entity.notice(user),
        brought=brought(user, f"{entity.part}.{entity.key}"),
        headers=tuple(_header(entity, column, query) for column in shown),
        rows=rows,
        pager=Pager(
            found.total,
            min(start + 1, found.total),
            start + len(rows),
            query.url(page=str(found.number - 1)) if found.number > 1 else "",
            query.url(page=str(found.number + 1)) if found.number < found.last else "",
            more=found.more,
        ),
        search=query.search,
        search_label=_("Search in %(kind)s") % {"kind": entity.label_plural} if entity.search else "",
        filters=shown_filters,
        chips=chips,
        clear_url=looked.all_url if looked else entity.list_url(),
        primary=primary,
        actions=_loading(entity, user),
        downloads=_downloads(entity, user, query) if rows or tail else (),
        empty=None if rows or tail else _empty(entity, user, bool(chips or query.search), primary, looked),
        icon="filter" if chips or query.search else entity.icon,
        crumbs=above(entity.section),
        coded=bool(entity.code) and shown[0] == "code",
        columns=columns.items(entity, shown),
        columns_kept=query.without("columns"),
        columns_usual_url=query.url(columns=None),
        groups=_groups(entity, query),
        kept=tuple(
            (k, v) for k, v in query.params.items() if v and k in {"sort", "columns", "group", "view"}
        ),
        tail=tail,
        views=looked,
        bulk=_bulk(entity, doing, query, found) if doing and rows else None,
    )


def _records(entity: Any, keys: list[Any], shown: tuple[Any, ...], user: Any) -> list[Any]:
    """The rows of the page alone, with what their columns read."""
    records = fetched(entity, entity.model._default_manager.filter(pk__in=keys), shown)
    found = {record.pk: record for record in records}
    look_up(list(found.values()), user)
    return [found[key] for key in keys if key in found]


def _row(
    entity: Any, record: Any, user: Any, shown: tuple[Any, ...], heads: Any = (), *, pick: bool = False
) -> Row:
    url = entity.url(record)
    built = []
    for position, column in enumerate(shown):
        cell = reach.in_a_list(cells.cell_of(entity, record, column), record, column, user)
        if position == 0:
            cell = cells.cell(Link(str(cells.plain(cell)) or str(record), url))
        built.append(cell)
    box = f"{record.uid}:{record.version}" if pick else ""
    return Row(url, tuple(built), str(record), pick=box, heads=tuple(heads))


def _header(entity: Any, column: Any, query: ListQuery) -> Header:
    sort = cells.column_sort(entity, column)
    current = query.sort
    state = {sort: "ascending", f"-{sort}": "descending"}.get(current, "") if sort else ""
    next_sort = f"-{sort}" if state == "ascending" else sort
    return Header(
        cells.column_label(entity, column),
        query.url(sort=next_sort) if sort else "",
        state,
        numeric=cells.is_numeric(entity, column),
    )


def _groups(entity: Any, query: ListQuery) -> tuple[Link, ...]:
    names = grouping.groupable(entity)
    if not names:
        return ()
    current = query.group if query.group in names else ""
    none = Link(_("no groups"), query.url(group=None, closed=None), current=not current)
    return (
        none,
        *(
            Link(
                cells.column_label(entity, name), query.url(group=name, closed=None), current=name == current
            )
            for name in names
        ),
    )


def _creating(entity: Any, user: Any) -> Button | None:
    if not entity.created_in_form:
        return cast(
            "Button | None", entity.empty_page(user).action
        )  # what comes by another way comes by it later too
    if entity.creation is None or not entity.may(user, "create"):
        return None
    return Button(entity.create_label, entity.list_url() + "new/", icon="plus", primary=True)


def _bulk(entity: Any, doing: tuple[Offer, ...], query: ListQuery, found: counting.Keys) -> BulkBar:
    steps = tuple(Option(offer.key, offer.text) for offer in doing if offer.key.startswith("step:"))
    fields = tuple(Option(offer.key, offer.text) for offer in doing if offer.key.startswith("field:"))
    return BulkBar(f"{entity.list_url()}bulk/", steps, fields, query.url(), found.total, found.more)


def _loading(entity: Any, user: Any) -> tuple[Button, ...]:
    if not may_load(entity, user):
        return ()
    return (
        Button(_("Load from a file"), reverse("kit:intake-start", args=[entity.slug]), icon="file-import"),
    )


def _downloads(entity: Any, user: Any, query: ListQuery) -> tuple[Button, ...]:
    if not entity.may(user, "export"):
        return ()
    address = query.url()
    return (
        Button(
            _("Download as a spreadsheet (XLSX)"),
            f"{entity.list_url()}export.xlsx{address}",
            icon="file-spreadsheet",
        ),
        Button(_("Download CSV"), f"{entity.list_url()}export.csv{address}", icon="download"),
    )


def _empty(entity: Any, user: Any, narrowed_: bool, primary: Button | None, looked: ViewsBar | None) -> Empty:
    if narrowed_:
        return Empty(
            _("Nothing matches these filters."),
            Button(_("Show all"), looked.all_url if looked else entity.list_url()),
        )
    page = entity.empty_page(user)
    other = way_to_begin(f"{entity.part}.{entity.key}", user)
    return Empty(page.text, page.action or primary, page.example or other)
