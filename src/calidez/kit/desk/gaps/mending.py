"""The one click from a broken link to the form that closes it, and the names of those who may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.core.links import links_to
from calidez.kit.desk.gaps import Gap
from calidez.kit.desk.gaps.finding import closed, entity_of, permitted
from calidez.kit.desk.made_from import form_from
from calidez.kit.platform.display import Link

NAMED = 3


def way(gap: Gap, record: Any) -> Link | None:
    """The form: what the part says, else the record's step or edit form, else the form for a new mender."""
    if gap.mend is not None:
        return gap.mend(record)
    entity, mender = entity_of(gap.subject), entity_of(gap.mender or gap.subject)
    if mender is entity:
        step = next((s for s in entity.steps if s.verb == gap.verb and gap.verb != access.EDIT), None)
        if step is not None:
            asks = bool(step.fields) or step.note
            url = reverse("kit:step", args=[entity.slug, record.uid, step.name])
            # A step that asks nothing is a button of the record's own page.
            return Link(str(step.label), url if asks else entity.url(record))
        if entity.edition is not None:
            return Link(_("Edit"), reverse("kit:edit", args=[entity.slug, record.uid]))
        return Link(_("Open"), entity.url(record))
    if mender is not None and gap.verb == access.CREATE and mender.created_in_form:
        forms = (form_from(kind, link, record) for kind, link in links_to(type(record)) if kind is mender)
        empty = Link(mender.create_label, reverse("kit:create", args=[mender.slug]))
        return next((form for form in forms if form is not None), empty)
    return Link(_("Open"), entity.url(record))


def names(people: Sequence[Any], user: Any) -> str:
    """Up to three names; the reader is “you”."""
    shown = [_("you") if person == user else str(person) for person in people[:NAMED]]
    if user in people[NAMED:]:
        shown[-1] = _("you")
    said = ", ".join(shown)
    rest = len(people) - len(shown)
    if rest > 0:
        return _("%(names)s and others") % {"names": said}
    return said


def ask_whom(gap: Gap, record: Any, people: Sequence[Any], user: Any) -> str:
    """The sentence for a reader who cannot mend it: what stands in the way, or who could."""
    if permitted(gap, record, user):
        return closed(gap, record)
    if not people:
        return _("Nobody has a role that allows it there. Ask an administrator.")
    return capfirst(_("ask %(names)s") % {"names": names(people, user)})
