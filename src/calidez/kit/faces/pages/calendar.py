"""The secret address of a person's calendar: making, renewing and revoking it, and what it serves."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calidez.kit.desk.inbox import feed
from calidez.kit.platform.mail import absolute


def settings(request: HttpRequest) -> HttpResponse:
    address = ""
    if request.method == "POST":
        if "revoke" in request.POST:
            feed.revoke_address(request.user)
            messages.success(request, _("Revoked. The address opens nothing any more."))
            return redirect("kit:calendar")
        # Told in this very answer and nowhere kept: who closes the page makes a new one.
        address = absolute(reverse("kit:calendar-feed", args=[feed.make_address(request.user)]))
    context = {
        "feed": feed.feed_of(request.user),
        "address": address,
        "webcal": f"webcal://{address.split('://', 1)[1]}" if address else "",
    }
    response = render(request, "kit/work/calendar.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_safe
def serve(request: HttpRequest, token: str) -> HttpResponseBase:
    served = feed.serve(token)
    if served is None:
        raise Http404(_("There is no page at this address."))
    response = HttpResponse(served.content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calidez.ics"'
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = served.etag
    response["Last-Modified"] = http_date(served.changed_at.timestamp())
    answer = get_conditional_response(
        request, etag=served.etag, last_modified=int(served.changed_at.timestamp()), response=response
    )
    return answer or response
