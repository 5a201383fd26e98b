"""What kit itself brings: entries of the person's own menu and of the administration, permissions for every kind."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from calidez.kit.core import access, audit
from calidez.kit.core.reactions import react_to_all
from calidez.kit.desk import exports as _exports  # noqa: F401
from calidez.kit.desk import verbs
from calidez.kit.desk.background import trail as trail_watch  # noqa: F401 - declares its job
from calidez.kit.desk.background.services import OPERATE
from calidez.kit.desk.bulk import jobs as _bulk_jobs  # noqa: F401
from calidez.kit.desk.drafts import jobs as _draft_jobs  # noqa: F401
from calidez.kit.desk.gaps import finding as gaps_found
from calidez.kit.desk.inbox import jobs as _inbox_jobs  # noqa: F401  (the worker looks for jobs that are declared)
from calidez.kit.desk.intake import jobs as _intake_jobs  # noqa: F401
from calidez.kit.desk.navigation import PERSONAL, PageEntry, add_page
from calidez.kit.desk.runs import jobs as _run_jobs  # noqa: F401
from calidez.kit.desk.search import jobs as _search_jobs  # noqa: F401
from calidez.kit.faces.api import extend
from calidez.kit.faces.api import gaps as gaps_api
from calidez.kit.faces.webhooks import outbox
from calidez.kit.platform import time_zone  # noqa: F401  (a time zone is put in place when it is chosen)
from calidez.kit.platform.jobs import chores

add_page(
    PERSONAL,
    PageEntry(
        _("My notifications"),
        lambda: str(reverse_lazy("kit:notification-settings")),
        lambda user: True,
        "bell",
    ),
)
add_page(
    PERSONAL,
    PageEntry(_("My calendar"), lambda: str(reverse_lazy("kit:calendar")), lambda user: True, "calendar"),
)
add_page(
    PERSONAL,
    PageEntry(_("My API tokens"), lambda: str(reverse_lazy("kit:tokens")), lambda user: True, "key"),
)
add_page(
    "direct",
    PageEntry(
        _("Broken links"),
        lambda: str(reverse_lazy("kit:broken-links")),
        lambda user: bool(gaps_found.seen(user)),
        "circle-dashed",
    ),
)
extend.add_router("", gaps_api.router)

verbs.add_verb(access.COMMENT, access.WORDS[access.COMMENT])
verbs.add_verb(access.ATTACH, access.WORDS[access.ATTACH])
verbs.add_verb(OPERATE, _("Operate"), kinds=("job",))
verbs.add_verb("withdraw_comment", _("Withdraw comments of others"))
react_to_all(outbox.hear)
chores.add_chore(audit.seal_waiting, seconds=1)
chores.add_chore(audit.spread_head, seconds=60)
