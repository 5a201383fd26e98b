"""Writing a long spreadsheet, telling who waits for it, and clearing away the old ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.desk import spreadsheet
from calidez.kit.desk.bulk.jobs import READY
from calidez.kit.desk.exports.models import ListExport
from calidez.kit.desk.lists import ListQuery
from calidez.kit.desk.notifications import notify
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import job, report_progress

KEPT = dt.timedelta(days=7)
STEP = 500


def place_of(item: ListExport) -> Path:
    return Path(settings.DATA_DIR) / "exports" / f"{item.uid}.xlsx"


@job(title=_("Writing a spreadsheet"))
def write_spreadsheet(uid: str, total: int) -> None:
    item = ListExport.objects.select_related("person").get(uid=uid)
    entity = catalog.by_key(item.kind)
    # The person's rights may have changed since they asked.
    if entity is None or not entity.may(item.person, access.EXPORT):
        item.error = gettext("You may no longer download this list.")
    else:
        target = place_of(item)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        try:
            with part.open("w+b") as file:
                spreadsheet.write_list(
                    entity, item.person, ListQuery(item.params), into=file, told=_teller(item, total)
                )
            part.replace(target)
        except RuleBroken as refused:
            part.unlink(missing_ok=True)
            item.error = str(refused)
    item.finished_at = timezone.now()
    item.save(update_fields=["rows", "error", "finished_at"])
    if entity is not None and not item.error:
        notify(
            item.person,
            READY,
            text=lambda: gettext("Your spreadsheet is ready: %(name)s") % {"name": item.file_name},
            url=reverse("kit:export-waiting", args=[entity.slug, item.uid]),
        )


@job(title=_("Clearing away old spreadsheets"), every="47 3 * * *")
def forget_spreadsheets() -> None:
    for item in ListExport.objects.filter(created_at__lt=timezone.now() - KEPT):
        place_of(item).unlink(missing_ok=True)
        item.delete()


def _teller(item: ListExport, total: int) -> spreadsheet.Told:
    def told(rows: int) -> None:
        item.rows = rows
        if rows % STEP == 0:
            report_progress(rows, max(rows, total))

    return told
