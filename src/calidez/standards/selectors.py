"""Reads of standards that other parts ask for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from calidez.standards.models import Standard


def promised(standards: QuerySet[Any]) -> QuerySet[Any]:
    """Those of which a version is in force, or will be, also while the next one is being written."""
    return standards.filter(latest__isnull=False).exclude(state=Standard.State.RETIRED)
