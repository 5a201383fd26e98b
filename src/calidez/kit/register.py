"""What kit itself puts into the person's own menu and onto the page of the administration."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from calidez.kit.inbox import jobs as _inbox_jobs  # noqa: F401  (the worker looks for jobs that are declared)
from calidez.kit.jobs import control
from calidez.kit.navigation import ADMINISTRATION, PERSONAL, PageEntry, add_page

add_page(
    PERSONAL,
    PageEntry(
        _("My notifications"),
        lambda: str(reverse_lazy("kit:notification-settings")),
        lambda user: True,
        "bell",
    ),
)
add_page(
    PERSONAL,
    PageEntry(_("My calendar"), lambda: str(reverse_lazy("kit:calendar")), lambda user: True, "calendar"),
)
add_page(
    ADMINISTRATION,
    PageEntry(
        control.WHAT,
        lambda: str(reverse_lazy("kit:jobs")),
        control.may_operate,
        "loader",
        _("What waits, runs and failed in the background, and what is done by the clock."),
    ),
)
