"""Limits that a person set: called by what they are, and refused in words that say what to mend."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.tests.visits import client_of
from calidez.monitoring import services
from calidez.monitoring.chart_names import CHART_NAMES
from calidez.monitoring.models import Baseline, Exclusion
from calidez.monitoring.tests.factories import measured
from calidez.stats.charts import ChartKind

pytestmark = pytest.mark.django_db

GIVEN = {"starts": dt.date(2024, 1, 1), "learned_until": dt.date(2024, 12, 1), "reason": "A new triage."}
# Of figures inside periods, which no indicator is drawn as.
NEVER = {ChartKind.MR, ChartKind.R, ChartKind.S, ChartKind.XBAR_R}


def read(world: World, language: str, address: str) -> str:
    type(world.admin).objects.filter(pk=world.admin.pk).update(language=language)
    return client_of(world.admin).get(address).content.decode()


@pytest.mark.parametrize(
    ("language", "chart", "title"),
    [("es", "gráfico p′", "1 ene 2024"), ("en", "p′ chart", "1 Jan 2024")],
)
def test_a_page_names_the_chart_and_the_day_in_the_language(
    world: World, language: str, chart: str, title: str
) -> None:
    held = services.rebase(by=world.admin, indicator=measured(world, world.north), unit=world.north, **GIVEN)
    Baseline.objects.filter(pk=held.pk).update(chart="p_prime")
    page = read(world, language, catalog.of(Baseline).url(held))
    assert chart in page.lower()
    assert "p_prime" not in page
    assert f"· {title}" in page


def test_every_chart_that_limits_are_set_on_has_a_name() -> None:
    assert {kind.value for kind in ChartKind if kind not in NEVER} == set(CHART_NAMES)


@pytest.mark.usefixtures("english")
def test_limits_are_not_learned_from_days_to_come(world: World) -> None:
    until = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(RuleBroken, match="still to come") as refused:
        services.rebase(
            by=world.admin,
            indicator=measured(world, world.north),
            unit=world.north,
            **{**GIVEN, "learned_until": until},
        )
    assert refused.value.field == "learned_until"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("operation", "field"), [(services.rebase, "learned_until"), (services.leave_out, "ends")]
)
def test_days_in_the_wrong_order_are_said_at_the_field(world: World, operation: Any, field: str) -> None:
    given = {**GIVEN, "starts": dt.date(2024, 12, 1)}
    given[field] = dt.date(2024, 1, 1)
    if field == "ends":
        del given["learned_until"]
    with pytest.raises(RuleBroken) as refused:
        operation(by=world.admin, indicator=measured(world, world.north), unit=world.north, **given)
    assert refused.value.field == field
    assert str(refused.value) == (
        "The last day, 1 Jan 2024, comes before the first one, 1 Dec 2024. Did you swap them?"
    )
    assert not Baseline.objects.exists()
    assert not Exclusion.objects.exists()
