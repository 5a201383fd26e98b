"""What the pages of roles, grants and people show beside their fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.desk import verbs
from calidez.kit.desk.leaving import Lot, lots
from calidez.kit.platform.display import Badge, Button, Change, Tone
from calidez.kit.platform.mail import Standing
from calidez.people import permission_table, rules
from calidez.people.models import Grant, Invitation, Role, User
from calidez.people.services import invitations, resets, users


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


@dataclass(frozen=True)
class InvitationLink:
    """`mail` says what became of the letter: where none went, the link goes no other way than by hand."""

    link: str
    mail: Standing


def invitation_link(invitation: Invitation, user: Any, request: Any) -> InvitationLink | None:
    """The link, for those who may send it another way than by mail; only while it works."""
    if not invitations.send_again.permitted(invitation, user) or not invitations.open_now(invitation):
        return None
    return InvitationLink(invitations.link(invitation), invitations.mail_standing(invitation))


def new_password(person: User, user: Any, request: Any) -> Button | None:
    """For those who may give somebody else a new password: where that is done."""
    step = resets.give_link
    if not settings.PASSWORD_SIGN_IN or not person.is_active or person.pk == user.pk:
        return None
    if not step.permitted(person, user) or not step.open_for(person, user):
        return None
    url = reverse("people:give_password", args=[person.uid])
    return Button(str(step.label), url, method="post", icon=step.icon)


@dataclass(frozen=True)
class HeldByPerson:
    """What would be left without anybody, and the way to hand it over."""

    lots: tuple[Lot, ...]
    button: Button


def held(person: User, user: Any, request: Any) -> HeldByPerson | None:
    """For those who may hand any of it over or end the access."""
    found = lots(person, user)
    may_end = person.is_active and person.pk != user.pk and users.deactivate.permitted(person, user)
    if not may_end and not any(lot.mine for lot in found):
        return None
    words = _("Hand over or deactivate") if may_end else _("Hand over")
    address = reverse("people:leaving", args=[person.uid])
    return HeldByPerson(found, Button(words, address, icon="user-x" if may_end else "user-plus"))


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
