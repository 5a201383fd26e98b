"""Background work of monitoring: load a file, measure what it touched."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.jobs import job
from calidez.monitoring.models import Import, Indicator
from calidez.people.models import User


@job(title=_("Measuring indicators"))
def measure_indicators(*, indicators: list[int]) -> None:
    """Measure all periods of these indicators: their definition is new, or the tree of units changed."""
    from calidez.monitoring.services.measuring import measure

    measure(Indicator.objects.filter(pk__in=indicators))


@job(title=_("Checking a file"), one_per=("import_id",))
def check_import(*, import_id: int, by: int) -> None:
    from calidez.monitoring.services import imports

    item = Import.objects.get(pk=import_id)
    imports.check(item, by=User.objects.get(pk=by), progress=imports.show_progress)


@job(title=_("Loading a file"), one_per=("import_id",))
def load_import(*, import_id: int, by: int) -> None:
    """Run again after a kill it loads nothing twice."""
    from calidez.monitoring.services import imports

    item = Import.objects.select_related("dataset", "unit").get(pk=import_id)
    imports.run_load(item, by=User.objects.get(pk=by), progress=imports.show_progress)


@job(title=_("Measuring what a file touched"), one_per=("import_id",))
def measure_import(*, import_id: int) -> None:
    from calidez.monitoring.services import imports

    imports.measure_loaded(Import.objects.select_related("dataset").get(pk=import_id))
