"""People who come by the organisation's identity provider: known by a verified address, invited, or refused."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.kit.core.following import created, noted
from calidez.kit.platform.errors import RuleBroken
from calidez.people import languages, selectors
from calidez.people.models import Grant, Invitation, Role, User
from calidez.people.services import invitations


def person_for(verified: list[str], *, name: str) -> User:
    """Whose account this is. An address that the provider did not verify identifies nobody."""
    for email in (address.strip().lower() for address in verified):
        user = User.objects.filter(email=email).first()
        if user is not None:
            return user
        invitation = _invitation(email)
        if invitation is not None:
            return invitations.accept(invitation, name=name or email)
        if settings.OIDC_NEW_PEOPLE_ROLE:
            return _new_person(email, name or email)
    if not verified:
        raise RuleBroken(
            _("Your identity provider does not vouch for your e-mail address, so nobody is found by it.")
        )
    raise RuleBroken(
        _("%(email)s has no account here. Ask an administrator for an invitation.") % {"email": verified[0]}
    )


def linked(user: User) -> None:
    noted(user, "link_identity", by=user)


def _invitation(email: str) -> Invitation | None:
    return Invitation.objects.filter(
        email=email, state=Invitation.State.SENT, expires_at__gt=timezone.now()
    ).first()


def _new_person(email: str, name: str) -> User:
    """The operator allowed it by name of a role; nobody acts, so the trail says that Calidez did."""
    root = selectors.organisation()
    role = Role.objects.filter(code=settings.OIDC_NEW_PEOPLE_ROLE).first()
    if root is None or role is None or role.for_a_time:
        raise RuleBroken(
            _("%(email)s has no account here. Ask an administrator for an invitation.") % {"email": email}
        )
    with transaction.atomic():
        user = User(email=email, name=name, unit=root, language=languages.usual())
        user.set_unusable_password()
        created(user, by=None)
        created(Grant(user=user, role=role, unit=root), by=None)
    return user
