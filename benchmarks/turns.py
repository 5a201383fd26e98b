"""Takes turns between what is measured and its peer, so that a busy machine is busy for both, and compares turn by turn."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    seconds: float
    cpu: float
    mb: float = 0.0


def in_turns(works: Mapping[str, Callable[[], Turn]], rounds: int) -> dict[str, list[Turn]]:
    """Every work once a round, in the opposite order every other round: what comes and goes meets all alike."""
    turns: dict[str, list[Turn]] = {name: [] for name in works}
    for number in range(rounds):
        for name in list(works) if number % 2 == 0 else reversed(list(works)):
            turns[name].append(works[name]())
    return turns


def timed(work: Callable[[], object]) -> Turn:
    """In this process, all of its threads."""
    began, spent = time.perf_counter(), _cpu()
    work()
    return Turn(time.perf_counter() - began, _cpu() - spent)


def compared(ours: Sequence[Turn], peers: Sequence[Turn]) -> dict[str, float]:
    """Medians of the seconds and of the ratios within each round; processor time tells what disturbance hides."""
    cpu = [a.cpu / b.cpu for a, b in zip(ours, peers, strict=True)]
    return {
        "ours": round(statistics.median(turn.seconds for turn in ours), 3),
        "peer_value": round(statistics.median(turn.seconds for turn in peers), 3),
        "ratio": round(median_ratio(ours, peers), 2),
        "cpu_ratio": round(statistics.median(cpu), 2),
    }


def median_ratio(ours: Sequence[Turn], peers: Sequence[Turn]) -> float:
    return statistics.median(a.seconds / b.seconds for a, b in zip(ours, peers, strict=True))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
