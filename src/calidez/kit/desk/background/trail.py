"""The audit trail looked through each night, as nobody does it by hand; what does not hold is said in words."""

from __future__ import annotations

import logging

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.catalog import catalog
from calidez.kit.core import mentions, verification
from calidez.kit.core.events import AuditEvent
from calidez.kit.core.verification import Verification
from calidez.kit.desk.background.operators import tell_operators
from calidez.kit.platform.formats import moment, number
from calidez.kit.platform.jobs import job

log = logging.getLogger("calidez.audit")


@job(title=gettext_lazy("Looking through the audit trail"), every="37 2 * * *")
def verify_trail() -> None:
    found = verification.verify()
    if not found.intact:
        log.error(broken(found, named=False))
        tell_operators(lambda: broken(found))
    if back := mentions.complete():
        log.error(_lost(back))
        tell_operators(lambda: _lost(back))


def _lost(mentions_back: int) -> str:
    # A version that follows more fields than the one before finds some missing too: nobody is accused.
    return ngettext(
        "%(count)s entry of the index by which the trail is followed back was missing, and was made again from the trail. After an update that is expected; otherwise somebody took it away.",
        "%(count)s entries of the index by which the trail is followed back were missing, and were made again from the trail. After an update that is expected; otherwise somebody took them away.",
        mentions_back,
    ) % {"count": number(mentions_back)}


def broken(found: Verification, *, named: bool = True) -> str:
    """Where the trail does not hold, and why; in a log nothing is `named`."""
    if found.reason == "unkept":
        return _("The head of the audit trail that is kept outside the database is missing: %(place)s.") % {
            "place": found.place
        }
    if found.reason == "unreadable":
        return _(
            "The head of the audit trail in %(place)s cannot be read, or was signed with another key."
        ) % {"place": found.place}
    said = _("The audit trail is broken at event %(position)s: %(reason)s.") % {
        "position": found.broken_at,
        "reason": _reason(found),
    }
    return f"{said} {_as_it_reads(found.event)}" if named and found.event is not None else said


def _as_it_reads(event: AuditEvent) -> str:
    """Which record it is about and when: what stands there now, whoever wrote it."""
    return _("As it now reads, it is about “%(record)s” (%(kind)s), on %(moment)s, by %(person)s.") % {
        "record": event.label,
        "kind": _kind(event.subject),
        "moment": moment(event.at),
        "person": event.actor or _("Calidez"),
    }


def _kind(subject: str) -> str:
    try:
        entity = catalog.get(apps.get_model(subject))
    except (LookupError, ValueError):  # what was tampered with may say anything
        return subject
    return str(entity.label) if entity is not None else subject


def _reason(found: Verification) -> str:
    if found.reason == "rewritten":
        return _(
            "from there on, at the earliest, the trail was rewritten; up to event %(since)s it holds"
        ) % {"since": number(found.since)}
    if found.reason in {"missing", "truncated"} and found.missing:
        return _missing(found)
    return {
        "missing": _("an event is missing"),
        "order": _("the order was changed"),
        "content": _("its content was changed"),
        "form": _("it is stored in a form that this program never writes, and histories pass it over"),
        "unsealed": _("there is an event without its seal"),
        "forged": _("there is an event that this program did not write"),
        "truncated": _("the end of the trail was cut off"),
    }[found.reason]


def _missing(found: Verification) -> str:
    if found.reason == "truncated":
        said = ngettext(
            "the end of the trail was cut off, and %(count)s event is missing",
            "the end of the trail was cut off, and %(count)s events are missing",
            found.missing,
        )
    else:
        said = ngettext("%(count)s event is missing", "%(count)s events are missing", found.missing)
    return said % {"count": number(found.missing)}
