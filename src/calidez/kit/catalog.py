"""The catalog: one declaration per kind of record, from which pages, export and permissions follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.core import access, cells
from calidez.kit.core.blocks import Aside, PanelSource
from calidez.kit.core.children import Child
from calidez.kit.core.conditions import OnlyIf
from calidez.kit.core.editions import Editioned
from calidez.kit.core.fields import tones
from calidez.kit.core.held import Held
from calidez.kit.core.lifecycle import Move
from calidez.kit.core.links import Link
from calidez.kit.core.operations import Creation, Operation
from calidez.kit.core.record import Record
from calidez.kit.core.record import Sequence as CodeSequence
from calidez.kit.core.registry import Catalog
from calidez.kit.core.registry import catalog as registered
from calidez.kit.core.waits import Waits
from calidez.kit.platform.display import Badge, Button, Change, Empty, Tone
from calidez.kit.platform.log import LogRow


class Entity:
    """Declaration of one kind of record; subclasses set what differs.

    `scope` is the path from the record to the unit it belongs to (`unit`), `""` when the record is itself a unit,
    None when it belongs to the whole organisation. `inherited` shows records of higher units to those below.
    """

    model: ClassVar[type[Record] | type[LogRow]]
    slug: ClassVar[str]  # address: /<slug>/
    section: ClassVar[str] = ""  # side bar section; empty: not in the side bar
    icon: ClassVar[str] = "file"
    code: ClassVar[str] = ""
    known_by: ClassVar[str] = ""  # the field by which files name a record; empty: its code, else its name
    columns: ClassVar[Sequence[Any]] = ()
    more_columns: ClassVar[Sequence[Any]] = ()  # may be chosen besides the columns and the record's fields
    filters: ClassVar[Sequence[str]] = ()
    search: ClassVar[Sequence[str]] = ()
    # Records made in masses stand behind others in the search over everything.
    found_last: ClassVar[bool] = False
    ordering: ClassVar[Sequence[str]] = ("-pk",)  # the newest first
    sections: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    fields: ClassVar[Sequence[str]] = ()
    children: ClassVar[Sequence[Child]] = ()  # rows that are written in the record's own form
    links: ClassVar[Sequence[Link]] = ()  # how its records hang together with those that its fields name
    conditions: ClassVar[Mapping[str, OnlyIf]] = {}  # fields asked only where another has certain values
    asides: ClassVar[Sequence[Aside]] = ()  # what is said beside the form while it is written
    # Of the fields, those that are told only to whom `may_know` says.
    secret_fields: ClassVar[Sequence[str]] = ()
    shown: ClassVar[Sequence[Any]] = ()  # detail fields when they differ from the form's
    # What stands on the page, and after what other parts add to it; `desk.usual` says what that is for most kinds.
    panels: ClassVar[Sequence[PanelSource]] = ()
    closing: ClassVar[Sequence[PanelSource]] = ()
    steps: ClassVar[Sequence[Operation]] = ()
    moves: ClassVar[Sequence[Move]] = ()  # changes of state that are no steps of the page, as a job's
    # States beside the way that a record usually goes: its life cycle shows them only once it was there.
    aside_states: ClassVar[Sequence[Any]] = ()
    waits: ClassVar[Sequence[Waits]] = ()  # what it asks of people, in which states, until when
    held: ClassVar[Sequence[Held] | None] = (
        None  # what goes to somebody when a person leaves; None: its owner
    )
    editions: ClassVar[Editioned | None] = None  # for kinds that are kept version by version
    create: ClassVar[Creation | None] = None
    create_words: ClassVar[Any] = ""  # on the button, where “New: …” is not how people say it
    editable: ClassVar[bool] = True
    creatable: ClassVar[bool] = True
    # False: records come into being some other way, as by loading a file.
    created_in_form: ClassVar[bool] = True
    bulk_fields: ClassVar[Sequence[str] | None] = None  # may be set for many at once; None: what can be equal
    edit_states: ClassVar[Sequence[Any] | None] = None  # None: in every state
    prepare: ClassVar[Callable[..., None] | None] = None  # rule run on create and edit
    saved: ClassVar[Callable[..., None] | None] = None  # follows create and edit, in the same transaction
    scope: ClassVar[str | None] = "unit"
    inherited: ClassVar[bool] = False
    verbs: ClassVar[Mapping[str, Any]] = {}  # how the history says operations that are no steps of the page
    # How the history tells a change of one field, where before and after whole would say nothing.
    differences: ClassVar[Mapping[str, Callable[[Any, Any], Sequence[Change]]]] = {}
    dated: ClassVar[str] = ""  # the field with the day that the thread shows; empty: since when it exists
    # What the program itself writes down in great numbers, as jobs and messages: it can be read, filtered and
    # downloaded and has steps, but is neither written by people nor searched, talked about or told to other systems.
    log: ClassVar[bool] = False
    help: ClassVar[Any] = ""
    empty: ClassVar[Any] = ""

    def __init__(self) -> None:
        meta = self.model._meta
        self.key: str = meta.model_name or ""
        self.part: str = meta.app_label
        body = _bound(self, "prepare")
        if self.create is None and self.creatable:
            after = _bound(self, "saved")
            self.creation: Creation | None = Creation(body, self.model, fields=self.all_fields, after=after)
        else:
            self.creation = self.create
        self.edition: Operation | None = None
        if self.editable:
            self.edition = _edition(self, body)

    # -- words --------------------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def label_plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def create_label(self) -> str:
        if self.create_words:
            return str(self.create_words)
        return _("New: %(kind)s") % {"kind": self.label}

    def title(self, record: Any) -> str:
        return str(record)

    def empty_page(self, user: Any) -> Empty:
        return Empty(text=str(self.empty))

    def state_badge(self, record: Any) -> Badge | None:
        if not hasattr(record, "state"):
            return None
        return Badge(record.get_state_display(), tones(self.model).get(record.state, Tone.NEUTRAL))

    def notice(self, user: Any) -> str:
        """What must be known before the list is read; mostly nothing."""
        return ""

    def hidden_in_list(self) -> models.Q | None:
        """What the list leaves out until somebody searches or filters."""
        return None

    def renews(self, record: Any) -> bool:
        """Whether the page of the record shows work that goes on, and is drawn anew every few seconds."""
        return False

    def onward(self, record: Any, user: Any) -> tuple[Button, ...]:
        """What one does next with the record besides its steps; a primary one leads where none of its steps does."""
        return ()

    def closed_sentence(self, operation: Operation, record: Any) -> str:
        state = record.get_state_display() if hasattr(record, "state") else ""
        return _("“%(step)s” is not possible now: %(record)s is in the state “%(state)s”.") % {
            "step": operation.label,
            "record": record,
            "state": state,
        }

    # -- records ------------------------------------------------------------------------------------------

    def queryset(self, user: Any, verb: str = access.VIEW) -> models.QuerySet[Any]:
        """The only door to records: those on which `user` may do `verb`."""
        inherited = self.inherited and verb in {access.VIEW, access.EXPORT}
        return self.reach(self.granted(user, verb), inherited=inherited)

    def granted(self, user: Any, verb: str) -> access.Scope:
        """Where `user` may do `verb` with records of this kind."""
        return access.scope(user, self.key, verb)

    def reach(self, granted: access.Scope, *, inherited: bool = False) -> models.QuerySet[Any]:
        """The records within these subtrees; only for scopes that somebody was found to hold."""
        records: models.QuerySet[Any] = self.model._default_manager.all()
        if not granted:
            return records.none()
        if self.scope is None:
            return records
        if not self.scope:
            return (
                records if granted.everywhere else records.filter(granted.query("path", inherited=inherited))
            )
        if granted.everywhere:
            placed = {f"{self.scope}__isnull": False}
            return records.filter(**placed) if _may_lack(self.model, self.scope) else records
        # The units are few and the records many: which units are in reach is asked once, not for every record.
        units = cells.field_of(self.model, self.scope).related_model._default_manager
        within = units.filter(granted.query("path", inherited=inherited)).values("pk")
        return records.filter(**{f"{self.scope}__in": within})

    def may_know(self, records: Sequence[Any], user: Any) -> Container[Any]:
        """The keys of those of `records` whose secret_fields fields this person may know; lists and files never hold them."""
        return ()

    def withheld(self, record: Any, user: Any) -> Collection[str]:
        """The secret_fields fields of this record that this person may not know: not on its page, nor as they once were."""
        if not self.secret_fields or record.pk in self.may_know([record], user):
            return ()
        return self.secret_fields

    def seers(self, record: Any, people: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Of those whose role shows them records there, the ones who may see this very record."""
        return people

    def may(self, user: Any, verb: str) -> bool:
        """Whether `user` may do `verb` anywhere at all (draws or hides a button)."""
        return bool(self.granted(user, verb))

    def proposed(self, user: Any) -> dict[str, Any]:
        """What a new record says until somebody says otherwise: whoever writes it down mostly answers for it."""
        names = self.creation.fields if self.creation is not None else ()
        return {"owner": user} if "owner" in (names or self.all_fields) else {}

    def unit_path(self, record: Any) -> str | None:
        """The path of the unit that decides on permissions; None for records of the whole organisation."""
        if self.scope is None:
            return None
        target = record
        for name in filter(None, self.scope.split("__")):
            target = getattr(target, name)
            if target is None:
                return "/"
        return str(target.path)

    def related(self) -> list[str]:
        """What a list or export fetches along, so that it costs a fixed number of queries."""
        names = {self.scope} if self.scope else set()
        for column in (*self.columns, *self.shown, *self.all_fields):
            name = column if isinstance(column, str) else getattr(column, "related", "")
            field = _field(self.model, name)
            if (field is not None and isinstance(field, models.ForeignKey)) or (name and "__" in name):
                names.add(name)
        return sorted(names)

    @property
    def all_fields(self) -> tuple[str, ...]:
        if self.sections:
            return tuple(name for _title, names in self.sections for name in names)
        return tuple(self.fields)

    @property
    def narrowing(self) -> tuple[str, ...]:
        """The fields by which its list can be narrowed: those drawn above it, and those that lead there by a link."""
        return tuple(dict.fromkeys((*self.filters, *(link.field for link in self.links))))

    def next_code(self) -> str:
        """Gap-free: taken under lock in the transaction that creates the record."""
        year = timezone.localdate().year
        key = f"{self.part}.{self.key}:{self.code.replace('{year}', str(year))}"
        mine = CodeSequence.objects.filter(key=key)
        with transaction.atomic():
            # Changing the row locks it, so the number read next is nobody else's.
            if not mine.update(last=F("last") + 1):
                CodeSequence.objects.get_or_create(key=key)
                mine.update(last=F("last") + 1)
            last = mine.values_list("last", flat=True).get()
        return self.code.format(year=year, n=last)

    def step(self, name: str) -> Operation | None:
        return next((step for step in self.steps if step.name == name), None)

    # -- addresses ----------------------------------------------------------------------------------------

    def url(self, record: Any) -> str:
        return reverse("kit:detail", args=[self.slug, record.uid])

    def list_url(self) -> str:
        return reverse("kit:list", args=[self.slug])


catalog: Catalog[Entity] = registered


def _bound(entity: Entity, name: str) -> Any:
    """A plain function set on the class stays a function, not a method."""
    value = type(entity).__dict__.get(name) or getattr(type(entity), name)
    return value.__func__ if isinstance(value, staticmethod) else value


def _edition(entity: Entity, body: Any) -> Operation:
    from django.utils.translation import gettext_lazy

    def edit(record: Any, *, by: Any) -> None:
        if body is not None:
            body(record, by=by)

    return Operation(
        edit,
        entity.model,
        label=gettext_lazy("Edit"),
        verb=access.EDIT,
        fields=entity.all_fields,
        source=entity.edit_states,
        icon="edit",
        after=_bound(entity, "saved"),
    )


def _may_lack(model: type[models.Model], path: str) -> bool:
    """Whether a record may have no unit at the end of `path`."""
    steps = path.split("__")
    return any(cells.field_of(model, "__".join(steps[: n + 1])).null for n in range(len(steps)))


def _field(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
