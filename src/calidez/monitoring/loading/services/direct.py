"""A file loaded without the wizard, by the command line and the samples: the same steps, taken at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.catalog import catalog
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.loading.services import mapping as mappings
from calidez.monitoring.loading.services.checking import check
from calidez.monitoring.loading.services.columns import schema_for_existing
from calidez.monitoring.loading.services.given import name_units
from calidez.monitoring.loading.services.known_kinds import way_before
from calidez.monitoring.loading.services.loading import run_load, show_progress, start_load
from calidez.monitoring.loading.services.reading import confirm_reading, look_at
from calidez.monitoring.loading.services.uploads import begin
from calidez.monitoring.models import Dataset, Import
from calidez.people.models import Unit

# Whoever loads at the machine itself brings files of any length, and can stop it.
UNHURRIED = replace(engine.LOOKING, seconds=engine.STAGING.seconds, wait=None)


def import_file(
    path: Path | str,
    *,
    dataset: str,
    by: Any,
    mapping: engine.MappingFile | engine.Schema | None = None,
    name: str = "",
    description: str = "",
    source: str = "",
    unit: Unit | None = None,
    dry_run: bool = False,
    progress: Callable[[Any], None] | None = None,
) -> Import:
    """Load a file into the dataset with this code; `mapping` says how it is read, which a new dataset needs.

    Without one the file is read as the last one with the same headings, else as the dataset was declared.
    With `dry_run` the import ends checked and the dataset is as before. Measuring is left to the worker.
    """
    progress = progress or show_progress
    place = Path(path)
    if not place.is_file():
        raise RuleBroken(_("There is no file %(path)s.") % {"path": path})
    found = catalog.of(Dataset).queryset(by).filter(code=dataset).first()
    if found is None and mapping is None:
        raise RuleBroken(
            _(
                "There is no dataset %(code)s. Load its first file in the browser, or give a mapping of its columns."
            )
            % {"code": dataset}
        )
    place_of = unit or (found.unit if found else by.unit)
    item: Import = begin(
        by=by,
        file_name=place.name,
        path=str(place.resolve()),
        size=place.stat().st_size,
        sha256=_digest(place),
        unit=place_of,
    )
    given = engine.MappingFile(mapping) if isinstance(mapping, engine.Schema) else mapping
    options = given.options.to_json() if given else None
    item = look_at(item, by=by, options=options, limits=UNHURRIED)
    if given is None and (way := way_before(item, by=by)):
        item = look_at(item, by=by, options=way, limits=UNHURRIED)
    item = confirm_reading(item, by=by)
    schema = given.schema if given else _mapping_before(item, found, by)
    item = mappings.confirm_mapping(
        item,
        by=by,
        schema=schema,
        dataset=found,
        code=dataset,
        name=name,
        description=description,
        origin=source,
    )
    if given is not None:
        item = name_units(item, given.units, by=by)
    item = check(item, by=by, progress=progress)
    if dry_run:
        return item
    item = start_load(item, by=by, background=False)
    return run_load(item, by=by, progress=progress)


def _mapping_before(item: Import, dataset: Dataset | None, by: Any) -> Any:
    assert dataset is not None
    return schema_for_existing(dataset, mappings.choices_for(item, dataset, by=by))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
