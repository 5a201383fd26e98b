"""Choosing the unit that pages start from; kept in the session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calidez.kit.desk import shell
from calidez.kit.faces.pages.common import own_address


def scope(request: HttpRequest) -> HttpResponse:
    """The list of units (a fragment when a menu asks for it), or the choice itself."""
    if request.method == "POST":
        request.session["unit"] = request.POST.get("unit", "")
        return redirect(own_address(request, request.POST.get("next", ""), reverse("home")))
    context = {
        "units": shell.units_to_choose(request),
        "next": own_address(request, request.GET.get("next", ""), reverse("home")),
    }
    template = "kit/_scope.html" if request.htmx else "kit/scope.html"  # type: ignore[attr-defined]
    return render(request, template, context)
