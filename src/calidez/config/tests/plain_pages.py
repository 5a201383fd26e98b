"""Pages without what most tests never look at: a copy of the context that each template was given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.template.base import Template
from django.test.utils import _TestState, instrumented_test_render


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
