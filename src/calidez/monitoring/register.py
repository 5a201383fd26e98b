"""What monitoring adds to the pages of other parts and to everybody's work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.core.blocks import Aside
from calidez.kit.core.reactions import react_to
from calidez.kit.desk import inbox
from calidez.kit.desk.asides import add_aside
from calidez.kit.desk.panels import Custom, add_panel
from calidez.kit.faces.api import extend
from calidez.kit.platform.jobs import enqueue
from calidez.monitoring import api, gaps, jobs, panels, unacceptable, waiting
from calidez.monitoring.feasibility import demonstrated
from calidez.monitoring.feasibility import panels as feasibility_panels
from calidez.policy.measures import add_measures
from calidez.standards import demonstrated as standards_demonstrated

extend.add_router("", api.router)
extend.add_creation("monitoring.dataset", api.DATASET_CREATION)
inbox.add_source(
    waiting.signals_waiting,
    key="signals",
    label=_("Signals"),
    verb="acknowledge",
    rows=waiting.new_signals,
    rough=True,
    find=waiting.signals_named,
)
inbox.add_source(
    unacceptable.waiting,
    key="unacceptable",
    label=_("Unacceptable figures"),
    rows=unacceptable.indicators,
)
react_to("people.unit", jobs.follow_unit)
for kind in ("people.servicecalendar", "people.closedday"):
    react_to(kind, lambda said, verb: enqueue(jobs.read_by_new_calendar, unit=said.unit_id))
react_to("monitoring.dataset", lambda dataset, verb: jobs.draw_all_again(dataset) if verb == "edit" else None)
react_to("standards.standard", lambda standard, verb: enqueue(jobs.judge_again, standard=standard.pk))
add_panel(
    "standards.standard",
    Custom("proof", _("What proves it"), "monitoring/panels/proof.html", panels.proof),
    first=True,
)
add_panel(
    "standards.standard",
    Custom(
        "feasibility",
        _("What your data say about this target"),
        "monitoring/panels/feasibility.html",
        feasibility_panels.panel,
    ),
)
add_aside(
    "standards.standard",
    Aside(
        "feasibility",
        _("What your data say about this target"),
        "monitoring/feasibility/_beside.html",
        feasibility_panels.beside,
        watches=("target", "direction"),
    ),
)
gaps.register()
standards_demonstrated.install(demonstrated.demonstrated)
add_measures(demonstrated.measures)
add_panel(
    "standards.standard",
    Custom("branches", _("Units by compliance"), "monitoring/panels/branches.html", panels.branches),
)
