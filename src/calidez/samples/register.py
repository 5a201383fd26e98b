"""What the samples add elsewhere: the starter packs among the administration's pages and beside empty lists."""

from __future__ import annotations

from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.catalog import catalog
from calidez.kit.desk.brought import add_brought
from calidez.kit.desk.navigation import ADMINISTRATION, PageEntry, add_page, add_way_to_begin
from calidez.kit.platform.display import Link
from calidez.samples.brought import waiting
from calidez.samples.packs.loading import MODELS, may_load

TITLE = gettext_lazy("Starter packs")

add_page(
    ADMINISTRATION,
    PageEntry(
        TITLE,
        lambda: str(reverse_lazy("samples:packs")),
        may_load,
        icon="package",
        help=gettext_lazy("A policy, standards and indicators of your sector to begin from."),
    ),
)


def _begin(user: Any) -> Link | None:
    return (
        Link(_("Begin from a starter pack of your sector"), reverse("samples:packs"))
        if may_load(user)
        else None
    )


for _model in MODELS.values():
    _entity = catalog.of(_model)
    add_way_to_begin(f"{_entity.part}.{_entity.key}", _begin)

add_brought(waiting)
