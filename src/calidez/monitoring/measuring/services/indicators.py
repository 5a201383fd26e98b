"""An indicator's definition is checked before it is kept, and each changed one becomes a new version."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core.operations import transition
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue
from calidez.monitoring.measuring.charting import READING
from calidez.monitoring.measuring.definitions import definition_of, schema_of, unit_of_measure, write_plainly
from calidez.monitoring.measuring.drawing import ALTERNATIVES, STATS_MEASURE
from calidez.monitoring.models import Indicator, IndicatorVersion


def check_indicator(indicator: Indicator, *, by: Any) -> None:
    """Refuse a definition that cannot be computed, and a standard counted in another unit of measure."""
    if indicator.dataset.state == indicator.dataset.State.REMOVED:
        raise RuleBroken(_("This dataset was removed."), field="dataset")
    check_place(indicator)
    write_plainly(indicator)
    definition_of(indicator)
    _settle_unit(indicator)
    if indicator.chart and indicator.chart not in ALTERNATIVES[STATS_MEASURE[indicator.measure]]:
        raise RuleBroken(_("This chart does not suit what is measured."), field="chart")
    standard = indicator.standard
    if standard is not None and standard.measured_in.strip() != indicator.measured_in.strip():
        raise RuleBroken(
            _(
                "The standard counts in “%(standard)s” and the indicator in “%(indicator)s”: use the same unit of measure."
            )
            % {"standard": standard.measured_in, "indicator": indicator.measured_in},
            field="measured_in",
        )


def check_place(indicator: Indicator) -> None:
    """Rows that say no unit are those of the dataset's own: a unit below it must not take them for its own."""
    dataset = indicator.dataset
    told = not dataset.schema or schema_of(dataset).branch is not None
    if not told and not dataset.unit.path.startswith(indicator.unit.path):
        raise RuleBroken(
            _("The rows of “%(dataset)s” do not say of which unit they are: measure them in %(unit)s.")
            % {"dataset": dataset, "unit": dataset.unit},
            field="unit",
        )


def _settle_unit(indicator: Indicator) -> None:
    """The unit of measure follows from what is measured; one that cannot be is refused."""
    if indicator.measure == Indicator.Measure.NPS:
        _settle_points(indicator)
        return
    indicator.measured_in = unit_of_measure(indicator)


def _settle_points(indicator: Indicator) -> None:
    if indicator.measured_in.strip() in {"", "%"}:
        # Promoters less detractors: from −100 to 100 points, and no share of anything.
        if indicator.standard is not None and indicator.standard.measured_in.strip() == "%":
            raise RuleBroken(
                _(
                    "A net promoter score counts points and is no share, and the standard counts in “%%”: give the standard points as its unit of measure first."
                )
                % {},
                field="standard",
            )
        indicator.measured_in = _("points")


def indicator_saved(indicator: Indicator, *, by: Any) -> None:
    """What was measured under an earlier definition stays under it; a new one starts its own version."""
    keep_version(indicator)
    enqueue("monitoring.measure_indicators", indicators=[indicator.pk])


def keep_version(indicator: Indicator) -> IndicatorVersion:
    """The current version, made anew where the definition changed."""
    definition = definition_of(indicator)
    current = indicator.versions.filter(current=True).first()
    if current is not None and current.fingerprint == definition.fingerprint:
        return current
    indicator.versions.filter(current=True).update(current=False)
    earlier = indicator.versions.filter(fingerprint=definition.fingerprint).first()
    if earlier is not None:  # back to a definition that was measured before
        earlier.current = True
        earlier.save(update_fields=["current"])
        return earlier
    return IndicatorVersion.objects.create(
        indicator=indicator,
        number=indicator.versions.count() + 1,
        definition=definition.to_json(),
        fingerprint=definition.fingerprint,
        since=timezone.now(),
        read_as=READING,
    )


@transition(
    Indicator,
    source=[Indicator.State.ACTIVE],
    target=Indicator.State.RETIRED,
    label=gettext_lazy("Retire"),
    note=True,
    icon="archive",
    help=gettext_lazy("It is no longer measured; what was measured stays."),
)
def retire(indicator: Indicator, *, by: Any) -> None:
    if indicator.standard is not None and indicator.standard.state == indicator.standard.State.IN_FORCE:
        others = indicator.standard.indicators.filter(state=Indicator.State.ACTIVE).exclude(pk=indicator.pk)
        if not others.exists():
            raise RuleBroken(
                _(
                    "“%(standard)s” is in force and nothing else proves it. Retire the standard first, or give it another indicator."
                )
                % {"standard": indicator.standard}
            )
