"""Standards, declared."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.cells import Column
from calidez.kit.display import Tone
from calidez.standards import services
from calidez.standards.models import Standard
from calidez.standards.words import target_sentence


@catalog.register
class Standards(Entity):
    model = Standard
    slug = "standards"
    section = "promise"
    icon = "certificate"
    code = "STD-{n:03}"
    inherited = True
    columns = (
        "code",
        "title",
        Column("target", _("Target"), target_sentence, sort="target"),
        "state",
        "owner",
        "unit",
        "starts",
    )
    filters = ("state", "kind", "owner", "unit")
    search = ("code", "title", "requirement")
    ordering = ("code",)
    sections = (
        (_("The promise"), ("title", "requirement", "kind")),
        (_("How much"), ("direction", "target", "measured_in", "tolerance")),
        (_("Who and where"), ("owner", "unit", "units", "starts", "ends")),
    )
    shown = (
        "requirement",
        "kind",
        Column("target", _("Target"), target_sentence),
        "tolerance",
        "owner",
        "unit",
        "units",
        "starts",
        "ends",
    )
    steps = (services.put_in_force, services.retire)
    edit_states = (Standard.State.DRAFT,)
    state_tones = {
        Standard.State.DRAFT: Tone.QUIET,
        Standard.State.IN_FORCE: Tone.GOOD,
        Standard.State.RETIRED: Tone.QUIET,
    }
    help = _("What you promise, in words that anyone can check and a number that proves it.")
    empty = _("No standards yet. Write down one promise that you make to your customers, and its target.")
