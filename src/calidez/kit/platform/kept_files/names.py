"""What a file may be called here."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _


def clean_name(name: str) -> str:
    """A name for people: no folders, no control or direction-changing letters, at most 255 long, its ending kept."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}).strip(
        " ."
    )
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: 250 - len(ending)]}.{ending}" if stem else ending
    return name[:250] or _("file")
