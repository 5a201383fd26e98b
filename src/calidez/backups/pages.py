"""The page of the backups: the last one, what proves it, those that are kept, and the two buttons."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calidez.backups import jobs, retention, shelf, standing
from calidez.backups.register import TITLE
from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk import navigation
from calidez.kit.desk.background import services
from calidez.kit.desk.background.operators import may_operate
from calidez.kit.desk.background.services import OPERATE
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import JobKind, schedules
from calidez.kit.platform.jobs.models import Job, Schedule

STEPS: dict[str, JobKind] = {"backup": jobs.make_backup, "trial": jobs.try_backup}


@require_http_methods(["GET", "HEAD", "POST"])
def backups(request: HttpRequest) -> HttpResponse:
    if not may_operate(request.user):
        raise access.refuse(OPERATE, TITLE)
    if request.method == "POST":
        return _ask(request, STEPS.get(request.POST.get("step", "")))
    underway = _underway()
    if request.htmx and not underway:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Refresh": "true"})  # over: the buttons beside the title change too
    folder, there, kept = shelf.seen()
    page = {
        "title": TITLE,
        "crumbs": navigation.above(navigation.ADMINISTRATION),
        "notices": standing.notices(folder, there, kept, timezone.now()),
        "facts": standing.facts(folder, kept),
        "kept": kept,
        "headers": standing.headers(),
        "rows": standing.rows(kept),
        "folder": folder,
        "there": there,
        "keep": standing.how_many(retention.plan_of(settings.BACKUP_KEEP)),
        "underway": underway,
        "broken": _broken(kept),
    }
    return render(request, "backups/backups.html", page)


def _ask(request: HttpRequest, kind: JobKind | None) -> HttpResponse:
    """As on the page of schedules: with the same permission, and an event in the trail."""
    if kind is None:
        raise RuleBroken(_("There is no page at this address."))
    if not kind.wanted():
        raise RuleBroken(_("No folder for backups is named. Name one in CALIDEZ_BACKUP_DIR."))
    schedules.known(timezone.now())
    schedule = catalog.of(Schedule).queryset(request.user).get(name=kind.name)
    services.run_now(schedule, by=request.user)
    messages.success(request, _("It was asked for; you find the result here."))
    return redirect("backups:backups")


def _of_ours() -> Any:
    return Job.objects.filter(name__in=[kind.name for kind in STEPS.values()])


def _underway() -> tuple[Job, ...]:
    return tuple(_of_ours().filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).order_by("id"))


def _broken(kept: tuple[shelf.Kept, ...]) -> tuple[Link, ...]:
    """The last of each kind of work, where it failed."""
    found = []
    for kind in STEPS.values():
        last = Job.objects.filter(name=kind.name, finished_at__isnull=False).order_by("-finished_at").first()
        if last is not None and last.state == Job.State.FAILED:
            found.append(Link(f"{kind.title}: {last.error}", catalog.of(Job).url(last)))
    return tuple(found)
