"""Inviting people: the link is signed, works once and for a week, and gives no more than the inviter may give."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import catalog
from calidez.kit.core import access
from calidez.kit.core.following import following
from calidez.kit.core.operations import operation
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.mail import Standing, absolute, standing, write_mail
from calidez.people import selectors
from calidez.people.models import Grant, Invitation, User
from calidez.people.services.roles import check_grant
from calidez.people.services.users import set_password

HOLDS = dt.timedelta(days=7)
SALT = "people.invitation"
State = Invitation.State


def prepare_invitation(invitation: Invitation, *, by: Any) -> None:
    """Checked as the grant that it becomes, so that nobody is invited to more than the inviter may give."""
    invitation.email = invitation.email.strip().lower()
    if User.objects.filter(email=invitation.email).exists():
        raise RuleBroken(_("This person already has an account: grant a role instead."), field="email")
    _check_giver(invitation, by)
    _renew(invitation)


def send(invitation: Invitation, *, by: Any) -> None:
    """The mail, in the language of the person invited."""
    with translation.override(invitation.language):
        root = selectors.organisation()
        words = {"organisation": root.name if root else "Calidez", "person": by, "link": link(invitation)}
        write_mail(
            invitation.email,
            _("%(person)s invites you to %(organisation)s in Calidez") % words,
            _(
                "Hello.\n\n%(person)s invites you to take part in the service quality of %(organisation)s. Open this link to choose your password; it works once, for seven days:\n\n%(link)s\n\nIf you did not expect this, you can ignore it."
            )
            % words,
            key=_mail_key(invitation),
        )


def mail_standing(invitation: Invitation) -> Standing:
    """What became of the mail with the link that holds now."""
    return standing(_mail_key(invitation))


def _mail_key(invitation: Invitation) -> str:
    return f"invitation/{invitation.uid}/{invitation.expires_at:%Y%m%dT%H%M%S%f}"


@operation(
    Invitation,
    label=gettext_lazy("Make a new link"),
    verb=access.CREATE,
    source=[State.SENT],
    icon="link",
    primary=True,
    help=gettext_lazy(
        "It holds for seven days and goes by mail, where a mail server is set; the earlier one no longer works."
    ),
    after=send,
)
def send_again(invitation: Invitation, *, by: Any) -> None:
    _check_giver(invitation, by)
    _renew(invitation)


@operation(
    Invitation,
    label=gettext_lazy("Take back"),
    verb=access.CREATE,
    source=[State.SENT],
    target=State.REVOKED,
    icon="x",
    help=gettext_lazy("The link no longer works."),
)
def revoke(invitation: Invitation, *, by: Any) -> None:
    invitation.nonce = ""


def link(invitation: Invitation) -> str:
    token = signing.dumps([str(invitation.uid), invitation.nonce], salt=SALT)
    return absolute(reverse("people:invitation", args=[token]))


def find(token: str) -> Invitation | None:
    """The invitation that this link opens, if it still does."""
    try:
        uid, nonce = signing.loads(token, salt=SALT, max_age=HOLDS)
    except (signing.BadSignature, ValueError):
        return None
    invitation = Invitation.objects.select_related("role", "unit", "created_by").filter(uid=uid).first()
    if invitation is None or not secrets.compare_digest(invitation.nonce, nonce):
        return None
    return invitation if open_now(invitation) else None


def open_now(invitation: Invitation) -> bool:
    return invitation.state == State.SENT and invitation.expires_at > timezone.now()


def accept(invitation: Invitation, *, name: str, password: str = "") -> User:
    """The person joins. The inviter acts: whoever lost the right since then has invited nobody."""
    with transaction.atomic():
        held = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if not open_now(held) or held.nonce != invitation.nonce:
            raise RuleBroken(_("This invitation no longer holds; ask for a new one."))
        by = held.created_by
        try:
            user = _join(held, by, name)
        except NotAllowed as refusal:
            raise RuleBroken(
                _("Whoever invited you may no longer do so; ask for a new invitation.")
            ) from refusal
        if password:
            set_password(user, password, by=user)
        with following(held, "accept", by=user) as accepted:
            accepted.state, accepted.person, accepted.nonce = State.ACCEPTED, user, ""
    return user


def _join(held: Invitation, by: Any, name: str) -> User:
    if by is None or not by.is_active:
        raise NotAllowed("")
    person = catalog.of(User).creation
    grant = catalog.of(Grant).creation
    assert person is not None
    assert grant is not None
    user: User = person(by=by, email=held.email, name=name, unit=held.unit, language=held.language)
    grant(by=by, user=user, role=held.role, unit=held.unit, ends=held.ends)
    return user


def _check_giver(invitation: Invitation, by: Any) -> None:
    """Inviting makes a person and grants a role: it needs both permissions, at that unit."""
    for kind in ("user", "grant"):
        if not access.scope(by, kind, access.CREATE).covers(invitation.unit.path):
            raise access.refuse(access.CREATE, kind)
    check_grant(Grant(role=invitation.role, unit=invitation.unit, ends=invitation.ends), by=by)


def _renew(invitation: Invitation) -> None:
    invitation.nonce = secrets.token_hex(16)
    invitation.expires_at = timezone.now() + HOLDS
