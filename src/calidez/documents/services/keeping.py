"""Until when what no longer holds is kept."""

from __future__ import annotations

import datetime as dt

from calidez.documents import rules
from calidez.documents.models import Document


def kept_until(document: Document, ended_on: dt.date) -> dt.date | None:
    """None where it is kept without an end."""
    if document.retention_years is None:
        return None
    return rules.add_months(ended_on, document.retention_years * 12)
