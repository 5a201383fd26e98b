"""A frozen charter as people read it: sentences and figures in its own language, and its address as a code to scan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from calidez.charter.models import Charter, CharterVersion
from calidez.charter.rules import FEWEST_CASES, Said
from calidez.documents.content import markdown
from calidez.kit.platform.formats import moment
from calidez.kit.platform.mail import absolute
from calidez.monitoring.measuring.findings import when
from calidez.monitoring.sentences import figure
from calidez.objectives.rules import meets
from calidez.objectives.sentences import telling_digits


@dataclass(frozen=True)
class Result:
    """One figure: how it is measured, what was promised, and what came out."""

    name: str
    definition: str
    target: str
    value: str
    detail: str
    met: bool | None
    note: str


@dataclass(frozen=True)
class Promise:
    statement: str
    for_whom: str
    remedy: str
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Complaint:
    text: str
    mail: str
    phone: str
    phone_url: str
    postal: str
    within: str


@dataclass(frozen=True)
class PublicCharter:
    title: str
    unit: str
    introduction: str  # HTML that the reader of Markdown made safe
    policy: str
    promises: tuple[Promise, ...]
    complaint: Complaint


def shown(content: Mapping[str, Any]) -> PublicCharter:
    """In the language that is active, which the page sets to the charter's."""
    complain = content["complain"]
    return PublicCharter(
        title=content["title"],
        unit=content["unit"],
        introduction=markdown.render(content["introduction"]).html,
        policy=content["policy"],
        promises=tuple(
            Promise(one["statement"], one["for_whom"], one["remedy"], tuple(map(_result, one["measures"])))
            for one in content["commitments"]
        ),
        complaint=Complaint(
            text=complain["text"],
            mail=complain["mail"],
            phone=complain["phone"],
            phone_url=_dialled(complain["phone"]),
            postal=complain["postal"],
            within=complain["within"],
        ),
    )


def result_words(measure: Mapping[str, Any]) -> str:
    """The result as one line, for comparing versions."""
    result = _result(measure)
    return " · ".join(part for part in (result.value, result.detail, result.note) if part)


def address_of(charter: Charter, request: HttpRequest) -> str:
    """What is printed must lead there from outside."""
    return absolute(reverse("charter:public", args=[charter.slug]))


def url_of(version: CharterVersion) -> str:
    """Where the public reads this version; empty while it reads nothing."""
    charter = version.record
    if charter.state != Charter.State.PUBLISHED:
        return ""
    return reverse("charter:version", args=[charter.slug, version.number])


def made(version: CharterVersion) -> str:
    return _("Published %(moment)s by %(person)s. Digest: %(digest)s") % {
        "moment": moment(version.made_at),
        "person": version.made_by or "–",
        "digest": version.digest[:12],
    }


def code_of(address: str) -> SafeString:
    """Black on white in either theme, or no telephone reads it."""
    code = segno.make(address, error="m")
    drawn = code.svg_inline(
        border=3, dark="#000", light="#fff", svgclass="charter-code", lineclass=None, omitsize=True
    )
    return SafeString(drawn)  # made of numbers only


def _result(measure: Mapping[str, Any]) -> Result:
    said = Said(measure["said"])
    told = {"name": measure["name"], "definition": measure["definition"], "target": measure["target"]}
    if said in {Said.TOO_FEW, Said.NOTHING}:
        note = _("Not enough data.")
        if said == Said.TOO_FEW:
            note = _("Not enough data: fewer than %(count)s cases.") % {"count": FEWEST_CASES}
        return Result(**told, value="", detail="", met=None, note=note)
    if said != Said.RESULT:
        return Result(**told, value="", detail="", met=None, note="")
    low, high, target = measure["low"], measure["high"], measure["target_value"]
    digits = telling_digits(low, high)
    met = None if target is None else meets(measure["value"], target, at_least=measure["at_least"])
    return Result(
        **told,
        value=figure(measure["value"], measure["measured_in"], digits=digits),
        detail=_detail(measure, digits),
        met=met,
        note="",
    )


def _detail(measure: Mapping[str, Any], digits: int | None) -> str:
    values = {
        "when": when(dt.date.fromisoformat(measure["start"]), measure["period"]),
        "n": number_format(measure["n"]),
        "unit": measure["unit"],
    }
    if measure["low"] is None:
        return _("%(when)s, %(unit)s; n = %(n)s") % values
    values["range"] = "–".join(
        (
            figure(measure["low"], digits=digits),
            figure(measure["high"], measure["measured_in"], digits=digits),
        )
    )
    return _("%(when)s, %(unit)s; n = %(n)s; 95%% interval: %(range)s") % values


def _dialled(phone: str) -> str:
    digits = "".join(letter for letter in phone if letter.isdigit() or letter == "+")
    return f"tel:{digits}" if digits else ""
