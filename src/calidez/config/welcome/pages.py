"""The greeting, step by step; each can be gone back to until the organisation is founded."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from calidez.config.welcome import unit_list
from calidez.config.welcome.forms import AdministratorForm, LanguageForm, OrganisationForm, UnitsForm
from calidez.config.welcome.founding import found
from calidez.engine.table_copy import AT_ONCE
from calidez.kit.desk.intake.sheet import read_sheet
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import describe, enqueue
from calidez.people.selectors import organisation
from calidez.samples import pack_cards
from calidez.samples.jobs import load_sample_here
from calidez.samples.packs.loading import may_load
from calidez.samples.packs.shelf import shipped

KEPT = "welcome"
BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_BYTES = 5_000_000
Page = Callable[[HttpRequest], HttpResponse]


def before_founding(*needs: str) -> Callable[[Page], Page]:
    """A step of the greeting: open while nobody has founded, and after the steps it builds on."""

    def decorate(page: Page) -> Page:
        @login_not_required
        def guarded(request: HttpRequest) -> HttpResponse:
            if organisation() is not None:
                return redirect("home")
            answers = request.session.get(KEPT, {})
            for need, place in (
                ("code", "language"),
                ("organisation", "organisation"),
                ("email", "administrator"),
            ):
                if need in needs and need not in answers:
                    return redirect(f"welcome:{place}")
            return page(request)

        return guarded

    return decorate


@before_founding()
def language(request: HttpRequest) -> HttpResponse:
    """The language is the one of the page: the switch above changes it at once."""
    given = request.GET.get("code", "")
    form = LanguageForm(request.POST or None, initial={"code": given})
    if request.method == "POST" and form.is_valid():
        _keep(request, code="yes", language=translation.get_language() or settings.LANGUAGE_CODE)
        return redirect("welcome:organisation")
    return _draw(request, "language", 1, form)


@before_founding("code")
def about_organisation(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None, initial=_answers(request))
    if request.method == "POST" and form.is_valid():
        _keep(request, **form.cleaned_data, language=translation.get_language() or settings.LANGUAGE_CODE)
        return redirect("welcome:administrator")
    return _draw(request, "organisation", 2, form)


@before_founding("code", "organisation")
def administrator(request: HttpRequest) -> HttpResponse:
    form = AdministratorForm(request.POST or None, initial=_answers(request))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        _keep(request, password_hash=make_password(given.pop("password")), **given)
        return redirect("welcome:units")
    return _draw(request, "administrator", 3, form)


@before_founding("code", "organisation", "email")
def units(request: HttpRequest) -> HttpResponse:
    """Look first, found then: the list is shown as the tree it becomes."""
    form = UnitsForm(
        request.POST or None, request.FILES or None, initial={"units": _answers(request).get("units")}
    )
    listed = None
    if request.method == "POST" and form.is_valid():
        try:
            text, listed = _listed(form)
        except RuleBroken as refusal:
            form.add_error("file", str(refusal))
        else:
            _keep(request, units=text)
            look = "look" in request.POST or form.cleaned_data["file"]
            if not listed.faults and not look:
                return _found(request, listed)
            form = UnitsForm(initial={"units": text})
    return _draw(request, "units", 4, form, listed=listed)


def start(request: HttpRequest) -> HttpResponse:
    """What to begin with: the pack of a sector, a sample, one's own file, or an empty house."""
    if request.method == "POST":
        job = enqueue(load_sample_here, by=request.user.pk, language=translation.get_language() or "es")
        request.session["welcome_job"] = str(job)
        return redirect("welcome:sample")
    cards = pack_cards.cards(shipped(), "?from=welcome") if may_load(request.user) else ()
    return render(request, "welcome/start.html", {"steps": _steps(), "current": 5, "cards": cards})


def sample(request: HttpRequest) -> HttpResponse:
    """How far the sample is; the page asks again each second."""
    uid = request.session.get("welcome_job", "")
    status = describe(uid) if uid else None
    if status is None:
        return redirect("home")
    page = {"status": status, "steps": _steps(), "current": 5}
    fragment = request.htmx  # type: ignore[attr-defined]
    return render(request, "welcome/_sample.html" if fragment else "welcome/sample.html", page)


def _found(request: HttpRequest, listed: unit_list.UnitList) -> HttpResponse:
    answers = _answers(request)
    try:
        admin = found(answers, listed)
    except RuleBroken as refusal:
        form = UnitsForm(initial={"units": answers.get("units")})
        return _draw(request, "units", 4, form, listed=listed, refusal=str(refusal))
    del request.session[KEPT]
    login(request, admin, backend=BACKEND)
    return redirect("welcome:start")


def _listed(form: UnitsForm) -> tuple[str, unit_list.UnitList]:
    """The list and, where a file was given, the same list as text, so that it can be mended in the page."""
    upload = form.cleaned_data["file"]
    if upload is None:
        text = form.cleaned_data["units"]
        return text, unit_list.read_text(text)
    if upload.size > MOST_BYTES:
        raise RuleBroken(_("The file is larger than five megabytes; that is no list of units."))
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder) / f"units{Path(upload.name).suffix[:8]}"
        path.write_bytes(upload.read())
        sheet = read_sheet(path, limits=AT_ONCE)
        listed = unit_list.read_rows(sheet.headings, list(sheet.rows))
    return unit_list.as_text(listed), listed


def _draw(request: HttpRequest, name: str, current: int, form: Any, **more: Any) -> HttpResponse:
    page = {"form": form, "steps": _steps(), "current": current, "back": _back(current), **more}
    return render(request, f"welcome/{name}.html", page, status=422 if form.errors else 200)


def _steps() -> tuple[Link, ...]:
    return (
        Link(_("Language"), reverse("welcome:language")),
        Link(_("Organisation"), reverse("welcome:organisation")),
        Link(_("Administrator"), reverse("welcome:administrator")),
        Link(_("Units"), reverse("welcome:units")),
        Link(_("Begin"), ""),
    )


def _back(current: int) -> str:
    return _steps()[current - 2].url if current > 1 else ""


def _answers(request: HttpRequest) -> dict[str, Any]:
    return dict(request.session.get(KEPT, {}))


def _keep(request: HttpRequest, **answers: Any) -> None:
    request.session[KEPT] = {**_answers(request), **answers}
