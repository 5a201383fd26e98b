"""The second factor: a code that a telephone computes, or one of ten codes kept on paper."""

from __future__ import annotations

import secrets
import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core import access
from calidez.kit.core.following import noted
from calidez.kit.core.operations import operation, unless
from calidez.kit.platform import access_log
from calidez.kit.platform.errors import RuleBroken
from calidez.people import lockout, selectors
from calidez.people.models import User
from calidez.people.sentences import time_to_wait
from calidez.people.services.not_above import not_above

DONE = "second_factor"  # in the session: this sign-in had one
TOTP_TYPE, PAPER = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


def has(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=TOTP_TYPE).exists()


def required(user: User) -> bool:
    return settings.SECOND_FACTOR_FOR_ALL or any(g.role.second_factor for g in selectors.roles_of(user))


def turn_on(user: User, secret: str, code: str) -> list[str]:
    """Returns the codes for paper; the code proves that the telephone has the secret."""
    counter = _counter_of(secret, code, after=0)
    if counter is None:
        raise RuleBroken(
            _("This is not the code that the telephone shows now. Check that its clock is right."),
            field="code",
        )
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk).delete()
        authenticator = TOTP.activate(user, secret).instance
        _use(authenticator, counter)
        noted(user, "second_factor_on", by=user)
        return RecoveryCodes.activate(user).get_unused_codes()


def turn_off(user: User, *, by: Any) -> None:
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk).delete()
        noted(user, "second_factor_off", by=by)


def new_paper_codes(user: User) -> list[str]:
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk, type=PAPER).delete()
        return RecoveryCodes.activate(user).get_unused_codes()


def check(request: HttpRequest, user: User, code: str) -> None:
    """Counted with the wrong passwords, so that a code is guessed no longer than they are; each code works once."""
    credentials = {"username": user.email}
    if seconds := lockout.seconds_to_wait(request, lockout.account_of(request, credentials)):
        raise RuleBroken(
            _("Too many wrong codes. Wait %(time)s and try again.") % {"time": time_to_wait(seconds)},
            field="code",
        )
    if not AxesProxyHandler.is_allowed(request, credentials):
        access_log.turned_away(user.uid, lockout.address_of(request), lockout.CLOSED)
        raise RuleBroken(
            _("Too many wrong codes: signing in is closed for fifteen minutes. Wait and try again."),
            field="code",
        )
    if not _matches(user, "".join(code.split())):
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        raise RuleBroken(_("This code is wrong or was used already. Wait for the next one."), field="code")


@operation(
    User,
    label=gettext_lazy("Remove the second factor"),
    verb=access.EDIT,
    icon="device-desktop",
    note=True,
    help=gettext_lazy(
        "For somebody who lost the telephone and the paper: be sure who asks. The next sign-in is by password alone."
    ),
    blocked=unless(has),
)
def reset(user: User, *, by: Any) -> None:
    not_above(user, by)
    Authenticator.objects.filter(user_id=user.pk).delete()


def _matches(user: User, code: str) -> bool:
    with transaction.atomic():
        held = {a.type: a for a in Authenticator.objects.select_for_update().filter(user_id=user.pk)}
        if TOTP_TYPE not in held:
            return False
        telephone = held[TOTP_TYPE]
        counter = _counter_of(decrypt(telephone.data["secret"]), code, after=telephone.data.get("used", 0))
        if counter is not None:
            _use(telephone, counter)
            return True
        return PAPER in held and bool(held[PAPER].wrap().validate_code(code))


def _counter_of(secret: str, code: str, *, after: int) -> int | None:
    """The interval whose code this is, if it is a recent one that was not used."""
    now = _interval()
    for counter in range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1):
        expected = format_hotp_value(hotp_value(secret, counter))
        if counter > after and secrets.compare_digest(expected.encode(), code.strip().encode()):
            return counter
    return None


def _use(authenticator: Any, counter: int) -> None:
    authenticator.data["used"] = counter
    authenticator.last_used_at = timezone.now()
    authenticator.save(update_fields=["data", "last_used_at"])


def _interval() -> int:
    return int(time.time()) // app_settings.TOTP_PERIOD
