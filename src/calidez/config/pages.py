"""Pages of the installation itself: language and health."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.i18n import set_language as django_set_language

from calidez.people.services import choose_language


@login_not_required
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language, and remember it for the person."""
    if request.user.is_authenticated and request.method == "POST":
        choose_language(request.user, request.POST.get("language", ""))
    return django_set_language(request)


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """For load balancers: answers when the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
