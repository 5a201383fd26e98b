"""Background work for administrators: what waits, runs and failed, and what is done by the clock."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from calidez.kit.desk import jobs_board as board
from calidez.kit.desk import jobs_control as control
from calidez.kit.faces.pages.common import came_from
from calidez.kit.platform.display import Link
from calidez.kit.platform.jobs import schedules
from calidez.kit.platform.jobs.declare import find
from calidez.kit.platform.jobs.models import Job


def index(request: HttpRequest) -> HttpResponse:
    """The page, or the part of it that renews itself."""
    _need_operator(request)
    page = board.board(request.GET.dict(), timezone.now())
    template = "kit/jobs/_live.html" if request.htmx else "kit/jobs/index.html"  # type: ignore[attr-defined]
    return render(request, template, {"page": page, "crumbs": (_administration(),)})


def detail(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    job = _job(request, uid)
    line = board.line(job, timezone.now())
    context = {
        "job": line,
        "arguments": board.arguments(job),
        "trace": job.trace,
        "name": job.name,
        "crumbs": (_administration(), Link(str(control.WHAT), reverse("kit:jobs"))),
    }
    template = "kit/jobs/_job.html" if request.htmx else "kit/jobs/job.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_POST
def do(request: HttpRequest, uid: uuid.UUID, name: str) -> HttpResponse:
    job = _job(request, uid)
    title = board.line(job, timezone.now()).title
    if name == "again":
        control.run_again(job, by=request.user)
        messages.success(request, _("Waiting to run again: %(work)s") % {"work": title})
    elif name == "cancel":
        control.cancel(job, by=request.user)
        messages.success(request, _("Called off: %(work)s") % {"work": title})
    else:
        raise Http404
    return redirect(came_from(request, "kit:jobs"))


@require_POST
def do_schedule(request: HttpRequest, name: str, step: str) -> HttpResponse:
    _need_operator(request)
    kind = find(name)
    if kind is None or kind not in schedules.scheduled():
        raise Http404
    if step == "now":
        control.run_now(kind, by=request.user)
        messages.success(request, _("Waiting to run: %(work)s") % {"work": kind.title})
    elif step == "pause":
        control.pause(kind, by=request.user)
        messages.success(request, _("Paused: %(work)s") % {"work": kind.title})
    elif step == "resume":
        control.resume(kind, by=request.user)
        messages.success(request, _("It runs by the clock again: %(work)s") % {"work": kind.title})
    else:
        raise Http404
    return redirect(came_from(request, "kit:jobs"))


def _administration() -> Link:
    return Link(_("Administration"), reverse("kit:administration"))


def _need_operator(request: HttpRequest) -> None:
    """The same 404 as for an unknown address."""
    if not control.may_operate(request.user):
        raise Http404(_("There is no page at this address."))


def _job(request: HttpRequest, uid: uuid.UUID) -> Job:
    _need_operator(request)
    job = Job.objects.filter(uid=uid).first()
    if job is None:
        raise Http404(_("This work does not exist, or it ended so long ago that it was cleared away."))
    return job
