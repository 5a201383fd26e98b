"""What two published versions say otherwise: what was promised and what came out, then and now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from calidez.charter.published import result_words
from calidez.kit.platform.display import Change


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """In the order of the newer version; what only the older one had comes last."""
    for what, old, new in _pairs(before, after):
        if old != new:
            yield Change(what, old, new)


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    words = {
        "title": _("Title"),
        "unit": _("Unit"),
        "policy": _("Policy"),
        "introduction": _("Introduction"),
    }
    for name, label in words.items():
        yield label, before[name], after[name]
    complaint = {
        "text": _("How to complain"),
        "mail": _("E-mail"),
        "phone": _("Telephone"),
        "postal": _("Address"),
        "within": _("Answered within"),
    }
    for name, label in complaint.items():
        yield label, before["complain"][name], after["complain"][name]
    old = {one["code"]: one for one in before["commitments"]}
    new = {one["code"]: one for one in after["commitments"]}
    for code in [*new, *(code for code in old if code not in new)]:
        yield from _of_commitment(code, old.get(code), new.get(code))


def _of_commitment(
    code: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> Iterator[tuple[str, str, str]]:
    words = {
        "statement": _("%(code)s: the promise"),
        "for_whom": _("%(code)s: for whom"),
        "remedy": _("%(code)s: when it is broken"),
    }
    for name, label in words.items():
        yield label % {"code": code}, old[name] if old else "", new[name] if new else ""
    was, is_now = _measures(old), _measures(new)
    for measure in [*is_now, *(name for name in was if name not in is_now)]:
        label = _("%(code)s: %(measure)s") % {"code": code, "measure": measure}
        yield label, was.get(measure, ""), is_now.get(measure, "")


def _measures(one: Mapping[str, Any] | None) -> dict[str, str]:
    """By the name of each figure, its target and its result."""
    if one is None:
        return {}
    return {
        measure["name"]: "\n".join(filter(None, (measure["target"], result_words(measure))))
        for measure in one["measures"]
    }
