"""Where mails go while no mail server is set: into files that only the owner of the installation reads.

On the console they would stand in the server's log, and with them every link that lets somebody in.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

log = logging.getLogger("calidez.mail")
KEPT = dt.timedelta(days=7)


class FolderBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            path = _write(message.message().as_bytes())
            log.info(
                "No mail server is set (CALIDEZ_MAIL_URL): the mail to %s lies in %s",
                ", ".join(message.to),
                path,
            )
        return len(email_messages)


def forget(now: dt.datetime) -> int:
    """What lay there for a week opens nothing any more."""
    old = [path for path in place().glob("*.eml") if path.stat().st_mtime < (now - KEPT).timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _write(content: bytes) -> Path:
    folder = place()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{timezone.now():%Y-%m-%dT%H-%M-%S}-{uuid.uuid4().hex[:8]}.eml"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return path


def place() -> Path:
    return Path(settings.DATA_DIR) / "mails"
