"""A version comes into force today, on its planned day by the clock, and ends when the next one comes or all is retired."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.documents import news, rules, selectors
from calidez.documents.models import Document, DocumentVersion
from calidez.documents.services import reading
from calidez.documents.services.keeping import kept_until
from calidez.kit.core.following import following
from calidez.kit.core.operations import operation, transition
from calidez.kit.desk.notifications import notify
from calidez.kit.platform.errors import RuleBroken

State = DocumentVersion.State


def readers_missing(version: DocumentVersion) -> str:
    """Why it cannot take effect yet: too few have read it; empty when enough have."""
    share = version.document.readers_share
    if share is None:
        return ""
    counted = selectors.progress(version)
    if rules.reached(done=counted.done, asked=counted.asked, share=share):
        return ""
    if not counted.asked:
        return _("Nobody is among its readers, and %(share)s%% of them must read it first.") % {
            "share": share
        }
    missing = rules.still_needed(done=counted.done, asked=counted.asked, share=share)
    return ngettext(
        "It takes effect when %(share)s%% of its readers have read it: %(done)s of %(asked)s have, %(missing)s more is needed.",
        "It takes effect when %(share)s%% of its readers have read it: %(done)s of %(asked)s have, %(missing)s more are needed.",
        missing,
    ) % {"share": share, "done": counted.done, "asked": counted.asked, "missing": missing}


@transition(
    DocumentVersion,
    source=[State.APPROVED],
    target=State.EFFECTIVE,
    label=gettext_lazy("Put in force"),
    primary=True,
    icon="check",
    blocked=lambda version, by: refusal(version),
    after=lambda version, *, by: _in_force(version, by=by),
    help=gettext_lazy("It holds from today, and the version before it no longer does."),
)
def put_in_force(version: DocumentVersion, *, by: Any, day: dt.date | None = None) -> None:
    _begin(version, day or timezone.localdate(), by=by)


@operation(
    DocumentVersion,
    source=[State.APPROVED],
    label=gettext_lazy("Plan the day"),
    verb="put_in_force",
    fields=["effective_on"],
    demands=lambda version: ("effective_on",),
    icon="calendar",
    bulk=False,
    help=gettext_lazy("On that day it comes into force by itself, if enough of its readers have read it."),
)
def plan(version: DocumentVersion, *, by: Any) -> None:
    today = timezone.localdate()
    if version.effective_on is None or version.effective_on <= today:
        raise RuleBroken(
            _("Choose a day after today. To let it hold from today, put it in force."), field="effective_on"
        )
    _check_digest(version)


def bring_into_force(*, on: dt.date) -> int:
    """The versions whose planned day has come and whose readers have read them; returns how many."""
    planned = DocumentVersion.objects.filter(state=State.APPROVED, effective_on__lte=on)
    brought = 0
    for pk in planned.order_by("effective_on", "pk").values_list("pk", flat=True):
        with transaction.atomic():
            version = DocumentVersion.objects.select_for_update().get(pk=pk)
            if version.state == State.APPROVED and not refusal(version):
                put_in_force.follow(version, by=None, day=on)
                brought += 1
    return brought


def refusal(version: DocumentVersion) -> str:
    """Why an approved version may not take effect; empty when it may."""
    if selectors.digest_of(version) != version.digest:
        return _("The content is no longer what was approved: take the version back and submit it again.")
    return readers_missing(version)


def _check_digest(version: DocumentVersion) -> None:
    if selectors.digest_of(version) != version.digest:
        raise RuleBroken(
            _("The content is no longer what was approved: take the version back and submit it again.")
        )


def _begin(version: DocumentVersion, day: dt.date, *, by: Any) -> None:
    """The version before ends first: there is never more than one in force."""
    version.effective_on = day
    previous = version.document.current
    if previous is not None:
        reason = _("Version %(number)s is in force since %(day)s.") % {
            "number": version.number,
            "day": day.isoformat(),
        }
        _end(previous, State.SUPERSEDED, day, "supersede", reason, by=by)


def _in_force(version: DocumentVersion, *, by: Any) -> None:
    with following(version.document, "version_in_force", by=by) as document:
        document.current, document.state = version, Document.State.IN_FORCE
        if document.review_every and version.effective_on is not None:
            document.review_due = rules.add_months(version.effective_on, document.review_every)
    version.document = document
    reading.ask_readers(version)
    notify(
        document.owner,
        news.KEEPING,
        text=lambda: _("In force from today: %(version)s") % {"version": version},
        record=document,
        by=by,
    )


def _end(
    version: DocumentVersion, state: DocumentVersion.State, day: dt.date, verb: str, reason: str, *, by: Any
) -> None:
    with following(version, verb, by=by, note=reason) as ended:
        if ended.state != State.EFFECTIVE:
            ended.effective_on = None
        ended.state, ended.ended_on = state, day if ended.effective_on else None
        ended.keep_until = kept_until(ended.document, day)
    reading.no_longer_asked(version, reason, by=by)


@transition(
    Document,
    source=[Document.State.DRAFT, Document.State.IN_FORCE],
    target=Document.State.RETIRED,
    label=gettext_lazy("Retire"),
    note=True,
    icon="archive",
    help=gettext_lazy(
        "It no longer holds and nobody has to read it any more. Its versions stay, with who read them."
    ),
)
def retire(document: Document, *, by: Any) -> None:
    today = timezone.localdate()
    reason = _("The document was retired.")
    for version in document.versions.exclude(state__in=DocumentVersion.PAST):
        _end(version, State.RETIRED, today, "retire", reason, by=by)
    document.current = None
    document.review_due = None
