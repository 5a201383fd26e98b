"""What a declaration may put on the page of a record and beside its form; the desk draws them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from calidez.kit.core.trail import Look
from calidez.kit.platform.display import Panel, Place

Values = Mapping[str, Any]


class PanelSource(ABC):
    """Gives the panel for one record and one reader, or None when there is nothing to show.

    What stands below the first screen is `later`: the page keeps its place, and the panel is fetched when it comes into
    view, so that a page costs the same however many parts hang panels on it.
    """

    key: str
    title: Any
    place: Place = Place.MAIN
    later: bool = False

    def expected(self, entity: Any, record: Any, user: Any) -> bool:
        """Whether to keep a place for it, where that is known without asking the database."""
        return True

    @property
    def tells_the_past(self) -> bool:
        return type(self).build_past is not PanelSource.build_past

    @abstractmethod
    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None: ...

    def build_past(
        self, entity: Any, record: Any, user: Any, look: Look, request: Any = None
    ) -> Panel | None:
        """The panel as it stood at the moment looked at; None where it knows only today."""
        return None


@dataclass(frozen=True)
class Aside:
    """`content(values, record, user)` gives what the template draws as `content`, or None where nothing is to be said.

    `values` holds the fields that read well so far, as Python values; `record` is None while it is being created.
    """

    key: str
    title: Any
    template: str
    content: Callable[[Values, Any, Any], Any]
    watches: tuple[str, ...]
