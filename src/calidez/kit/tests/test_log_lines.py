"""Nobody writes entries of their own into the log."""

from __future__ import annotations

import logging
import logging.config
import sys
from typing import Any

from django.conf import settings


def _written(message: str, *given: Any, error: bool = False) -> str:
    plain = settings.LOGGING["formatters"]["plain"]
    configured = logging.config.DictConfigurator({"version": 1})
    formatter: Any = configured.configure_formatter(plain)  # type: ignore[attr-defined]
    known = sys.exc_info() if error else None
    record = logging.LogRecord("calidez.test", logging.WARNING, "", 1, message, given, known)
    return str(formatter.format(record))


def test_what_somebody_sent_stays_within_its_line() -> None:
    forged = "x\r\n2026-01-01 00:00:00,000 INFO calidez: all is well\x1b[2J\u2028\u202e"
    line = _written("Somebody tried %s", forged)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert "calidez.test: Somebody tried x\\r\\n2026" in line
    assert "\\x1b[2J\\u2028\\u202e" in line
    assert _written("á “é” \u00f1").endswith("á “é” ñ")


def test_a_traceback_keeps_its_lines() -> None:
    try:
        raise ZeroDivisionError("no\nentry")
    except ZeroDivisionError:
        assert "\nTraceback" in _written("It failed", error=True)
