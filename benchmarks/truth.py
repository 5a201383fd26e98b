"""Simulates services by the thousand, reads them as pages do, and writes how often charts are right.

`--quick` reads a few series of each and writes nothing; names after it choose rows whose first column contains them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calidez.config.settings")
django.setup()

import page  # noqa: E402
import truth_read  # noqa: E402
import truth_tables  # noqa: E402
from truth_read import Counts  # noqa: E402
from truth_scenarios import CHANGES, PEER, STEADY, THROUGHOUT, rising  # noqa: E402

PROCESSES = 2
PART = 500
"""Series of one piece of work; each part has its own chance."""

FULL = {"steady": 6000, "peer": 1500, "changes": 500, "throughout": 500}
QUICK = {"steady": 6, "peer": 4, "changes": 2, "throughout": 2}


@dataclass(frozen=True)
class Work:
    """So many series of one row: `kind` is the table, `place` the row in it, `last` how many newest periods changed."""

    kind: str
    place: int
    part: int
    runs: int
    last: int = 0


def main() -> int:
    options = _options()
    began = time.monotonic()
    tables = measured(
        QUICK if options.quick else FULL, options.only, processes=1 if options.quick else PROCESSES
    )
    text = truth_tables.text(tables, FULL)
    print(text)
    print(f"\n{time.monotonic() - began:.0f} s")
    if not options.quick and not options.only:
        page.write("Truth", text)
        print(f"Written to {page.TARGET.relative_to(page.ROOT)}.")
    return 0


def measured(
    runs: dict[str, int], only: Sequence[str] = (), *, processes: int = 1
) -> dict[tuple[str, int, int], Counts]:
    """What was counted, by table, row and number of changed periods."""
    works = [work for work in _works(runs) if not only or any(name in _about(work) for name in only)]
    found: dict[tuple[str, int, int], Counts] = {}
    for work, counts in _done(works, processes):
        key = (work.kind, work.place, work.last)
        found[key] = found[key] + counts if key in found else counts
    return found


def _done(works: Sequence[Work], processes: int) -> Iterator[tuple[Work, Counts]]:
    if processes == 1:
        yield from zip(works, map(count, works), strict=True)
        return
    with multiprocessing.Pool(processes) as pool:
        yield from zip(works, pool.imap(count, works), strict=True)


def _works(runs: dict[str, int]) -> Iterator[Work]:
    rows = [
        *(("steady", place, 0) for place in range(len(STEADY))),
        *(("peer", place, 0) for place in range(len(PEER))),
        *(("changes", place, last) for place, change in enumerate(CHANGES) for last in change.lasts),
        *(("throughout", place, 0) for place in range(len(THROUGHOUT))),
    ]
    for kind, place, last in rows:
        wanted = runs[kind]
        for part, start in enumerate(range(0, wanted, PART)):
            yield Work(kind, place, part, min(PART, wanted - start), last)


def _about(work: Work) -> str:
    held = {"steady": STEADY, "peer": PEER, "changes": CHANGES}
    return held[work.kind][work.place].about if work.kind in held else THROUGHOUT[work.place][1].about


def count(work: Work) -> Counts:
    if work.kind == "steady":
        return truth_read.steady(STEADY[work.place], work.runs, work.part)
    if work.kind == "peer":
        return truth_read.steady(PEER[work.place], work.runs, work.part)
    if work.kind == "changes":
        change = CHANGES[work.place]
        return truth_read.changed(change.scenario(work.last), change.shift(work.last), work.runs, work.part)
    _kind, scenario, rise = THROUGHOUT[work.place]
    return truth_read.changed(scenario, rising(rise, len(scenario.calendar)), work.runs, work.part)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of the names of rows (default: all)")
    parser.add_argument("--quick", action="store_true", help="a few series of each row; writes nothing")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
