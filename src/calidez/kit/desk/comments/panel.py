"""The panel of comments, oldest first, and the form to add one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from calidez.kit.core.blocks import PanelSource
from calidez.kit.desk.comments.models import Comment
from calidez.kit.desk.comments.services import LONGEST, may_comment, may_edit, may_moderate
from calidez.kit.desk.drafts import services as drafts
from calidez.kit.platform.display import Panel

NEWEST = 20  # comments that stand open; earlier ones are folded
MOST_COMMENTS = 500


@dataclass(frozen=True)
class Said:
    """One comment as shown; a withdrawn one has no text. The addresses are set for whoever may use them."""

    anchor: str
    author: str
    moment: Any
    html: str
    text: str
    edited: bool
    withdrawn_by: str
    withdrawn_at: Any
    edit_url: str = ""
    withdraw_url: str = ""


@dataclass(frozen=True)
class CommentsPage:
    comments: tuple[Said, ...]
    earlier: tuple[Said, ...]
    add_url: str  # empty for readers who may not comment
    people_url: str
    draft_token: str = ""
    written: str = ""  # what this reader wrote before and did not send
    longest: int = LONGEST


@dataclass(frozen=True)
class Comments(PanelSource):
    """What people say about the record."""

    key = "comments"
    title = gettext_lazy("Comments")
    later = True

    def build(self, entity: Any, record: Any, user: Any, request: Any = None) -> Panel | None:
        found = Comment.objects.filter(about=record)
        newest = list(found.select_related("author", "withdrawn_by").order_by("-id")[:MOST_COMMENTS])
        allowed = may_comment(record, user)
        if not newest and not allowed:
            return None
        place = [entity.slug, record.uid]
        moderates = allowed and may_moderate(record, user)
        said = tuple(_said(c, user, allowed, moderates, place) for c in reversed(newest))
        url = reverse("kit:comment", args=place)
        draft = drafts.find(user, url) if allowed else None
        content = CommentsPage(
            comments=said[-NEWEST:],
            earlier=said[:-NEWEST],
            add_url=url if allowed else "",
            people_url=reverse("kit:people", args=place),
            draft_token=drafts.token_for(user, url) if allowed else "",
            written=drafts.as_posted(draft).get("text", "") if draft is not None else "",
        )
        count = sum(1 for one in said if not one.withdrawn_at)
        return Panel(self.key, str(self.title), "kit/panels/comments.html", content, count=count or None)


def _said(comment: Comment, user: Any, allowed: bool, moderates: bool, place: list[Any]) -> Said:
    gone = comment.withdrawn_at is not None
    address = [*place, comment.uid]
    editable = allowed and may_edit(comment, user, timezone.now())
    withdrawable = not gone and (moderates or (allowed and comment.author_id == user.pk))
    return Said(
        anchor=f"comment-{comment.uid}",
        author=str(comment.author),
        moment=comment.at,
        html="" if gone else as_html(comment.text, comment.mentions),
        text=comment.text if editable else "",
        edited=comment.edited_at is not None,
        withdrawn_by=str(comment.withdrawn_by) if gone else "",
        withdrawn_at=comment.withdrawn_at,
        edit_url=reverse("kit:comment-edit", args=address) if editable else "",
        withdraw_url=reverse("kit:comment-withdraw", args=address) if withdrawable else "",
    )


def as_html(text: str, mentions: list[list[Any]]) -> SafeString:
    """Escaped text with its links and the names it mentions; lines break where they were broken."""
    pieces: list[str] = []
    done = 0
    for start, end, _uid in mentions:
        pieces.append(_linked(text[done:start]))
        pieces.append(format_html('<strong class="c-mention">{}</strong>', text[start:end]))
        done = end
    pieces.append(_linked(text[done:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above


def _linked(text: str) -> str:
    return urlize(text, nofollow=True, autoescape=True) if text else ""
