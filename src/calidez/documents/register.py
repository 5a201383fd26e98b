"""What documents add to the side bar, to everybody's work and to the broken links."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calidez.documents import gaps, jobs, waiting
from calidez.documents.entities import VIEW_OTHERS, VIEW_RESTRICTED
from calidez.documents.models import Acknowledgement, Document
from calidez.kit.catalog import catalog
from calidez.kit.core.reactions import react_to
from calidez.kit.desk import inbox, verbs
from calidez.kit.desk.navigation import PageEntry, add_page
from calidez.kit.platform.jobs import enqueue

verbs.add_verb(VIEW_RESTRICTED, _("See restricted ones"), kinds=("document",))
verbs.add_verb(VIEW_OTHERS, _("See what others have read"), kinds=("acknowledgement",))

add_page(
    "design",
    PageEntry(
        _("Documents in force"),
        lambda: reverse("documents:in-force"),
        lambda user: catalog.of(Document).may(user, "view"),
        icon="clipboard-check",
    ),
)
add_page(
    "design",
    PageEntry(
        _("My reading"),
        lambda: reverse("documents:my-reading"),
        lambda user: catalog.of(Acknowledgement).may(user, "view"),
        icon="book",
        also=lambda: catalog.of(Acknowledgement).list_url(),
    ),
)

inbox.add_source(
    waiting.to_put_in_force,
    key="documents.effect",
    label=_("To put in force"),
    rows=waiting.approved,
    rough=True,
)

for kind in ("people.user", "people.grant", "people.role", "people.position", "people.unit"):
    react_to(kind, lambda record, verb: enqueue(jobs.ask_new_readers))

gaps.register()
