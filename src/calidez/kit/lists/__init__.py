"""Lists: search, filters, columns, groups, sort and pages as a fixed number of queries over the entity's door."""

from calidez.kit.lists.page import list_page
from calidez.kit.lists.query import ListQuery
from calidez.kit.lists.selecting import select

__all__ = ["ListQuery", "list_page", "select"]
