"""Mails as people read them: plain text and a simple HTML twin, each saying why it came and how to stop it."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from calidez.kit.desk.notifications import wishes
from calidez.kit.desk.notifications.declare import NotificationKind
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.platform.mail import absolute, write_mail
from calidez.kit.platform.mail.models import Mail


def write_at_once(notification: Notification, kind: NotificationKind) -> None:
    """In the language that is active: the caller has chosen the person's."""
    if not notification.person.email:
        return
    context = {
        "notification": notification,
        "address": absolute(notification.url or reverse("kit:notifications")),
    }
    first_line = notification.text.partition("\n")[0]
    write_letter(notification.person, "notification", first_line, context, stop=kind.key, why=str(kind.why))


def write_letter(
    person: Any,
    template: str,
    subject: str,
    context: dict[str, Any],
    *,
    stop: str,
    why: str,
    key: str | None = None,
) -> Mail | None:
    """`stop` is what the link in the foot stops: a kind, or the daily mail."""
    stop_path = reverse("kit:notification-stop", args=[wishes.stop_token(person, stop)])
    whole = context | {
        "person": person,
        "why": why,
        "subject": subject,
        "language_code": get_language(),
        "stop_address": absolute(stop_path),
        "settings_address": absolute(reverse("kit:notification-settings")),
    }
    return write_mail(
        person.email,
        subject,
        render_to_string(f"kit/mail/{template}.txt", whole).strip() + "\n",
        html=render_to_string(f"kit/mail/{template}.html", whole),
        headers={
            "List-Unsubscribe": f"<{absolute(stop_path)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        key=key,
    )
