"""Pages without what most tests never look at: the counts in the frame, and the context that each template was given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace
from typing import Any

from django.template.base import Template
from django.test.utils import _TestState, instrumented_test_render

from calidez.kit.desk import shell
from calidez.kit.desk.inbox import waiting

NOTHING_WAITS = SimpleNamespace(counts=lambda person: waiting.Counts(0, 0))


def no_counts_in_the_frame() -> AbstractContextManager[None]:
    return _put(shell, "waiting", NOTHING_WAITS)


def counts_in_the_frame() -> AbstractContextManager[None]:
    return _put(shell, "waiting", waiting)


def no_context_kept() -> AbstractContextManager[None]:
    return _put(Template, "_render", _TestState.saved_data.template_render)


def context_kept() -> AbstractContextManager[None]:
    return _put(Template, "_render", instrumented_test_render)


@contextmanager
def _put(place: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(place, name)
    setattr(place, name, value)
    try:
        yield
    finally:
        setattr(place, name, before)
