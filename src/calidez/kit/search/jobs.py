"""The index is looked after beside the jobs, and looked through as a whole each night."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.jobs import job
from calidez.kit.jobs.chores import add_chore
from calidez.kit.search import indexing


@job(title=_("Looking through the search index"), every="27 3 * * *")
def renew_search_index() -> None:
    indexing.renew()


add_chore(indexing.follow_trail, seconds=2)
add_chore(indexing.sweep, seconds=60)
