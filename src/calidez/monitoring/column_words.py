"""The words for what a column is and what it is for, the same on every page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def type_name(code: str) -> str:
    """How the values of a column are read."""
    names = {
        "text": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "date": _("date"),
        "timestamp": _("date and time"),
    }
    return names.get(code, code)


def role_name(code: str) -> str:
    """What a column is for."""
    names = {
        "key": _("key"),
        "time": _("time"),
        "branch": _("unit (branch, area)"),
        "segment": _("segment"),
        "value": _("value"),
        "text": _("kept, not counted"),
        "ignore": _("not loaded"),
    }
    return names.get(code, code)
