"""What kit itself puts into the person's own menu."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from calidez.kit.navigation import PERSONAL, PageEntry, add_page

add_page(
    PERSONAL,
    PageEntry(
        _("My notifications"),
        lambda: str(reverse_lazy("kit:notification-settings")),
        lambda user: True,
        "bell",
    ),
)
