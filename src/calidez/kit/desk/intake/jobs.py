"""Checking and loading a file of records in the background, with progress; small files are not made to wait."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.intake import services
from calidez.kit.desk.intake.sheet import is_read
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run
from calidez.kit.platform.jobs import job

AT_ONCE_BYTES = 60_000  # some hundreds of rows: a second or two, so the page may wait for it


def check_or_queue(run: Run) -> None:
    runs.begin(run, check_records, at_once=_is_small(run))


def load_or_queue(run: Run) -> None:
    runs.begin(run, load_records, at_once=_is_small(run))


@job(title=_("Checking a file of records"), one_per=("run",))
def check_records(*, run: str) -> None:
    runs.work_off(run, services.CHECK, services.rehearse, news=_news_of_check)


@job(title=_("Loading a file of records"), one_per=("run",))
def load_records(*, run: str) -> None:
    runs.work_off(run, services.LOAD, services.load, news=_news_of_load)


def _is_small(run: Run) -> bool:
    """And read already: one that kept its reader too long for a page is small and no less slow."""
    file = runs.file_of(run)
    return is_read(file) and file.stat().st_size <= AT_ONCE_BYTES


def _news_of_check(run: Run) -> str:
    return gettext("The file is checked: %(name)s") % {"name": run.file_name}


def _news_of_load(run: Run) -> str:
    if run.state == Run.State.WAITING:
        return gettext("Nothing was loaded, something changed since the check: %(name)s") % {
            "name": run.file_name
        }
    return gettext("The file is loaded: %(name)s") % {"name": run.file_name}
