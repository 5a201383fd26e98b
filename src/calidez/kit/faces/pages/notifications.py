"""The bell's menu, the page of all notifications, what a person wishes to hear of, and stopping from a mail."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from calidez.kit.desk.notifications import declare, listing, services, wishes
from calidez.kit.desk.notifications.declare import When
from calidez.kit.desk.notifications.models import DailyWish
from calidez.kit.platform.display import Empty, Link

EACH_PAGE = 30
IN_THE_MENU = 7


def index(request: HttpRequest) -> HttpResponse:
    only_unread = request.GET.get("show") == "unread"
    found = listing.inbox_of(request.user)
    unread = listing.unread_of(request.user).count()
    pages = Paginator(found.filter(read_at=None) if only_unread else found, EACH_PAGE)
    page = pages.get_page(request.GET.get("page"))
    base = reverse("kit:notifications")
    context = {
        "items": listing.items(request.user, page.object_list),
        "page": page,
        "unread": unread,
        "query": "?show=unread&" if only_unread else "?",
        "views": (
            Link(_("All"), base, current=not only_unread),
            Link(_("Unread"), f"{base}?show=unread", current=only_unread),
        ),
        "empty": Empty(
            _("You have read everything.")
            if only_unread
            else _("Nothing has been told to you yet. What concerns you will be told here, with its reason.")
        ),
    }
    return render(request, "kit/notifications/index.html", context)


def latest(request: HttpRequest) -> HttpResponse:
    """What the bell's menu shows, fetched when it opens."""
    found = listing.inbox_of(request.user)[:IN_THE_MENU]
    return render(request, "kit/notifications/_latest.html", {"items": listing.items(request.user, found)})


def open_one(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Mark it as read and go where it leads; the record's own page judges whether the person may see it."""
    notification = listing.inbox_of(request.user).filter(uid=uid).first()
    if notification is None:
        raise Http404(_("There is no page at this address."))
    services.mark_read(request.user, uid=uid)
    return redirect(notification.url or "kit:notifications")


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """All of them, or the one named; back to where the person was."""
    uid = _uid(request.POST.get("uid", ""))
    if uid is not None and request.POST.get("unread"):
        services.mark_unread(request.user, uid)
    else:
        services.mark_read(request.user, uid=uid)
    return redirect("kit:notifications")


def settings(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        wanted = {}
        for kind in declare.kinds():
            mail = request.POST.get(f"mail-{kind.key}", "")
            # A kind declared after the form was drawn keeps what held.
            if mail in When.values:
                wanted[kind] = (f"app-{kind.key}" in request.POST, mail)
        days = request.POST.get("days", "")
        services.wish_all(
            request.user, wanted, days if days in DailyWish.Days.values else wishes.days_of(request.user)
        )
        messages.success(request, _("Saved. From now on you hear of what you chose."))
        return redirect("kit:notification-settings")
    context = {
        "wishes": wishes.wishes_of(request.user),
        "whens": When,
        "chosen_days": wishes.days_of(request.user),
        "days": DailyWish.Days,
    }
    return render(request, "kit/notifications/settings.html", context)


# The link itself is the proof: mail programs post to it without cookies (RFC 8058).
@csrf_exempt
@login_not_required
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """From the foot of a mail: a look shows what would stop, a button (or the mail program's own) does it."""
    read = wishes.read_token(token)
    person = get_user_model()._default_manager.filter(uid=read[0]).first() if read else None
    if read is None or person is None:
        raise Http404(_("This link is damaged. Sign in and choose in your menu what you hear of."))
    kind = declare.find(read[1])
    if request.method == "POST":
        if kind is not None:
            services.wish(person, kind, in_app=wishes.wish_of(person, kind).in_app, mail=When.NEVER)
        elif read[1] == wishes.DAILY:
            services.wish_days(person, DailyWish.Days.NONE)
    with override(person.language):
        context = {
            "done": request.method == "POST",
            "what": str(kind.label) if kind else _("The daily mail"),
            "daily": kind is None,
        }
        return render(request, "kit/notifications/stop.html", context)


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
