"""What monitoring adds to the pages of other parts and to everybody's work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.core.blocks import Aside
from calidez.kit.core.edges import Way, add_edge
from calidez.kit.core.reactions import react_to
from calidez.kit.desk import inbox
from calidez.kit.desk.asides import add_aside
from calidez.kit.desk.panels import Custom, add_panel
from calidez.kit.faces.api import extend
from calidez.kit.platform.jobs import enqueue
from calidez.monitoring import api, gaps, jobs, panels, unacceptable, waiting
from calidez.monitoring.feasibility import demonstrated
from calidez.monitoring.feasibility import panels as feasibility_panels
from calidez.monitoring.models import Baseline, Dataset, Import, Indicator, Signal
from calidez.policy.measures import add_measures
from calidez.standards import demonstrated as standards_demonstrated
from calidez.standards.models import Standard

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
react_to("people.unit", lambda unit, verb: enqueue(jobs.measure_again))
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
    Custom("branches", _("Branches by compliance"), "monitoring/panels/branches.html", panels.branches),
)

# The thread: a promise is proven by indicators, which count facts, which came in by files.
add_edge(
    "standards.standard",
    Way.DOWN,
    _("is proven by"),
    Indicator,
    lambda standard: Indicator.objects.filter(standard=standard),
    filter="standard",
    missing=_("No indicator proves it yet."),
)
add_edge(
    "monitoring.indicator",
    Way.UP,
    _("proves"),
    Standard,
    lambda indicator: Standard.objects.filter(pk=indicator.standard_id) if indicator.standard_id else None,
)
add_edge(
    "monitoring.indicator",
    Way.UP,
    _("counts facts of"),
    Dataset,
    lambda indicator: Dataset.objects.filter(pk=indicator.dataset_id),
)
add_edge(
    "monitoring.indicator",
    Way.DOWN,
    _("showed"),
    Signal,
    lambda indicator: Signal.objects.filter(indicator=indicator),
    filter="indicator",
)
add_edge(
    "monitoring.indicator",
    Way.DOWN,
    _("is judged from"),
    Baseline,
    lambda indicator: Baseline.objects.filter(indicator=indicator),
    filter="indicator",
)
add_edge(
    "monitoring.dataset",
    Way.UP,
    _("came in by"),
    Import,
    lambda dataset: Import.objects.filter(dataset=dataset),
    filter="dataset",
    missing=_("No file has been loaded into it yet."),
)
add_edge(
    "monitoring.dataset",
    Way.DOWN,
    _("is counted by"),
    Indicator,
    lambda dataset: Indicator.objects.filter(dataset=dataset),
    filter="dataset",
)
add_edge(
    "monitoring.import",
    Way.DOWN,
    _("went into"),
    Dataset,
    lambda item: Dataset.objects.filter(pk=item.dataset_id) if item.dataset_id else None,
)
for kind in ("monitoring.signal", "monitoring.baseline"):
    add_edge(
        kind,
        Way.UP,
        _("was found in") if kind == "monitoring.signal" else _("judges"),
        Indicator,
        lambda record: Indicator.objects.filter(pk=record.indicator_id),
    )
