"""What monitoring adds to the pages of other parts and to everybody's work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit import inbox
from calidez.kit.jobs import enqueue
from calidez.kit.panels import Custom, add_panel
from calidez.kit.reactions import react_to
from calidez.monitoring import jobs, panels, waiting

inbox.add_source(
    waiting.signals_waiting,
    key="signals",
    label=_("Signals"),
    verb="acknowledge",
    find=waiting.signals_named,
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
    Custom("branches", _("Branches by compliance"), "monitoring/panels/branches.html", panels.branches),
)
