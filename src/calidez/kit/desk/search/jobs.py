"""The index is looked after beside the jobs, and looked through as a whole each night."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.search import indexing
from calidez.kit.platform.jobs import job
from calidez.kit.platform.jobs.chores import add_chore


@job(title=_("Looking through the search index"), every="27 3 * * *")
def renew_search_index() -> None:
    indexing.renew()


add_chore(indexing.follow_trail, seconds=2)
add_chore(indexing.sweep, seconds=60)
