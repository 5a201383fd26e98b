"""What figures are in follows from what is measured, by every door; what cannot be is refused beside its field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from calidez import engine
from calidez.kit.conformance import World
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring import services
from calidez.monitoring.models import Dataset, Indicator
from calidez.monitoring.tests.factories import SCHEMA, indicator
from calidez.monitoring.tests.test_api import ask

pytestmark = pytest.mark.django_db

COLUMNS = tuple(replace(c, unit="visits") if c.name == "visits" else c for c in SCHEMA.columns)


@pytest.fixture
def dataset(world: World) -> Dataset:
    found: Dataset = services.create_dataset(
        code="visits_with_units",
        name="Visits",
        unit=world.root,
        schema=engine.Schema(COLUMNS),
        by=world.admin,
    )
    return found


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ({"measure": "count"}, ""),
        ({"measure": "count", "measured_in": "visits"}, "visits"),
        ({"measure": "counted", "measured_in": "min"}, "%"),
        ({"measure": "mean", "value": "visits"}, "visits"),
        ({"measure": "mean", "value": "visits", "measured_in": "people"}, "people"),
        ({"measure": "sum", "value": "late"}, ""),
        ({"measure": "percentile", "value": "visits", "quantile": 90.0}, "visits"),
        ({"measure": "ratio"}, ""),
        ({"measure": "ratio", "measured_in": "%", "multiplier": 100.0}, "%"),
    ],
)
def test_the_unit_of_measure_follows_the_measure(world, dataset, values, unit):
    assert indicator(world, world.root, 1, dataset=dataset, **values).measured_in == unit


@pytest.mark.parametrize(
    "values",
    [
        {"measure": "count", "measured_in": "%"},
        {"measure": "sum", "value": "late", "measured_in": "%"},
        {"measure": "ratio", "measured_in": "%"},
        {"measure": "mean", "value": "visits", "measured_in": "%"},
    ],
)
def test_per_cent_is_refused_of_what_is_no_share(world, dataset, values):
    with pytest.raises(RuleBroken) as refusal:
        indicator(world, world.root, 1, dataset=dataset, **values)
    assert refusal.value.field == "measured_in"


@pytest.mark.parametrize(
    ("said", "value", "unit"),
    [
        ("min", "wait / 60", "min"),
        ("horas", "wait / 3600", "horas"),
        ("s", "wait", "s"),
        ("", "wait", "s"),
    ],
)
def test_seconds_shown_in_minutes_are_divided_and_not_renamed(world, said, value, unit):
    columns = (*SCHEMA.columns, engine.Column("wait", "wait", engine.ColumnType.NUMBER, unit="s"))
    dataset = services.create_dataset(
        code="waits", name="Waits", unit=world.root, schema=engine.Schema(columns), by=world.admin
    )
    found = indicator(world, world.root, 1, dataset=dataset, measure="mean", value="wait", measured_in=said)
    assert (found.value, found.measured_in) == (value, unit)
    assert (services.check_indicator(found, by=world.admin), found.value)[1] == value, "and not again"
    with pytest.raises(RuleBroken, match="say a unit of time"):
        indicator(world, world.root, 2, dataset=dataset, measure="mean", value="wait", measured_in="people")


def test_an_expression_is_kept_in_the_words_of_the_language(world, dataset):
    found = indicator(world, world.root, 1, dataset=dataset, condition="late ≤ 20,5 y kind = “first”")
    assert found.condition == "late <= 20.5 and kind = 'first'"


def test_a_program_is_told_of_what_a_measure_does_not_use(world, dataset):
    body: dict[str, Any] = {
        "name": "Visits",
        "dataset": str(dataset.uid),
        "unit": str(world.root.uid),
        "owner": str(world.admin.uid),
        "measure": "count",
        "numerator": "late",
    }
    refused = ask(world.admin, "POST", "indicators", body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "numerator"
    del body["numerator"]
    made = ask(world.admin, "POST", "indicators", body)
    assert (made.status_code, made.json()["measured_in"]) == (201, "")
    assert Indicator.objects.count() == 1
