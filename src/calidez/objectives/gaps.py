"""Broken links of objectives: what they do not serve, are not measured by, or were not closed for."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.catalog import catalog
from calidez.kit.core.links import Missing
from calidez.kit.desk.gaps import add_gap
from calidez.kit.platform.display import Link
from calidez.monitoring.models import Import, Measurement
from calidez.objectives import services
from calidez.objectives.models import Objective
from calidez.policy.models import Commitment

State = Objective.State
OPEN = (State.DRAFT, State.ACTIVE)


def _in_force(commitments: QuerySet[Any]) -> QuerySet[Any]:
    return commitments.filter(pk__in=Commitment.objects.in_force().values("pk"))


def _whole(objectives: QuerySet[Any]) -> QuerySet[Any]:
    """A share of a higher objective serves the commitment of the whole."""
    alone = Q(parent__isnull=True) | Q(parent__commitment__isnull=True)
    return objectives.filter(alone, state__in=OPEN)


def _without_data(objectives: QuerySet[Any]) -> QuerySet[Any]:
    """Those that are pursued: a draft may wait for its first file."""
    measured = Measurement.objects.filter(
        version__indicator=OuterRef("indicator"), version__current=True, unit=OuterRef("unit"), segment=""
    )
    return objectives.filter(state=State.ACTIVE, indicator__isnull=False).exclude(Exists(measured))


COMMITMENT_WITHOUT_OBJECTIVE = Missing(
    "objectives.commitment_without_objective",
    _("Commitment without objective"),
    _("Nobody has said how far it is to come by when."),
    expected=_in_force,
    counted=~Q(state=State.WITHDRAWN),
    yet=_("No objective pursues it yet."),
)
WITHOUT_INDICATOR = Missing(
    "objectives.without_indicator",
    _("Objective without indicator"),
    _("No indicator measures it, so nobody can tell whether it is reached."),
    expected=lambda objectives: objectives.filter(state__in=OPEN),
    yet=_("No indicator measures it yet."),
)
WITHOUT_COMMITMENT = Missing(
    "objectives.without_commitment",
    _("Objective without commitment"),
    _("It serves no promise that the company gave."),
    expected=_whole,
)


def _closing_step(objective: Objective) -> Link:
    """The form that closes it, as the newest figure says."""
    step = services.closing_step(objective)
    url = reverse("kit:step", args=[catalog.of(Objective).slug, objective.uid, step.name])
    return Link(str(_("Close it")), url)


def register() -> None:
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
