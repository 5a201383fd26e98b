"""Two published versions side by side: what was promised and what came out, then and now."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez.charter.models import CharterVersion
from calidez.charter.showing import result_words
from calidez.kit.faces.pages.common import crumbs, record_or_404, viewable_entity
from calidez.kit.platform.display import Link, Option
from calidez.kit.platform.formats import day


@dataclass(frozen=True)
class Difference:
    """One thing that both versions may say; equal ones are not listed."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    title: str
    crumbs: tuple[Link, ...]
    before: tuple[Option, ...]
    after: tuple[Option, ...]
    before_head: str
    after_head: str
    differences: tuple[Difference, ...]


def compare(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    entity = viewable_entity(request, "charters")
    charter = record_or_404(request, entity, uid)
    versions = list(charter.versions.all())
    if len(versions) < 2:
        raise Http404(_("There are no two versions to compare."))
    after = _chosen(versions, request.GET.get("after", ""), versions[0])
    before = _chosen(versions, request.GET.get("before", ""), versions[1])
    page = Comparison(
        title=_("What changed: %(charter)s") % {"charter": charter},
        crumbs=crumbs(entity, charter),
        before=_options(versions, before),
        after=_options(versions, after),
        before_head=_head(before),
        after_head=_head(after),
        differences=tuple(differences(before.snapshot, after.snapshot)),
    )
    return render(request, "charter/compare.html", {"page": page})


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """In the order of the newer version; what only the older one had comes last."""
    for what, old, new in _pairs(before, after):
        if old != new:
            yield Difference(what, old, new)


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


def _chosen(versions: list[CharterVersion], number: str, otherwise: CharterVersion) -> CharterVersion:
    return next((v for v in versions if str(v.number) == number), otherwise)


def _options(versions: list[CharterVersion], chosen: CharterVersion) -> tuple[Option, ...]:
    return tuple(Option(str(v.number), _head(v), v == chosen) for v in versions)


def _head(version: CharterVersion) -> str:
    return _("Version %(number)s, %(day)s") % {
        "number": version.number,
        "day": day(timezone.localdate(version.published_at)),
    }
