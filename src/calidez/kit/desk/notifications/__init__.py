"""Telling people what concerns them: declare with `kind`, tell with `notify` inside the business transaction.

MENTION = kind("mention", label=_("Mentions"), why=_("Somebody mentioned you in a comment."))

notify(person, MENTION, text=lambda: _("%(name)s mentioned you") % {"name": by}, record=comment.subject, by=by)
"""

from calidez.kit.desk.notifications.declare import NotificationKind, When, kind
from calidez.kit.desk.notifications.services import notify

__all__ = ["NotificationKind", "When", "kind", "notify"]
