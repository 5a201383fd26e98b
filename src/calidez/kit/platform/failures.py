"""What breaks without anybody having foreseen it: the person and the server's log get the same reference.

Native libraries (deltalake, calamine) end some calls with a panic. It is no `Exception`, so that no `except Exception`
takes it for a mistake of the caller; to who waits for a page it is a failure like any other.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# These end a process or a generator and are meant to.
ENDING = (SystemExit, KeyboardInterrupt, GeneratorExit)
HEADER = "X-Reference"


class Panic(Exception):
    """A native library gave up; the cause says where."""


class PanicMiddleware:
    """The innermost, so that what the others add to an answer is added to this one too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (Exception, *ENDING):
            raise
        except BaseException as panic:
            raise Panic(f"{type(panic).__name__}: {panic}") from panic


def reference(request: HttpRequest) -> str:
    """One for each request, made when it fails; short enough to be read out on the telephone."""
    known: str = getattr(request, "reference", "")
    if not known:
        known = new_reference()
        request.reference = known  # type: ignore[attr-defined]
    return known


def new_reference() -> str:
    letters = secrets.token_hex(4).upper()
    return f"{letters[:4]}-{letters[4:]}"


class NameReference(logging.Filter):
    """Django writes the traceback of a failed request; this puts the reference before it."""

    def filter(self, record: logging.LogRecord) -> bool:
        known = getattr(getattr(record, "request", None), "reference", "")
        if known:
            record.msg = f"[{known}] {record.msg}"
        return True
