"""The organisation's own words, with their trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calidez.kit.core import access
from calidez.kit.core.following import noted
from calidez.kit.desk import own_words
from calidez.kit.platform import preferences
from calidez.people import selectors

SUBJECT = "words"


def may_change(user: Any) -> bool:
    """The words are the whole organisation's, so it takes the permission there."""
    return access.scope(user, SUBJECT, access.EDIT).everywhere


def change(language: str, words: Mapping[str, str], *, by: Any) -> int:
    """Say these otherwise, an empty text as it is shipped; returns how many changed."""
    root = selectors.organisation()
    if root is None or not may_change(by):
        raise access.refuse(access.EDIT, _("Words"))
    with transaction.atomic():
        everywhere = dict(preferences.value_of(own_words.KEY) or {})
        own = dict(everywhere.get(language, {}))
        before, after = {}, {}
        for key, text in words.items():
            said = own_words.checked(language, key, text)
            if said == own.get(key, ""):
                continue
            name = f"{own_words.shipped_words(language)[key]} ({language})"
            before[name], after[name] = own.pop(key, ""), said
            if said:
                own[key] = said
        if after:
            preferences.put(own_words.KEY, {**everywhere, language: own})
            noted(root, "words", by=by, before=before, after=after)
    return len(after)
