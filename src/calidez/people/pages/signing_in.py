"""The door: e-mail and password, then the second factor where there is one; or the identity provider."""

from __future__ import annotations

from typing import Any

from allauth.account.stages import LoginStageController
from allauth.account.utils import perform_login
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from calidez.kit.core import access
from calidez.kit.platform import access_log
from calidez.kit.platform.display import Link
from calidez.kit.platform.errors import RuleBroken
from calidez.people import lockout, rules, selectors
from calidez.people.sentences import time_to_wait
from calidez.people.services import second_factor
from calidez.people.services.session_store import ENDED


class SignIn(LoginView):
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Too much guessing from here is turned away before any password is compared: that costs more than the guess."""
        seconds = lockout.seconds_to_wait(request, lockout.account_of(request, None))
        if seconds:
            return slowed_down(request, seconds)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if not settings.PASSWORD_SIGN_IN and not _administers(user):
            form.add_error(
                None, _("Here people sign in with %(provider)s.") % {"provider": settings.OIDC_NAME}
            )
            return self.form_invalid(form)
        response = perform_login(
            self.request, user, email_verification="none", redirect_url=self.get_success_url()
        )
        lockout.know_browser(self.request, response, user.email)
        return response

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        own = {
            "ended": self._why_again(),
            "provider": self._provider(),
            "by_password": settings.PASSWORD_SIGN_IN
            or "password" in self.request.GET
            or self.request.method == "POST",
            "forgotten": settings.PASSWORD_SIGN_IN,
        }
        return {**super().get_context_data(**values), **own}

    def _provider(self) -> Link | None:
        if not settings.OIDC_NAME:
            return None
        url = reverse("openid_connect_login", args=["organisation"])
        wanted = self.get_redirect_url()
        return Link(settings.OIDC_NAME, f"{url}?next={wanted}" if wanted else url)

    def _why_again(self) -> str:
        reason = self.request.session.get(ENDED, "")
        if reason == "idle":
            return _("You were signed out because the page was not used for a while. Sign in to go on.")
        if reason:
            return _("You were signed out because the longest time of a session is over. Sign in to go on.")
        return ""


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
        help_text=gettext_lazy(
            "The six digits that your telephone shows, or one of the codes that you keep on paper."
        ),
    )


@never_cache
@login_not_required
def code(request: HttpRequest) -> HttpResponse:
    """The second factor; only after the password was right, and for a few minutes."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None or stage.login.user is None:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.check(request, stage.login.user, form.cleaned_data["code"])  # type: ignore[arg-type]
        except RuleBroken as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session[second_factor.DONE] = True
            return stage.exit()  # type: ignore[no-any-return]
    return render(request, "registration/code.html", {"form": form}, status=422 if form.is_bound else 200)


def slowed_down(request: HttpRequest, seconds: int) -> HttpResponse:
    access_log.turned_away(None, lockout.address_of(request), f"too many tries, {seconds} s to wait")
    page = render(request, "registration/slowed_down.html", {"wait": time_to_wait(seconds)}, status=429)
    page["Retry-After"] = str(seconds)
    return page


def _administers(user: Any) -> bool:
    """Whoever may do everything everywhere keeps a way in when the identity provider fails."""
    return rules.allows(selectors.permissions_everywhere(user), access.ALL, access.ALL)
