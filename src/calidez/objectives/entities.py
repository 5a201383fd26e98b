"""Objectives, declared."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.blocks import Aside
from calidez.kit.core.cells import Column
from calidez.kit.core.children import Child
from calidez.kit.core.held import Held
from calidez.kit.core.links import Link
from calidez.kit.core.waits import Waits
from calidez.kit.desk.panels import Custom, Fields
from calidez.objectives import gaps, sentences, services
from calidez.objectives.asides import baseline_beside
from calidez.objectives.cascade import cascade
from calidez.objectives.models import Milestone, Objective
from calidez.objectives.progress_panel import progress_panel
from calidez.policy.models import Commitment

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
        Column("target", _("Target"), sentences.short_target, sort="target"),
        Column("progress", _("Progress"), sentences.progress_badge, sort="status", related="indicator__unit"),
        Column("trend", _("Last periods"), sentences.trend),
        "due",
        "unit",
    )
    more_columns = ("state", "owner")
    filters = ("state", "status", "owner", "unit", "commitment", "due")
    search = ("code", "title", "resources", "evaluation")
    ordering = ("-pk",)
    sections = (
        (_("The objective"), ("title", "commitment", "unit", "owner", "parent")),
        (_("How it is measured"), ("indicator", "direction", "target", "measured_in")),
        (_("From where"), ("baseline", "baseline_from", "baseline_until", "no_baseline")),
        (_("By when, with what, and how it is judged"), ("starts", "due", "resources", "evaluation")),
    )
    links = (
        Link(
            "commitment",
            up=_("helps to keep"),
            down=_("is pursued by"),
            missing=gaps.WITHOUT_COMMITMENT,
            missing_there=gaps.COMMITMENT_WITHOUT_OBJECTIVE,
            new=_("Set an objective"),
            new_for=lambda commitment: commitment.state == Commitment.State.STANDING,
        ),
        Link(
            "parent",
            up=_("contributes to"),
            down=_("is shared out to"),
            new=_("Share it out"),
            new_for=lambda objective: objective.state in gaps.OPEN,
        ),
        Link(
            "indicator",
            up=_("shows the progress of"),
            down=_("is measured by"),
            below=True,
            missing=gaps.WITHOUT_INDICATOR,
        ),
    )
    children = (Child(Milestone, ("on", "value"), _("Milestones"), max=24),)
    shown = (
        "commitment",
        Column("target", _("Target"), sentences.target_sentence),
        "indicator",
        Column("baseline", _("Baseline"), sentences.baseline_sentence, related="indicator__dataset"),
        "baseline_from",
        "baseline_until",
        "starts",
        "due",
        "resources",
        "evaluation",
        "owner",
        "unit",
        "parent",
        Column("result", _("Result"), sentences.result_sentence),
        "closed_on",
        "closed_by",
    )
    panels = (
        Custom("progress", _("Progress"), "objectives/progress.html", progress_panel),
        Fields(filled=True),
        Custom("cascade", _("Cascade"), "objectives/cascade.html", cascade, later=True),
    )
    asides = (
        Aside(
            "baseline",
            _("What the data say"),
            "objectives/beside.html",
            baseline_beside,
            watches=("indicator", "unit", "direction", "target", "starts", "due"),
        ),
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
    held = (Held(gone=_("Objective whose owner has left"), where=Q(state__in=gaps.OPEN)),)
    waits = (
        Waits(
            State.ACTIVE,
            say=sentences.asked_of_owner,
            due="due",
            soon=30,
            early=Q(status=Objective.Status.BEHIND),
            about="unit",
        ),
        Waits(
            State.ACTIVE,
            say=sentences.asked_of_others,
            who=services.close_reached,
            but_not="owner",
            due="due",
            soon=-1,
            about="unit",
            step=services.closing_step,
            key="objectives.to_close",
            label=_("Objectives to close"),
        ),
    )
    edit_states = (State.DRAFT,)
    help = _("What you want to reach by when, with whom, and how everybody sees whether it is reached.")
    empty = _(
        "No objectives yet. Write down one figure that shall come to a target by a date, and who sees to it."
    )
