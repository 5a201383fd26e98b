"""Where customers' satisfaction drops over the measured value: the form that asks, and the curve with its finding."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez import engine
from calidez.kit.platform.jobs import describe
from calidez.monitoring import vega
from calidez.monitoring.feasibility.capability import target_of
from calidez.monitoring.feasibility.services.curves import may_ask
from calidez.monitoring.models import Indicator, SatisfactionCurve
from calidez.monitoring.sentences import figure, stretch
from calidez.people.models import Unit
from calidez.standards.sentences import target_words
from calidez.stats.dropoff import FEWEST_ANSWERS, FEWEST_BINS, LEAST_EFFECT, Bins, Dropoff, Shape, dropoff

SURE = 1.96
NUMBERS = (engine.ColumnType.INTEGER, engine.ColumnType.NUMBER)


@dataclass(frozen=True)
class Drawn:
    """The curve as asked for, with its finding as the title."""

    title: str
    subtitle: str
    lines: tuple[str, ...]
    spec: vega.Spec | None
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class CurvePart:
    form: forms.Form | None
    drawn: Drawn | None
    status: Any
    missing: str
    open: bool


class CurveForm(forms.Form):
    """Which column holds the measured value, which the answers, and which answers are answers at all."""

    value = forms.ChoiceField(label=gettext_lazy("Measured value"))
    score = forms.ChoiceField(label=gettext_lazy("Customers' answer"))
    lowest = forms.FloatField(
        label=gettext_lazy("Lowest valid answer"), initial=1, widget=forms.NumberInput(attrs={"step": "any"})
    )
    highest = forms.FloatField(
        label=gettext_lazy("Highest valid answer"),
        initial=5,
        widget=forms.NumberInput(attrs={"step": "any"}),
        help_text=gettext_lazy("Codes outside, such as 0, 6 or 11 for “no answer”, are left out."),
    )
    worse_above = forms.TypedChoiceField(
        label=gettext_lazy("For the customer a higher value is"),
        coerce=lambda text: text == "yes",
        choices=(("yes", gettext_lazy("worse, as a longer wait")), ("no", gettext_lazy("better"))),
    )
    higher_better = forms.TypedChoiceField(
        label=gettext_lazy("A higher answer is"),
        coerce=lambda text: text == "yes",
        choices=(
            ("yes", gettext_lazy("better, as 5 for very good")),
            ("no", gettext_lazy("worse, as 5 for very poor")),
        ),
    )

    def __init__(self, columns: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        for name in ("value", "score"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("choose …")), *columns]


def curve_part(
    indicator: Indicator, unit: Unit, user: Any, *, at_least: bool, posted: forms.Form | None = None
) -> CurvePart:
    columns = number_columns(indicator)
    if len(columns) < 2:
        return CurvePart(
            None,
            None,
            None,
            _(
                "The dataset “%(dataset)s” holds no customers' answers beside the measured value. Load both in one row per "
                "case, and this page finds the value at which satisfaction drops."
            )
            % {"dataset": indicator.dataset},
            False,
        )
    kept = (
        SatisfactionCurve.objects.select_related("indicator__dataset", "indicator__standard", "unit")
        .filter(indicator=indicator, unit=unit)
        .first()
    )
    form = posted
    if form is None and may_ask(user, unit):
        form = CurveForm(columns, initial=_initial(indicator, columns, kept, at_least))
    if kept is None:
        missing = "" if form is not None else _("Nobody has looked for a drop of satisfaction here yet.")
        return CurvePart(form, None, None, missing, posted is not None)
    if kept.computed_at is None:
        status = describe(kept.job) if kept.job else None
        if status is not None and not status.over:
            return CurvePart(None, None, status, "", False)
        missing = _(
            "Reading the answers did not succeed. Ask again; the background work page says what happened."
        )
        return CurvePart(form, None, None, missing, True)
    return CurvePart(form, drawn(kept), None, "", posted is not None)


def number_columns(indicator: Indicator) -> list[tuple[str, str]]:
    if not indicator.dataset.schema:
        return []
    schema = engine.Schema.from_json(indicator.dataset.schema)
    return [
        (column.name, f"{column.name} ({column.unit})" if column.unit else column.name)
        for column in schema.stored
        if column.type in NUMBERS
    ]


def drawn(kept: SatisfactionCurve) -> Drawn:
    """From the kept bins alone; the same bins always give the same finding."""
    if not kept.bins:
        title = _("No answers from %(low)s to %(high)s with a measured value were found") % _range(kept)
        return Drawn(title, "", (), None, ())
    bins = Bins.of(*([one[name] for one in kept.bins] for name in ("n", "value", "total", "squares")))
    found = dropoff(bins, worse_above=kept.worse_above, higher_score_better=kept.higher_better)
    answers = [_answer(kept, i, one, found) for i, one in enumerate(kept.bins)]
    at = None if found.at is None else vega.Line(found.at, _value(kept, found.at))
    between = None if found.low is None or found.high is None else (found.low, found.high)
    spec = vega.curve(
        answers,
        value_title=_value_title(kept),
        score_domain=(kept.lowest, kept.highest),
        at=at,
        between=between,
        target=_target(kept),
    )
    subtitle = _("Mean of “%(score)s” (%(low)s to %(high)s) over “%(value)s” · %(unit)s") % {
        "score": kept.score,
        "value": kept.value,
        "unit": kept.unit,
        **_range(kept),
    }
    rows = tuple(
        (_stretch(kept, one), _number(a.mean, 2), number_format(one["n"]))
        for one, a in zip(kept.bins, answers, strict=True)
    )
    return Drawn(title_of(kept, found), subtitle, lines_of(kept, found), spec, rows)


def title_of(kept: SatisfactionCurve, found: Dropoff) -> str:
    if found.shape is Shape.NOT_ENOUGH:
        return _("Not enough answers to say where satisfaction drops")
    if found.shape is Shape.NO_DROP:
        return _("No drop of satisfaction was found")
    if found.shape is Shape.STEADY:
        return _("Satisfaction falls steadily: no value stands out")
    values = {"at": _value(kept, found.at)}
    if kept.worse_above:
        return _("Satisfaction drops from %(at)s on") % values
    return _("Satisfaction drops below %(at)s") % values


def lines_of(kept: SatisfactionCurve, found: Dropoff) -> tuple[str, ...]:
    lines = [
        ngettext(
            "%(count)s answer with a measured value.",
            "%(count)s answers with a measured value.",
            found.answers,
        )
        % {"count": number_format(found.answers)}
    ]
    if found.shape is Shape.NOT_ENOUGH:
        lines.append(
            _("It takes %(answers)s answers at %(values)s different values or more.")
            % {"answers": number_format(FEWEST_ANSWERS), "values": number_format(FEWEST_BINS)}
        )
        return tuple(lines)
    if found.shape is Shape.NO_DROP:
        if found.p_drop is not None and found.p_drop < 0.05:
            lines.append(
                _(
                    "What there is amounts to less than %(effect)s standard deviations of the answers, which nobody would notice."
                )
                % {"effect": number_format(LEAST_EFFECT, 1)}
            )
        else:
            lines.append(_("The answers differ between values by no more than chance explains."))
        return tuple(lines)
    if found.low is not None and found.high is not None:
        lines.append(
            _("95%% sure that it begins between %(low)s and %(high)s.")
            % {"low": _number(found.low, 1), "high": _value(kept, found.high)}
        )
    if found.before is not None and found.after is not None and found.effect is not None:
        lines.append(
            _("From a mean of %(before)s to %(after)s: %(effect)s standard deviations of the answers.")
            % {
                "before": _number(found.before, 2),
                "after": _number(found.after, 2),
                "effect": _number(found.effect, 1),
            }
        )
    lines.append(_("Associated with the measured value, not necessarily caused by it."))
    return tuple(lines)


def _target(kept: SatisfactionCurve) -> vega.Line | None:
    """The target on the same scale, where the indicator sums up this very value."""
    indicator = kept.indicator
    if indicator.standard is None or indicator.value.strip() != kept.value:
        return None
    target = target_of(indicator.standard, kept.unit)
    if target is None:
        return None
    return vega.Line(target, _("target %(value)s") % {"value": target_words(target, indicator.measured_in)})


def _answer(kept: SatisfactionCurve, i: int, one: dict[str, Any], found: Dropoff) -> vega.Answer:
    n, mean = one["n"], one["total"] / one["n"]
    spread = math.sqrt(max(0.0, (one["squares"] - one["total"] ** 2 / n) / max(1, n - 1)) / n)
    label = _("%(stretch)s: %(mean)s, of %(n)s answers") % {
        "stretch": _stretch(kept, one),
        "mean": _number(mean, 2),
        "n": number_format(n),
    }
    fitted = found.fitted[i] if found.fitted else None
    return vega.Answer(one["value"], mean, mean - SURE * spread, mean + SURE * spread, fitted, label)


def _stretch(kept: SatisfactionCurve, one: dict[str, Any]) -> str:
    if one["low"] == one["high"]:
        return _value(kept, one["low"])
    return stretch(_number(one["low"], 1), _value(kept, one["high"]))


def _value(kept: SatisfactionCurve, value: float | None) -> str:
    assert value is not None
    return target_words(round(value, 1), _unit_of(kept))


def _value_title(kept: SatisfactionCurve) -> str:
    unit = _unit_of(kept)
    return f"{kept.value} ({unit})" if unit else kept.value


def _unit_of(kept: SatisfactionCurve) -> str:
    found = engine.Schema.from_json(kept.indicator.dataset.schema).column(kept.value)
    return found.unit or "" if found is not None else ""


def _number(value: float, places: int) -> str:
    return figure(value, digits=places if value != int(value) else 0)


def _range(kept: SatisfactionCurve) -> dict[str, str]:
    return {"low": target_words(kept.lowest, ""), "high": target_words(kept.highest, "")}


def _initial(
    indicator: Indicator, columns: list[tuple[str, str]], kept: SatisfactionCurve | None, at_least: bool
) -> dict[str, Any]:
    """What was asked last, else a guess: the column that the indicator measures."""
    if kept is not None:
        return {
            "value": kept.value,
            "score": kept.score,
            "lowest": _plain(kept.lowest),
            "highest": _plain(kept.highest),
            "worse_above": "yes" if kept.worse_above else "no",
            "higher_better": "yes" if kept.higher_better else "no",
        }
    names = [name for name, _label in columns]
    text = " ".join((indicator.value, indicator.numerator))
    guessed = next((name for name in names if name in text), "")
    measured = indicator.measure in {Indicator.Measure.MEAN, Indicator.Measure.PERCENTILE}
    return {"value": guessed, "worse_above": "no" if measured and at_least else "yes"}


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number
