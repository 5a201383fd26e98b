"""Lists: search, filters, columns, groups, sort and pages as a fixed number of queries over the entity's door."""

from calidez.kit.desk.lists.page import list_page
from calidez.kit.desk.lists.query import ListQuery
from calidez.kit.desk.lists.selecting import select

__all__ = ["ListQuery", "list_page", "select"]
