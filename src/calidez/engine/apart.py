"""Looking at, checking and loading a file in a process of its own: what is found and refused is as it would be here.

    python -m calidez.engine.apart look|stage < "the order as JSON"

What a file could do to whoever reads it, it does to that process: the one that asked goes on. Folders to write into are
made, and cleared away, by whoever asks.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calidez.engine import limited
from calidez.engine.connection import storage_errors
from calidez.engine.errors import EngineError
from calidez.engine.limited import Limits, Say
from calidez.engine.profile import FileProfile
from calidez.engine.sources import ReadOptions

if TYPE_CHECKING:
    from calidez.engine.loading import Order, Staged
    from calidez.engine.report import Progress
    from calidez.engine.running import Reporter
    from calidez.engine.store import Dataset

MODULE = "calidez.engine.apart"
LOOK, STAGE = "look", "stage"
# While a person waits for the page, and where nobody does.
LOOKING_AT_ONCE = Limits(memory=4 << 30, seconds=40, wait=12, patience=3)
CHECKING_AT_ONCE = Limits(memory=4 << 30, seconds=40, wait=12, patience=3)
LOOKING = Limits(memory=4 << 30, seconds=300, wait=600)
# Others wait for the same worker meanwhile: only a file that is really large may take it longer.
ORDINARY_SECONDS, ORDINARY_BYTES = 120, 64 << 20
# A load may take hours, but not without getting on.
STAGING: Limits = Limits(memory=4 << 30, seconds=24 * 3600, silence=1800)
WORD_SECONDS = 0.2


def looking(size: int) -> Limits:
    """For a file of so many bytes, in the background: a second more for each megabyte that an ordinary one has not."""
    more = max(0, size - ORDINARY_BYTES) >> 20
    return replace(LOOKING, wait=min(LOOKING.wait or 0, ORDINARY_SECONDS + more))


def inspect_apart(
    path: Path | str,
    options: ReadOptions | None = None,
    *,
    scratch: Path | None = None,
    limits: Limits = LOOKING,
    **said: Any,
) -> FileProfile:
    """`inspect_file`, in a process of its own."""
    path = Path(path)
    asked = options or ReadOptions.from_json(said)
    if not limited.APART:
        from calidez.engine.inspection import inspect_file

        return inspect_file(path, asked, scratch=scratch)
    with storage_errors():
        folder = tempfile.TemporaryDirectory(dir=scratch, prefix="inspecting-")
    with folder as name:
        order = {"path": str(path), "scratch": name, "options": asked.to_json()}
        return FileProfile.from_json(_ask(LOOK, order, path.name, limits))


def stage_apart(
    order: Order,
    dataset: Dataset | None,
    path: Path,
    scratch: Path,
    reject_dir: Path,
    reporter: Reporter,
    *,
    limits: Limits = STAGING,
) -> Staged:
    """`stage_here`, in a process of its own: the commit is left to the one that asked."""
    from calidez.engine.loading import Staged, stage_here
    from calidez.engine.report import LoadReport

    if not limited.APART:
        return stage_here(order, dataset, path, scratch, reject_dir, reporter)
    asked = {
        "order": order.to_json(),
        "dataset": [dataset.name, str(dataset.path)] if dataset else None,
        "path": str(path),
        "scratch": str(scratch),
        "reject_dir": str(reject_dir),
    }
    found = _ask(STAGE, asked, path.name, limits, reporter)
    return Staged(LoadReport.from_json(found["report"]), tuple(found["span"]) if found["span"] else None)


def _ask(
    work: str, order: Mapping[str, Any], name: str, limits: Limits, reporter: Reporter | None = None
) -> dict[str, Any]:
    last: list[Any] = ["reading", 0.0]

    def heard(word: list[Any]) -> None:
        last[:] = word
        again()

    def again() -> None:
        if reporter:
            reporter.at(last[0], last[1])

    try:
        said = limited.run(
            MODULE,
            work,
            limits=limits,
            given=json.dumps({"limits": asdict(limits), **order}).encode(),
            heard=heard,
            while_waiting=again,
            work=f"{work} at {_kind(name)}",
        )
    except limited.Ended as ended:
        raise EngineError(ended.code, name=name) from ended
    found: dict[str, Any] = json.loads(said)
    if code := found.get("problem"):
        for limit in [limit for limit, told in limited.CODES.items() if told == code][:1]:
            limited.tell(
                f"{work} at {_kind(name)}", limit
            )  # the reader that this process had started was ended
        raise EngineError(code, **found["params"])
    return found


def _kind(name: str) -> str:
    """What kind of file it says it is: of its name only an ending as such files have."""
    ending = Path(name.lower().removesuffix(".gz")).suffix
    known = {
        ".csv",
        ".tsv",
        ".txt",
        ".xlsx",
        ".xls",
        ".ods",
        ".xlsb",
        ".parquet",
        ".jsonl",
        ".json",
        ".ndjson",
    }
    packed = " in gzip" if name.lower().endswith(".gz") else ""
    return f"{ending if ending in known else 'a file'}{packed}"


# Inside the process


def _work(work: str, order: Mapping[str, Any], say: Say) -> Mapping[str, Any]:
    try:
        return _look(order) if work == LOOK else _stage(order, say)
    except EngineError as error:
        return {"problem": error.code, "params": {name: str(value) for name, value in error.params.items()}}


def _look(order: Mapping[str, Any]) -> Mapping[str, Any]:
    from calidez.engine.inspection import inspect_file

    path, scratch = Path(order["path"]), Path(order["scratch"])
    return inspect_file(path, ReadOptions.from_json(order["options"]), scratch=scratch).to_json()


def _stage(asked: Mapping[str, Any], say: Say) -> Mapping[str, Any]:
    from calidez.engine.loading import Order, stage_here
    from calidez.engine.running import Reporter
    from calidez.engine.store import Dataset

    held = asked["dataset"]
    path = Path(asked["path"])
    staged = stage_here(
        Order.from_json(asked["order"]),
        Dataset(held[0], Path(held[1])) if held else None,
        path,
        Path(asked["scratch"]),
        Path(asked["reject_dir"]),
        Reporter(_Words(say).progress, None, path.name),
    )
    return {"report": staged.report.to_json(), "span": staged.span}


class _Words:
    """Progress that is worth a word: it got on, and the last word is a moment ago."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.last: tuple[str, float] = ("", -1.0)
        self.when = 0.0

    def progress(self, progress: Progress) -> None:
        now, at = time.monotonic(), (progress.step, progress.done)
        if at != self.last and (at[0] != self.last[0] or now - self.when >= WORD_SECONDS):
            self.last, self.when = at, now
            self.say(at)


def main() -> None:
    work = sys.argv[1]
    order = json.load(sys.stdin)
    limited.answer(lambda say: _work(work, order, say), Limits(**order["limits"]))


if __name__ == "__main__":
    main()
