"""What the people part adds to everybody's menu."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from calidez.kit.navigation import PERSONAL, PageEntry, add_page

add_page(
    PERSONAL,
    PageEntry(
        _("My security"), lambda: str(reverse_lazy("people:security")), lambda user: True, icon="shield-check"
    ),
)
