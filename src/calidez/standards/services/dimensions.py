"""Quality dimensions: those shipped are put in place by the installation, the company adds its own."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken
from calidez.standards.models import QualityDimension
from calidez.standards.models.dimensions import SHIPPED


def check_dimension(dimension: QualityDimension, *, by: Any) -> None:
    if dimension.family != QualityDimension.Family.OWN:
        before = QualityDimension.objects.get(pk=dimension.pk)
        if dimension.name != before.name:
            raise RuleBroken(
                _("This name is that of a published model and stays; add a dimension of your own instead."),
                field="name",
            )
    if not dimension.key:
        dimension.key = _free_key(dimension.name)


def ship_dimensions(**_signal: Any) -> None:
    """Those of the published models, each once; what a company wrote about them stays."""
    there = set(QualityDimension.objects.filter(key__in=SHIPPED).values_list("key", flat=True))
    for key, (family, name) in SHIPPED.items():
        if key not in there:
            QualityDimension.objects.create(key=key, family=family, name=name)


def _free_key(name: str) -> str:
    wanted = slugify(name)[:50] or "dimension"
    taken = set(QualityDimension.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(k for k in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if k not in taken)
