"""Background work of monitoring: load a file, measure what it touched."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.platform.jobs import enqueue, job
from calidez.monitoring.feasibility.services import curves
from calidez.monitoring.loading import services as imports
from calidez.monitoring.measuring.services.measuring import (
    indicators_with_rows_of,
    measure,
    read_again,
    read_by_calendar,
    refresh_standings,
)
from calidez.monitoring.models import Dataset, Import, Indicator, IndicatorVersion, SatisfactionCurve
from calidez.people.models import Unit, User

ITS_IMPORT = {"import_id": "import"}


@job(title=_("Measuring indicators"), about={"indicators": "indicator"})
def measure_indicators(*, indicators: list[int]) -> None:
    """Measure all periods of these indicators: their definition is new, or the tree of units changed."""
    measure(Indicator.objects.filter(pk__in=indicators))


@job(title=_("Measuring again for the new tree of units"), one_per=(), watched=False)
def measure_again() -> None:
    """The tree of units changed, and with it what every unit above a branch adds up to."""
    measure(Indicator.objects.filter(state=Indicator.State.ACTIVE, dataset__rows__gt=0))


@job(title=_("Measuring what new units already have rows of"), one_per=(), watched=False)
def measure_new_units(*, first: int) -> None:
    """A new unit changes figures only where rows that meant no unit mean it now; `first` is the oldest of the new ones."""
    measure(indicators_with_rows_of(Unit.objects.filter(pk__gte=first)))


@job(title=_("Reading charts anew"), every="17 * * * *")
def read_charts_again() -> None:
    """A period ended, or a new version of Calidez reads the same figures otherwise."""
    read_again()


@job(title=_("Reading charts by a changed service calendar"), one_per=("unit",), watched=False)
def read_by_new_calendar(*, unit: int) -> None:
    """Other days are closed now in the unit and below it, and so other periods are gaps."""
    read_by_calendar(Unit.objects.get(pk=unit))


@job(title=_("Judging by a changed standard"), one_per=("standard",))
def judge_again(*, standard: int) -> None:
    """The promise changed, not the facts: only verdicts, signals and standings are made again."""
    versions = IndicatorVersion.objects.filter(indicator__standard=standard, current=True)
    for version in versions.select_related("indicator__standard__unit", "indicator__unit"):
        refresh_standings(version)


@job(title=_("Drawing charts anew"), one_per=("indicator",), about={"indicator": "indicator"})
def draw_again(*, indicator: int) -> None:
    """What its charts are drawn by changed, not the facts."""
    for version in IndicatorVersion.objects.filter(indicator=indicator, current=True).select_related(
        "indicator__standard__unit", "indicator__unit", "indicator__dataset"
    ):
        refresh_standings(version)


def follow_unit(unit: Unit, verb: str) -> None:
    """What is measured anew because of a change in the tree."""
    if verb == "create":
        enqueue(measure_new_units, first=unit.pk)
    else:
        enqueue(measure_again)


def draw_all_again(dataset: Dataset) -> None:
    """Until when a dataset is complete decides where its charts end."""
    for indicator in Indicator.objects.filter(dataset=dataset, state=Indicator.State.ACTIVE).values_list(
        "pk", flat=True
    ):
        enqueue(draw_again, indicator=indicator)


@job(title=_("Looking at a file"), one_per=("import_id",), about=ITS_IMPORT)
def look_at_import(*, import_id: int, by: int, options: dict[str, object]) -> None:
    """Only what takes longer than a page may."""
    user = User.objects.get(pk=by)
    item = imports.look_in_background(Import.objects.get(pk=import_id), by=user, options=options)
    if not any(options.values()):
        imports.go_on_as_before(item, by=user)


@job(title=_("Checking a file"), one_per=("import_id",), about=ITS_IMPORT)
def check_import(*, import_id: int, by: int) -> None:
    item = Import.objects.get(pk=import_id)
    imports.check_in_background(item, by=User.objects.get(pk=by), progress=imports.show_progress)


@job(title=_("Loading a file"), one_per=("import_id",), about=ITS_IMPORT)
def load_import(*, import_id: int, by: int) -> None:
    """Run again after a kill it loads nothing twice."""
    item = Import.objects.select_related("dataset", "unit").get(pk=import_id)
    imports.run_load(item, by=User.objects.get(pk=by), progress=imports.show_progress)


@job(title=_("Taking a load back"), one_per=("import_id",), about=ITS_IMPORT)
def take_back_import(*, import_id: int, by: int) -> None:
    """Run again after a kill it removes nothing twice."""
    item = Import.objects.select_related("dataset", "unit").get(pk=import_id)
    imports.run_taking_back(item, by=User.objects.get(pk=by))


@job(title=_("Trying other columns"), one_per=("dataset_id",))
def try_columns(*, dataset_id: int, by: int) -> None:
    imports.try_columns(Dataset.objects.get(pk=dataset_id), by=User.objects.get(pk=by))


@job(title=_("Reading a dataset again with other columns"), one_per=("dataset_id",))
def change_columns(*, dataset_id: int, by: int) -> None:
    """Run again after a kill it reads once more, to the same end."""
    imports.run_change(Dataset.objects.get(pk=dataset_id), by=User.objects.get(pk=by))


@job(title=_("Emptying a dataset"), one_per=("dataset_id",))
def empty_dataset(*, dataset_id: int, by: int) -> None:
    """Run again after a kill it finds the rows gone, and only notes it."""
    imports.run_emptying(Dataset.objects.get(pk=dataset_id), by=User.objects.get(pk=by))


@job(title=_("Clearing away files that were never loaded"), every="27 3 * * *")
def clear_unfinished_imports() -> None:
    imports.discard_unfinished(timezone.now())
    imports.sweep_removed()
    imports.forget_old_files(timezone.now())


@job(title=_("Loading facts that a program sent"), one_per=("import_id",), about=ITS_IMPORT)
def take_in(*, import_id: int, by: int) -> None:
    """Run again after a kill it loads nothing twice."""
    item = Import.objects.select_related("dataset", "unit").get(pk=import_id)
    imports.check_and_load(item, by=User.objects.get(pk=by), progress=imports.show_progress)


@job(title=_("Measuring what a file touched"), one_per=("import_id",), about=ITS_IMPORT)
def measure_import(*, import_id: int) -> None:
    imports.measure_loaded(Import.objects.select_related("dataset").get(pk=import_id))


@job(title=_("Looking for a drop of satisfaction"), one_per=("curve",))
def draw_curve(*, curve: int) -> None:
    """Nothing to do where the indicator went away in the meantime."""
    found = SatisfactionCurve.objects.select_related("indicator__dataset", "indicator__unit", "unit").filter(
        pk=curve
    )
    for one in found:
        curves.draw(one)
