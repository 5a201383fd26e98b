"""People: their account, password and language."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from calidez.kit import audit
from calidez.kit.errors import RuleBroken
from calidez.people.models import User


def check_user(user: User, *, by: Any) -> None:
    """Addresses are compared without upper case, so that nobody has two accounts."""
    user.email = User.objects.normalize_email(user.email).lower()
    if not user.password:
        user.set_unusable_password()
    if not user.is_active and by is not None and user.pk == by.pk:
        raise RuleBroken(
            _("You cannot take away your own access; ask another administrator."), field="is_active"
        )


def set_password(user: User, password: str, *, by: Any = None) -> None:
    """Set a password that passes the rules; the trail says that it changed, never what it is."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), field="password") from error
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.write("set_password", user, by=by)


def choose_language(user: Any, language: str) -> None:
    """Remember the language that the person chose in the page; a taste, not a fact worth the trail."""
    if language in User.Language.values and user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)
