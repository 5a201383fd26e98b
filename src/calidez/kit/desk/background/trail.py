"""The audit trail looked through each night, as nobody does it by hand; what does not hold is said in words."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.core import mentions, verification
from calidez.kit.core.verification import Verification
from calidez.kit.desk.background.operators import tell_operators
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import job

log = logging.getLogger("calidez.audit")


@job(title=gettext_lazy("Looking through the audit trail"), every="37 2 * * *")
def verify_trail() -> None:
    found = verification.verify()
    if not found.intact:
        log.error(broken(found))
        tell_operators(lambda: broken(found))
    if back := mentions.complete():
        log.error(_lost(back))
        tell_operators(lambda: _lost(back))


def _lost(mentions_back: int) -> str:
    return ngettext(
        "%(count)s entry of the index by which the trail is followed back was missing. It was made again from the trail itself; somebody had taken it away.",
        "%(count)s entries of the index by which the trail is followed back were missing. They were made again from the trail itself; somebody had taken them away.",
        mentions_back,
    ) % {"count": number(mentions_back)}


def broken(found: Verification) -> str:
    """Where the trail does not hold, and why."""
    if found.reason == "unkept":
        return _("The head of the audit trail that is kept outside the database is missing: %(place)s.") % {
            "place": found.place
        }
    if found.reason == "unreadable":
        return _(
            "The head of the audit trail in %(place)s cannot be read, or was signed with another key."
        ) % {"place": found.place}
    return _("The audit trail is broken at event %(position)s: %(reason)s.") % {
        "position": found.broken_at,
        "reason": _reason(found),
    }


def _reason(found: Verification) -> str:
    if found.reason == "rewritten":
        return _(
            "from there on, at the earliest, the trail was rewritten; up to event %(since)s it holds"
        ) % {"since": number(found.since)}
    return {
        "missing": _("an event is missing"),
        "order": _("the order was changed"),
        "content": _("its content was changed"),
        "form": _("it is stored in a form that this program never writes, and histories pass it over"),
        "unsealed": _("there is an event without its seal"),
        "forged": _("there is an event that this program did not write"),
        "truncated": _("the end of the trail was cut off"),
    }[found.reason]
