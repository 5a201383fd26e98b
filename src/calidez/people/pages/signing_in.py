"""The door: e-mail and password, with a word on why somebody stands before it again."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView
from django.utils.translation import gettext as _

from calidez.people.services.session_store import ENDED


class SignIn(LoginView):
    redirect_authenticated_user = True

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        return {**super().get_context_data(**values), "ended": self._why_again()}

    def _why_again(self) -> str:
        reason = self.request.session.get(ENDED, "")
        if reason == "idle":
            return _("You were signed out because the page was not used for a while. Sign in to go on.")
        return (
            _("You were signed out because the longest time of a session is over. Sign in to go on.")
            if reason
            else ""
        )
