"""A part declares its background work in jobs.py; the worker finds it again by a stable name."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from calidez.kit.platform.jobs import cron

_kinds: dict[str, JobKind] = {}
# Where a file lies inside its part is no piece of the name that the rows of the table keep.
_NOT_NAMED = {"calidez", "jobs", "platform", "core", "desk", "faces"}


def always() -> bool:
    return True


@dataclass(frozen=True)
class JobKind:
    """A declared job. Calling it runs it here and now; `enqueue` leaves it to the worker."""

    name: str
    title: str | Promise
    function: Callable[..., None]
    one_per: tuple[str, ...] | None
    attempts: int
    every: str = ""  # a cron expression: the worker asks for it by itself
    wanted: Callable[[], bool] = always
    about: Mapping[str, str] = field(default_factory=dict)
    watched: bool = True  # somebody may be waiting for its end

    def __call__(self, **arguments: Any) -> None:
        self.function(**arguments)

    def checked(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Refuse at once what the worker could not call later."""
        inspect.signature(self.function).bind(**arguments)
        try:
            json.dumps(arguments)
        except TypeError as error:
            raise TypeError(f"the arguments of job {self.name} must be plain JSON values: {error}") from None
        return dict(arguments)

    def key(self, arguments: Mapping[str, Any]) -> str:
        if self.one_per is None:
            return ""
        key = ",".join(f"{name}={json.dumps(arguments.get(name))}" for name in self.one_per) or "one"
        return key if len(key) <= 200 else hashlib.sha256(key.encode()).hexdigest()


def job(
    *,
    title: str | Promise,
    one_per: tuple[str, ...] | None = None,
    attempts: int = 3,
    every: str = "",
    wanted: Callable[[], bool] = always,
    about: Mapping[str, str] | None = None,
    watched: bool = True,
) -> Callable[[Callable[..., None]], JobKind]:
    """Declare a function with keyword arguments as a job.

    `one_per` names the arguments that make two requests the same work: while one waits, asking again
    queues nothing. Work that fails is given up after so many `attempts`; work during which the worker is killed goes on
    being taken up far longer (lease.STARTS), so it must do the same when it is run twice. `every` is a cron expression
    ("0 6 * * *": each day at six) in the organisation's time; the job then takes no arguments and does not pile up. What
    the settings do not want on this installation (`wanted`) is no schedule here. `about` names the kind of record that an
    argument holds the keys of: whoever may see these records may ask how the work goes. What nobody asked for and nobody
    sees the end of is not `watched`: what somebody waits for goes before it.
    """

    def declare(function: Callable[..., None]) -> JobKind:
        once = () if every else one_per
        seen = watched and not every
        kind = JobKind(_name(function), title, function, once, attempts, every, wanted, about or {}, seen)
        if every:
            cron.check(every)
            kind.checked({})  # nobody is there to give it arguments
        if _kinds.setdefault(kind.name, kind).function.__module__ != function.__module__:
            raise ValueError(f"two jobs are called {kind.name}")
        _kinds[kind.name] = kind
        return kind

    return declare


def kinds() -> list[JobKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def titles() -> list[tuple[str, str | Promise]]:
    """What each kind of job is called, by its stored name."""
    return [(kind.name, kind.title) for kind in kinds()]


def find(name: str) -> JobKind | None:
    return _kinds.get(name)


def _name(function: Callable[..., None]) -> str:
    """`calidez.monitoring.jobs.measure` is stored as `monitoring.measure`: moving files must not orphan rows."""
    folders = [part for part in function.__module__.split(".") if part not in _NOT_NAMED]
    return ".".join([*folders, function.__name__])
