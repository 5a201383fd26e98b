"""How background work that was asked for over the interface goes."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy
from ninja import Router, Schema

from calidez.kit.desk.background.selectors import may_watch
from calidez.kit.faces.api.problems import missing
from calidez.kit.faces.api.records import plain
from calidez.kit.platform.jobs import describe

router = Router()


class JobShown(Schema):
    """`state` is queued, running, done, failed …; `error` a sentence for whoever waits."""

    uid: uuid.UUID
    url: str
    title: str
    state: str
    state_label: str
    over: bool
    percent: int | None
    text: str
    error: str


@router.get(
    "/jobs/{uid}",
    response=JobShown,
    tags=["jobs"],
    operation_id="jobs_get",
    openapi_extra={"summary": gettext_lazy("How background work goes")},
    url_name="job",
)
def show(request: HttpRequest, uid: uuid.UUID) -> Any:
    """For whoever may see what it works on; to all others it is as absent as one that never was."""
    if not may_watch(uid, request.user):
        raise missing()
    return job_json(uid)


def job_json(uid: uuid.UUID | str) -> dict[str, Any]:
    status = describe(uid)
    if status is None:
        raise missing()
    return {
        "uid": plain(status.uid),
        "url": reverse("api:job", args=[status.uid]),
        "title": str(status.title),
        "state": status.state.value,
        "state_label": str(status.state.label),
        "over": status.over,
        "percent": status.percent,
        "text": status.text,
        "error": status.error,
    }
