"""How long individuals charts with Nelson's eight rules take, beside the memory's own pace and another library.

The peer is the package `shewhart` where it can be imported (`pip install shewhart` in an environment of its own,
with that environment's site-packages on PYTHONPATH); it is timed on fewer points and scaled up, as its row says.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from calidez.stats import rules

SEED = 20261101
# Series, points of each, and the seconds allowed for them.
SIZES = ((1, 10_000_000, 0.5), (100_000, 100, 0.6))
QUICK = ((1, 500_000, 0.5), (5_000, 100, 0.6))


def run(*, quick: bool = False) -> list[dict[str, Any]]:
    """Seconds of one core, the best of five, for one long series and for many short ones."""
    rules.scan(np.zeros((2, 20)))  # compiles, or loads what was compiled before
    rows = []
    for series, points, limit in QUICK if quick else SIZES:
        what = f"{points:,} points" if series == 1 else f"{series:,} series of {points:,} points"
        rows += _rows(f"limits and eight rules over {what}", series, points, limit)
    return rows


def _rows(what: str, series: int, points: int, limit: float) -> list[dict[str, Any]]:
    values = np.random.default_rng(SEED).normal(50.0, 4.0, (series, points))
    ours = _seconds(lambda: rules.scan(values))
    floor = _seconds(_memory_pass(values))
    rows = [
        {
            "what": what,
            "ours": ours,
            "unit": "s",
            "peer": "numpy: read the values once, write the answer once",
            "peer_value": floor,
            "ratio": ours / floor,
            "limit": f"{limit} s",
            "ok": ours <= limit,
        }
    ]
    if importlib.util.find_spec("shewhart") is not None:
        rows.append({"what": what, "ours": ours, "unit": "s", **_peer(values, ours)})
    return rows


def _memory_pass(values: np.ndarray) -> Callable[[], object]:
    answer = np.ones(values.shape, dtype=np.uint16)

    def once() -> None:
        values.max()
        answer.fill(0)

    return once


def _peer(values: np.ndarray, ours: float) -> dict[str, Any]:
    """The other library on a hundred thousand points, or a hundred series, scaled to all of them."""
    import shewhart

    sample = values[:1, :100_000] if len(values) == 1 else values[:100]

    def chart() -> None:
        for row in sample:
            shewhart.imr(row, rules="nelson")

    scaled = _seconds(chart, times=2) * (values.size / sample.size)
    return {
        "peer": f"shewhart {shewhart.__version__}, scaled from {sample.size:,} points",
        "peer_value": scaled,
        "ratio": ours / scaled,
        "limit": "faster",
        "ok": ours < scaled,
    }


def _seconds(work: Callable[[], object], times: int = 5) -> float:
    """Processor time: other programs of the machine do not count."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def main() -> int:
    rows = run(quick="--quick" in sys.argv)
    print("what | ours | limit or peer | ratio")
    for row in rows:
        print(
            f"{row['what']} | {row['ours']:.3f} s | {row['peer']}: {row['peer_value']:.3f} s, "
            f"limit {row['limit']} | {row['ratio']:.4g}"
        )
    return 0 if all(row["ok"] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
