"""Many records take their time: the step goes on in the background and says when it is done."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from calidez.kit.catalog import catalog
from calidez.kit.desk.bulk import services
from calidez.kit.desk.bulk.models import BulkRun
from calidez.kit.desk.notifications import kind, notify
from calidez.kit.platform.jobs import job

KEPT = dt.timedelta(days=90)
READY = kind(
    "long_work_done",
    label=_("Long work that is done"),
    why=_("You asked for something that took its time."),
)


@job(title=_("A step for many records"))
def run_bulk(uid: str) -> None:
    run = BulkRun.objects.select_related("person").get(uid=uid)
    services.carry_out(run)
    entity = catalog.by_key(run.kind)
    if entity is None:
        return
    total = len(run.picks)
    refused = run.outcomes.exclude(refusal="").count()

    def text() -> str:
        said = ngettext(
            "%(total)s record treated, %(refused)s refused.",
            "%(total)s records treated, %(refused)s refused.",
            total,
        )
        return said % {"total": total, "refused": refused}

    notify(run.person, READY, text=text, url=reverse("kit:bulk-report", args=[entity.slug, run.uid]))


@job(title=_("Clearing away old reports of steps for many records"), every="41 3 * * *")
def forget_bulk() -> None:
    BulkRun.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
