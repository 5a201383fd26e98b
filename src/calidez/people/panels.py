"""What the pages of roles, grants and people show beside their fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.core.cells import cell
from calidez.kit.desk import verbs
from calidez.kit.platform.display import Badge, Change, Empty, Header, Link, Row, Table, Tone
from calidez.people import permission_table, rules
from calidez.people.models import Grant, Invitation, Role, User
from calidez.people.services import invitations

MOST = 50


def permissions(role: Role, user: Any, request: Any) -> tuple[permission_table.Block, ...]:
    """Only the lines that allow something."""
    found = []
    for block in permission_table.blocks(role.table):
        kept = tuple(
            line
            for line in block.lines
            if line.all.allowed or any(box.allowed for box in (*line.common, *line.others))
        )
        if kept:
            found.append(permission_table.Block(block.title, kept))
    return tuple(found)


def grants_of_role(role: Role, user: Any, request: Any) -> Any:
    """Those whom the reader may see, in force first."""
    grants = catalog.of(Grant).queryset(user).filter(role=role, user__is_active=True)
    return _grants_table(
        grants, lambda grant: Link(str(grant.user), catalog.of(User).url(grant.user)), _("Person")
    )


def roles_of_person(person: User, user: Any, request: Any) -> Any:
    grants = catalog.of(Grant).queryset(user).filter(user=person)
    return _grants_table(grants, lambda grant: Link(str(grant.role), catalog.of(Grant).url(grant)), _("Role"))


def invitation_link(invitation: Invitation, user: Any, request: Any) -> str | None:
    """The link, for those who may send it another way than by mail; only while it works."""
    if not invitations.send_again.permitted(invitation, user) or not invitations.open_now(invitation):
        return None
    return invitations.link(invitation)


def grant_state(grant: Grant) -> Badge:
    standing = grant.standing(timezone.localdate())
    if standing == "coming":
        return Badge(_("Coming"), Tone.NEUTRAL, icon="clock")
    return Badge(_("In force"), Tone.GOOD) if standing == "in_force" else Badge(_("Ended"), Tone.QUIET)


def granted_and_taken(before: Any, after: Any) -> tuple[Change, ...]:
    """A role's change as people say it: what may be done now, and what no longer."""
    old, new = rules.lines(before or {}), rules.lines(after or {})
    told = ((_("Granted"), new - old), (_("Taken away"), old - new))
    return tuple(
        Change(label, "", "; ".join(sorted(verbs.words_of(*line) for line in lines)))
        for label, lines in told
        if lines
    )


def _grants_table(grants: Any, first: Callable[[Grant], Link], heading: str) -> Table:
    today = timezone.localdate()
    order = {"in_force": 0, "coming": 1, "ended": 2}
    held = sorted(
        grants.select_related("user", "role", "unit").order_by("user__name", "pk")[:MOST],
        key=lambda grant: order[grant.standing(today)],
    )
    headers = (
        Header(heading),
        Header(_("Unit")),
        Header(_("State")),
        Header(_("From")),
        Header(_("Until")),
    )
    rows = tuple(
        Row(
            catalog.of(Grant).url(grant),
            (
                cell(first(grant)),
                cell(grant.unit.name),
                cell(grant_state(grant)),
                cell(grant.starts),
                cell(grant.ends),
            ),
        )
        for grant in held
    )
    return Table(headers, rows, None if rows else Empty(_("Nobody, as far as you can see.")))
