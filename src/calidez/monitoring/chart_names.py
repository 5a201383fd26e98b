"""What the charts are called, for whoever reads their code: "p_prime" is the p′ chart."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

CHART_NAMES: dict[str, Any] = {
    "i": _("individuals chart"),
    "p": _("p chart"),
    "p_prime": _("p′ chart"),
    "u": _("u chart"),
    "u_prime": _("u′ chart"),
    "c": _("c chart"),
    "np": _("np chart"),
    "xbar_s": _("X̄-S chart"),
    "t": _("t chart (time between events)"),
    "g": _("g chart (cases between events)"),
    "ewma": _("EWMA chart (weighted average)"),
    "cusum": _("CUSUM chart (sum of deviations)"),
    "run": _("run chart"),
}
