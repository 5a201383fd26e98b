"""From a file of facts to standings: right sums up the tree, only what changed, and nothing rewritten."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calidez import engine
from calidez.config.tests.layers import layer
from calidez.engine.histogram import buckets_of
from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import describe, enqueue
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring import selectors
from calidez.monitoring.measuring.definitions import NEEDS
from calidez.monitoring.models import Dataset, Indicator, IndicatorVersion, Measurement, Standing
from calidez.monitoring.sentences import figure, stretch
from calidez.monitoring.services import import_file, measure, measure_new
from calidez.monitoring.store import store
from calidez.monitoring.tests.conftest import client_of
from calidez.monitoring.tests.factories import SCHEMA
from calidez.people.models import Unit
from calidez.people.tests.factories import create
from calidez.standards.services import retire
from calidez.standards.tests.factories import in_force
from calidez.standards.tests.factories import standard as draft

pytestmark = pytest.mark.django_db
MONTHS = [dt.date(2024 + month // 12, month % 12 + 1, 1) for month in range(14)]


@pytest.fixture(scope="module")
def shared_dataset(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    with layer():
        path = written(tmp_path_factory.mktemp("visits") / "visits.csv", MONTHS)
        yield loaded(copy.deepcopy(shared_world), path)


@pytest.fixture
def dataset(shared_dataset: Dataset, db: None) -> Dataset:
    """The visits of all months, loaded once."""
    return copy.deepcopy(shared_dataset)


def written(path: Path, months: list[dt.date], *, late: int = 10) -> Path:
    """Two clinics, two kinds of visit: 100 visits in the north and 300 in the south each month and kind."""
    lines = ["month,clinic,kind,visits,late"]
    for month in months:
        for clinic, visits in (("NORTH", 100), ("SOUTH", 300)):
            lines += [f"{month},{clinic},{kind},{visits},{late}" for kind in ("first", "repeat")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def loaded(world: World, path: Path, code: str = "visits", mapping: Any = SCHEMA) -> Any:
    return import_file(path, dataset=code, mapping=mapping, by=world.admin, name=code.title()).dataset


def on_time(world: World, dataset: Any, **values: Any) -> Indicator:
    given = {
        "name": "On time",
        "dataset": dataset,
        "unit": world.root,
        "owner": world.admin,
        "measure": Indicator.Measure.COUNTED,
        "segments": "kind",
    }
    parts = {"numerator": "visits - late", "denominator": "visits"}
    needed = NEEDS[values.get("measure", Indicator.Measure.COUNTED)]
    given |= {name: text for name, text in parts.items() if name in needed}
    return create(Indicator, world.admin, **{**given, **values})


def share(indicator: Indicator, unit: Unit, segment: str = "") -> list[float]:
    series = selectors.series_of(indicator, unit, segment=segment)
    return [round(float(value), 4) for value in series.values]


def test_the_whole_is_the_sum_of_its_branches(world: World, dataset: Dataset) -> None:
    indicator = on_time(world, dataset)
    measure([indicator])
    assert set(share(indicator, world.north)) == {90.0}
    assert set(share(indicator, world.south)) == {96.6667}
    assert set(share(indicator, world.root)) == {95.0}  # 760 of 800, not the mean of the two shares
    assert set(share(indicator, world.root, "kind=first")) == {95.0}
    row = Measurement.objects.filter(unit=world.root, segment="").first()
    assert (row.met, row.unmet) == (760.0, 40.0)


@pytest.mark.slow
def test_new_facts_touch_only_their_periods(world: World, tmp_path: Path) -> None:
    dataset = loaded(world, written(tmp_path / "first.csv", MONTHS[:12]), "arriving")
    indicator = on_time(world, dataset)
    measure([indicator])
    before = dict(Measurement.objects.values_list("pk", "period_start"))
    indicator.refresh_from_db()
    loaded(world, written(tmp_path / "second.csv", MONTHS[12:], late=50), "arriving")
    assert measure_new([indicator]) == 3
    after = dict(Measurement.objects.values_list("pk", "period_start"))
    assert before.items() <= after.items()
    assert {after[pk] for pk in after.keys() - before.keys()} == set(MONTHS[12:])
    indicator.refresh_from_db()
    assert measure_new([indicator]) == 0
    assert share(indicator, world.north)[-1] == 50.0


def test_a_changed_definition_leaves_what_was_measured(world: World, dataset: Dataset) -> None:
    indicator = on_time(world, dataset)
    measure([indicator])
    first = selectors.current_version(indicator)
    kept = list(Measurement.objects.filter(version=first).order_by("pk").values())
    edit = catalog.of(Indicator).edition
    changed = edit(indicator, by=world.admin, condition="kind = 'first'", numerator="visits - late * 2")
    run_queued()
    assert list(Measurement.objects.filter(version=first).order_by("pk").values()) == kept
    assert selectors.current_version(changed).number == 2
    assert set(share(changed, world.north)) == {80.0}
    back = edit(changed, by=world.admin, condition="", numerator="visits - late")
    assert selectors.current_version(back) == first
    assert IndicatorVersion.objects.filter(indicator=indicator).count() == 2


def test_two_indicators_of_one_definition_both_get_their_rows(world: World, dataset: Dataset) -> None:
    first, second = on_time(world, dataset), on_time(world, dataset, name="Again")
    measure([first, second])
    assert share(first, world.root) == share(second, world.root) != []


def test_a_standard_is_judged_when_it_comes_in_force_and_when_it_goes(world: World, dataset: Dataset) -> None:
    promise = draft(world, world.root, 1)
    indicator = on_time(world, dataset, standard=promise, segments="")
    run_queued()
    states = Standing.objects.filter(indicator=indicator)
    assert set(states.values_list("state", flat=True)) == {"no_target"}
    promise = in_force(promise, world)
    run_queued()
    assert states.get(unit=world.north).state == "kept"
    retire(promise, by=world.admin, note="No longer promised.")
    run_queued()
    # It ended today: what was measured while it was in force is still judged by it.
    assert states.get(unit=world.north).state == "kept"


def test_a_standard_for_some_units_judges_only_them(world: World, dataset: Dataset) -> None:
    promise = draft(world, world.root, 1)
    catalog.of(type(promise)).edition(promise, by=world.admin, units=[world.south])
    promise = in_force(promise, world)
    indicator = on_time(world, dataset, standard=promise, segments="")
    measure([indicator])
    states = dict(Standing.objects.filter(indicator=indicator).values_list("unit__code", "state"))
    assert states == {"NW": "no_target", "NORTH": "no_target", "SOUTH": "kept"}


def test_a_moved_unit_takes_its_figures_along(world: World, dataset: Dataset) -> None:
    ward = create(Unit, world.admin, code="WARD", name="Ward", parent=world.root)
    indicator = on_time(world, dataset)
    measure([indicator])
    assert share(indicator, ward) == []
    catalog.of(Unit).edition(world.north, by=world.admin, parent=ward)
    run_queued()
    assert set(share(indicator, ward)) == {90.0}


def test_a_new_unit_is_measured_only_where_rows_mean_it(
    world: World, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    indicator = on_time(world, dataset)
    measure([indicator])
    run_queued()
    measured: list[Any] = []
    monkeypatch.setattr("calidez.monitoring.jobs.measure", lambda found: measured.extend(found))
    create(Unit, world.admin, code="NEW", name="New", parent=world.root)
    run_queued()
    assert measured == []
    Unit.objects.filter(pk=world.north.pk).update(code="N1", name="Another")
    create(Unit, world.admin, code="NORTH", name="North again", parent=world.root)
    run_queued()
    assert measured == [indicator]


def test_a_branch_that_fell_silent_has_no_verdict(world: World, tmp_path: Path) -> None:
    path = written(tmp_path / "visits.csv", MONTHS)
    quiet = "".join(
        line
        for line in path.read_text().splitlines(keepends=True)
        if "NORTH" not in line or line < str(MONTHS[11])
    )
    path.write_text(quiet)
    promise = in_force(draft(world, world.root, 1), world)
    indicator = on_time(world, loaded(world, path, "falling_silent"), standard=promise)
    measure([indicator])
    states = dict(Standing.objects.filter(indicator=indicator).values_list("unit__code", "state"))
    assert (states["NORTH"], states["SOUTH"]) == ("unknown", "kept")


@pytest.mark.parametrize(
    ("measure_kind", "fields", "north"),
    [
        ("sum", {"value": "visits", "measured_in": "visits"}, 200.0),
        ("mean", {"value": "visits", "measured_in": "visits"}, 100.0),
        ("count", {"measured_in": "rows"}, 2.0),
        ("ratio", {"numerator": "late", "denominator": "visits", "measured_in": ""}, 0.1),
        (
            "rate",
            {"numerator": "late", "denominator": "visits", "measured_in": "", "multiplier": 1000.0},
            100.0,
        ),
        ("percentile", {"value": "visits", "quantile": 50.0, "measured_in": "visits"}, 100.0),
    ],
)
def test_each_measure_reads_as_people_read_it(
    world: World, dataset: Dataset, measure_kind: str, fields: dict[str, Any], north: float
) -> None:
    given = {"numerator": "", "denominator": "", "segments": "", "measure": measure_kind, **fields}
    indicator = on_time(world, dataset, **given)
    measure([indicator])
    assert share(indicator, world.north)[0] == pytest.approx(north, rel=0.011)
    assert selectors.reading_of(indicator, world.north).kind


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("numerator", {"measure": "proportion", "numerator": "visits + 1", "denominator": ""}),
        ("numerator", {"measure": "counted", "numerator": "visits > 1"}),
        ("value", {"measure": "mean", "value": "kind"}),
        ("condition", {"condition": "visits"}),
        ("numerator", {"measure": "counted", "numerator": "no_such_column"}),
    ],
)
def test_an_expression_of_the_wrong_type_is_refused_beside_its_field(
    world: World, dataset: Dataset, field: str, values: dict[str, Any]
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        on_time(world, dataset, **{"segments": "", **values})
    assert refusal.value.field == field


def test_facts_that_are_gone_are_told_at_once_and_not_tried_again(world: World, dataset: Dataset) -> None:
    indicator = on_time(world, dataset)
    held = store().open(dataset.code)
    held.files()[0].path.unlink()
    uid = enqueue("monitoring.measure_indicators", indicators=[indicator.pk])
    run_queued()
    ended = describe(uid)
    assert ended is not None
    assert (ended.state, ended.attempts) == (Job.State.FAILED, 1)
    assert "is missing from the data folder" in ended.error
    assert held.files()[0].path.name in ended.error


EVERY_ROW = engine.Schema(tuple(replace(column, key=False) for column in SCHEMA.columns))


def waits(path: Path, waits: dict[tuple[str, str, int], list[float]]) -> Path:
    """One row for each wait of a clinic and kind in a month of 2024; the column of visits holds the wait."""
    lines = ["month,clinic,kind,visits,late"]
    lines += [
        f"2024-{month:02}-01,{clinic},{kind},{value},0"
        for (clinic, kind, month), values in waits.items()
        for value in values
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_percentile_of_few_is_one_of_them_along_the_tree(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calidez.engine.histogram.FEW", 7)
    ten = [10, 20, 30, 40, 100]
    first = waits(
        tmp_path / "waits.csv",
        {
            ("NORTH", "first", 1): ten,
            ("NORTH", "repeat", 2): [7, 7, 8],
            ("SOUTH", "first", 1): [15, 25, 35, 45],
            ("SOUTH", "first", 2): [8, 8, 9],
        },
    )
    dataset = loaded(world, first, "waits", EVERY_ROW)
    indicator = on_time(world, dataset, measure="percentile", value="visits", quantile=90.0, measured_in="")
    measure([indicator])
    months = [dt.date(2024, 1, 1), dt.date(2024, 2, 1)]
    assert share(indicator, world.north) == [100.0, 8.0]
    assert share(indicator, world.south) == [45.0, 9.0]
    assert share(indicator, world.north, "kind=first")[0] == 100.0
    together = selectors.series_of(indicator, world.root)
    assert together.values[0] == pytest.approx(100, rel=0.01)  # nine different values: more than are kept
    assert together.values[1] == 9
    assert together.approximate == {months[0]}
    assert selectors.series_of(indicator, world.north).approximate == frozenset()

    more = waits(tmp_path / "more.csv", {("NORTH", "first", 2): [60, 61]})
    loaded(world, more, "waits", EVERY_ROW)
    measure_new([Indicator.objects.get(pk=indicator.pk)])
    assert share(indicator, world.north) == [100.0, 61.0]
    assert selectors.series_of(indicator, world.root).values[1] == 61
    assert Measurement.objects.get(
        version__indicator=indicator, unit=world.root, segment="", period_start=months[1]
    ).histogram == {"values": [[7, 2], [8, 3], [9, 1], [60, 1], [61, 1]]}


def test_percentiles_measured_before_values_were_kept_are_still_read(world: World, dataset: Dataset) -> None:
    indicator = on_time(world, dataset, measure="percentile", value="visits", quantile=90.0, measured_in="")
    measure([indicator])
    bucket = int(buckets_of(np.array([300.0]))[0])
    Measurement.objects.filter(unit=world.south).update(histogram=[[bucket - 90, 1], [bucket, 1]])
    series = selectors.series_of(indicator, world.south)
    assert series.values[0] == pytest.approx(300, rel=0.01)
    assert series.approximate == set(MONTHS)


def test_the_chart_of_means_far_from_zero_shows_their_spread(world: World, tmp_path: Path) -> None:
    months = {("NORTH", "first", 1 + m): [1e9 + m % 3 + d for d in range(5)] for m in range(12)}
    months |= {("SOUTH", "first", 1 + m): [1e9 + m % 3 - d for d in range(5)] for m in range(12)}
    dataset = loaded(world, waits(tmp_path / "far.csv", months), "far", EVERY_ROW)
    indicator = on_time(world, dataset, measure="mean", value="visits", measured_in="")
    measure([indicator])
    held = Measurement.objects.filter(version__indicator=indicator, unit=world.root, segment="")
    assert list(held.values_list("centred", flat=True)) == pytest.approx([60.0] * 12, rel=1e-6)
    reading = selectors.reading_of(indicator, world.north, chart="xbar_s")
    sizes = reading.upper - reading.centre
    assert sizes == pytest.approx(np.full(12, 3 * np.sqrt(2.5) / 0.9400 / np.sqrt(5)), rel=1e-4)
    Measurement.objects.update(centred=None)  # as it was measured before they were kept
    assert selectors.reading_of(indicator, world.north, chart="xbar_s").chart is not None


def test_rows_that_cannot_be_are_in_no_figure_and_the_page_says_how_many(
    world: World, tmp_path: Path
) -> None:
    path = written(tmp_path / "odd.csv", MONTHS[:3])
    path.write_text(path.read_text() + "2024-02-01,NORTH,odd,100,-2\n2024-03-01,SOUTH,odd,-1,0\n")
    indicator = on_time(world, loaded(world, path, "odd"))
    measure([indicator])
    assert share(indicator, world.north) == [90.0] * 3
    assert share(indicator, world.north, "kind=odd")[0] != share(indicator, world.north, "kind=odd")[0]
    places = (world.root, world.north, world.south)
    assert [selectors.series_of(indicator, unit).left_out for unit in places] == [2, 1, 1]
    page = client_of(world.admin).get(f"/indicators/{indicator.uid}/").content.decode()
    assert "2 rows are left out" in page


def test_a_score_of_promoters_is_no_share_of_a_standard(world: World, dataset: Dataset) -> None:
    given = {"measure": "nps", "numerator": "", "denominator": "", "value": "visits", "segments": ""}
    with pytest.raises(RuleBroken, match=r"points and is no share|puntos y no es") as refused:
        on_time(world, dataset, standard=draft(world, world.root, 0), **given)
    assert refused.value.field == "standard"
    assert on_time(world, dataset, **given).measured_in in {"points", "puntos"}


def test_a_figure_has_no_minus_before_nothing_and_a_range_is_told_from_its_minus() -> None:
    assert figure(-0.04, digits=1) in {"0.0", "0,0"}
    assert stretch("−20", "−3") == "−20\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}−3"
    assert stretch("3", "20 min") == "3–20 min"
