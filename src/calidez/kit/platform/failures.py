"""What breaks without anybody having foreseen it: the person and the server's log get the same reference.

Native libraries (deltalake, calamine) end some calls with a panic. It is no `Exception`, so that no `except Exception`
takes it for a mistake of the caller; to who waits for a page it is a failure like any other.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# These end a process or a generator and are meant to.
ENDING = (SystemExit, KeyboardInterrupt, GeneratorExit)
HEADER = "X-Reference"
_HEXADECIMAL = re.compile("[0-9A-F]{8}")


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
    """One for each request that fails, short enough to be read out on the telephone; where the identifier of the
    request is one of ours its beginning, so that either leads to all lines of the request."""
    known: str = getattr(request, "reference", "")
    if not known:
        known = _beginning(getattr(request, "request_id", "")) or new_reference()
        request.reference = known  # type: ignore[attr-defined]
    return known


def new_reference() -> str:
    return _beginning(secrets.token_hex(4))


def _beginning(identifier: str) -> str:
    letters = identifier[:8].upper()
    return f"{letters[:4]}-{letters[4:]}" if _HEXADECIMAL.fullmatch(letters) else ""


class NameReference(logging.Filter):
    """Django writes the traceback of a failed request; this puts the reference before it."""

    def filter(self, record: logging.LogRecord) -> bool:
        known = getattr(getattr(record, "request", None), "reference", "")
        if known and not str(record.msg).startswith(f"[{known}]"):
            record.msg = f"[{known}] {record.msg}"
        return True
