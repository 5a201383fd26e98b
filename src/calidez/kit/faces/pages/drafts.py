"""Where forms send what is being typed, and what happens to a form that comes too late to be taken."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from calidez.kit.desk.drafts import services


@csrf_exempt  # the signed token says whose draft it is, and nobody else can have it
@login_not_required
@require_POST
def keep(request: HttpRequest) -> JsonResponse:
    """Taken even when the session has ended: that is when text gets lost."""
    known = services.read_token(request.POST.get(services.FIELD, ""))
    kept = known is not None and services.keep(*known, request.POST)
    signed_in = request.user.is_authenticated and known is not None and known[0].pk == request.user.pk
    return JsonResponse({"kept": kept, "signed_in": signed_in}, status=200 if kept else 400)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Throw a draft away; the form begins anew."""
    known = services.read_token(request.POST.get(services.FIELD, ""))
    if known is None or known[0].pk != request.user.pk:
        return redirect("home")
    services.forget(*known)
    return redirect(known[1])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last sign-in: its text comes back to be sent again, nothing is saved by it."""
    known = services.read_token(request.POST.get(services.FIELD, ""))
    if known is not None and services.keep(*known, request.POST):
        if request.user.is_authenticated:
            said = _(
                "You signed in again after opening this form. Your text is here: look at it and save it again."
            )
        else:
            said = str(services.SESSION_ENDED)
        messages.warning(request, said)
        return redirect(known[1])
    sentence = _("This page was open for too long, or the browser refuses cookies. Load it again and repeat.")
    return render(request, "403.html", {"sentence": sentence}, status=403)
