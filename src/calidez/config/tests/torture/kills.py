"""Kills processes at any moment under load, and judges: nothing lost, nothing doubled, nothing half done, and always back."""

from __future__ import annotations

import collections
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from calidez.config.tests.processes import kill, until
from calidez.config.tests.torture.load import Book, Load, prepare
from calidez.config.tests.torture.site import Site
from calidez.config.tests.torture.verdict import compare, settle

# What is killed, and how often. One kill of everything is as when the power goes.
VICTIMS = {"web": 6, "worker": 4, "supervisor": 1, "everything": 1}
BACK_WITHIN = 120.0
# The next kill waits for the site to be back so much longer than a start takes here: it may meet what only just begins.
AT_MOST = 1.5


@dataclass
class Result:
    """`back` are the seconds from a kill to the next answer, where no other came first; `wrong` is empty where all was kept."""

    killed: collections.Counter[str] = field(default_factory=collections.Counter)
    back: list[float] = field(default_factory=list)
    acknowledged: dict[str, int] = field(default_factory=dict)
    unanswered: dict[str, int] = field(default_factory=dict)
    odd: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        times = sorted(self.back) or [0.0]
        return "\n".join(
            [
                f"{self.killed.total()} kills in {self.seconds:.0f} s: {dict(self.killed)}",
                f"answered again after {times[len(times) // 2]:.1f} s (median), {times[-1]:.1f} s (longest)",
                f"acknowledged: {self.acknowledged}, without an answer: {self.unanswered}",
                f"odd answers: {self.odd or 'none'}",
                *(self.wrong or ["nothing lost, doubled or half done"]),
            ]
        )


def torture(
    site: Site,
    *,
    kills: int,
    seed: int,
    pause: tuple[float, float] = (0.1, 1.2),
    told: Callable[[str], object] = lambda line: None,
) -> Result:
    """`pause` is between which seconds one kill follows the other, whether the site is up again or not."""
    dice, result = random.Random(seed), Result()
    site.found()
    began = time.monotonic()
    site.serve()
    until(lambda: site.answers() and bool(site.processes("worker")), BACK_WITHIN)
    at_most = AT_MOST * (time.monotonic() - began)
    book = Book(prepare(site))
    load = Load(site, book)
    begun = time.monotonic()
    load.start()
    try:
        while result.killed.total() < kills:
            time.sleep(dice.uniform(*pause))
            victim = dice.choices(list(VICTIMS), list(VICTIMS.values()))[0]
            _one(site, victim, dice, result, at_most)
            told(f"{result.killed.total():4} {victim:10} {book.count} acknowledged")
        _back(site, result)
    finally:
        load.stop()
    result.seconds = time.monotonic() - begun
    result.wrong += settle(site)
    site.stop()
    result.wrong += compare(site, book)
    result.acknowledged = {kind: len(said) for kind, said in book.acknowledged.items()}
    result.unanswered = {kind: len(sent) for kind, sent in book.unanswered.items()}
    result.odd = dict(book.odd)
    # A page that fails is none of the promises: what a killed process left must not make others fail.
    result.wrong += [f"answered {odd}" for odd in book.odd if ": 5" in odd]
    return result


def _one(site: Site, victim: str, dice: random.Random, result: Result, at_most: float) -> None:
    began = time.monotonic()
    if victim in {"web", "worker"}:
        there = site.processes(victim)
        if not there:  # fallen a moment ago and not yet started again
            there = [*site.processes("web"), *site.processes("worker")]
        if not there:
            return
        kill(dice.choice(there))
    else:
        kill(*(site.everything() if victim == "everything" else [site.supervisor]))
        site.ended()
        site.serve()
    result.killed[victim] += 1
    try:
        until(lambda: not site.serves or site.answers(), at_most)
        result.back.append(time.monotonic() - began)
    except TimeoutError:
        pass
    if not site.serves:
        result.wrong.append(f"the site ended after killing: {victim}")
        site.serve()


def _back(site: Site, result: Result) -> None:
    """With nobody killing, the site is whole again: web processes and the worker."""
    began = time.monotonic()
    try:
        until(lambda: site.answers() and bool(site.processes("worker")), BACK_WITHIN)
        result.back.append(time.monotonic() - began)
    except TimeoutError:
        result.wrong.append(f"no answer within {BACK_WITHIN:.0f} s of the last kill")
