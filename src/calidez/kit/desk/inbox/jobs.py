"""In the morning the daily mails, at night what keeps the tables small, all day the numbers on people's pages."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.kit.desk.inbox import badge, daily, reminders, services
from calidez.kit.desk.notifications import services as notifications
from calidez.kit.platform.jobs import enqueue, job
from calidez.kit.platform.mail import outbox


@job(title=_("Reminding of what is due"), every="15 5 * * *")
def remind() -> None:
    reminders.remind(timezone.localdate())


@job(title=_("Daily mails"), every="0 7 * * *")
def write_daily_mails() -> None:
    """One piece of work per person, so that nobody waits for anybody else's."""
    today = timezone.localdate()
    for uid in daily.readers(today):
        enqueue(write_daily_mail, person=str(uid), day=today.isoformat())


@job(title=_("A person's daily mail"), one_per=("person", "day"))
def write_daily_mail(person: str, day: str) -> None:
    asked = dt.date.fromisoformat(day)
    reader = get_user_model()._default_manager.filter(uid=person, is_active=True).first()
    # Yesterday's morning is over; what it would have said is in today's.
    if reader is not None and asked == timezone.localdate():
        daily.write(reader, asked)


@job(title=_("Counting what waits for those who are at work"), every="*/2 * * * *")
def count_waiting() -> None:
    badge.renew_lately_seen(timezone.now())


@job(title=_("Clearing away old notifications"), every="41 3 * * *")
def forget_notifications() -> None:
    now = timezone.now()
    notifications.forget(now)
    outbox.forget(now)
    daily.forget(now)
    reminders.forget(now)
    services.close_over(now)
