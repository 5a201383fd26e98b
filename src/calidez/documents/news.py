"""What people are told about documents, each kind once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.desk import notifications

APPROVAL = notifications.kind(
    "documents.approval",
    label=_("Documents to approve"),
    why=_("You are an approver of this document, or you wrote the version."),
)
READING = notifications.kind(
    "documents.reading",
    label=_("Documents to read"),
    why=_("You are among those who must have read this document."),
)
KEEPING = notifications.kind(
    "documents.keeping",
    label=_("Documents that you keep"),
    why=_("You are the owner of this document."),
)
