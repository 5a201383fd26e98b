"""What kit itself keeps as records of the installation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.cells import Column
from calidez.kit.faces.api import tokens
from calidez.kit.faces.api.models import ApiToken
from calidez.kit.faces.api.token_lines import lines_in_words
from calidez.kit.platform.display import Badge, Tone


@catalog.register
class ApiTokens(Entity):
    """Everybody's tokens, for those who look after the installation; each owner has a page of their own."""

    model = ApiToken
    slug = "api-tokens"
    section = "administration"
    icon = "key"
    creatable = False
    editable = False
    scope = "owner__unit"
    held = ()  # a token acts as its owner and goes to nobody
    columns = ("name", "owner", "prefix", "state", "expires_at", "used_at")
    filters = ("owner", "state", "expires_at")
    search = ("name", "prefix", "owner__name")
    ordering = ("-created_at",)
    shown = (
        "owner",
        "prefix",
        Column("lines", _("May do"), lines_in_words),
        "created_at",
        "expires_at",
        "used_at",
    )
    steps = (tokens.revoke,)
    help = _("Keys with which other programs read and write here, each on behalf of a person.")
    empty = _("No tokens yet. People make their own, in the menu with their name.")

    def state_badge(self, record: Any) -> Badge | None:
        if record.state == ApiToken.State.VALID and record.expired:
            return Badge(str(_("Expired")), Tone.QUIET)
        return super().state_badge(record)


from calidez.kit.desk.background import entities as _background  # noqa: E402, F401  (declared with its topic)
from calidez.kit.faces.webhooks import entities as _webhooks  # noqa: E402, F401
