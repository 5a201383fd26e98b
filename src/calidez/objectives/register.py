"""What objectives add to the thread, to everybody's work and to the pages of what they serve."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import catalog
from calidez.kit.core.edges import Way, add_edge
from calidez.kit.desk.gaps import add_gap
from calidez.kit.desk.panels import add_panel
from calidez.kit.desk.related import Related
from calidez.kit.platform.display import Link
from calidez.monitoring.measuring.followers import follow_measuring
from calidez.monitoring.models import Import, Indicator, IndicatorVersion, Measurement
from calidez.objectives import services
from calidez.objectives.measures import measures
from calidez.objectives.models import Objective
from calidez.policy.measures import add_measures
from calidez.policy.models import Commitment

State = Objective.State
OPEN = (State.DRAFT, State.ACTIVE)


def _measured(version: IndicatorVersion) -> None:
    found = Objective.objects.filter(indicator=version.indicator_id, state__in=OPEN)
    services.refresh(found.select_related("indicator", "unit"))


follow_measuring(_measured)
add_measures(measures)
for kind, by, title in (
    ("monitoring.indicator", "indicator", _("Objectives it measures")),
    ("policy.commitment", "commitment", _("Objectives")),
):
    add_panel(
        kind,
        Related(
            Objective,
            by=by,
            columns=("code", "title", "unit", "target", "due", "progress"),
            title=title,
            where=~Q(state=State.WITHDRAWN),
            order=("due",),
        ),
    )

# The thread: a commitment is pursued by objectives, which are shared out to the units below and measured by figures.
add_edge(
    "policy.commitment",
    Way.DOWN,
    _("is pursued by"),
    Objective,
    lambda commitment: Objective.objects.filter(commitment=commitment),
    filter="commitment",
    missing=_("No objective pursues it yet."),
    field="commitment",
)
add_edge(
    "objectives.objective",
    Way.UP,
    _("helps to keep"),
    Commitment,
    lambda objective: (
        Commitment.objects.filter(pk=objective.commitment_id) if objective.commitment_id else None
    ),
    field="commitment",
)
add_edge(
    "objectives.objective",
    Way.UP,
    _("contributes to"),
    Objective,
    lambda objective: Objective.objects.filter(pk=objective.parent_id) if objective.parent_id else None,
    field="parent",
)
add_edge(
    "objectives.objective",
    Way.DOWN,
    _("is shared out to"),
    Objective,
    lambda objective: Objective.objects.filter(parent=objective),
    field="parent",
)
add_edge(
    "objectives.objective",
    Way.DOWN,
    _("is measured by"),
    Indicator,
    lambda objective: Indicator.objects.filter(pk=objective.indicator_id),
    missing=_("No indicator measures it yet."),
    field="indicator",
)
add_edge(
    "monitoring.indicator",
    Way.UP,
    _("shows the progress of"),
    Objective,
    lambda indicator: Objective.objects.filter(indicator=indicator),
    field="indicator",
)


def _new_objective(commitment: Any) -> Link:
    given = urlencode({"commitment": commitment.pk, "unit": commitment.unit_id})
    return Link(str(_("Set an objective")), f"{catalog.of(Objective).list_url()}new/?{given}")


def _unpursued(commitments: QuerySet[Any]) -> QuerySet[Any]:
    pursued = Objective.objects.filter(commitment=OuterRef("pk")).exclude(state=State.WITHDRAWN)
    return commitments.filter(pk__in=Commitment.objects.in_force().values("pk")).exclude(Exists(pursued))


def _without_data(objectives: QuerySet[Any]) -> QuerySet[Any]:
    measured = Measurement.objects.filter(
        version__indicator=OuterRef("indicator"), version__current=True, unit=OuterRef("unit"), segment=""
    )
    return objectives.filter(state__in=OPEN, indicator__isnull=False).exclude(Exists(measured))


def _closing_step(objective: Objective) -> Link:
    """The form that closes it, as the newest figure says."""
    step = services.closing_step(objective)
    url = reverse("kit:step", args=[catalog.of(Objective).slug, objective.uid, step.name])
    return Link(str(_("Close it")), url)


add_gap(
    "objectives.commitment_without_objective",
    label=_("Commitment without objective"),
    subject="policy.commitment",
    broken=_unpursued,
    sentence=_("Nobody has said how far it is to come by when."),
    verb="create",
    mender="objectives.objective",
    mend=_new_objective,
    edge="objectives.objective",
)
add_gap(
    "objectives.without_indicator",
    label=_("Objective without indicator"),
    subject="objectives.objective",
    broken=lambda objectives: objectives.filter(state__in=OPEN, indicator__isnull=True),
    sentence=_("No indicator measures it, so nobody can tell whether it is reached."),
    edge="monitoring.indicator",
)
add_gap(
    "objectives.without_commitment",
    label=_("Objective without commitment"),
    subject="objectives.objective",
    # A share of a higher objective serves the commitment of the whole.
    broken=lambda objectives: objectives.filter(state__in=OPEN, commitment__isnull=True).filter(
        Q(parent__isnull=True) | Q(parent__commitment__isnull=True)
    ),
    sentence=_("It serves no promise that the company gave."),
    edge="policy.commitment",
)
add_gap(
    "objectives.overdue",
    label=_("Objective past its date and not closed"),
    subject="objectives.objective",
    broken=lambda objectives: objectives.filter(state=State.ACTIVE, due__lt=timezone.localdate()),
    sentence=_("It was due, and nobody has said yet whether it was reached."),
    verb="close",
    mend=_closing_step,
)
add_gap(
    "objectives.indicator_without_data",
    label=_("Objective whose indicator has no data"),
    subject="objectives.objective",
    broken=_without_data,
    sentence=_("Its indicator has never been measured in this unit."),
    verb="create",
    mender="monitoring.import",
    mend=lambda objective: Link(str(_("Load a file")), catalog.of(Import).list_url() + "new/"),
)
