"""To comment, to mend and to withdraw a comment; and the names that an @ offers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calidez.kit.catalog import Entity
from calidez.kit.core import access
from calidez.kit.desk.comments import services
from calidez.kit.desk.comments.mentions import Mentions, folded
from calidez.kit.desk.comments.models import Comment
from calidez.kit.desk.drafts import services as drafts
from calidez.kit.faces.pages.common import back_to_record, record_or_404, viewable_entity

MOST_NAMES = 8


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    entity, record = _record(request, slug, uid)
    if request.method == "GET":  # back from signing in: what was written waits in the panel
        return redirect(back_to_record(request, entity, record, "panel-comments"))
    kept, mentions = services.comment(record, request.POST.get("text", ""), by=request.user)
    drafts.forget(request.user, request.path)
    _say_unknown(request, mentions)
    return redirect(back_to_record(request, entity, record, f"comment-{kept.uid}"))


@require_POST
def edit(request: HttpRequest, slug: str, uid: uuid.UUID, comment: uuid.UUID) -> HttpResponse:
    entity, record = _record(request, slug, uid)
    found = _comment_or_404(record, comment)
    kept, mentions = services.edit_comment(found, record, request.POST.get("text", ""), by=request.user)
    _say_unknown(request, mentions)
    return redirect(back_to_record(request, entity, record, f"comment-{kept.uid}"))


@require_POST
def withdraw(request: HttpRequest, slug: str, uid: uuid.UUID, comment: uuid.UUID) -> HttpResponse:
    entity, record = _record(request, slug, uid)
    found = _comment_or_404(record, comment)
    services.withdraw_comment(found, record, by=request.user)
    return redirect(back_to_record(request, entity, record, f"comment-{found.uid}"))


@require_GET
def people(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """The people who may see the record and whose name begins so, for whoever may comment on it."""
    entity, record = _record(request, slug, uid)
    if not services.may_comment(record, request.user):
        raise access.refuse(access.COMMENT, entity.label)
    wanted = folded(request.GET.get("q", "").strip())[:60]
    offered = [p for p in services.people_to_mention(record) if _begins(folded(p.name), wanted)]
    names = [folded(p.name) for p in offered]
    choices = [
        (p.name if names.count(folded(p.name)) == 1 else p.email, p.name) for p in offered[:MOST_NAMES]
    ]
    return render(request, "kit/_people.html", {"choices": choices})


def _record(request: HttpRequest, slug: str, uid: uuid.UUID) -> tuple[Entity, Any]:
    entity = viewable_entity(request, slug)
    return entity, record_or_404(request, entity, uid)


def _comment_or_404(record: Any, uid: uuid.UUID) -> Comment:
    found = Comment.objects.filter(about=record, uid=uid).first()
    if found is None:
        raise Http404(_("There is no page at this address."))
    return found


def _begins(name: str, wanted: str) -> bool:
    return name.startswith(wanted) or f" {wanted}" in name


def _say_unknown(request: HttpRequest, mentions: Mentions) -> None:
    # The same sentence for whoever does not exist and whoever may not see the record.
    if mentions.unknown:
        messages.warning(
            request,
            _("Nobody was told by “@%(name)s”: no one person of this name may see the record.")
            % {"name": ", @".join(mentions.unknown[:5])},
        )
