"""Many records take their time: the step goes on in the background and says when it is done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from calidez.kit.desk.bulk import services
from calidez.kit.desk.runs.models import Run
from calidez.kit.desk.runs.report import refused
from calidez.kit.desk.runs.services import work_off
from calidez.kit.platform.jobs import job


@job(title=_("A step for many records"))
def run_bulk(run: str) -> None:
    work_off(run, services.WORK, services.carry_out, news=_news)


def _news(run: Run) -> str:
    total = len(run.asked["picks"])
    said = ngettext(
        "%(total)s record treated, %(refused)s refused.",
        "%(total)s records treated, %(refused)s refused.",
        total,
    )
    return said % {"total": total, "refused": refused(run).count()}
