"""“Read and understood”: whom to ask, what they answer, when they are reminded, and when it no longer matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.documents import news, rules, selectors
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.kit.core.following import created_many, following_many, noted
from calidez.kit.core.operations import Operation
from calidez.kit.desk.notifications import notify
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue

State = Acknowledgement.State
VERSION = DocumentVersion.State
AT_ONCE = 200  # people asked while somebody waits


class WrongAnswer(RuleBroken):
    """Refused like any broken rule, and counted."""


class Acknowledge(Operation):
    """A refusal undoes everything the step did; the wrong answer is counted afterwards."""

    def __call__(self, record: Any, *, by: Any, **values: Any) -> Any:
        try:
            return super().__call__(record, by=by, **values)
        except WrongAnswer:
            _count_try(record, by=by)
            raise


def _count_try(acknowledgement: Acknowledgement, *, by: Any) -> None:
    with transaction.atomic():
        Acknowledgement.objects.filter(pk=acknowledgement.pk).update(tries=F("tries") + 1)
        noted(acknowledgement, "wrong_answer", by=by)


def acknowledge_version(acknowledgement: Acknowledgement, *, by: Any) -> None:
    version = acknowledgement.document_version
    if acknowledgement.person_id != by.pk:
        raise RuleBroken(
            _("Only %(person)s can say that %(person)s has read it.") % {"person": acknowledgement.person}
        )
    if version.state not in asked_in(version):
        raise RuleBroken(past_sentence(version))
    if version.question:
        _check_answer(acknowledgement, version)
    else:
        acknowledgement.answer = ""
    acknowledgement.done_at = timezone.now()


def _check_answer(acknowledgement: Acknowledgement, version: DocumentVersion) -> None:
    if not acknowledgement.answer.strip():
        raise RuleBroken(
            _("Answer the check question first: %(question)s") % {"question": version.question},
            field="answer",
        )
    if not rules.same_answer(acknowledgement.answer, version.right_answer):
        raise WrongAnswer(
            _("That is not the right answer. Look it up in the document and try again."), field="answer"
        )


def _enough_have_read(acknowledgement: Acknowledgement, *, by: Any) -> None:
    """The owner hears of it when the last one that was needed has read it."""
    version = acknowledgement.document_version
    document, share = version.document, version.document.readers_share
    if version.state != VERSION.APPROVED or share is None:
        return
    counted = selectors.progress(version)
    if rules.still_needed(done=counted.done, asked=counted.asked, share=share) == 0:
        notify(
            document.owner,
            news.KEEPING,
            text=lambda: (
                _("Enough people have read “%(version)s”: it may take effect.") % {"version": version}
            ),
            record=version,
        )


acknowledge = Acknowledge(
    acknowledge_version,
    Acknowledgement,
    name="acknowledge",
    label=gettext_lazy("Confirm as read and understood"),
    verb="acknowledge",
    fields=["answer"],
    source=[State.ASKED],
    target=State.DONE,
    primary=True,
    icon="check",
    bulk=False,
    offers={"answer": selectors.answers},
    after=_enough_have_read,
    drawn=False,  # its button stands at the end of the text to be read
    help=lambda acknowledgement: acknowledgement.document_version.question,
)


def asked_in(version: DocumentVersion) -> frozenset[str]:
    """The states in which people are asked: in force, and before that where a share of them is needed first."""
    if version.document.readers_share is None:
        return frozenset({VERSION.EFFECTIVE})
    return frozenset({VERSION.EFFECTIVE, VERSION.APPROVED})


def past_sentence(version: DocumentVersion) -> str:
    if version.state == VERSION.SUPERSEDED:
        current = version.document.current
        return _("“%(version)s” no longer holds: read version %(number)s instead.") % {
            "version": version,
            "number": current.number if current is not None else "–",
        }
    if version.state == VERSION.RETIRED:
        return _("“%(version)s” is retired: there is nothing to confirm any more.") % {"version": version}
    return _("“%(version)s” is not to be read yet.") % {"version": version}


def ask_readers(
    version: DocumentVersion, *, at: dt.datetime | None = None, most: int | None = AT_ONCE
) -> int:
    """Ask those who must read it and were not asked, and no longer those who need not; returns how many were asked.

    Thousands are left to a job, so that nobody waits for the page: `most` None asks all of them here.
    """
    if version.state not in asked_in(version):
        return 0
    now = at or timezone.now()
    document = version.document
    with transaction.atomic():
        people = {person.pk: person for person in selectors.audience(document)}
        counting = version.acknowledgements.exclude(state=State.VOID).select_related("person")
        known = {acknowledgement.person_id: acknowledgement for acknowledgement in counting}
        gone = [one.pk for pk, one in known.items() if pk not in people and one.state == State.ASKED]
        _void(version.acknowledgements.filter(pk__in=gone), _("No longer among its readers."), by=None)
        due = timezone.localdate(now) + dt.timedelta(days=document.read_within)
        missing = [person for pk, person in people.items() if pk not in known]
        _ask(version, missing[:most], now, due)
        if most is not None and len(missing) > most:
            enqueue("documents.ask_new_readers")
    return len(missing[:most])


def _ask(version: DocumentVersion, people: Sequence[Any], now: dt.datetime, due: dt.date) -> None:
    asked = [
        Acknowledgement(document_version=version, person=person, asked_at=now, due=due) for person in people
    ]
    created_many(asked, by=None)
    for acknowledgement in asked:
        notify(
            acknowledgement.person,
            news.READING,
            text=lambda: _("Please read: %(version)s") % {"version": version},
            record=acknowledgement,
        )


def no_longer_asked(version: DocumentVersion, reason: str, *, by: Any) -> None:
    """Who has read it has read it; who has not need not any more."""
    _void(version.acknowledgements.filter(state=State.ASKED), reason, by=by)


def _void(asked: QuerySet[Acknowledgement], reason: str, *, by: Any) -> None:
    found = asked.select_related("person", "document_version__document")
    with following_many(found, "void", fields=("state", "void_at", "void_reason"), by=by) as voided:
        for acknowledgement in voided:
            acknowledgement.state = State.VOID
            acknowledgement.void_at, acknowledgement.void_reason = timezone.now(), reason[:300]


def follow_readers() -> int:
    """People came, left or moved: ask whoever joined the readers of what holds."""
    versions = DocumentVersion.objects.filter(
        state__in=(VERSION.APPROVED, VERSION.EFFECTIVE), document__state__in=_ALIVE
    )
    return sum(ask_readers(version, most=None) for version in versions.select_related("document__unit"))


_ALIVE = (Document.State.DRAFT, Document.State.IN_FORCE)
