"""Where allauth asks what Calidez does: who may come in by the identity provider, and how secrets are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken
from calidez.people import selectors
from calidez.people.services import identities, second_factor

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Accounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        user.backend = BACKEND
        login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, _("This account is deactivated. Ask your administrator."))
        return redirect("login")

    def add_message(self, *arguments: Any, **values: Any) -> None:
        """The pages say what they need to."""

    def send_notification_mail(self, *arguments: Any, **values: Any) -> None:
        """The trail keeps what happened."""


class IdentityProvider(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The provider has said who it is; here is decided whether we know them."""
        if not sociallogin.is_existing:
            verified = [address.email for address in sociallogin.email_addresses if address.verified is True]
            try:
                person = identities.person_for(verified, name=_name(sociallogin))
            except RuleBroken as refusal:
                page = render(request, "people/no_account.html", {"sentence": str(refusal)}, status=403)
                raise ImmediateHttpResponse(page) from refusal
            sociallogin.connect(request, person)
            identities.linked(person)
        # The provider asks for the second factor, as its rules say.
        request.session[second_factor.DONE] = True

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        sentence = _(
            "The identity provider did not confirm who you are. Try again, or ask your administrator."
        )
        raise ImmediateHttpResponse(
            render(request, "people/no_account.html", {"sentence": sentence}, status=403)
        )


class SecondFactors(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        root = selectors.organisation()
        return f"Calidez {root.name}" if root else "Calidez"

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    """Secrets are kept under the installation's key: a copy of the database alone computes no codes."""
    return Fernet(
        base64.urlsafe_b64encode(hashlib.sha256(f"second factor {settings.SECRET_KEY}".encode()).digest())
    )


def _name(sociallogin: Any) -> str:
    data = sociallogin.account.get_provider_account().get_user_data() or {}
    return str(data.get("name") or data.get("preferred_username") or data.get("email") or "")[:200]
