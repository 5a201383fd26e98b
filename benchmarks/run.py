"""Runs every benchmark beside its peer or limit and writes one table, so that speed is a fact and not a memory."""

from __future__ import annotations

import argparse
import importlib.util
import inspect
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import page

HERE = Path(__file__).resolve().parent
QUICK_ROWS = 200_000
HEADINGS = ("What", "Calidez", "Compared with", "There", "Ratio", "Processor time", "Limit", "Kept")


def main() -> int:
    options = _options()
    if options.one:
        _run_here(Path(options.one), options.quick, Path(options.into))
        return 0
    modules = [path for path in sorted(HERE.glob("*.py")) if _is_benchmark(path)]
    if options.only:
        modules = [path for path in modules if path.stem in options.only]
    rows: list[dict[str, Any]] = []
    for path in modules:
        print(f"{path.stem} …", flush=True)
        rows += _run_apart(path, options.quick)
    if not rows:
        print("No benchmark was found.")
        return 1
    table = _table(rows)
    print("\n" + table)
    if not options.quick and not options.only:
        page.write("Speed", _page(table))
        print(f"\nWritten to {page.TARGET.relative_to(page.ROOT)}.")
    broken = [row["what"] for row in rows if not row.get("ok")]
    for what in broken:
        print(f"Limit not kept: {what}")
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names of benchmarks (default: all)")
    parser.add_argument("--quick", action="store_true", help="small sizes; writes nothing")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--into", help=argparse.SUPPRESS)
    return parser.parse_args()


def _is_benchmark(path: Path) -> bool:
    return path.name != "run.py" and "\ndef run(" in path.read_text(encoding="utf-8")


def _run_apart(path: Path, quick: bool) -> list[dict[str, Any]]:
    """In a process of its own: peak memory and warmed-up caches must belong to one benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "rows.json"
        command = [sys.executable, str(HERE / "run.py"), "--one", str(path), "--into", str(into)]
        done = subprocess.run([*command, "--quick"] if quick else command, check=False)
        if done.returncode or not into.exists():
            return [_fallen(path.stem)]
        return json.loads(into.read_text(encoding="utf-8"))


def _run_here(path: Path, quick: bool, into: Path) -> None:
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    specification = importlib.util.spec_from_file_location(path.stem, path)
    if specification is None or specification.loader is None:
        raise SystemExit(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(specification)
    sys.modules[path.stem] = module
    specification.loader.exec_module(module)
    takes = inspect.signature(module.run).parameters
    smaller = {"quick": True} if "quick" in takes else {"rows": QUICK_ROWS} if "rows" in takes else {}
    rows = module.run(**(smaller if quick else {}))
    into.write_text(json.dumps([dict(row) for row in rows], default=float), encoding="utf-8")


def _fallen(name: str) -> dict[str, Any]:
    return {"what": f"{name}: ended with an error", "ok": False}


def _table(rows: list[dict[str, Any]]) -> str:
    return page.table(HEADINGS, [_cells(row) for row in rows])


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    unit = row.get("unit") or ""
    limit = row.get("limit")
    return (
        str(row["what"]),
        _number(row.get("ours"), unit),
        str(row.get("peer") or "–"),
        _number(row.get("peer_value"), unit),
        _number(row.get("ratio"), "×", space=""),
        _number(row.get("cpu_ratio"), "×", space=""),
        str(limit) if isinstance(limit, str) else _number(limit, ""),
        "yes" if row.get("ok") else "NO",
    )


def _number(value: float | str | None, unit: str, *, space: str = " ") -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    text = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return f"{text}{space}{unit}".rstrip()


def _page(table: str) -> str:
    cores = os.cpu_count()
    return (
        "Written by `make bench`; each row was measured in the same run as the peer or limit beside it, because\n"
        "ratios travel between machines and seconds do not. Seconds are medians, and ratios medians of the ratios of neighbouring\n"
        "turns; where both sides are programs of ours or a peer's, the ratio of their processor time stands beside. Limits in\n"
        "milliseconds are stretched by the pace of a slower machine, found by a fixed task (benchmarks/limits.py).\n\n"
        f"Measured with Python {platform.python_version()} on {platform.machine()}, {cores} cores.\n\n{table}\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
