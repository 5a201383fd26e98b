"""Units, positions, people and granted roles, declared."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core import access
from calidez.kit.core.cells import Column
from calidez.kit.core.operations import Creation
from calidez.kit.desk.forms import Later
from calidez.kit.desk.panels import Custom, Fields
from calidez.kit.desk.related import Related
from calidez.kit.platform.display import Badge, Empty, Tone
from calidez.people import panels as blocks
from calidez.people import sentences, services
from calidez.people.calendar_panel import closed_days_panel
from calidez.people.models import (
    WEEKDAYS,
    ClosedDay,
    Grant,
    Invitation,
    Position,
    Role,
    ServiceCalendar,
    Unit,
    User,
)
from calidez.people.selectors import organisation
from calidez.people.services import calendars, invitations, resets, roles, second_factor, sessions, users

# What holds longest first: what has ended stands at the end.
GRANTED, HELD = ("unit", "state", "starts", "ends"), (F("ends").desc(nulls_first=True), "user__name")
NOTHING = _("Nobody, as far as you can see.")
HOURS = Column("hours", _("Opening hours"), sentences.opening_week)


@catalog.register
class Units(Entity):
    model = Unit
    slug = "units"
    section = "prepare"
    icon = "building"
    scope = ""
    columns = ("code", "name", "kind", "parent", "is_active")
    filters = ("kind", "parent", "is_active")
    search = ("code", "name")
    ordering = ("name",)
    fields = ("code", "name", "kind", "parent", "is_active")
    prepare = services.place_unit
    verbs = {"words": _("changed the words of the interface")}
    help = _("The branches, areas and groups of your organisation. Roles and figures follow this tree.")
    empty = _(
        "No units yet. Add your branches, or load a file: the import offers to create the units it finds."
    )


@catalog.register
class Positions(Entity):
    model = Position
    slug = "positions"
    section = "prepare"
    icon = "id-badge"
    columns = ("name", "unit", "purpose")
    filters = ("unit",)
    search = ("name", "purpose")
    ordering = ("name",)
    fields = ("name", "unit", "purpose")
    help = _("The jobs that people hold, such as receptionist or triage nurse.")
    empty = _("No positions yet. Describe the jobs that make your service.")


@catalog.register
class ServiceCalendars(Entity):
    model = ServiceCalendar
    slug = "service-calendars"
    section = "prepare"
    icon = "calendar"
    inherited = True
    columns = ("unit", "starts", HOURS, "is_active")
    filters = ("unit", "is_active", "starts")
    search = ("unit__name", "unit__code")
    ordering = ("unit__name", "-starts")
    sections = (
        (_("Where, and since when"), ("unit", "starts")),
        (_("Opening hours"), WEEKDAYS),
        Later(_("Closed days of the units above, and whether it is in use"), ("adds_above", "is_active")),
    )
    shown = ("unit", "starts", HOURS, "adds_above", "is_active")
    bulk_fields = ("is_active",)
    panels = (
        Fields(),
        Custom("closed_days", _("Closed days"), "people/panels/closed_days.html", closed_days_panel),
    )
    prepare = calendars.check_calendar
    help = _(
        "When a unit serves, weekday by weekday. A day on which it is closed is no gap in a chart. Units below follow it until they have their own; holidays are written down as closed days."
    )
    empty = _(
        "No calendars yet. With one for the whole organisation, charts know which days are closed and which lack data."
    )


@catalog.register
class ClosedDays(Entity):
    model = ClosedDay
    slug = "closed-days"
    section = "prepare"
    icon = "calendar"
    inherited = True
    columns = (Column("days", _("Days"), sentences.closed_days, sort="first"), "name", "yearly", "unit")
    filters = ("unit", "yearly", "first", "is_active")
    search = ("name", "unit__name")
    ordering = ("-first", "unit__name")
    fields = ("unit", "first", "last", "name", "yearly", "is_active")
    bulk_fields = ("name", "yearly", "is_active")
    prepare = calendars.check_closed_day
    help = _(
        "Holidays and other days on which a unit is closed whatever the weekday; units below are closed too, unless their calendar says otherwise. Such a day is no gap in a chart."
    )
    empty = _("No closed days yet. Write down a holiday, or load the official list from a file.")


@catalog.register
class Users(Entity):
    model = User
    slug = "people"
    known_by = "email"
    section = "prepare"
    icon = "user"
    columns = ("name", "email", "unit", "position", "language", "is_active")
    filters = ("unit", "is_active", "language")
    search = ("name", "email")
    ordering = ("name",)
    fields = ("name", "email", "unit", "position", "language")
    shown = (*fields, "is_active", "last_login")
    panels = (
        Fields(),
        Related(
            Grant, by="user", columns=("role", *GRANTED), title=_("Roles"), empty=NOTHING, order=HELD, most=50
        ),
        Custom("held", _("What this person holds"), "people/panels/held.html", blocks.held, later=True),
        Custom("password", _("Password"), "people/panels/password.html", blocks.new_password),
    )
    prepare = services.check_user
    steps = (resets.give_link, sessions.end_sessions, second_factor.reset, users.deactivate, users.reactivate)
    verbs = {
        "set_password": _("changed the password"),
        "second_factor_on": _("turned the second factor on"),
        "second_factor_off": _("turned the second factor off"),
        "link_identity": _("linked the account of the identity provider"),
        "deactivate": _("deactivated the account"),
        "reactivate": _("gave the access back"),
    }
    help = _("Who can sign in. What they may do is said by their granted roles.")
    empty = _("Nobody here yet.")

    def state_badge(self, record: Any) -> Badge | None:
        """Only the exception: nearly everybody can sign in."""
        return None if record.is_active else Badge(str(_("Cannot sign in")), Tone.QUIET, icon="user-x")


@catalog.register
class Roles(Entity):
    model = Role
    slug = "roles"
    section = "administration"
    icon = "lock"
    scope = None
    columns = (
        Column("name", _("Name"), str, sort="code"),
        "purpose",
        "for_a_time",
    )
    filters = ("for_a_time", "second_factor")
    search = ("code", "name", "purpose")
    ordering = ("pk",)
    fields = ("name", "purpose", "for_a_time", "second_factor", "table")
    create = Creation(
        roles.check_new_role,
        Role,
        fields=("name", "purpose", "basis", "for_a_time", "second_factor"),
        required=("name",),
    )
    prepare = roles.check_role
    saved = roles.after_role
    steps = (roles.reset,)
    panels = (
        Custom("table", _("What it allows"), "people/panels/permissions.html", blocks.permissions),
        Related(
            Grant,
            by="role",
            columns=("user", *GRANTED),
            title=_("Who holds it"),
            empty=NOTHING,
            where=Q(user__is_active=True),
            order=HELD,
            most=50,
        ),
        Fields(("purpose", "basis", "for_a_time", "second_factor")),
    )
    differences = {"table": blocks.granted_and_taken}
    verbs = {"ship": _("brought to the new version")}
    help = _(
        "What people may do, kind by kind. Changing a role takes effect at once for everybody who holds it."
    )
    empty = _("No roles yet.")

    def title(self, record: Any) -> str:
        return str(record)

    def unit_path(self, record: Any) -> str | None:
        """A role holds everywhere, so only who may change roles in the whole organisation may change it."""
        root = organisation()
        return root.path if root is not None else "/"

    def may(self, user: Any, verb: str) -> bool:
        if verb in {access.VIEW, access.EXPORT}:
            return super().may(user, verb)
        return access.scope(user, self.key, verb).covers(self.unit_path(None) or "/")


@catalog.register
class Grants(Entity):
    model = Grant
    found_last = True
    slug = "grants"
    section = "prepare"
    icon = "key"
    columns = (
        "user",
        "role",
        "unit",
        Column("state", _("State"), blocks.grant_state),
        "starts",
        "ends",
    )
    filters = ("role", "unit", "starts", "ends")
    search = ("user__name", "user__email")
    ordering = ("user__name",)
    fields = ("user", "role", "unit", "starts", "ends")
    prepare = roles.check_grant
    saved = roles.after_grant
    steps = (roles.end,)
    verbs = {"end_grant": _("ended")}
    help = _("A role is granted at a unit and holds there and in every unit below.")
    empty = _("No roles granted yet.")

    def state_badge(self, record: Any) -> Any:
        return blocks.grant_state(record)


@catalog.register
class Invitations(Entity):
    model = Invitation
    slug = "invitations"
    section = "prepare"
    icon = "mail"
    columns = ("email", "name", "role", "unit", "state", "expires_at")
    filters = ("state", "role", "unit")
    search = ("email", "name")
    fields = ("email", "name", "role", "unit", "ends", "language")
    shown = ("email", "name", "role", "unit", "ends", "language", "expires_at", "person")
    editable = False
    create_words = _("Invite somebody")
    prepare = invitations.prepare_invitation
    saved = invitations.send
    steps = (invitations.send_again, invitations.revoke)
    panels = (
        Custom("link", _("The link"), "people/panels/invitation.html", blocks.invitation_link),
        Fields(),
    )
    verbs = {"accept": _("accepted the invitation")}
    help = _("Whom you asked to join. The link that they are given works once, for seven days.")
    empty = _("Nobody has been invited yet. An invitation brings a person in with a role at a unit.")

    def empty_page(self, user: Any) -> Empty:
        if self.may(user, access.CREATE):
            return super().empty_page(user)
        who = _("Ask an administrator: they invite people.")
        return Empty(f"{self.empty} {who}")
