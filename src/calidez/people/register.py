"""What the people part adds to everybody's menu."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from calidez.kit.core import access
from calidez.kit.desk import verbs
from calidez.kit.desk.navigation import ADMINISTRATION, PERSONAL, PageEntry, add_page
from calidez.people.services import keeping_words

add_page(
    PERSONAL,
    PageEntry(
        _("My security"), lambda: str(reverse_lazy("people:security")), lambda user: True, icon="shield-check"
    ),
)

verbs.add_subject(
    keeping_words.SUBJECT, _("Words of the interface"), {access.EDIT: access.WORDS[access.EDIT]}
)
add_page(
    ADMINISTRATION,
    PageEntry(
        _("Words"),
        lambda: str(reverse_lazy("people:words")),
        keeping_words.may_change,
        icon="language",
        help=_("Call things as your people do."),
    ),
)
