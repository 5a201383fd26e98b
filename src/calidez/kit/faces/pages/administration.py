"""One page with everything that runs the installation, for those who find anything there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.desk import navigation


def administration(request: HttpRequest) -> HttpResponse:
    entries = navigation.entries(navigation.ADMINISTRATION, request.user)
    if not entries:
        raise access.refuse(access.VIEW, _("Administration"))
    return render(request, "kit/administration.html", {"entries": entries})
