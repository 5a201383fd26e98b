"""What the pages of documents and versions show beside their fields."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.documents import selectors
from calidez.documents.models import Approval, Document, DocumentVersion
from calidez.kit.catalog import catalog
from calidez.kit.core.cells import Column, cell
from calidez.kit.desk.made_from import new_url
from calidez.kit.platform.display import Badge, Button, Empty, Header, Link, Row, Table, Tone
from calidez.kit.platform.formats import day

MOST_VERSIONS = 50


# Columns of the list, read from the version in force that comes along with each row.
def version_number(document: Document) -> int | None:
    return document.current.number if document.current is not None else None


def effective_since(document: Document) -> Any:
    return document.current.effective_on if document.current is not None else None


def approved_by(document: Document) -> str:
    return document.current.approved_by if document.current is not None else ""


def approved_on(document: Document) -> Any:
    at = document.current.approved_at if document.current is not None else None
    return timezone.localtime(at).date() if at is not None else None


def digest(document: Document) -> str:
    return document.current.digest if document.current is not None else ""


def document_code(version: DocumentVersion) -> str:
    return version.document.code


def versions(document: Document, user: Any, request: Any) -> Table | None:
    """All that this reader may see; for most that is nothing, as they read the one in force."""
    entity = catalog.of(DocumentVersion)
    if not entity.may(user, "view"):
        return None
    found = entity.queryset(user).filter(document=document).select_related("created_by").order_by("-number")
    rows = tuple(
        Row(
            entity.url(version),
            (
                cell(Link(_("Version %(number)s") % {"number": version.number}, entity.url(version))),
                cell(entity.state_badge(version)),
                cell(_held(version)),
                cell(str(version.created_by or "")),
                cell(_approved(version)),
                cell(version.summary[:120]),
            ),
        )
        for version in found[:MOST_VERSIONS]
    )
    new = new_url(entity, document=document)
    writable = entity.may(user, "create") and document.state != Document.State.RETIRED
    in_works = any(v.state in DocumentVersion.OPEN for v in found[:MOST_VERSIONS])
    more = Link(_("Write a version"), new) if writable and not in_works else None
    first = Button(_("Write the first version"), new, icon="plus") if writable else None
    headers = tuple(
        Header(text)
        for text in (
            _("Version"),
            _("State"),
            _("Held"),
            _("Written by"),
            _("Approved by"),
            _("What changes"),
        )
    )
    return Table(headers, rows, None if rows else Empty(_("Nothing is written yet."), first), more)


def _held(version: DocumentVersion) -> str:
    """From when to when it was, is or will be in force."""
    # A date stays on one line, or a narrow column tears it into three.
    since, until = (day(date).replace(" ", "\u00a0") for date in (version.effective_on, version.ended_on))
    words = {"since": since, "until": until}
    if version.effective_on is None:
        return ""
    if version.ended_on is None:
        return _("from %(since)s") % words
    return _("%(since)s – %(until)s") % words


def _approved(version: DocumentVersion) -> str:
    """Who and when; while it is under way, how many of those asked have decided."""
    if version.approved_by:
        return f"{version.approved_by}, {day(version.approved_at)}"
    if version.state != DocumentVersion.State.IN_REVIEW:
        return ""
    asked = selectors.current_approvals(version)
    words = {"given": asked.exclude(decision="").count(), "asked": asked.count()}
    return _("%(given)s of %(asked)s have approved") % words


def decision(approval: Approval) -> Badge:
    if approval.void_at is not None:
        word = approval.get_decision_display() if approval.decision else _("not decided")
        return Badge(_("Void (%(decision)s)") % {"decision": word}, Tone.QUIET)
    if approval.decision == Approval.Decision.APPROVED:
        return Badge(approval.get_decision_display(), Tone.GOOD, icon="check")
    if approval.decision == Approval.Decision.SENT_BACK:
        return Badge(approval.get_decision_display(), Tone.CONCERN)
    waiting = _("Asked") if approval.asked_at is not None else _("Not yet asked")
    return Badge(waiting, Tone.NEUTRAL, icon="clock")


APPROVALS = (
    "person",
    Column("decision", gettext_lazy("Decision"), decision),
    Column("since", gettext_lazy("Since"), lambda approval: approval.decided_at or approval.asked_at),
    Column("digest", gettext_lazy("Digest"), lambda approval: approval.digest[:12]),
    Column("void", gettext_lazy("Void because"), lambda approval: approval.void_reason),
)
