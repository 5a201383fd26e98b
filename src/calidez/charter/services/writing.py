"""How a charter is written: its place, its address, and the commitments it begins with."""

from __future__ import annotations

import secrets
from typing import Any

from django.utils.translation import gettext as _

from calidez.charter import rules
from calidez.charter.models import Charter, CharterItem
from calidez.kit.platform.errors import RuleBroken


def check(charter: Charter, *, by: Any) -> None:
    """What must hold of every charter, published or not."""
    if not charter.unit.path.startswith(charter.policy.unit.path):
        raise RuleBroken(
            _("“%(policy)s” does not hold in %(unit)s: it belongs to %(place)s.")
            % {"policy": charter.policy, "unit": charter.unit, "place": charter.policy.unit},
            field="unit",
        )
    before = Charter.objects.filter(pk=charter.pk).first() if charter.pk else None
    if before is not None and before.slug != charter.slug and before.versions.exists():
        raise RuleBroken(
            _("The address stands on paper by now and stays as it is: %(address)s.")
            % {"address": before.slug},
            field="slug",
        )
    if before is not None and before.policy_id != charter.policy_id and before.versions.exists():
        raise RuleBroken(_("A published charter keeps its policy: make another one."), field="policy")
    if not charter.slug:
        charter.slug = rules.random_address(secrets.choice)


def begin(charter: Charter, *, by: Any) -> None:
    """A new charter without rows begins with every commitment of its policy, and no result."""
    if charter.version > 1 or charter.items.exists():
        return
    standing = charter.policy.commitments.filter(state="standing").order_by("place", "pk")
    for place, commitment in enumerate(standing, start=1):
        promised = [s for s in commitment.standards.order_by("code") if s.is_promised]
        CharterItem.objects.create(
            charter=charter, commitment=commitment, standard=promised[0] if promised else None, place=place
        )
