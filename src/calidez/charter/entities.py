"""Service charters, declared."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from calidez.charter import comparing, panels, published, services
from calidez.charter.models import Charter, CharterItem, CharterVersion
from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.children import Child
from calidez.kit.core.editions import Editioned
from calidez.kit.core.links import Link
from calidez.kit.desk.editions import Versions
from calidez.kit.desk.panels import Custom, Fields

State = Charter.State


@catalog.register
class Charters(Entity):
    model = Charter
    slug = "charters"
    section = "promise"
    icon = "world"
    code = "CHA-{n:02}"
    inherited = True
    columns = ("code", "title", "policy", "language", "state", "published_on", "unit")
    filters = ("state", "policy", "language", "unit")
    search = ("code", "title", "introduction", "slug")
    ordering = ("code",)
    sections = (
        (_("The charter"), ("title", "policy", "unit", "language", "introduction")),
        (_("Where customers complain"), ("complain", "mail", "phone", "postal", "answer_within")),
        (_("Its address"), ("slug", "listed")),
    )
    links = (
        Link("policy", up=_("publishes"), down=_("is published by"), new_for=lambda policy: policy.holds),
    )
    children = (
        Child(
            CharterItem,
            ("commitment", "result", "standard", "objective"),
            _("Commitments on the charter"),
            max=40,
            order="place",
        ),
    )
    shown = (
        "policy",
        "unit",
        "language",
        "complain",
        "mail",
        "phone",
        "postal",
        "answer_within",
        "listed",
        "published_on",
    )
    panels = (
        Custom("public", _("The public page"), "charter/panel.html", panels.public_page),
        Fields(filled=True),
        Versions(_("Published versions")),
    )
    editions = Editioned(
        CharterVersion, told=published.made, url=published.url_of, differences=comparing.differences
    )
    prepare = services.check
    saved = services.begin
    steps = (services.publish, services.withdraw)
    help = _(
        "What the public reads: your commitments, how each is measured, what came out, and how to complain."
    )
    empty = _(
        "No service charter yet. Choose a policy in force, and which of its results the public may read."
    )

    def proposed(self, user: Any) -> dict[str, Any]:
        return super().proposed(user) | {"language": user.language}
