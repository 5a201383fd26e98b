"""Broken links of the whole system, each with who can mend it and the way there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.desk import shell
from calidez.kit.desk.brought import brought
from calidez.kit.desk.gaps.board import Asked, board
from calidez.kit.desk.gaps.finding import seen


def index(request: HttpRequest) -> HttpResponse:
    known = {gap.key for gap in seen(request.user)}
    if not known:
        raise access.refuse(access.VIEW, _("Broken links"))
    kind, page = request.GET.get("kind", ""), request.GET.get("page", "")
    asked = Asked(
        kind=kind if kind in known else "",
        mine=request.GET.get("mine", "") == "1",
        unit=shell.chosen_path(request),
        page=int(page) if page.isdecimal() and len(page) < 9 else 1,
    )
    values = {"board": board(request.user, asked), "asked": asked, "brought": brought(request.user)}
    return render(request, "kit/gaps/index.html", values)
