"""People: their account, password and language."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.core import access
from calidez.kit.core.following import noted
from calidez.kit.core.operations import operation, unless
from calidez.kit.desk import inbox
from calidez.kit.platform.errors import RuleBroken
from calidez.people import languages, lockout
from calidez.people.models import User
from calidez.people.services.not_above import not_above
from calidez.people.services.roles import keep_an_administrator
from calidez.people.services.sessions import end_other_sessions


def check_user(user: User, *, by: Any) -> None:
    """Addresses are compared without upper case, so that nobody has two accounts."""
    user.email = User.objects.normalize_email(user.email).lower()
    if not user.password:
        user.set_unusable_password()
    before = User.objects.filter(pk=user.pk).first()
    if before is not None and before.email != user.email:
        not_above(user, by)


def _open_work(user: User) -> str:
    """What somebody else must take over is said before it is too late to ask."""
    count = len(inbox.pending(user))
    if not count:
        return _("Nothing waits for this person. The history stays; the access ends at once.")
    return ngettext(
        "%(count)s piece of work waits for this person: agree who takes it over. The history stays; the access ends at once.",
        "%(count)s pieces of work wait for this person: agree who takes them over. The history stays; the access ends at once.",
        count,
    ) % {"count": count}


def _shut_out(user: User, *, by: Any) -> None:
    end_other_sessions(user)
    keep_an_administrator()


@operation(
    User,
    label=gettext_lazy("Deactivate"),
    verb=access.EDIT,
    icon="user-x",
    note=True,
    help=_open_work,
    drawn=False,  # on the page where what the person holds is handed over
    blocked=unless(lambda user: user.is_active),
    after=_shut_out,
)
def deactivate(user: User, *, by: Any) -> None:
    """People are never deleted: what they did stays theirs."""
    if user.pk == by.pk:
        raise RuleBroken(_("You cannot take away your own access; ask another administrator."))
    not_above(user, by)
    user.is_active = False


@operation(
    User,
    label=gettext_lazy("Let in again"),
    verb=access.EDIT,
    icon="user-check",
    blocked=unless(lambda user: not user.is_active),
)
def reactivate(user: User, *, by: Any) -> None:
    not_above(user, by)
    user.is_active = True


def set_password(user: User, password: str, *, by: Any = None, keep: str | None = None) -> None:
    """Set a password that passes the rules; the trail says that it changed, never what it is.

    Every session ends but the one with the key `keep`: whoever knew the old password is out.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), field="password") from error
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        noted(user, "set_password", by=by)
        end_other_sessions(user, keep)
        lockout.lift(user.email)


def choose_language(user: Any, language: str) -> None:
    """Remember the language that the person chose in the page; a taste, not a fact worth the trail."""
    if language in dict(languages.choices()) and user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)
