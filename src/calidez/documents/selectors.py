"""Reads across documents: what is in force, what is in the works, who must read it and who had read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from calidez.documents import rules
from calidez.documents.models import Acknowledgement, Approval, Document, DocumentVersion
from calidez.kit.catalog import catalog
from calidez.kit.core import access, writers
from calidez.kit.desk.files.models import Attachment
from calidez.kit.platform.kept_files.sniffing import IMAGES
from calidez.people.models import User
from calidez.people.selectors import who_may

State = DocumentVersion.State


def open_version(document: Document, *, locked: bool = False) -> DocumentVersion | None:
    """The one in the works, from draft to approved; there is one at most."""
    versions = document.versions.select_for_update() if locked else document.versions
    found: DocumentVersion | None = versions.filter(state__in=DocumentVersion.OPEN).first()
    return found


def version_in_force_on(document: Document, day: dt.date) -> DocumentVersion | None:
    """The version that held on that day; None where none did."""
    held = document.versions.filter(
        Q(ended_on=None) | Q(ended_on__gt=day),
        effective_on__lte=day,
        state__in=(State.EFFECTIVE, *DocumentVersion.PAST),
    )
    return held.order_by("-effective_on", "-number").first()


def readers_on(version: DocumentVersion, day: dt.date) -> QuerySet[Acknowledgement]:
    """“Read and understood” as given until the end of that day."""
    end = timezone.make_aware(dt.datetime.combine(day, dt.time.max))
    given = version.acknowledgements.filter(state=Acknowledgement.State.DONE, done_at__lte=end)
    return given.select_related("person").order_by("done_at", "pk")


def digest_of(version: DocumentVersion, *, submitted: bool = False) -> str:
    """Of what the version and its document say now; `submitted`: under the name that it had when it was submitted."""
    named = version if submitted else version.document
    return rules.digest_of(
        title=named.title,
        kind=named.kind,
        text=version.text,
        file=file_digest(version),
        question=version.question,
        right=version.right_answer,
        wrong=rules.lines(version.wrong_answers),
        pictures={name: picture.sha256 for name, picture in pictures(version).items()},
    )


def pictures(version: DocumentVersion) -> dict[str, Attachment]:
    """Those attached to the version that its text names, by their names.

    What was attached after the submission was approved by nobody and is not part of it.
    """
    if version.pk is None or "![" not in version.text:
        return {}
    attached = Attachment.objects.filter(about=version, withdrawn_at=None, media_type__in=IMAGES)
    if version.submitted_at is not None:
        attached = attached.filter(uploaded_at__lte=version.submitted_at)
    said = unquote(version.text)
    return {one.name: one for one in attached.order_by("uploaded_at", "pk") if one.name in said}


def file_digest(version: DocumentVersion) -> str:
    file: Any = version.file
    return str(file.sha256) if file else ""


def current_approvals(version: DocumentVersion) -> QuerySet[Approval]:
    """Those that count: asked or approved, neither void nor sent back."""
    return version.approvals.filter(void_at=None).exclude(decision=Approval.Decision.SENT_BACK)


def is_asked(version: DocumentVersion, person: Any) -> bool:
    """Whether it is this person's turn to decide."""
    mine = current_approvals(version).filter(person=person, decision="", asked_at__isnull=False)
    return mine.exists() and not wrote(version, person)


def wrote(version: DocumentVersion, person: Any) -> bool:
    return bool(written_by([version], person))


def written_by(versions: Sequence[DocumentVersion], person: Any) -> set[int]:
    """The keys of those that the person made, or whose content they changed: the trail knows."""
    found = {version.pk for version in versions if version.created_by_id == person.pk}
    others = [version for version in versions if version.pk not in found]
    told = writers.written_by(others, person, {*writers.WRITING, "write_out"})
    return found | {version.pk for version in others if version.uid in told}


def answers_confided(versions: Sequence[DocumentVersion], person: Any) -> set[int]:
    """Those whose right and wrong answers the person may know: whoever keeps, writes or approves them.

    Whoever only reads is asked the question, and does not find its answer beside it.
    """
    open_to_all = {v.pk for v in versions if not v.right_answer and not v.wrong_answers}
    told = open_to_all | {v.pk for v in versions if v.document.owner_id == person.pk}
    left = [version for version in versions if version.pk not in told]
    if left:
        told |= written_by(left, person)
        approvals = Approval.objects.filter(person=person, document_version__in=left)
        told |= set(approvals.values_list("document_version", flat=True))
        editable = catalog.of(DocumentVersion).queryset(person, access.EDIT)
        told |= set(editable.filter(pk__in=[v.pk for v in left]).values_list("pk", flat=True))
    return told


def audience(document: Document) -> QuerySet[User]:
    """Who must read it: the people of the chosen positions and units who may see documents and say that they read."""
    entity = catalog.of(Document)
    asked = Q(position__in=document.readers_positions.all())
    for path in document.readers_units.values_list("path", flat=True):
        asked |= Q(unit__path__startswith=path)
    may_see = access.audience(entity, document)
    may_say = who_may(catalog.of(Acknowledgement).key, "acknowledge", None)
    readers = User.objects.filter(pk__in=may_see.order_by().values("pk"))
    return readers.filter(asked, is_active=True, pk__in=may_say.order_by().values("pk"))


def has_readers(document: Document) -> bool:
    return document.readers_positions.exists() or document.readers_units.exists()


@dataclass(frozen=True)
class Progress:
    """How many were asked and how many have read it; `late` of the others are past their day."""

    asked: int
    done: int
    late: int

    @property
    def waiting(self) -> int:
        return self.asked - self.done


def progress(version: DocumentVersion, *, on: dt.date | None = None) -> Progress:
    asked, done = Acknowledgement.State.ASKED, Acknowledgement.State.DONE
    today = on or timezone.localdate()
    counted = version.acknowledgements.aggregate(
        asked=Count("pk", filter=Q(state__in=(asked, done))),
        done=Count("pk", filter=Q(state=done)),
        late=Count("pk", filter=Q(state=asked, due__lt=today)),
    )
    return Progress(counted["asked"], counted["done"], counted["late"])


def answers(acknowledgement: Acknowledgement) -> list[str]:
    """To the check question, in an order that tells nothing; empty where nothing is asked."""
    version = acknowledgement.document_version
    if not version.question:
        return []
    wrong = rules.lines(version.wrong_answers)
    return rules.shuffled([version.right_answer, *wrong], seed=str(acknowledgement.uid))
