"""The rejected rows of a load, mended and loaded: known by their first five headings, which say why each was rejected."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from calidez.monitoring.models import Dataset, Import

State = Import.State
ENGINES_OWN = ("row", "column", "code", "reason", "value")


def lead() -> tuple[str, ...]:
    """The headings of the five columns, in the reader's language."""
    return (_("row"), _("column"), _("code"), _("reason"), _("value"))


def lead_of(headings: Sequence[str]) -> int:
    """How many of the first headings say why rows were rejected: five, in whichever language, or none."""
    found = tuple(heading.strip().casefold() for heading in headings[: len(ENGINES_OWN)])
    return len(ENGINES_OWN) if found in _leads() and len(headings) > len(ENGINES_OWN) else 0


def signature_of(headings: Iterable[str]) -> str:
    """Files with the same headings in any order are of one kind."""
    text = "\x1f".join(sorted(own_heading(heading) for heading in headings))
    return hashlib.sha256(text.encode()).hexdigest()


def own_heading(heading: str) -> str:
    """A name that was made up for a column without one, as the engine says it: people get it in their language."""
    for pattern in _made_up():
        if (found := pattern.fullmatch(heading)) is not None:
            return f"Column {found[1]}{found[2] or ''}"
    return heading


def signatures_of(profile: Any) -> tuple[str, ...]:
    """Of the file as it is; and of the file whose rejected rows it holds, where it does."""
    headings = [column.source for column in profile.columns]
    own = signature_of(headings)
    count = lead_of(headings)
    return (own, signature_of(headings[count:])) if count else (own,)


def repaired(item: Import, dataset: Dataset | None) -> int | None:
    """The load whose rejected rows this file holds, by its primary key."""
    headings = [column["source"] for column in (item.reading.get("profile") or {}).get("columns", ())]
    count = lead_of(headings)
    if not count or dataset is None:
        return None
    same = Import.objects.filter(
        dataset=dataset, signature=signature_of(headings[count:]), state=State.LOADED
    )
    return same.exclude(pk=item.pk).order_by("-loaded_at").values_list("pk", flat=True).first()


@functools.cache
def _made_up() -> tuple[re.Pattern[str], ...]:
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            before, after = (_("Column %(position)s") % {"position": "\x00"}).split("\x00")
        found.append(re.compile(rf"{re.escape(before)}(\d+){re.escape(after)}( \(\d+\))?"))
    return tuple(found)


def _leads() -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = {ENGINES_OWN}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(tuple(word.casefold() for word in lead()))
    return found
