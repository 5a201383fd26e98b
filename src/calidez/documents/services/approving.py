"""From draft to approved: submitted, approved or sent back by those asked, void when what was approved changes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.documents import news, rules, selectors
from calidez.documents.models import Approval, Document, DocumentVersion
from calidez.documents.services import reading
from calidez.kit.core.following import following
from calidez.kit.core.operations import NotOffered, operation, transition
from calidez.kit.desk.notifications import notify
from calidez.kit.platform.errors import RuleBroken

State = DocumentVersion.State
_MISSING = {
    rules.CONTENT: gettext_lazy("Write the text or give a file first."),
    rules.SUMMARY: gettext_lazy("Say what changes against the version before."),
    rules.APPROVERS: gettext_lazy("Name at least one approver on the page of the document first."),
    rules.OTHERS: gettext_lazy(
        "Whoever wrote the version does not approve it: name somebody else among the approvers of the document."
    ),
}
_FIELDS = {rules.SUMMARY: "summary"}


def _missing(version: DocumentVersion) -> list[str]:
    people = version.document.approvers.values_list("person", flat=True)
    return rules.missing_to_submit(
        content=version.has_content,
        number=version.number,
        summary=version.summary,
        approvers=people,
        author=version.created_by_id,
    )


def _blocked(version: DocumentVersion, by: Any) -> Any:
    """What no answer in the step's own form could mend."""
    missing = [name for name in _missing(version) if name not in _FIELDS]
    return _MISSING[missing[0]] if missing else None


def _not_asked(version: DocumentVersion, by: Any) -> NotOffered | None:
    """Why it is not this person's turn to decide."""
    if by is None or selectors.is_asked(version, by):
        return None
    if selectors.wrote(version, by):
        return NotOffered(_("You wrote this version: somebody else must approve it."))
    asked = selectors.current_approvals(version)
    mine = asked.filter(person=by).order_by("decision").first()
    if mine is None:
        return NotOffered(_("Only those asked may decide: you are not among the approvers of this document."))
    if mine.decision:
        return NotOffered(_("You have approved this version already."))
    first = (
        asked.filter(decision="").exclude(asked_at=None).select_related("person").order_by("place").first()
    )
    return NotOffered(
        _("It is not your turn yet: %(person)s decides first.")
        % {"person": first.person if first is not None else "–"}
    )


def _for_whoever_wrote(version: DocumentVersion, by: Any) -> NotOffered | None:
    if by is None or selectors.wrote(version, by):
        return None
    return NotOffered(_("Only whoever wrote the version takes it back. An approver can send it back."))


@transition(
    DocumentVersion,
    source=[State.DRAFT],
    target=State.IN_REVIEW,
    label=gettext_lazy("Submit for approval"),
    fields=["summary"],
    demands=lambda version: ("summary",) if version.number > 1 else (),
    primary=True,
    icon="send",
    blocked=_blocked,
    after=lambda version, *, by: _ask_everybody(version, by=by),
    help=gettext_lazy(
        "From now on its content stays as it is, until it is approved, sent back or taken back."
    ),
)
def submit(version: DocumentVersion, *, by: Any) -> None:
    missing = _missing(version)
    if missing:
        raise RuleBroken(_MISSING[missing[0]], field=_FIELDS.get(missing[0], ""))
    version.submitted_at = timezone.now()
    name_as_submitted(version)


def _all_approved(version: DocumentVersion, *, by: Any) -> None:
    if version.state == State.APPROVED:
        reading.ask_readers(version)
        document = version.document
        notify(
            document.owner,
            news.KEEPING,
            text=lambda: _("Approved and ready to take effect: %(version)s") % {"version": version},
            record=version,
            by=by,
        )
    else:
        _ask_next(version, by=by)


@operation(
    DocumentVersion,
    source=[State.IN_REVIEW],
    label=gettext_lazy("Approve version"),
    primary=True,
    icon="check",
    after=_all_approved,
    blocked=_not_asked,
    help=gettext_lazy("You confirm that this content may hold. Its digest is kept with your name."),
)
def approve(version: DocumentVersion, *, by: Any) -> None:
    approval = selectors.current_approvals(version).get(person=by, decision="")
    digest = selectors.digest_of(version)
    if digest != version.digest:
        raise RuleBroken(
            _("The content changed after it was submitted: the author must take it back and submit it again.")
        )
    now = timezone.now()
    approval.decision, approval.decided_at, approval.digest = Approval.Decision.APPROVED, now, digest
    approval.save()
    given = selectors.current_approvals(version)
    if not given.filter(decision="").exists():
        version.state = State.APPROVED
        version.approved_at = now
        version.approved_by = _names(given)


@transition(
    DocumentVersion,
    source=[State.IN_REVIEW],
    target=State.DRAFT,
    label=gettext_lazy("Send back"),
    verb="approve",
    note=True,
    icon="arrow-back-up",
    after=lambda version, *, by: _tell_author(version, by=by),
    blocked=_not_asked,
    help=gettext_lazy("The version is a draft again. Say what is missing, so that the author can mend it."),
)
def send_back(version: DocumentVersion, *, by: Any) -> None:
    approval = selectors.current_approvals(version).get(person=by, decision="")
    approval.decision, approval.decided_at = Approval.Decision.SENT_BACK, timezone.now()
    approval.digest = version.digest
    approval.save()
    void(version, _("%(person)s sent the version back.") % {"person": by})
    _no_longer_submitted(version)


@transition(
    DocumentVersion,
    source=[State.IN_REVIEW, State.APPROVED],
    target=State.DRAFT,
    label=gettext_lazy("Take back to draft"),
    verb="submit",
    note=True,
    icon="arrow-back-up",
    blocked=_for_whoever_wrote,
    help=gettext_lazy("Its content may be changed again. Approvals given so far become void."),
)
def take_back(version: DocumentVersion, *, by: Any) -> None:
    void(version, _("%(person)s took the version back to draft.") % {"person": by})
    reading.no_longer_asked(version, _("The version was taken back to draft."), by=by)
    _no_longer_submitted(version)


def void(version: DocumentVersion, reason: str) -> list[Approval]:
    """All that count so far count no more; returns those that had been given."""
    counting = list(selectors.current_approvals(version).select_related("person"))
    version.approvals.filter(pk__in=[a.pk for a in counting]).update(
        void_at=timezone.now(), void_reason=reason
    )
    return [approval for approval in counting if approval.decision]


def follow_document(version: DocumentVersion, *, by: Any) -> None:
    """Title, kind or approvers of the document changed while the version was under way.

    What people approved is no longer what stands there: their approvals become void and they are asked again.
    """
    if selectors.digest_of(version) != version.digest:
        _start_again(version, by=by)
    elif version.state == State.IN_REVIEW:
        _follow_approvers(version, by=by)


def _start_again(version: DocumentVersion, *, by: Any) -> None:
    reason = _("The title or the kind of the document changed after the approval.")
    given = void(version, reason)
    with following(version, "void_approvals", by=by, note=reason) as again:
        again.state = State.IN_REVIEW
        again.approved_at, again.approved_by = None, ""
        name_as_submitted(again)
    reading.no_longer_asked(again, reason, by=by)
    for approval in given:
        notify(
            approval.person,
            news.APPROVAL,
            text=lambda: (
                _(
                    "Your approval of “%(version)s” is void: the title or the kind of the document changed. Please look at it again."
                )
                % {"version": again}
            ),
            record=again,
            by=by,
        )
    _ask_everybody(again, by=by)


def _follow_approvers(version: DocumentVersion, *, by: Any) -> None:
    wanted = dict(version.document.approvers.values_list("person", "place"))
    for approval in selectors.current_approvals(version).filter(decision=""):
        if approval.person_id not in wanted:
            approval.void_at = timezone.now()
            approval.void_reason = _("No longer among the approvers.")
        else:
            approval.place = wanted[approval.person_id]
        approval.save()
    known = set(selectors.current_approvals(version).values_list("person", flat=True))
    _add_approvals(version, known)
    if not selectors.current_approvals(version).exists():
        raise RuleBroken(_MISSING[rules.APPROVERS], field="rows_approver")
    _ask_next(version, by=by)


def name_as_submitted(version: DocumentVersion) -> None:
    version.title, version.kind = version.document.title, version.document.kind
    version.digest = selectors.digest_of(version)


def _no_longer_submitted(version: DocumentVersion) -> None:
    version.submitted_at = version.approved_at = None
    version.approved_by = version.digest = version.title = version.kind = ""
    version.effective_on = None


def _ask_everybody(version: DocumentVersion, *, by: Any) -> None:
    _add_approvals(version, set())
    _ask_next(version, by=by)


def _add_approvals(version: DocumentVersion, known: set[int]) -> None:
    """Nobody is asked to approve what they wrote."""
    for approver in version.document.approvers.select_related("person").order_by("place", "pk"):
        if approver.person_id not in known and not selectors.wrote(version, approver.person):
            version.approvals.create(person=approver.person, place=approver.place)
    if not selectors.current_approvals(version).exists():
        raise RuleBroken(_MISSING[rules.OTHERS])


def _ask_next(version: DocumentVersion, *, by: Any) -> None:
    waiting = list(selectors.current_approvals(version).filter(decision="").select_related("person"))
    sequential = version.document.approval_order == Document.Approval.SEQUENTIAL
    now = rules.turn([(a.place, a.person_id) for a in waiting], sequential=sequential)
    for approval in waiting:
        if approval.person_id in now and approval.asked_at is None:
            approval.asked_at = timezone.now()
            approval.save()
            notify(
                approval.person,
                news.APPROVAL,
                text=lambda: _("Please approve: %(version)s") % {"version": version},
                record=version,
                by=by,
            )


def _names(given: Any) -> str:
    people = (str(a.person) for a in given.select_related("person").order_by("decided_at", "pk"))
    return "; ".join(people)[:500]


def _tell_author(version: DocumentVersion, *, by: Any) -> None:
    if version.created_by is not None:
        notify(
            version.created_by,
            news.APPROVAL,
            text=lambda: _("%(person)s sent back: %(version)s") % {"person": by, "version": version},
            record=version,
            by=by,
        )
