"""A forgotten password: the page answers the same for every address, and the worker writes to those that exist."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core import access
from calidez.kit.core.operations import operation
from calidez.kit.platform import rates
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue
from calidez.kit.platform.mail import absolute, write_mail
from calidez.kit.platform.rates import Pace
from calidez.people import lockout
from calidez.people.models import User
from calidez.people.services.not_above import not_above
from calidez.people.services.users import set_password

SALT = "people.password"
OF_ACCOUNT = Pace(burst=3, every=20 * 60)
OF_NETWORK = Pace(burst=30, every=2 * 60)


def ask(email: str) -> None:
    """Whether somebody has this address is looked up by the worker: the answer takes as long either way.

    Whoever asks again and again for one address hears the same, and no further mail is written.
    """
    account = email.strip().lower()[: lockout.LONGEST]
    if rates.spend(lockout.key("reset", account), OF_ACCOUNT, now=time.time()):
        enqueue("people.send_new_password_link", email=account)


def seconds_to_wait(network: str | None) -> int:
    """How long no more is asked from one place; 0 where this one is counted and taken."""
    if network is None:
        return 0
    who, now = lockout.key("resets", network), time.time()
    return 0 if rates.spend(who, OF_NETWORK, now=now) else max(1, rates.wait(who, OF_NETWORK, now=now))


def _may_be_given(user: User) -> Any:
    return None if user.is_active else _("This account is deactivated.")


@operation(
    User,
    label=gettext_lazy("Make a link for a new password"),
    verb=access.EDIT,
    icon="key",
    help=gettext_lazy(
        "For somebody who forgot the password: be sure who asks. Whoever has the link chooses the password in this person’s place; it works once, within an hour."
    ),
    bulk=False,
    drawn=False,
    blocked=lambda user, by: _may_be_given(user),
)
def give_link(user: User, *, by: Any) -> None:
    """The link is made for whoever hands it over (`link`); that it was is told by the trail."""
    if user.pk == by.pk:
        raise RuleBroken(_("You change your own password under “My security”."))
    not_above(user, by)


def link(user: User) -> str:
    token = signing.dumps([str(user.uid), default_token_generator.make_token(user)], salt=SALT)
    return absolute(reverse("people:new_password", args=[token]))


def send_link(email: str) -> None:
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        return
    with translation.override(user.language), transaction.atomic():
        write_mail(
            user.email,
            _("A new password for Calidez"),
            _(
                "Hello, %(name)s.\n\nOpen this link to choose a new password; it works once, within an hour:\n\n%(link)s\n\nIf you did not ask for it, you can ignore it: nothing has changed."
            )
            % {"name": user.name, "link": link(user)},
        )


def find(token: str) -> User | None:
    """Whose password this link changes, if it still does."""
    try:
        uid, inner = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(uid=uid, is_active=True).first()
    return user if user is not None and default_token_generator.check_token(user, inner) else None


def choose(user: User, password: str) -> None:
    set_password(user, password, by=user)
