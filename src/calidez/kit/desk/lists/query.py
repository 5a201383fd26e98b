"""What the address of a list asks for: search, filters, sort, columns, group and page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

MOST_COLUMNS = 20
# What belongs to the way of looking, and not to the place one has reached.
_PASSING = {"page", "closed"}


@dataclass(frozen=True)
class ListQuery:
    """What the address asks for; unknown or malformed parts are ignored, never an error page."""

    params: Mapping[str, str]

    @classmethod
    def of(cls, given: Any) -> ListQuery:
        """From a request's values: boxes of the same name, as a plain form sends them, become one list."""
        several = {"columns", "closed"}
        return cls(
            {
                name: ",".join(filter(None, values)) if name in several else values[-1]
                for name, values in given.lists()
                if values
            }
        )

    @property
    def search(self) -> str:
        return self.params.get("q", "").replace("\x00", "").strip()[:200]

    @property
    def page(self) -> int:
        number = self.params.get("page", "1")
        return max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1

    @property
    def sort(self) -> str:
        return self.params.get("sort", "")

    @property
    def columns(self) -> tuple[str, ...]:
        """The chosen columns' names in their order; empty: the entity's own."""
        names = (name.strip() for name in self.params.get("columns", "")[:2000].split(","))
        return tuple(dict.fromkeys(filter(None, names)))[:MOST_COLUMNS]

    @property
    def group(self) -> str:
        return self.params.get("group", "")

    @property
    def closed(self) -> frozenset[str]:
        """The groups whose rows are folded away."""
        return frozenset(filter(None, self.params.get("closed", "")[:4000].split(",")))

    @property
    def narrowed(self) -> bool:
        """Whether more than the way of looking is asked for: then the records are not all."""
        ways = {"sort", "columns", "group", "view", *_PASSING}
        return any(value for name, value in self.params.items() if name not in ways)

    def without(self, *names: str) -> tuple[tuple[str, str], ...]:
        """What a form carries along beside its own fields."""
        left = {*names, *_PASSING}
        return tuple((k, v) for k, v in self.params.items() if v and k not in left)

    def url(self, **changes: str | None) -> str:
        """The address with some parts changed; any change but of the page goes back to the first page."""
        merged = {k: v for k, v in self.params.items() if v and k != "page"}
        for name, value in changes.items():
            if value:
                merged[name] = value
            else:
                merged.pop(name, None)
        return "?" + urlencode(merged)
