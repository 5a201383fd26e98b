"""Figures about the running program for whoever watches it: counted as things happen, or read when somebody asks.

    failures = meters.counter("calidez_mails_refused_total", "Mails that the server refused.", ("reason",))
    failures.add(reason="address")
    meters.gauge("calidez_backup_age_seconds", "Seconds since the last backup.", lambda: [({}, age())])

Each process counts in its memory and writes its sums beside those of the others every few seconds: a process that is
killed loses seconds of counting, and a full disk loses no request.
"""

from __future__ import annotations

import atexit
import bisect
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from calidez.kit.platform.presence import alone, written

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
FLUSH_SECONDS = 5.0
# A process of another machine is asked nothing; one that has not written for so long is gone.
GONE_SECONDS = 86_400.0
ENDED = "ended.json"
Labels = tuple[str, ...]
Read = Callable[[], Iterable[tuple[Mapping[str, str], float]]]
Sums = dict[str, dict[Labels, list[float]]]


@dataclass(frozen=True)
class Counter:
    """Only ever rises. Labels are few: names of the program, never of people or records."""

    name: str
    help: str
    labels: Labels = ()

    def add(self, amount: float = 1, **labels: str) -> None:
        _book.add(self.name, tuple(labels[name] for name in self.labels), 0, amount, 1)


@dataclass(frozen=True)
class Histogram:
    """How long something took: how often up to each of some bounds, how often at all and how long in sum."""

    name: str
    help: str
    labels: Labels = ()
    bounds: tuple[float, ...] = SECONDS

    def add(self, value: float, **labels: str) -> None:
        place = bisect.bisect_left(self.bounds, value)
        key = tuple(labels[name] for name in self.labels)
        _book.add(self.name, key, place, 1, len(self.bounds) + 2, value)


@dataclass(frozen=True)
class Gauge:
    """What stands now; read when somebody asks for all figures."""

    name: str
    help: str
    labels: Labels
    read: Read


Meter = Counter | Histogram | Gauge
M = TypeVar("M", Counter, Histogram, Gauge)
_meters: dict[str, Meter] = {}


def counter(name: str, help: str, labels: Labels = ()) -> Counter:
    return _declared(Counter(name, help, labels))


def histogram(name: str, help: str, labels: Labels = (), bounds: tuple[float, ...] = SECONDS) -> Histogram:
    return _declared(Histogram(name, help, labels, bounds))


def gauge(name: str, help: str, read: Read, labels: Labels = ()) -> Gauge:
    return _declared(Gauge(name, help, labels, read))


def all_meters() -> list[Meter]:
    return list(_meters.values())


def switch_on(folder: Path) -> None:
    """From here on this process counts. Sums of processes that ended join the others of their kind."""
    folder.mkdir(parents=True, exist_ok=True)
    _gather_ended(folder)
    _book.open(folder)


def switch_off() -> None:
    _book.close()


def sums() -> Sums:
    """What all processes have counted so far, this one to the moment and the others to some seconds ago."""
    return _book.everyones()


@dataclass
class _Book:
    """What this process counted."""

    folder: Path | None = None
    sums: Sums = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)

    def add(
        self, name: str, labels: Labels, place: int, amount: float, width: int, value: float | None = None
    ) -> None:
        if self.folder is None:
            return
        with self.lock:
            row = self.sums.setdefault(name, {}).setdefault(labels, [0.0] * width)
            row[place] += amount
            if value is not None:
                row[-1] += value

    def open(self, folder: Path) -> None:
        if self.folder is None:
            self.folder, self.sums, self.ended = folder, {}, threading.Event()
            threading.Thread(target=self._flush_on, args=(self.ended,), daemon=True).start()
            atexit.register(self.flush)

    def close(self) -> None:
        self.ended.set()
        self.flush()
        self.folder = None

    def flush(self) -> None:
        if self.folder is None:
            return
        with self.lock:
            text = _text(self.sums)
        try:
            written(self.folder / _own_name(), text)
        except OSError:  # a full disk; the next round tries again
            return

    def everyones(self) -> Sums:
        if self.folder is None:
            return {}
        self.flush()
        total: Sums = {}
        for path in sorted(self.folder.glob("*.json")):
            if path.name != _own_name():
                _join(total, _sums_in(path))
        with self.lock:
            _join(total, self.sums)
        return total

    def _flush_on(self, ended: threading.Event) -> None:
        while not ended.wait(FLUSH_SECONDS):
            self.flush()


_book = _Book()


def _declared(meter: M) -> M:
    if meter.name in _meters:
        raise ValueError(f"two meters are called {meter.name}")
    _meters[meter.name] = meter
    return meter


def _own_name() -> str:
    return f"{socket.gethostname()}.{os.getpid()}.json"


def _gather_ended(folder: Path) -> None:
    with alone(folder):
        ended = [path for path in folder.glob("*.*.json") if _is_over(path)]
        if not ended:
            return
        total = _sums_in(folder / ENDED)
        for path in ended:
            _join(total, _sums_in(path))
        written(folder / ENDED, _text(total))
        for path in ended:
            path.unlink(missing_ok=True)


def _is_over(path: Path) -> bool:
    host, pid = path.name.removesuffix(".json").rsplit(".", 1)
    if host != socket.gethostname() or not pid.isdecimal():
        return time.time() - path.stat().st_mtime > GONE_SECONDS
    # One with our own number was there before us.
    return int(pid) == os.getpid() or not _lives(int(pid))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _text(sums: Sums) -> str:
    rows = [[name, labels, row] for name, counted in sums.items() for labels, row in counted.items()]
    return json.dumps(rows)


def _sums_in(path: Path) -> Sums:
    """What a file holds; nothing where another process has just taken it away or it is damaged."""
    found: Sums = {}
    try:
        for name, labels, row in json.loads(path.read_text()):
            found.setdefault(name, {})[tuple(labels)] = [float(value) for value in row]
    except (OSError, ValueError, TypeError):
        return {}
    return found


def _join(total: Sums, more: Sums) -> None:
    for name, rows in more.items():
        for labels, row in rows.items():
            known = total.setdefault(name, {}).setdefault(labels, [0.0] * len(row))
            if len(known) == len(row):
                known[:] = [a + b for a, b in zip(known, row, strict=True)]
