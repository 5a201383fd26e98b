"""Objectives, declared."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.cells import Column
from calidez.kit.children import Child
from calidez.kit.display import Tone
from calidez.objectives import services, words
from calidez.objectives.models import Milestone, Objective

State = Objective.State


@catalog.register
class Objectives(Entity):
    model = Objective
    slug = "objectives"
    section = "promise"
    icon = "target-arrow"
    code = "OBJ-{year}-{n:02}"
    inherited = True
    columns = (
        "code",
        "title",
        Column("target", _("Target"), words.target_sentence, sort="target"),
        Column("progress", _("Progress"), words.status_badge, sort="status", related="indicator__unit"),
        "due",
        "state",
        "owner",
        "unit",
    )
    filters = ("state", "status", "owner", "unit", "commitment", "due")
    search = ("code", "title", "resources", "evaluation")
    ordering = ("-pk",)
    sections = (
        (_("What is to be reached"), ("title", "commitment", "unit", "owner", "parent")),
        (_("How it is measured"), ("indicator", "direction", "target", "measured_in")),
        (_("From where"), ("baseline", "baseline_from", "baseline_until", "no_baseline")),
        (_("By when, with what, and how it is judged"), ("starts", "due", "resources", "evaluation")),
    )
    children = (Child(Milestone, ("on", "value"), _("Milestones"), max=24),)
    shown = (
        "commitment",
        Column("target", _("Target"), words.target_sentence),
        "indicator",
        Column("baseline", _("Baseline"), words.baseline_sentence),
        "baseline_from",
        "baseline_until",
        "starts",
        "due",
        "resources",
        "evaluation",
        "owner",
        "unit",
        "parent",
        Column("result", _("Result"), words.result_sentence),
        "closed_on",
        "closed_by",
    )
    prepare = services.check
    saved = services.kept
    steps = (
        services.activate,
        services.propose_baseline,
        services.close_reached,
        services.close_not_reached,
        services.plan_anew,
        services.withdraw,
    )
    edit_states = (State.DRAFT,)
    state_tones = {
        State.DRAFT: Tone.QUIET,
        State.ACTIVE: Tone.NEUTRAL,
        State.REACHED: Tone.GOOD,
        State.NOT_REACHED: Tone.BAD,
        State.WITHDRAWN: Tone.QUIET,
    }
    help = _("What you want to reach by when, with whom, and how everybody sees whether it is reached.")
    empty = _(
        "No objectives yet. Write down one figure that shall come to a target by a date, and who sees to it."
    )
