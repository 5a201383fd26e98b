"""Writing a mail inside a business transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from calidez.kit.platform.jobs import enqueue
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.mail import folder
from calidez.kit.platform.mail.jobs import send_mail
from calidez.kit.platform.mail.models import Mail

KEPT = dt.timedelta(days=30)
UNSENT_KEPT = dt.timedelta(days=7)
# What machines look for, so that no absence notice answers a program.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def write_mail(
    to: str,
    subject: str,
    text: str,
    *,
    html: str = "",
    headers: Mapping[str, str] | None = None,
    key: str | None = None,
) -> Mail | None:
    """Put a mail into the outbox within the caller's transaction; None when one with this key was written before."""
    mail = Mail(
        key=key,
        to=to,
        # A line break in a subject would be a header of its own.
        subject=" ".join(subject.split())[:300],
        text=text,
        html=html,
        headers=AUTOMATIC | dict(headers or {}),
        written_at=timezone.now(),
    )
    # Ignoring the conflict keeps the caller's transaction usable on PostgreSQL.
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    written = Mail.objects.filter(uid=mail.uid).first()
    if written is not None:
        enqueue(send_mail, mail=str(written.uid))
    return written


class Standing(StrEnum):
    """What became of a mail; `UNKNOWN` where its envelope is no longer kept."""

    SENT = "sent"
    WAITING = "waiting"
    FAILED = "failed"
    FILED = "filed"  # without a mail server: into a file that somebody must hand over
    UNKNOWN = "unknown"


def standing(key: str) -> Standing:
    """Of the mail that was written under this key."""
    if not settings.MAIL_SERVER:
        return Standing.FILED
    mail = Mail.objects.filter(key=key).first()
    if mail is None:
        return Standing.UNKNOWN
    if mail.sent_at is not None:
        return Standing.SENT
    given_up = Job.objects.filter(
        name=send_mail.name, state=Job.State.FAILED, arguments__mail=str(mail.uid)
    ).exists()
    return Standing.FAILED if given_up else Standing.WAITING


def forget(now: dt.datetime) -> int:
    """Drop the envelopes of mails sent long ago, and what could never be sent: its links lead nowhere any more."""
    folder.forget(now)
    gone = Q(sent_at__lt=now - KEPT) | Q(sent_at=None, written_at__lt=now - UNSENT_KEPT)
    return Mail.objects.filter(gone).delete()[0]
