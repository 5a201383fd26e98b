"""The newest figures of a definition that is not kept yet: how many rows, the last value, a small chart."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.sparkline import Sparkline, sparkline
from calidez.monitoring import selectors
from calidez.monitoring.defining.words import cases_of
from calidez.monitoring.measuring import series as build
from calidez.monitoring.measuring.axis import Circumstances
from calidez.monitoring.measuring.definitions import definition_of, schema_of, sentence
from calidez.monitoring.measuring.periods import counted_periods, in_period, previous_start
from calidez.monitoring.measuring.services import rollup
from calidez.monitoring.measuring.services.indicators import check_place
from calidez.monitoring.models import Indicator, IndicatorVersion
from calidez.monitoring.sentences import decimals, figure, whole
from calidez.monitoring.store import store
from calidez.people.selectors import opening_known

PERIODS = 24
FEWEST = 6
MOST_ROWS = 3_000_000  # that are read for a preview; of more there are fewer periods
SECONDS = 4.0


@dataclass(frozen=True)
class Preview:
    """The last whole period in words, how many there are in all, and the values as a drawing."""

    last: str
    value: str
    n: str
    span: str
    drawing: Sparkline | None
    nothing: str = ""


def preview(indicator: Indicator) -> Preview:
    """As it would be after saving, over the newest periods; RuleBroken beside the field that is wrong."""
    check_place(indicator)
    definition = replace(definition_of(indicator), segments=())
    dataset = indicator.dataset
    if dataset.last_at is None:
        return _without(_("The dataset has no rows yet."))
    periods = _newest(definition, dataset)
    try:
        held = store().open(dataset.code)
        table = engine.aggregate(held, [definition], periods=periods, seconds=SECONDS)[definition.fingerprint]
    except engine.EngineError as error:
        raise RuleBroken(sentence(error)) from error
    found = _series(indicator, table)
    known = np.flatnonzero(np.isfinite(found.values))
    if not len(known):
        return _without(_nothing(indicator, found))
    return _told(indicator, found, known.tolist())


def _newest(definition: Any, dataset: Any) -> list[dt.date]:
    """The newest periods, fewer where each holds very many rows."""
    assert dataset.last_at is not None
    period = definition.period
    last = engine.period_start(_day(dataset.last_at, definition, dataset), period)
    days = max((dataset.last_at - dataset.first_at).days, 1) if dataset.first_at else 1
    length = (engine.next_start(last, period) - last).days
    per_period = max(dataset.rows * length / days, 1)
    count = int(min(PERIODS, max(FEWEST, MOST_ROWS // per_period)))
    return [previous_start(last, str(period), back) for back in reversed(range(count))]


def _day(moment: dt.datetime, definition: Any, dataset: Any) -> dt.date:
    """The day on the clock by which the periods are counted; dates have none."""
    time = schema_of(dataset).time
    dated = time is not None and time.type is engine.ColumnType.DATE
    return moment.astimezone(dt.UTC if dated else ZoneInfo(definition.zone)).date()


def _series(indicator: Indicator, table: Any) -> Any:
    """Added up along the tree as the measuring does it, for the unit of the indicator alone."""
    rows = rollup.rolled_up(
        IndicatorVersion(indicator=_without_segments(indicator)), table, indicator.dataset
    )
    mine = [_statistics(row) for row in rows if row[1] == indicator.unit_id]
    unit = indicator.unit
    coverage = selectors.coverage_of(indicator.dataset)
    given = Circumstances(
        today=timezone.localdate(),
        coverage=coverage,
        opening=opening_known([unit]).together(unit.path, {unit.path}),
    )
    return build.from_rows(sorted(mine), indicator, given) if mine else build.empty()


def _without_segments(indicator: Indicator) -> Indicator:
    plain = Indicator(unit=indicator.unit, dataset=indicator.dataset)
    plain.segments = ""
    return plain


def _statistics(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row to be stored, as the selectors read it back."""
    _version, _unit, _segment, start, *numbers, centred, left_out, histogram = row
    held = json.loads(histogram) if isinstance(histogram, str) else histogram
    return (start, *numbers, held, centred, left_out)


def _told(indicator: Indicator, found: Any, known: list[int]) -> Preview:
    rows, unit = cases_of(indicator), indicator.measured_in
    last, total = known[-1], int(np.nansum(found.n))
    values = [None if v != v else float(v) for v in found.values]
    places = decimals([v for v in values if v is not None], unit)
    when = in_period(found.periods[last], indicator.period)
    value = figure(values[last], unit, digits=places)
    return Preview(
        last=_last(indicator, found, last, {"rows": rows, "when": when, "value": value}),
        value=value,
        n=_("n = %(count)s %(rows)s in %(periods)s")
        % {"count": whole(total), "rows": rows, "periods": counted_periods(len(known), indicator.period)},
        span=_("The newest periods. Limits and signals come once it is kept and all periods are measured."),
        drawing=sparkline(
            values,
            label=_("%(periods)s, the last one %(value)s")
            % {"periods": counted_periods(len(known), indicator.period), "value": value},
            width=320,
            height=96,
        ),
    )


def _last(indicator: Indicator, found: Any, place: int, words: dict[str, str]) -> str:
    """What is said of the last period, with the figures that it is made of where there are some."""
    if indicator.is_share and found.numerator is not None:
        met, of = (number_format(float(a[place]), 0) for a in (found.numerator, found.denominator))
        return _("%(met)s of %(of)s %(rows)s %(when)s: %(value)s") % {**words, "met": met, "of": of}
    words["n"] = whole(int(found.n[place]))
    if indicator.measure == Indicator.Measure.COUNT:
        return _("%(n)s %(rows)s %(when)s") % words
    return _("%(value)s %(when)s, from %(n)s %(rows)s") % words


def _nothing(indicator: Indicator, found: Any) -> str:
    if found.so_far:
        return _("There is no whole period yet: choose a shorter one, or wait until this one is over.")
    return _("In the newest periods of %(unit)s no row counts here. Look at the conditions.") % {
        "unit": indicator.unit
    }


def _without(sentence_: str) -> Preview:
    return Preview("", "", "", "", None, sentence_)
