"""Sending what is in the outbox."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext_lazy

from calidez.kit.platform.jobs import job
from calidez.kit.platform.mail.models import Mail


@job(title=gettext_lazy("Send a mail"), one_per=("mail",), attempts=6)
def send_mail(mail: str) -> None:
    """Hand one mail to the mail server.

    The worker may be killed between the server's yes and our note of it; the second try then carries the same
    Message-ID, by which mail servers and programs know a repetition.
    """
    waiting = Mail.objects.filter(uid=mail, sent_at=None).first()
    if waiting is None:
        return
    message(waiting).send()
    # The outbox is no archive of what people were told.
    Mail.objects.filter(pk=waiting.pk).update(sent_at=timezone.now(), text="", html="")


def message(mail: Mail) -> EmailMultiAlternatives:
    domain = settings.SITE_ADDRESS.split("//", 1)[-1].split("/")[0].split(":")[0] or "localhost"
    headers: dict[str, Any] = {**mail.headers, "Message-ID": f"<{mail.uid}@{domain}>"}
    sender = settings.DEFAULT_FROM_EMAIL
    sender = sender if "<" in sender else formataddr(("Calidez", sender))
    built = EmailMultiAlternatives(mail.subject, mail.text, sender, [mail.to], headers=headers)
    if mail.html:
        built.attach_alternative(mail.html, "text/html")
    return built
