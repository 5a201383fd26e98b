"""A dataset on which nothing stands is emptied, or removed: its rows and kept files go, that it was stays in the history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez import engine
from calidez.kit.core import access
from calidez.kit.core.following import following
from calidez.kit.core.operations import NotOffered, operation
from calidez.kit.platform.formats import number
from calidez.kit.platform.jobs import enqueue
from calidez.monitoring.loading.services.changing import is_underway
from calidez.monitoring.loading.services.datasets import note_rows
from calidez.monitoring.loading.services.discarding import forget_rejects
from calidez.monitoring.loading.services.plans import refusal
from calidez.monitoring.loading.services.uploads import forget_file
from calidez.monitoring.models import Dataset, Import, Indicator, UnitDays
from calidez.monitoring.store import store

NAMED = 6
EMPTYING, REMOVING = "emptying", "removing"


def _is_closed(dataset: Dataset) -> bool:
    return dataset.state == Dataset.State.REMOVED or is_underway(dataset)


def cannot_empty(dataset: Dataset, by: Any) -> Any:
    if _is_closed(dataset) or not dataset.rows:
        return NotOffered(_("There is nothing in it."))
    return _stands_on_it(dataset, Indicator.objects.filter(state=Indicator.State.ACTIVE))


def cannot_remove(dataset: Dataset, by: Any) -> Any:
    """What a retired indicator measured rests on it too."""
    if _is_closed(dataset):
        return NotOffered()
    return _stands_on_it(dataset, Indicator.objects.all())


def what_leaves(dataset: Dataset) -> str:
    return _(
        "%(rows)s rows leave, with every load that brought them (%(loads)s) and the files that were kept of them. They can be loaded again. That they were here stays in the history."
    ) % {"rows": number(dataset.rows), "loads": number(_loads(dataset).count())}


def what_goes(dataset: Dataset) -> str:
    """More than emptying: the dataset itself is no longer there to be filled."""
    return _(
        "The dataset leaves the lists, with its rows (%(rows)s), its loads (%(loads)s) and the files that were kept of them. It cannot be brought back; its code becomes free for another one. That it was here stays in the history."
    ) % {"rows": number(dataset.rows), "loads": number(_loads(dataset).count())}


def code_shown(dataset: Dataset) -> str:
    """The code under which people knew it: a removed dataset bears another, so that its own is free."""
    return (
        dataset.code.removesuffix(_mark(dataset)) if dataset.state == Dataset.State.REMOVED else dataset.code
    )


def _loads(dataset: Dataset) -> Any:
    return Import.objects.filter(dataset=dataset, state=Import.State.LOADED)


def _mark(dataset: Dataset) -> str:
    return f"_removed_{dataset.pk}"


@operation(
    Dataset,
    label=gettext_lazy("Empty this dataset"),
    verb=access.EDIT,
    note=True,
    icon="x",
    grave=True,
    blocked=cannot_empty,
    help=what_leaves,
    bulk=False,
)
def empty(dataset: Dataset, *, by: Any) -> None:
    """Leave it to the worker: a load may have to end first."""
    _ask(dataset, EMPTYING, by)


@operation(
    Dataset,
    label=gettext_lazy("Remove this dataset"),
    verb=access.EDIT,
    note=True,
    icon="trash",
    grave=True,
    blocked=cannot_remove,
    help=what_goes,
    bulk=False,
)
def remove(dataset: Dataset, *, by: Any) -> None:
    _ask(dataset, REMOVING, by)


def run_emptying(dataset: Dataset, *, by: Any) -> None:
    """Run again after a kill it finds the rows gone, and only notes it."""
    wanted = next((name for name in (EMPTYING, REMOVING) if dataset.wanted.get(name)), "")
    if not wanted:
        return
    code = dataset.code
    try:
        if store().exists(code):
            loads = _loads(dataset)
            store().open(code).clear(list(loads.values_list("code", flat=True)))
    except engine.EngineError as error:
        with following(dataset, "not_emptied", by=by, note=str(refusal(error))) as failed:
            failed.wanted = {}
        raise refusal(error) from error
    with transaction.atomic():
        _note_loads(dataset, by)
        if wanted == REMOVING:
            _note_removed(dataset, by)
            # Afterwards: what is to be noted and the folder go together, or the folder stays, and is empty.
            transaction.on_commit(lambda: _remove_folder(code))
        else:
            with following(dataset, "emptied", by=by) as done:
                done.wanted, done.days = {}, {}
            note_rows(dataset)
        UnitDays.objects.filter(dataset=dataset).delete()


def _ask(dataset: Dataset, what: str, by: Any) -> None:
    job = enqueue("monitoring.empty_dataset", dataset_id=dataset.pk, by=by.pk)
    dataset.wanted = {what: True, "job": str(job)}


def _stands_on_it(dataset: Dataset, indicators: Any) -> str | None:
    found = list(_named(indicators.filter(dataset=dataset).select_related("standard").order_by("code")))
    loading = Import.objects.filter(
        dataset=dataset, state__in=(Import.State.LOADING, Import.State.TAKING_BACK)
    ).exists()
    if loading:
        return _("A load into it is on its way.")
    if not found:
        return None
    more = [_("%(count)s more") % {"count": number(len(found) - NAMED)}] if len(found) > NAMED else []
    return _("It is still counted by: %(indicators)s.") % {"indicators": ", ".join(found[:NAMED] + more)}


def _named(indicators: Any) -> Iterator[str]:
    for indicator in indicators:
        name = f"{indicator.code} {indicator.name}"
        if indicator.standard is None:
            yield name
        else:
            yield _("%(indicator)s, which proves “%(standard)s”") % {
                "indicator": name,
                "standard": indicator.standard,
            }


def _note_loads(dataset: Dataset, by: Any) -> None:
    """Each load is one that was taken back."""
    for load in _loads(dataset):
        with following(load, "taken_back", by=by) as done:
            path = done.path
            done.state, done.taken_back_at = Import.State.TAKEN_BACK, timezone.now()
            done.path = done.reject_file = ""
            done.report = {**done.report, "emptied_file": None}
        transaction.on_commit(lambda gone=path: forget_file(gone))  # type: ignore[misc]
        forget_rejects(done)


def _note_removed(dataset: Dataset, by: Any) -> None:
    """Its code is free for another one."""
    with following(dataset, "removed", by=by) as gone:
        gone.state = Dataset.State.REMOVED
        gone.wanted, gone.days = {}, {}
        gone.code = gone.code[:40] + _mark(gone)
        gone.rows, gone.first_at, gone.last_at = 0, None, None


def _remove_folder(code: str) -> None:
    if store().exists(code) and not Dataset.objects.filter(code=code).exists():
        store().remove(code)
