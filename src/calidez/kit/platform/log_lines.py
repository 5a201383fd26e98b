"""Lines of the log: what somebody sent stays within its line, so that nobody writes entries of their own."""

from __future__ import annotations

import logging
import re

_MOVING = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class OneLine(logging.Formatter):
    """A message is one line; a traceback keeps its own below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as logging calls it
        record.message = _MOVING.sub(lambda found: ascii(found[0])[1:-1], record.message)
        return super().formatMessage(record)
