"""Changes to units, people and their roles."""

from calidez.people.services.founding import found_organisation
from calidez.people.services.roles import ship_roles
from calidez.people.services.units import place_unit
from calidez.people.services.users import check_user, choose_language, set_password

__all__ = [
    "check_user",
    "choose_language",
    "found_organisation",
    "place_unit",
    "set_password",
    "ship_roles",
]
