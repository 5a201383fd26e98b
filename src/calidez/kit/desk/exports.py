"""Writing a long spreadsheet in the background; it is fetched when it is ready."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk import spreadsheet
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run
from calidez.kit.platform.errors import NotAllowed
from calidez.kit.platform.jobs import job, report_progress

WORK = "export"
KEPT = dt.timedelta(days=7)
ROWS_BETWEEN_REPORTS = 500


def ask(entity: Any, query: ListQuery, *, by: Any, file_name: str, total: int) -> Run:
    asked = {"params": dict(query.params), "total": total}
    run = runs.ask(WORK, entity, by=by, keep=KEPT, asked=asked, file_name=file_name)
    runs.begin(run, write_spreadsheet, at_once=False)
    return run


@job(title=_("Writing a spreadsheet"))
def write_spreadsheet(run: str) -> None:
    runs.work_off(run, WORK, _write, news=_news)


def _write(run: Run) -> None:
    entity = catalog.by_key(run.kind)
    # The person's rights may have changed since they asked.
    if entity is None or not entity.may(run.person, access.EXPORT):
        raise NotAllowed(gettext("You may no longer download this list."))
    rows = 0

    def told(count: int) -> None:
        nonlocal rows
        rows = count
        if rows % ROWS_BETWEEN_REPORTS == 0:
            report_progress(rows, max(rows, run.asked["total"]))

    target = runs.file_of(run)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w+b") as file:
        spreadsheet.write_list(entity, run.person, ListQuery(run.asked["params"]), into=file, told=told)
    runs.finish(run, {"rows": rows})


def _news(run: Run) -> str:
    return gettext("Your spreadsheet is ready: %(name)s") % {"name": run.file_name}
