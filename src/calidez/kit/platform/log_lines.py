"""Lines of the log: what somebody sent stays within its line, so that nobody writes entries of their own.

An address that lets in whoever knows it, as that of an invitation, is no line for a log either.
"""

from __future__ import annotations

import logging
import re

_MOVING = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# Longer than an identifier: a signed link, the secret of a calendar.
_SECRET_STEP = re.compile(r"(?<=/)[\w:.=~-]{40,}")


def clean(message: str) -> str:
    message = _MOVING.sub(lambda found: ascii(found[0])[1:-1], message)
    return _SECRET_STEP.sub("…", message)


class OneLine(logging.Formatter):
    """A message is one line; a traceback keeps its own below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as logging calls it
        record.message = clean(record.message)
        return super().formatMessage(record)
