"""By which name people reach the site: the operator's word, else how the request at hand came, else where it is served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest

_request: ContextVar[HttpRequest | None] = ContextVar("request_at_hand", default=None)


@contextmanager
def reached_by(request: HttpRequest) -> Iterator[None]:
    """While the request is answered: its host is one of those allowed, else nothing is answered."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def site_address() -> str:
    request = _request.get()
    if settings.SITE_ADDRESS_GIVEN or request is None:
        return str(settings.SITE_ADDRESS)
    return f"{request.scheme}://{request.get_host()}"


def absolute(path: str) -> str:
    """The address of a page for those who read it outside the site: in a mail, a calendar or on paper."""
    return path if "://" in path else f"{site_address()}{path}"
