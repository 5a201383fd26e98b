"""Asking for the curve of satisfaction over a measured value, and drawing it from the facts in the background."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calidez import engine
from calidez.kit.core import access
from calidez.kit.core.following import noted
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import enqueue
from calidez.monitoring.measuring.definitions import damage_told, schema_of, sentence
from calidez.monitoring.measuring.services.rollup import branch_units
from calidez.monitoring.models import Indicator, SatisfactionCurve
from calidez.monitoring.store import store
from calidez.people.models import Unit

ASKED = "ask_curve"


def may_ask(user: Any, unit: Unit) -> bool:
    return access.scope(user, "indicator", access.EDIT).covers(unit.path)


def ask_curve(
    indicator: Indicator,
    unit: Unit,
    *,
    value: str,
    score: str,
    lowest: float,
    highest: float,
    worse_above: bool,
    higher_better: bool,
    by: Any,
) -> SatisfactionCurve:
    """Keep what is wanted and leave the reading of the facts to the worker; the same again draws it anew."""
    if not may_ask(by, unit) or not unit.path.startswith(indicator.unit.path):
        raise access.refuse(_("Look for a drop of satisfaction"), indicator._meta.verbose_name)
    if value == score:
        raise RuleBroken(
            _("Choose two different columns: what is measured, and what customers answered."), field="score"
        )
    if highest <= lowest:
        raise RuleBroken(_("The highest valid answer must be above the lowest."), field="highest")
    given = {
        "value": value,
        "score": score,
        "lowest": lowest,
        "highest": highest,
        "worse_above": worse_above,
        "higher_better": higher_better,
    }
    schema = schema_of(indicator.dataset)
    try:
        engine.compile_pairs(
            _pairing(SatisfactionCurve(indicator=indicator, unit=unit, **given), schema), schema
        )
    except engine.EngineError as error:
        raise RuleBroken(sentence(error)) from error
    with transaction.atomic():
        curve, _new = SatisfactionCurve.objects.update_or_create(
            indicator=indicator,
            unit=unit,
            defaults={**given, "asked_by": by, "asked_at": timezone.now(), "computed_at": None, "bins": []},
        )
        # Nothing of the indicator itself changed, so it is no value of its trail.
        noted(indicator, ASKED, by=by, note=_told(curve))
        curve.job = enqueue("monitoring.draw_curve", curve=curve.pk)
        curve.save(update_fields=["job"])
    return curve


def draw(curve: SatisfactionCurve) -> None:
    """Read the facts once, as they are now; run again it gives the same. What cannot be read is drawn no longer."""
    dataset = curve.indicator.dataset
    try:
        with damage_told():
            held = store().open(dataset.code)
            table = engine.read_pairs(held, _pairing(curve, held.schema))
    except (engine.EngineError, RuleBroken):
        SatisfactionCurve.objects.filter(pk=curve.pk).update(bins=[], computed_at=None)
        raise
    branches = None
    if held.schema.branch is not None:
        branches = _names_below(
            curve, {str(name) for name in table.column("branch").to_pylist() if name is not None}
        )
    bins = engine.equal_bins(table, branches=branches)
    SatisfactionCurve.objects.filter(pk=curve.pk).update(
        bins=[
            {
                "n": one.n,
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "total": one.total,
                "squares": one.squares,
            }
            for one in bins
        ],
        computed_at=timezone.now(),
        source_rows=dataset.rows,
        source_loaded_at=dataset.loaded_at,
    )


def _pairing(curve: SatisfactionCurve, schema: Any) -> Any:
    return engine.Pairing(
        value=curve.value,
        score=curve.score,
        lowest=curve.lowest,
        highest=curve.highest,
        filter=curve.indicator.condition,
        branch=schema.branch.name if schema.branch else None,
        zone=schema.time.zone if schema.time else "UTC",
    )


def _names_below(curve: SatisfactionCurve, names: set[str]) -> set[str]:
    """What the facts call the units at and below the curve's."""
    known = branch_units(curve.indicator.dataset, curve.indicator.unit)
    inside = set(Unit.objects.filter(path__startswith=curve.unit.path).values_list("pk", flat=True))
    return {name for name in names if known.get(name.strip().lower()) in inside}


def _told(curve: SatisfactionCurve) -> str:
    return f"{curve.unit}: {curve.value} → {curve.score} ({curve.lowest:g}–{curve.highest:g})"
