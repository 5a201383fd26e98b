"""To comment, to mend one's comment for a while, to withdraw it; whom it names is told."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.following import noted
from calidez.kit.core.record import Record
from calidez.kit.desk.comments.mentions import Mentions, Person, find
from calidez.kit.desk.comments.models import Comment
from calidez.kit.desk.notifications import kind, notify
from calidez.kit.platform import letters
from calidez.kit.platform.errors import RuleBroken

LONGEST = 5000
EDITED_WITHIN = dt.timedelta(minutes=15)
QUOTED = 200  # characters of the comment in the notification
MENTION = kind(
    "mention",
    label=gettext_lazy("Somebody mentions me in a comment"),
    why=gettext_lazy("You get this because somebody wrote your name in a comment."),
)


def may_comment(record: Record, user: Any) -> bool:
    """The verb "comment" where the record belongs; below it too, where records of higher units are shown there."""
    entity = _entity(record)
    scope, path = entity.granted(user, access.COMMENT), entity.unit_path(record)
    if not scope or path is None:
        return bool(scope)
    return scope.covers(path) or (entity.inherited and path in scope.ancestors())


def may_edit(comment: Comment, user: Any, at: dt.datetime) -> bool:
    return comment.author_id == user.pk and comment.withdrawn_at is None and at - comment.at <= EDITED_WITHIN


def may_moderate(record: Record, user: Any) -> bool:
    """Whether somebody may withdraw what others said: the verb of that name, which the administrator's role has."""
    entity = _entity(record)
    scope, path = entity.granted(user, "withdraw_comment"), entity.unit_path(record)
    return bool(scope) and (path is None or scope.covers(path))


def people_to_mention(record: Record) -> list[Person]:
    """Whoever may see the record: nobody else may learn of it."""
    people = access.seers(_entity(record), record).values_list("uid", "name", "email")
    return [Person(str(uid), name, email) for uid, name, email in people]


def comment(record: Record, text: str, *, by: Any, at: dt.datetime | None = None) -> tuple[Comment, Mentions]:
    """Keep the comment and tell those it names; the mentions say who was not found."""
    if not may_comment(record, by):
        raise access.refuse(access.COMMENT, _entity(record).label)
    text = _checked(text)
    mentions = _mentions(record, text)
    with transaction.atomic():
        kept = Comment.objects.create(
            about=record,
            text=text,
            mentions=_places(mentions),
            author=by,
            at=at or timezone.now(),
        )
        noted(record, "comment", by=by, after=_trace(kept))
        _tell(record, kept, {m.uid for m in mentions.found}, by)
    return kept, mentions


def edit_comment(
    comment: Comment, record: Record, text: str, *, by: Any, at: dt.datetime | None = None
) -> tuple[Comment, Mentions]:
    """One's own comment, for a quarter of an hour: later it has been read and answered."""
    now = at or timezone.now()
    text = _checked(text)
    mentions = _mentions(record, text)
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        if not may_edit(locked, by, now):
            raise RuleBroken(
                _("A comment can be changed by its author for 15 minutes. Write another one, or withdraw it.")
            )
        told = {uid for _start, _end, uid in locked.mentions}
        before = _trace(locked)
        locked.text, locked.mentions, locked.edited_at = text, _places(mentions), now
        locked.save(update_fields=["text", "mentions", "edited_at"])
        noted(record, "edit_comment", by=by, before=before, after=_trace(locked))
        _tell(record, locked, {m.uid for m in mentions.found} - told, by)
    return locked, mentions


def withdraw_comment(comment: Comment, record: Record, *, by: Any, at: dt.datetime | None = None) -> Comment:
    """The text leaves the page; that something was said and taken back stays."""
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        if locked.withdrawn_at is not None:
            return locked
        if locked.author_id != by.pk and not may_moderate(record, by):
            raise RuleBroken(_("A comment is withdrawn by its author."))
        locked.withdrawn_at, locked.withdrawn_by = at or timezone.now(), by
        locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
        noted(record, "withdraw_comment", by=by, after=_trace(locked))
    return locked


def _checked(text: str) -> str:
    text = letters.note(text.replace("\r\n", "\n"), field="text").strip()
    if not text:
        raise RuleBroken(_("Write something first."), field="text")
    if len(text) > LONGEST:
        raise RuleBroken(
            _("A comment has at most %(most)s characters; this one has %(count)s. Add a file instead.")
            % {"most": LONGEST, "count": len(text)},
            field="text",
        )
    return text


def _mentions(record: Record, text: str) -> Mentions:
    return find(text, people_to_mention(record)) if "@" in text else Mentions((), ())


def _places(mentions: Mentions) -> list[list[Any]]:
    return [[m.start, m.end, m.uid] for m in mentions.found]


def _trace(comment: Comment) -> dict[str, str]:
    # The trail proves what was said without keeping a second copy that a withdrawal could not reach.
    return {"comment": str(comment.uid), "sha256": hashlib.sha256(comment.text.encode()).hexdigest()}


def _tell(record: Record, comment: Comment, uids: set[str], by: Any) -> None:
    if not uids:
        return
    text = comment.text if len(comment.text) <= QUOTED else comment.text[: QUOTED - 1] + "…"
    for person in access.seers(_entity(record), record).filter(uid__in=uids).exclude(pk=by.pk):
        notify(
            person,
            MENTION,
            text=lambda: (
                _("%(person)s about %(record)s: “%(text)s”") % {"person": by, "record": record, "text": text}
            ),
            record=record,
            url=f"{record.get_absolute_url()}#comment-{comment.uid}",
            by=by,
        )


def _entity(record: Record) -> Any:
    return catalog.of(type(record))
