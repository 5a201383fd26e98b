"""Pages of the installation itself: language, and what stands where a page failed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.i18n import set_language as django_set_language

from calidez.kit.faces.api import problems
from calidez.kit.platform import failures
from calidez.people.services import choose_language

API = "/api/"


@login_not_required
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language, and remember it for the person."""
    if request.user.is_authenticated and request.method == "POST":
        choose_language(request.user, request.POST.get("language", ""))
    return django_set_language(request)


@login_not_required
def failed(request: HttpRequest) -> HttpResponse:
    """A sentence and the reference under which the server's log has the rest; asks nothing of what may have failed."""
    reference = failures.reference(request)
    if request.path.startswith(API):
        answer: HttpResponse = problems.response(problems.failure(reference), request)
    else:
        answer = HttpResponse(loader.render_to_string("500.html", {"reference": reference}), status=500)
    answer[failures.HEADER] = reference
    return answer
