"""The ways in which a column can be read, in words, each with what it makes of a value of this very file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calidez import engine
from calidez.kit.platform.formats import day, number
from calidez.monitoring.loading.services import Choice, parts_of

Kinds = list[tuple[str, str]]
Groups = list[tuple[str, Any]]
DURATIONS = ("duration", "duration_hm", "duration_ms")
OWN = "own"  # a form that the person writes beside it


def kinds_for(seen: Any, chosen: str) -> Groups:
    """Every way to read the column, likeliest first; where the file alone does not tell, the first choice is to be made."""
    plain = [("text", _("text")), ("boolean", _("yes or no"))]
    groups = [
        (_("Numbers"), _numbers(seen)),
        (_("How long something took"), _durations(seen)),
        (_("Days"), _with_forms("date", seen)),
        (_("Moments"), _with_forms("timestamp", seen)),
    ]
    known = {kind for kind, _text in plain} | {kind for _name, kinds in groups for kind, _text in kinds}
    if chosen and chosen not in known:
        groups.insert(0, (_("As said before"), [(chosen, _other(chosen))]))
    if seen.type in ("date", "timestamp"):
        groups = [*groups[2:], *groups[:2]] if len(groups) == 4 else groups
    open_ = [("", _("Choose"))] if not chosen else []
    return [*open_, *plain, *groups] if seen.type in ("text", "boolean") else [*open_, *groups, *plain]


def kinds_of_type(chosen: str, seen: Any, *, column_type: str) -> Groups:
    """The ways to read a column whose type is settled."""
    open_ = [("", _("Choose"))] if not chosen else []
    if column_type in {"date", "timestamp"}:
        kinds = _with_forms(column_type, seen)
    elif column_type == "number":
        kinds = [*_plain_numbers(), *(_affixes(seen)), *_durations(seen)]
    elif column_type == "integer":
        kinds = [
            ("integer:.", _("whole number, thousands as 1,500")),
            ("integer:,", _("whole number, thousands as 1.500")),
        ]
    else:
        kinds = [(column_type, {"text": _("text"), "boolean": _("yes or no")}.get(column_type, column_type))]
    if chosen and chosen not in {kind for kind, _text in kinds}:
        kinds.insert(0, (chosen, _other(chosen)))
    return [*open_, *kinds]


def to_be_said(seen: Any) -> str:
    """What the file alone does not tell of a column, as a question."""
    if seen is not None and seen.type == "number":
        return _("Hours and minutes, or minutes and seconds?")
    if seen is not None and seen.forms == ("year",):
        return _("A year alone is no date yet: how is it read?")
    if seen is not None and seen.forms:
        return _("What do the digits mean?")
    return _("Day or month first?")


def _numbers(seen: Any) -> Kinds:
    whole = [(f"integer:{seen.decimal}", _("whole number"))]
    other = "," if seen.decimal == "." else "."
    whole.append(
        (
            f"integer:{other}",
            _("whole number, thousands as 1.500") if other == "," else _("whole number, thousands as 1,500"),
        )
    )
    return [*whole, *_plain_numbers(), *_affixes(seen)]


def _plain_numbers() -> Kinds:
    return [("number:.", _("number, decimals as 1.5")), ("number:,", _("number, decimals as 1,5"))]


def _affixes(seen: Any) -> Kinds:
    affix = (
        seen.form if seen is not None and seen.type == "number" and seen.form not in ("", *DURATIONS) else "%"
    )
    texts = {
        ".": _("number with %(affix)s, decimals as 1.5"),
        ",": _("number with %(affix)s, decimals as 1,5"),
    }
    return [(f"number:{sign}:{affix}", text % {"affix": affix}) for sign, text in texts.items()]


def _durations(seen: Any) -> Kinds:
    sign = seen.decimal if seen is not None else "."
    texts = {
        "duration": _("hours, minutes and seconds (1:02:03), as seconds"),
        "duration_hm": _("hours and minutes (1:02), as seconds"),
        "duration_ms": _("minutes and seconds (1:02), as seconds"),
    }
    return [(f"number:{sign}:{form}", text) for form, text in texts.items()]


def _with_forms(type_: str, seen: Any) -> Kinds:
    """Each order of day, month and year, then the forms that fit these digits, then one of one's own."""
    names = {
        ("date", "ymd"): _("date, year first"),
        ("date", "dmy"): _("date, day first"),
        ("date", "mdy"): _("date, month first"),
        ("timestamp", "ymd"): _("date and time, year first"),
        ("timestamp", "dmy"): _("date and time, day first"),
        ("timestamp", "mdy"): _("date and time, month first"),
    }
    kinds = [
        (f"{type_}:{order}", f"{names[type_, order]}{_example(seen, order)}")
        for order in ("ymd", "dmy", "mdy")
    ]
    forms = () if seen is None else dict.fromkeys(filter(None, (seen.form, *seen.forms)))
    fitting = [
        (f"{type_}:ymd:{form}", f"{form_name(form)}{_form_example(seen, form)}")
        for form in forms
        if form not in DURATIONS and seen.type in ("date", "timestamp")
    ]
    own = _("date, written as…") if type_ == "date" else _("date and time, written as…")
    return [*fitting, *kinds, (f"{type_}:ymd:{OWN}", own)]


def form_name(form: str) -> str:
    known = {
        "year": _("a year alone, as its first day"),
        "unix": _("seconds since 1970 (Unix)"),
        "unix_ms": _("milliseconds since 1970 (Unix)"),
        "serial": _("day numbers of a spreadsheet"),
    }
    return known.get(form) or _("date written %(form)s") % {"form": form}


def _other(kind: str) -> str:
    type_, _detail, form = parts_of(kind)
    if type_ in ("date", "timestamp"):
        return form_name(form)
    return _("number with %(affix)s, decimals as 1.5") % {"affix": form} if form else kind


def _form_example(seen: Any, form: str) -> str:
    """What the form makes of the first value."""
    for sample in seen.samples[:1]:
        read = engine.day_in(sample, form)
        if read is not None:
            return f": {sample} = {day(read)}"
    return ""


def _example(seen: Any, order: str) -> str:
    for sample in seen.samples if seen is not None and seen.ambiguous and not seen.forms else ():
        parts = sample.replace(".", "/").replace("-", "/").split()[0].split("/") if sample.strip() else []
        if len(parts) != 3 or not all(part.isdigit() for part in parts) or parts[0] == parts[1]:
            continue
        try:
            read = _as_day([int(part) for part in parts], order)
        except ValueError:
            continue
        return f": {sample} = {day(read)}"
    return ""


def _as_day(parts: list[int], order: str) -> dt.date:
    places = {letter: place for place, letter in enumerate(order)}
    year = engine.whole_year(f"{parts[places['y']]:02}")
    return dt.date(year, parts[places["m"]], parts[places["d"]])


def shown_samples(samples: Sequence[str]) -> tuple[str, ...]:
    return tuple(sample if len(sample) <= 28 else sample[:27] + "…" for sample in samples[:3])


def notes_of(seen: Any, choice: Choice) -> tuple[str, ...]:
    """What a person should know before deciding."""
    return tuple(filter(None, (_misfits(seen), _markers(seen), _joined(choice), _never_filled(seen))))


def _misfits(seen: Any) -> str:
    if not seen.misfits:
        return ""
    return ngettext(
        "%(count)s cell cannot be read like this: %(examples)s",
        "%(count)s cells cannot be read like this: %(examples)s",
        seen.misfits,
    ) % {"count": number(seen.misfits), "examples": " · ".join(shown_samples(seen.misfit_samples))}


def _markers(seen: Any) -> str:
    if not seen.markers:
        return ""
    return _("Taken for empty: %(words)s") % {"words": " · ".join(seen.markers)}


def _joined(choice: Choice) -> str:
    return _("Together with %(columns)s") % {"columns": ", ".join(choice.joined)} if choice.joined else ""


def _never_filled(seen: Any) -> str:
    return "" if seen.distinct else _("Always empty.")
