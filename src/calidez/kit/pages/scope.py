"""Choosing the unit that pages start from; kept in the session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from calidez.kit import shell


def scope(request: HttpRequest) -> HttpResponse:
    """The list of units (a fragment when a menu asks for it), or the choice itself."""
    if request.method == "POST":
        request.session["unit"] = request.POST.get("unit", "")
        return redirect(_safe(request, request.POST.get("next", "")))
    context = {"units": shell.units_to_choose(request), "next": _safe(request, request.GET.get("next", ""))}
    template = "kit/_scope.html" if request.htmx else "kit/scope.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _safe(request: HttpRequest, target: str) -> str:
    """Only addresses of this site: a link may not carry people elsewhere."""
    own = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return target if own else reverse("home")
