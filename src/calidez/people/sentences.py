"""What the people part says in several places."""

from __future__ import annotations

from django.utils.translation import ngettext

MINUTE = 60


def time_to_wait(seconds: int) -> str:
    """Rounded up, so that who waits that long need not wait again."""
    if seconds < MINUTE:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // MINUTE)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
