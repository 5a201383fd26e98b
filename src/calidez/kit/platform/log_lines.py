"""How a line of the log reads, as text or as JSON, and which request or job it belongs to.

Standard library only: the supervisor writes its lines with it as well.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

FORMATS = ("text", "json")
Known = str | Callable[[], str]
_about: ContextVar[Mapping[str, Known] | None] = ContextVar("log_about", default=None)
# Whoever sends a line break, an escape or a letter that turns the direction would write lines of their own.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# A piece of an address longer than an identifier: a signed link, which lets in whoever reads it.
_SECRET_STEP = re.compile(r"(?<=/)[\w:.=~-]{40,}")
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@contextmanager
def about(**known: Known) -> Iterator[None]:
    """What every line inside the block says too; a function is asked when a line is written."""
    token = _about.set({**(_about.get() or {}), **known})
    try:
        yield
    finally:
        _about.reset(token)


def known() -> dict[str, str]:
    """What lines written here and now say of the request or job that they belong to."""
    said = ((name, value() if callable(value) else value) for name, value in (_about.get() or {}).items())
    return {name: value for name, value in said if value}


def one_line(text: str) -> str:
    """As it stands, but nothing in it can begin a line or hide another."""
    return _UNSAFE.sub(lambda found: _escaped(found[0]), text)


def told(text: str) -> str:
    """Without what would let the reader of the log in."""
    return _SECRET_STEP.sub("…", text)


def formatter(kind: str = "") -> logging.Formatter:
    """Named in the settings of logging; without a kind as CALIDEZ_LOG_FORMAT says."""
    return JsonLines() if (kind or os.environ.get("CALIDEZ_LOG_FORMAT")) == "json" else TextLines()


class TextLines(logging.Formatter):
    """One line for people: moment, level, who says it, what, and to which request or job it belongs."""

    def format(self, record: logging.LogRecord) -> str:
        moment = self.formatTime(record)
        belongs = "".join(f" {name}={one_line(value)}" for name, value in known().items())
        line = f"{moment} {record.levelname} {record.name}: {one_line(told(record.getMessage()))}{belongs}"
        return "\n".join(
            [line, *(f"    {one_line(row)}" for row in _BREAKS.split(_trace(self, record)) if row)]
        )


class JsonLines(logging.Formatter):
    """One JSON object for machines; `extra={"fields": …}` of a call adds to it."""

    def format(self, record: logging.LogRecord) -> str:
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": told(record.getMessage()),
            **known(),
            **getattr(record, "fields", {}),
        }
        if trace := _trace(self, record):
            line["trace"] = trace
        return json.dumps(line, default=str)  # ASCII: nothing in it can end the line


def _trace(shown: logging.Formatter, record: logging.LogRecord) -> str:
    parts = [shown.formatException(record.exc_info)] if record.exc_info and record.exc_info[0] else []
    if record.stack_info:
        parts.append(shown.formatStack(record.stack_info))
    return "\n".join(parts)


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
