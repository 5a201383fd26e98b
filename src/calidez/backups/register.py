"""What the backups add elsewhere: their page among those of the administration."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from calidez.backups.telling import may_operate
from calidez.kit.desk.navigation import ADMINISTRATION, PageEntry, add_page

TITLE = _("Backups")

add_page(
    ADMINISTRATION,
    PageEntry(
        TITLE,
        lambda: str(reverse_lazy("backups:backups")),
        may_operate,
        icon="archive",
        help=_("When the last copy of everything was made, and whether it can be brought back."),
    ),
)
