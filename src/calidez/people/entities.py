"""Units, positions, people and granted roles, declared."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.people import services
from calidez.people.models import Grant, Position, Unit, User


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
    fields = ("name", "email", "unit", "position", "language", "is_active")
    prepare = services.check_user
    help = _("Who can sign in. What they may do is said by their granted roles.")
    empty = _("Nobody here yet.")


@catalog.register
class Grants(Entity):
    model = Grant
    slug = "grants"
    section = "administration"
    icon = "key"
    columns = ("user", "role", "unit", "starts", "ends")
    filters = ("role", "unit")
    search = ("user__name", "user__email")
    ordering = ("user__name",)
    fields = ("user", "role", "unit", "starts", "ends")
    help = _("A role is granted at a unit and holds there and in every unit below.")
    empty = _("No roles granted yet.")
