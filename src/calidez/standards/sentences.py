"""A target as people say it, the same on every page."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez.kit.platform.formats import day, with_unit
from calidez.kit.platform.spoken import spoken
from calidez.standards.demonstrated import Demonstrated
from calidez.standards.models import Standard, StandardVersion


def target_words(value: float, measured_in: str) -> str:
    """“95%”: a target without empty decimals."""
    number = int(value) if value == int(value) else round(value, 6)
    return with_unit(number_format(number), measured_in)


def target_sentence(standard: Standard | StandardVersion, target: float | None = None) -> str:
    """“at least 95% of cases within 20 s”; empty where there is no target yet. `target` stands in for a local one."""
    asked = standard.target if target is None else target
    if asked is None:
        return ""
    said = f"{standard.get_direction_display()} {target_words(asked, standard.measured_in)}"
    if standard.case_limit is None:
        return spoken(said)
    values = {
        "target": said,
        "limit": target_words(standard.case_limit, standard.case_measured_in),
    }
    if standard.case_direction == Standard.Direction.AT_LEAST:
        return spoken(_("%(target)s of cases with at least %(limit)s") % values)
    return spoken(_("%(target)s of cases within %(limit)s") % values)


def tolerance_words(standard: Standard | StandardVersion) -> str:
    """“2 percentage points”, “5 s”; empty without one. Two per cent of a share would be something else."""
    if not standard.tolerance:
        return ""
    if standard.measured_in != "%":
        return target_words(standard.tolerance, standard.measured_in)
    words = ngettext(
        "%(count)s percentage point", "%(count)s percentage points", 1 if standard.tolerance == 1 else 2
    )
    return words % {"count": target_words(standard.tolerance, "")}


def unacceptable_words(standard: Standard | StandardVersion) -> str:
    """“below 80%”."""
    if standard.unacceptable is None:
        return ""
    below = standard.direction == Standard.Direction.AT_LEAST
    value = {"value": target_words(standard.unacceptable, standard.measured_in)}
    return spoken((_("below %(value)s") if below else _("above %(value)s")) % value)


def promised_sentence(standard: Standard) -> str:
    """The target that holds now, whatever is being written for the next version."""
    version = standard.latest if standard.is_promised else None
    if version is None:
        return target_sentence(standard)
    if version.starts <= timezone.localdate():
        return target_sentence(version)
    return _("%(target)s, from %(day)s") % {
        "target": target_sentence(version),
        "day": day(version.starts),
    }


def promised_short(standard: Standard) -> str:
    """“≥ 95%”, for lists: no wider than it takes, and never broken."""
    holds = (standard.latest if standard.is_promised else None) or standard
    if holds.target is None:
        return ""
    sign = "≥" if holds.direction == Standard.Direction.AT_LEAST else "≤"
    return f"{sign} {target_words(holds.target, holds.measured_in)}".replace(" ", "\N{NO-BREAK SPACE}")


def shown_to_be_possible(found: Demonstrated | None, standard: Standard, *, asking: bool = True) -> str:
    """What the figures say of the target; `asking` adds what is asked of whoever proposes more than they show."""
    if found is None:
        return _(
            "No indicator with figures measures it yet, so nobody can tell beforehand whether it can be kept."
        )
    if found.beyond is None:
        return ngettext(
            "There are figures of %(count)s period only: too few to tell whether it can be kept.",
            "There are figures of %(count)s periods only: too few to tell whether it can be kept.",
            found.periods,
        ) % {"count": number_format(found.periods)}
    values = {"met": number_format(found.met), "count": number_format(found.periods)}
    said = _("%(met)s of %(count)s periods would have met it.") % values
    if not found.beyond or not asking:
        return said
    return said + " " + _("That is more than was shown to be possible: give a reason and a dated plan.")
