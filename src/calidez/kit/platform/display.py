"""What a page shows, as plain frozen values, so that templates only loop and never decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Tone(StrEnum):
    """A meaning with a fixed colour, icon and word everywhere (UI: never colour alone)."""

    NEUTRAL = "neutral"
    GOOD = "good"  # improvement, kept, in force
    CONCERN = "concern"  # at risk, provisional
    BAD = "bad"  # broken, failed
    UNKNOWN = "unknown"  # not enough data
    QUIET = "quiet"  # draft, retired


@dataclass(frozen=True)
class Badge:
    text: str
    tone: Tone = Tone.NEUTRAL
    icon: str = ""
    title: str = ""


@dataclass(frozen=True)
class Link:
    text: str
    url: str
    icon: str = ""
    title: str = ""
    current: bool = False


@dataclass(frozen=True)
class Button:
    """`method` post draws a form with a CSRF token; get draws a link."""

    text: str
    url: str
    method: str = "get"
    icon: str = ""
    primary: bool = False
    title: str = ""


class CellKind(StrEnum):
    TEXT = "text"
    LONG = "long"  # several lines, kept as paragraphs
    SENTENCE = "sentence"  # says what to do: of it a list shows more than one line
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    BADGE = "badge"
    LINK = "link"
    LINKS = "links"
    YES_NO = "yes_no"
    SPARKLINE = "sparkline"
    EMPTY = "empty"


@dataclass(frozen=True)
class Cell:
    """`value` is text, number, date, datetime, Badge, Link, a tuple of Links, a bool or a Sparkline, as `kind` says."""

    kind: CellKind
    value: Any = ""
    url: str = ""


@dataclass(frozen=True)
class Header:
    text: str
    sort_url: str = ""  # empty: not sortable
    sorted: str = ""  # "", "ascending", "descending"
    numeric: bool = False


@dataclass(frozen=True)
class GroupHead:
    """The heading over the rows of one group, with how many it has on all pages together."""

    text: str
    count: int
    fold_url: str = ""  # the same page with this group folded or unfolded
    closed: bool = False
    continued: bool = False  # its first rows stand on an earlier page


@dataclass(frozen=True)
class Row:
    url: str
    cells: tuple[Cell, ...]
    label: str = ""
    pick: str = ""  # the value of its box, where rows can be chosen for a step
    heads: tuple[GroupHead, ...] = ()  # headings that stand before it


@dataclass(frozen=True)
class Option:
    value: str
    text: str
    selected: bool = False


@dataclass(frozen=True)
class Filter:
    """One filter of a list: a select (`kind` choice), a date pair (`kind` dates: name_from, name_to), or, where
    a select would be too long, a field to type in that offers what it finds at `url` (`kind` lookup)."""

    name: str
    label: str
    kind: str = "choice"
    options: tuple[Option, ...] = ()
    value_from: str = ""
    value_to: str = ""
    text: str = ""
    url: str = ""

    @property
    def active(self) -> bool:
        typed = self.value_from or self.value_to or self.text
        return bool(typed) or any(o.selected and o.value for o in self.options)


@dataclass(frozen=True)
class Chip:
    """An active filter, readable as part of a sentence, and the address without it."""

    text: str
    remove_url: str


@dataclass(frozen=True)
class Pager:
    total: int
    first: int
    last: int
    previous_url: str = ""
    next_url: str = ""
    more: bool = False  # there are more than `total`; how many exactly would take too long to count


@dataclass(frozen=True)
class ViewsBar:
    """Saved ways of looking at a list: tabs, and what can be done with the one that is looked at."""

    tabs: tuple[Link, ...]
    url: str
    all_url: str
    query: str
    current_url: str = ""
    name: str = ""
    changed: bool = False
    may_change: bool = False
    first: bool = False
    audiences: tuple[Option, ...] = ()  # empty: this person shares nothing here


@dataclass(frozen=True)
class BulkBar:
    """What can be done to the chosen rows: `steps` have the action's key as value, `query` says what the list shows."""

    url: str
    steps: tuple[Option, ...]
    fields: tuple[Option, ...]
    query: str
    total: int
    more: bool = False


@dataclass(frozen=True)
class ColumnItem:
    """A column in the menu where columns are chosen; a fixed one always stands first."""

    name: str
    label: str
    shown: bool
    fixed: bool = False


@dataclass(frozen=True)
class Empty:
    """What belongs here and what to do next."""

    text: str
    action: Button | None = None
    example: Link | None = None


@dataclass(frozen=True)
class Table:
    """What kit/panels/table.html draws; `more` leads to all of the rows, `empty` says why there are none.

    `new` stands below the rows and leads to the form for one more. With `one_line` no cell wraps, and a wide table scrolls.
    """

    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    empty: Empty | None = None
    more: Link | None = None
    new: Button | None = None
    one_line: bool = False


@dataclass(frozen=True)
class ListPage:
    key: str  # entity key
    title: str
    help: str
    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    pager: Pager
    search: str
    search_label: str
    filters: tuple[Filter, ...]
    chips: tuple[Chip, ...]
    clear_url: str
    primary: Button | None
    actions: tuple[Button, ...]  # under the three dots
    empty: Empty | None  # set when there is nothing to show
    crumbs: tuple[Link, ...] = ()
    notice: str = ""
    brought: tuple[Link, ...] = ()  # what came to begin with and waits
    downloads: tuple[Button, ...] = ()  # the list as a file, as it is narrowed and arranged
    columns: tuple[ColumnItem, ...] = ()
    columns_kept: tuple[tuple[str, str], ...] = ()  # what the form of the columns carries along
    columns_usual_url: str = ""
    groups: tuple[Link, ...] = ()  # by what the rows can be grouped
    kept: tuple[tuple[str, str], ...] = ()  # what the form of search and filters carries along
    tail: tuple[GroupHead, ...] = ()  # headings of folded groups after the last row
    bulk: BulkBar | None = None
    views: ViewsBar | None = None
    icon: str = ""  # over an empty page
    coded: bool = False  # the first column is a code, so that the second says what the row is


class Place(StrEnum):
    MAIN = "main"
    RAIL = "rail"


@dataclass(frozen=True)
class Panel:
    """A block of a detail page: `template` is rendered with `content` as the variable `panel.content`."""

    key: str
    title: str
    template: str
    content: Any
    place: Place = Place.MAIN
    count: int | None = None
    later_url: str = ""  # set: only its place is kept, and this address gives it


LONG_REASON = 60  # characters


@dataclass(frozen=True)
class NextMove:
    """What may come next: the step's words, and why not (now, for this reader), where that is known."""

    text: str
    why_not: str = ""

    @property
    def is_long(self) -> bool:
        """Too long for the narrow place below a state."""
        return len(self.why_not) > LONG_REASON


@dataclass(frozen=True)
class LifeState:
    """One state of a drawn life cycle; `status` is passed, present, next or other."""

    text: str
    status: str
    moment: Any = None
    by: str = ""
    moves: tuple[NextMove, ...] = ()
    tone: str = ""


@dataclass(frozen=True)
class LifePage:
    states: tuple[LifeState, ...]

    @property
    def long_reasons(self) -> tuple[NextMove, ...]:
        """What hinders a step at length: said below the states, where there is room."""
        return tuple(move for state in self.states for move in state.moves if move.is_long)


@dataclass(frozen=True)
class DetailPage:
    key: str
    title: str
    code: str
    kind: str  # "Standard", "Indicator"
    state: Badge | None
    primary: Button | None
    actions: tuple[Button, ...]
    panels: tuple[Panel, ...]
    crumbs: tuple[Link, ...]
    notice: str = ""
    life: LifePage | None = None
    on_url: str = ""  # where a day is chosen, to see the record as it stood
    on_kept: tuple[tuple[str, str], ...] = ()  # what else the address says, and the choice of a day must keep
    on: str = ""  # the day looked at
    renews: bool = False  # drawn anew every few seconds, while work goes on
    whole_url: str = ""  # everything at once, where some panels are fetched later

    @property
    def main(self) -> tuple[Panel, ...]:
        return tuple(p for p in self.panels if p.place == Place.MAIN)

    @property
    def rail(self) -> tuple[Panel, ...]:
        return tuple(p for p in self.panels if p.place == Place.RAIL)


@dataclass(frozen=True)
class FieldRow:
    label: str
    cell: Cell
    help: str = ""


@dataclass(frozen=True)
class Change:
    """One field of an audit event, as people read it; a creation has no before."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryEntry:
    actor: str
    verb: str  # "created", "edited", "Put in force"
    moment: Any
    changes: tuple[Change, ...]
    note: str = ""
    url: str = ""  # the record as it stood after this
    shown: bool = False  # this is the moment looked at


@dataclass(frozen=True)
class HistoryPage:
    """The newest entries and, folded, the earlier ones."""

    entries: tuple[HistoryEntry, ...]
    earlier: tuple[HistoryEntry, ...] = ()


@dataclass(frozen=True)
class Section:
    """A titled group of at most seven fields; `fields` are bound Django form fields."""

    title: str
    fields: tuple[Any, ...]
    folded: bool = False  # left for later: only its title is shown


@dataclass(frozen=True)
class FormPage:
    key: str
    title: str
    help: str
    form: Any  # a Django form: hidden fields and errors are drawn from it
    sections: tuple[Section, ...]
    submit: str  # the verb on the button
    cancel_url: str
    crumbs: tuple[Link, ...] = ()
    multipart: bool = False
    children: tuple[Any, ...] = ()  # rows inside the form, each with a label and a formset
    draft_token: str = ""  # set where unsaved text is kept
    draft_at: Any = None  # set where the form shows a draft: when it was written
    asides: tuple[Any, ...] = ()  # AsideBlock: what is said beside the form while it is written
    grave: bool = False  # the step takes something away

    @property
    def asides_after(self) -> int:
        """After which section they stand, where there is no room beside: the one whose field they watch first."""
        near = self.asides[0].near if self.asides else ""
        held = (
            place
            for place, section in enumerate(self.sections, start=1)
            if any(field.name == near for field in section.fields)
        )
        return next(held, len(self.sections))


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: what the record holds now and what this person wrote."""

    label: str
    name: str
    theirs: str
    yours: str
    differs: bool


@dataclass(frozen=True)
class RowsClash:
    """The rows of a record that two people changed, and the form with this person's."""

    theirs: tuple[str, ...]
    yours: tuple[str, ...]
    child: Any

    @property
    def differs(self) -> bool:
        return self.theirs != self.yours


@dataclass(frozen=True)
class ConflictPage:
    key: str
    title: str
    by: str
    moment: Any
    clashes: tuple[Clash, ...]
    form: Any  # the person's values with the record's new version, ready to be sent again
    submit_url: str
    cancel_url: str
    crumbs: tuple[Link, ...] = ()
    draft_token: str = ""
    rows: tuple[RowsClash, ...] = ()


@dataclass(frozen=True)
class NavItem:
    text: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class NavSection:
    key: str
    text: str
    icon: str
    items: tuple[NavItem, ...]
    current: bool = False
    url: str = ""  # set when the section is itself one page (home)


@dataclass(frozen=True)
class Shell:
    """Everything around the page: side bar, top line, person."""

    organisation: str
    sections: tuple[NavSection, ...]
    unit: Link | None  # the unit the person looks at; url opens the choice
    languages: tuple[Option, ...]
    person: str
    roles: str
    theme: str  # "auto", "light", "dark"
    personal: tuple[Any, ...] = ()  # navigation entries of the person's own menu
    administration: str = ""  # address of the administration page, for those who find anything there
    extra: dict[str, Any] = field(default_factory=dict)
