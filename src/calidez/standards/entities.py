"""Standards and quality dimensions, declared."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.cells import Column
from calidez.kit.core.children import Child
from calidez.kit.core.conditions import OnlyIf
from calidez.kit.core.editions import Editioned
from calidez.kit.core.held import Held
from calidez.kit.core.links import Link
from calidez.kit.core.waits import Waits
from calidez.kit.desk.editions import Versions
from calidez.kit.desk.forms import Later
from calidez.kit.desk.panels import Custom, Fields
from calidez.kit.desk.related import Rows
from calidez.policy.models import Commitment
from calidez.standards import panels, services
from calidez.standards.models import LocalTarget, QualityDimension, Standard, StandardBasis, StandardVersion
from calidez.standards.sentences import promised_short, target_sentence
from calidez.standards.services.life import LIFE


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
        Column("target", _("Target"), promised_short, sort="target", related="latest"),
        "state",
        "owner",
        "unit",
        "starts",
    )
    filters = ("state", "commitment", "kind", "dimension", "owner", "unit")
    search = ("code", "title", "requirement")
    ordering = ("code",)
    sections = (
        (_("The promise"), ("title", "requirement", "commitment", "kind", "dimension", "remedy")),
        (
            _("How much"),
            (
                "direction",
                "target",
                "measured_in",
                "tolerance",
                "case_limit",
                "case_direction",
                "case_measured_in",
            ),
        ),
        (_("Who and where"), ("owner", "unit", "units")),
        Later(_("From when until when"), ("starts", "ends")),
        Later(_("When it is missed by far"), ("unacceptable", "reaction")),
        Later(_("How it is measured"), ("frequency", "sampling")),
        Later(_("Who must know it"), ("readers_positions", "readers_units")),
    )
    conditions = {
        "case_direction": OnlyIf("case_limit", filled=True),
        "case_measured_in": OnlyIf("case_limit", filled=True),
        "reaction": OnlyIf("unacceptable", filled=True),
    }
    links = (
        Link(
            "commitment",
            up=_("makes measurable"),
            down=_("is made measurable by"),
            new_for=lambda commitment: commitment.state == Commitment.State.STANDING,
        ),
        Link("document", up=_("tells"), down=_("is told to those who keep it by"), below=True),
    )
    children = (
        Child(StandardBasis, ("kind", "reference", "explanation"), _("What it rests on"), max=20),
        Child(LocalTarget, ("unit", "target"), _("Where another target holds"), max=500, later=True),
    )
    editions = Editioned(
        StandardVersion,
        headline=target_sentence,
        note=panels.stretch_of,
        words={"dimension": panels.dimension_named},
    )
    panels = (
        Fields(panels.FACTS, filled=True),
        Rows(StandardBasis, later=True),
        Rows(
            LocalTarget,
            columns=("unit", Column("target", _("Target"), panels.local_target)),
            seen="unit",
            order=("unit__path",),
            later=True,
        ),
        Fields(panels.READERS, _("Who must know it"), key="readers", filled=True, later=True),
        Custom(
            "stretch",
            _("More than was shown to be possible"),
            "standards/panels/stretch.html",
            panels.stretch,
        ),
        Versions(),
    )
    steps, moves = LIFE.steps, LIFE.moves
    waits = (
        Waits(
            Standard.State.PROPOSED,
            say=_("%(proposed_by)s proposes: %(record)s"),
            who=services.put_in_force,
            label=_("Standards to put in force"),
        ),
    )
    held = (Held(gone=_("Standard whose owner has left"), where=~Q(state=Standard.State.RETIRED)),)
    prepare = services.check_standard
    edit_states = LIFE.edit_states
    help = _("What you promise, in words that anyone can check and a number that proves it.")
    empty = _("No standards yet. Write down one promise that you make to your customers, and its target.")


@catalog.register
class QualityDimensions(Entity):
    model = QualityDimension
    slug = "quality-dimensions"
    section = "administration"
    icon = "tag"
    scope = None
    known_by = "key"
    columns = (Column("name", _("Name"), str, sort="name"), "family", "meaning", "key")
    filters = ("family",)
    search = ("name", "key", "meaning")
    ordering = ("family", "pk")
    fields = ("name", "meaning")
    shown = (Column("name", _("Name"), str), "family", "meaning", "key")
    prepare = services.check_dimension
    help = _("The aspects under which customers judge a service: those of published models, and your own.")
    empty = _("No dimensions yet. Add an aspect of quality that matters to your customers.")
