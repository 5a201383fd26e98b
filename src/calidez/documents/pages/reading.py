"""What a document says to its readers: the version in force, how it came into force, and "read and understood"."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from calidez.documents import selectors, services
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.documents.pages.files import document_or_404
from calidez.documents.pages.readable import Shown, readable, shown
from calidez.kit.catalog import catalog
from calidez.kit.platform.display import Badge, Link
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.formats import day

State = DocumentVersion.State
NAMES = 60  # of readers that stand in a row


@dataclass(frozen=True)
class Ask:
    """What is asked of this reader: until when, and the answers to the check question in an order that tells nothing."""

    due: dt.date
    late: bool
    question: str
    answers: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Reading:
    """One version, ready to be read; `other` leads to another one that this reader is to read."""

    number: int
    state: Badge | None
    notice: str
    since: dt.date | None
    approved_by: str
    approved_at: Any
    summary: str
    shown: Shown
    print_url: str
    read_at: Any = None
    ask: Ask | None = None
    other: Link | None = None


def in_force(document: Document, user: Any, request: Any) -> Reading | None:
    """The version in force; another that may be read where the address names it."""
    number = request.GET.get("version", "") if request is not None else ""
    if number.isdecimal() and len(number) < 9:
        chosen = readable(document, user).filter(number=int(number)).first()
        if chosen is not None:
            return reading_of(chosen, user)
    if document.current is None:
        asked = _asked_besides(document, user, None)
        return reading_of(asked, user) if asked is not None else None
    current = document.current
    current.document = document  # at hand already
    return reading_of(current, user)


def to_read(acknowledgement: Acknowledgement, user: Any, request: Any) -> Reading | None:
    """On the page of an acknowledgement: what it is about, for the person who was asked."""
    if acknowledgement.person_id != user.pk or acknowledgement.state == Acknowledgement.State.VOID:
        return None
    return reading_of(acknowledgement.document_version, user)


def reading_of(version: DocumentVersion, user: Any) -> Reading:
    document = version.document
    mine = (
        version.acknowledgements.filter(person=user)
        .exclude(state=Acknowledgement.State.VOID)
        .order_by("-pk")
        .first()
    )
    open_one = mine is not None and mine.state == Acknowledgement.State.ASKED
    other = _asked_besides(document, user, version)
    if other is None and version.pk != document.current_id and document.current is not None:
        other = document.current
    return Reading(
        number=version.number,
        state=catalog.of(DocumentVersion).state_badge(version),
        notice=_notice(version),
        since=version.effective_on,
        approved_by=version.approved_by,
        approved_at=version.approved_at,
        summary=version.summary,
        shown=shown(version),
        print_url=f"{reverse('documents:print', args=[document.uid])}?version={version.number}",
        read_at=mine.done_at if mine is not None else None,
        ask=_ask(mine, version) if mine is not None and open_one else None,
        other=_link(other) if other is not None else None,
    )


def _notice(version: DocumentVersion) -> str:
    """What a reader must know before reading a version that is not the one in force."""
    if version.state == State.EFFECTIVE:
        return ""
    if version.state in DocumentVersion.PAST:
        return _("This version no longer holds. It is shown as a record of the past.")
    if version.state == State.APPROVED:
        if version.effective_on:
            return _("This version is approved and holds from %(day)s on.") % {
                "day": day(version.effective_on)
            }
        return _("This version is approved, but does not hold yet.")
    return _("This version is being written or approved. It does not hold.")


def _ask(mine: Acknowledgement, version: DocumentVersion) -> Ask:
    return Ask(
        due=mine.due,
        late=mine.due < timezone.localdate(),
        question=version.question,
        answers=tuple(selectors.answers(mine)),
        url=reverse("documents:read", args=[version.document.uid, version.number]),
    )


def _asked_besides(document: Document, user: Any, version: DocumentVersion | None) -> DocumentVersion | None:
    """Another version that this person was asked to read and has not."""
    asked = Acknowledgement.objects.filter(
        person=user, state=Acknowledgement.State.ASKED, document_version__document=document
    )
    if version is not None:
        asked = asked.exclude(document_version=version)
    found = asked.select_related("document_version__document").order_by("-document_version__number").first()
    return found.document_version if found is not None else None


def _link(version: DocumentVersion) -> Link:
    url = catalog.of(Document).url(version.document)
    if version.pk == version.document.current_id:
        return Link(_("Read version %(number)s, which is in force") % {"number": version.number}, url)
    return Link(
        _("Read version %(number)s, which is about to hold") % {"number": version.number},
        f"{url}?version={version.number}",
    )


@require_POST
def read(request: HttpRequest, uid: uuid.UUID, number: int) -> HttpResponse:
    """“Read and understood”, from where it was read; a wrong answer leads back to the text."""
    document = document_or_404(request, uid)
    mine = (
        Acknowledgement.objects.filter(document_version__document=document, document_version__number=number)
        .filter(person_id=request.user.pk)
        .order_by("-pk")
        .first()
    )
    address = catalog.of(Document).url(document)
    if document.current is None or document.current.number != number:
        address += f"?version={number}"
    try:
        if mine is None:
            raise RuleBroken(_("You were not asked to read this version."))
        services.acknowledge(mine, by=request.user, answer=request.POST.get("answer", "")[:300])
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you: noted that you have read and understood it."))
    return redirect(address)


# -- as it stood on a day -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PastReading:
    """What was in force on a day and who had read it; names only for those who may see them."""

    sentence: str
    version: Link | None
    mine: str
    done: int
    asked: int
    names: tuple[str, ...]
    more: int
    shown: Shown | None = None


def as_it_stood(document: Document, user: Any, on: dt.date) -> PastReading:
    version = selectors.version_in_force_on(document, on)
    if version is None:
        sentence = _("On %(day)s no version of it was in force.") % {"day": day(on)}
        return PastReading(sentence, None, "", 0, 0, (), 0)
    words = {"number": version.number, "day": day(on), "since": day(version.effective_on)}
    sentence = _("On %(day)s version %(number)s was in force, since %(since)s.") % words
    open_to = readable(document, user).filter(pk=version.pk).exists()
    address = f"{catalog.of(Document).url(document)}?version={version.number}"
    given = selectors.readers_on(version, on)
    asked = version.acknowledgements.filter(asked_at__lte=_end(on)).exclude(void_at__lte=_end(on)).count()
    names, more = _names(given, user)
    return PastReading(
        sentence=sentence,
        version=Link(_("Version %(number)s") % {"number": version.number}, address) if open_to else None,
        mine=_my_reading(given.filter(person=user).first()),
        done=given.count(),
        asked=asked,
        names=names,
        more=more,
        shown=shown(version) if open_to else None,
    )


def _names(given: QuerySet[Acknowledgement], user: Any) -> tuple[tuple[str, ...], int]:
    seen = catalog.of(Acknowledgement).queryset(user).filter(pk__in=given.values("pk")).exclude(person=user)
    people = list(seen.select_related("person").order_by("done_at", "pk")[: NAMES + 1])
    said = tuple(
        f"{one.person} ({day(timezone.localtime(one.done_at))})" for one in people[:NAMES] if one.done_at
    )
    return said, max(0, seen.count() - NAMES) if len(people) > NAMES else 0


def _my_reading(mine: Acknowledgement | None) -> str:
    if mine is None or mine.done_at is None:
        return ""
    return _("You had read it: %(day)s.") % {"day": day(timezone.localtime(mine.done_at))}


def _end(on: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on, dt.time.max))
