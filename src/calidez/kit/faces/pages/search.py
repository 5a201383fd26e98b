"""Search over everything: a dialog under Ctrl-K, and the same as a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from calidez.kit.desk.search import commands, finding

IN_DIALOG = 8


def search(request: HttpRequest) -> HttpResponse:
    """The results as a page, or as the fragment that the dialog asks for."""
    text = request.GET.get("q", "").strip()[:200]
    fragment = bool(request.htmx)  # type: ignore[attr-defined]
    hits = finding.find(text, request.user, shown=IN_DIALOG if fragment else finding.SHOWN)
    places = commands.matching(text, request.user, most=4 if text else 8)
    if "go" in request.GET and (places or hits):  # Enter without JavaScript, or before the results arrived
        return redirect(places[0].url if places and not hits else hits[0].url)
    context = {"text": text, "hits": hits, "commands": places}
    return render(request, "kit/search/_results.html" if fragment else "kit/search/page.html", context)
