"""The way of a file into a dataset: read, check, drop what came before, write one file, commit once."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from calidez.engine.bad_rows import EMPTIED
from calidez.engine.checking import checks_for
from calidez.engine.connection import connect, storage_errors
from calidez.engine.errors import EngineError
from calidez.engine.left_out import only_branches
from calidez.engine.preparing import prepare
from calidez.engine.rejects import write_rejects
from calidez.engine.report import LoadReport, Progress, utc
from calidez.engine.running import Reporter
from calidez.engine.schema import Schema
from calidez.engine.sources import ReadOptions, Source
from calidez.engine.staging import Staging
from calidez.engine.store import Dataset

STAGED = "staged.parquet"


def load_file(
    dataset: Dataset,
    path: Path | str,
    mapping: Schema | None = None,
    *,
    reject_dir: Path | str,
    progress: Callable[[Progress], None] | None = None,
    batch_label: str = "",
    known_branches: Collection[str] | None = None,
    branch_map: Mapping[str, str] | None = None,
    cancelled: Callable[[], bool] | None = None,
    options: ReadOptions | None = None,
    only: Collection[str] | None = None,
    again: str = "",
    stage: Stage | None = None,
    needed: Collection[str] = (),
    skip_alike: bool = False,
) -> LoadReport:
    """Load a file as one batch: all of its good rows or, whatever happens, none.

    `mapping` says how this file is read (headers, date order, decimal sign, zone) and is the dataset's own
    schema by default. A cell that cannot be read is left empty and counted, unless its column is time, unit, key,
    required, or among the `needed`: those cost the row. With `known_branches`, rows of other branches are rejected; `branch_map` renames first.
    With `skip_alike`, rows exactly like rows of a dataset without a key are left out, each as often as it is there.
    The same content with the same mapping is one batch and is loaded once. Of a file that came before, `only` the rows
    whose branches the file calls so are loaded, as a batch of their own (none: there is nothing to add); with a word for
    `again` all rows are looked at once more, and a key says which of them are still there. `stage` says where the file is read: here,
    or in a process of its own.
    """
    began = time.monotonic()
    reporter = Reporter(progress, cancelled, Path(path).name)
    with dataset.locked(while_waiting=lambda: reporter.at("waiting", 0.0)):
        dataset.sweep()
        with dataset.staging() as scratch:
            order = Order(
                dataset.schema,
                mapping or dataset.schema,
                known_branches,
                branch_map,
                options,
                tuple(needed),
                skip_alike,
                only=_names(only),
                again=again,
            )
            staged = (stage or stage_here)(order, dataset, Path(path), scratch, Path(reject_dir), reporter)
            report = staged.report
            if report.rows_loaded:
                reporter.at("committing", 0.97)
                rows = scratch / STAGED
                dataset.add(report.batch, rows, report.rows_loaded, label=batch_label, span=staged.span)
    reporter.finished()
    return replace(report, seconds=time.monotonic() - began)


def validate_file(
    dataset: Dataset | None,
    path: Path | str,
    mapping: Schema,
    *,
    reject_dir: Path | str,
    progress: Callable[[Progress], None] | None = None,
    known_branches: Collection[str] | None = None,
    branch_map: Mapping[str, str] | None = None,
    cancelled: Callable[[], bool] | None = None,
    options: ReadOptions | None = None,
    only: Collection[str] | None = None,
    again: str = "",
    stage: Stage | None = None,
    needed: Collection[str] = (),
    skip_alike: bool = False,
) -> LoadReport:
    """What `load_file` would report, without loading; `dataset` is None where it does not exist yet."""
    began = time.monotonic()
    reporter = Reporter(progress, cancelled, Path(path).name)
    with _scratch(Path(reject_dir)) as scratch:
        schema = dataset.schema if dataset else mapping
        order = Order(
            schema,
            mapping,
            known_branches,
            branch_map,
            options,
            tuple(needed),
            skip_alike,
            compare=True,
            only=_names(only),
            again=again,
        )
        staged = (stage or stage_here)(order, dataset, Path(path), scratch, Path(reject_dir), reporter)
    return replace(staged.report, dry_run=True, seconds=time.monotonic() - began)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    path = folder / f".validating-{uuid.uuid4().hex}"
    with storage_errors():
        path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@dataclass(frozen=True)
class Order:
    """What the caller asked for."""

    schema: Schema
    mapping: Schema
    known_branches: Collection[str] | None
    branch_map: Mapping[str, str] | None
    options: ReadOptions | None
    needed: tuple[str, ...] = ()
    skip_alike: bool = False
    compare: bool = False  # only to say how many rows are alike: it takes time, and a load needs no answer
    only: tuple[str, ...] | None = None
    again: str = ""

    def batch(self, source: Source) -> str:
        """The same bytes read in the same way are the same batch."""
        how: dict[str, Any] = {
            "mapping": self.mapping.to_json(),
            "branches": dict(self.branch_map or {}),
            "encoding": source.encoding,
            "delimiter": source.delimiter,
            "header": source.has_header,
            "sheet": source.sheet,
            **source.way,
            **({"skip_alike": True} if self.skip_alike else {}),
        }
        if self.again:
            how["again"] = self.again
        if self.only is not None:
            # Whoever knows more names by now may not bring the same rows a second time.
            how |= {"branches": {}, "only": list(self.only)}
        text = source.digest + json.dumps(how, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": self.schema.to_json(),
            "mapping": self.mapping.to_json(),
            "known_branches": None if self.known_branches is None else sorted(self.known_branches),
            "branch_map": dict(self.branch_map or {}),
            "options": self.options.to_json() if self.options else None,
            "needed": list(self.needed),
            "skip_alike": self.skip_alike,
            "compare": self.compare,
            "only": self.only,
            "again": self.again,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Order:
        return cls(
            Schema.from_json(data["schema"]),
            Schema.from_json(data["mapping"]),
            data["known_branches"],
            data["branch_map"],
            ReadOptions.from_json(data["options"]) if data["options"] else None,
            tuple(data.get("needed", ())),
            data.get("skip_alike", False),
            data.get("compare", False),
            _names(data["only"]),
            data["again"],
        )


def _names(only: Collection[str] | None) -> tuple[str, ...] | None:
    return None if only is None else tuple(sorted(only))


@dataclass(frozen=True)
class Staged:
    """What became of the rows; the good ones stand in the file STAGED of the scratch folder, `span` their first and last moment."""

    report: LoadReport
    span: tuple[int, int] | None = None


class Stage(Protocol):
    """Everything of a load up to the commit."""

    def __call__(
        self,
        order: Order,
        dataset: Dataset | None,
        path: Path,
        scratch: Path,
        reject_dir: Path,
        reporter: Reporter,
    ) -> Staged: ...


def stage_here(
    order: Order, dataset: Dataset | None, path: Path, scratch: Path, reject_dir: Path, reporter: Reporter
) -> Staged:
    """Read, check and write the rows, in this process."""
    staged = scratch / STAGED
    before = _fingerprint(path)
    source = prepare(
        path, order.options or ReadOptions(), scratch, check=lambda done: reporter.at("reading", 0.15 * done)
    )
    batch = order.batch(source)
    if order.only == () or (dataset and dataset.has_batch(batch)):
        return Staged(LoadReport(batch=batch, already_loaded=True))
    checks = checks_for(
        order.schema,
        order.mapping,
        source,
        known_branches=order.known_branches,
        branch_map=order.branch_map,
        needed=order.needed,
    )
    with connect(scratch, columns=len(source.headers)) as connection:
        if order.only:
            source = only_branches(connection, source, order.mapping, order.only, scratch, reporter)
        job = Staging(connection, source, checks, order.schema, dataset, scratch, reporter)
        report = job.write(staged)
        if order.skip_alike and not order.schema.key:
            report = job.without_alike(staged, report)
        elif order.compare and not order.schema.key:
            report = replace(report, rows_alike=job.alike(staged))
        if not report.rows_read:
            raise EngineError("no_rows", name=source.name)
        if _fingerprint(path) != before:
            raise EngineError("file_changed", name=source.name)
        if report.rows_rejected:
            reporter.at("rejecting", 0.92)
            target = write_rejects(connection, source, reject_dir, batch, scratch)
            report = replace(report, reject_file=target)
        if report.rows_with_gaps:
            target = write_rejects(connection, source, reject_dir, batch, scratch, table=EMPTIED)
            report = replace(report, emptied_file=target)
        span, touched = job.span(staged) if report.rows_loaded else (None, ())
        skipped, twice = job.odd_times(staged) if report.rows_loaded else (0, 0)
    first, last = span or (None, None)
    report = replace(
        report,
        batch=batch,
        time_from=utc(first) if first is not None else None,
        time_to=utc(last) if last is not None else None,
        touched=touched,
        times_skipped=skipped,
        times_twice=twice,
    )
    return Staged(report, span)


def _fingerprint(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise EngineError("missing_file", name=path.name) from error
    return found.st_size, found.st_mtime_ns
