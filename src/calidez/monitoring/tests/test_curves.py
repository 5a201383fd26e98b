"""Satisfaction over the measured value: asked for, read from the facts in the background, and shown with its finding."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.urls import reverse

from calidez import engine
from calidez.kit.conformance import World
from calidez.kit.core.events import AuditEvent
from calidez.kit.core.trail import as_it_stood
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring import jobs, services
from calidez.monitoring.feasibility.pages.curve import drawn
from calidez.monitoring.loading.services.datasets import note_load, note_rows
from calidez.monitoring.models import Dataset, Indicator, SatisfactionCurve
from calidez.monitoring.store import store
from calidez.monitoring.tests import factories
from calidez.people.models import Unit
from calidez.standards.models import Standard
from calidez.standards.tests.factories import standard as make_standard

from .conftest import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ANSWERS = engine.Schema(
    (
        engine.Column("id", "id", engine.ColumnType.TEXT, engine.Role.KEY, key=True),
        engine.Column("day", "day", engine.ColumnType.DATE, engine.Role.TIME, date_order="ymd"),
        engine.Column("desk", "desk", engine.ColumnType.TEXT, engine.Role.BRANCH),
        engine.Column("waiting", "waiting", engine.ColumnType.NUMBER, engine.Role.VALUE, unit="min"),
        engine.Column("overall", "overall", engine.ColumnType.INTEGER, engine.Role.VALUE),
    )
)
ASKED = {
    "value": "waiting",
    "score": "overall",
    "lowest": 1.0,
    "highest": 5.0,
    "worse_above": True,
    "higher_better": True,
}


def answers(path: Path, *, north: Callable[[Any], Any], n: int = 800) -> Path:
    """A survey as airports have it: waits in whole minutes, answers from 1 to 5, and 0 and 6 for no answer."""
    rng = np.random.default_rng(11)
    waits = np.round(rng.gamma(2, 10, 2 * n))
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "day", "desk", "waiting", "overall"])
        for i, wait in enumerate(waits):
            here = i % 2 == 0
            mean = north(wait) if here else 4.2
            score = int(np.clip(np.round(mean + rng.normal(0, 0.9)), 1, 5))
            code = (0, 6)[i % 3 % 2] if i % 9 == 0 else score
            day = dt.date(2025, 1 + i % 12, 1 + i % 28)
            writer.writerow([i, day.isoformat(), "NORTH" if here else "SOUTH", int(wait), code])
    return path


@pytest.fixture
def asked(world: World, tmp_path: Path) -> tuple[Standard, Indicator]:
    data = services.create_dataset(
        code="answers", name="Answers", unit=world.root, schema=ANSWERS, by=world.admin
    )
    source = answers(tmp_path / "answers.csv", north=lambda wait: 4.3 - 1.2 * (wait > 25))
    engine.load_file(store().open("answers"), source, reject_dir=tmp_path)
    note_load(data)
    data.refresh_from_db()
    standard = make_standard(
        world, world.root, 3, direction="at_most", target=20.0, tolerance=0.0, measured_in="min"
    )
    indicator = factories.indicator(
        world,
        world.root,
        4,
        name="Wait",
        dataset=data,
        measure="mean",
        value="waiting",
        numerator="",
        denominator="",
        better="down",
        measured_in="min",
        standard=standard,
    )
    return standard, indicator


def draw(indicator: Indicator, unit: Unit, by: Any, **changes: Any) -> SatisfactionCurve:
    curve = services.ask_curve(indicator, unit, by=by, **{**ASKED, **changes})
    jobs.draw_curve(curve=curve.pk)
    curve.refresh_from_db()
    return curve


def test_a_planted_drop_is_found_where_it_was_planted(world: World, asked: Any) -> None:
    curve = draw(asked[1], world.north, world.admin)
    told = drawn(curve)
    assert told.title.startswith("Satisfaction drops from 2")
    assert sum(one["n"] for one in curve.bins) == 800 - sum(i % 9 == 0 for i in range(0, 1600, 2))
    assert curve.source_rows == 1600
    assert any("95% sure" in line for line in told.lines)
    assert len(told.rows) == len(curve.bins)
    assert told.spec is not None
    assert "target 20\N{NO-BREAK SPACE}min" in json.dumps(told.spec, ensure_ascii=False)


def test_what_rows_bring_or_take_away_is_drawn_anew(world: World, asked: Any, tmp_path: Path) -> None:
    curve = draw(asked[1], world.north, world.admin)
    before = curve.bins
    more = answers(tmp_path / "more.csv", north=lambda wait: 1.5)
    heading, *rows = more.read_text().splitlines()
    more.write_text("\n".join([heading, *(f"m{row}" for row in rows)]))
    held = store().open("answers")
    first = {batch.id for batch in held.batches()}
    engine.load_file(held, more, reject_dir=tmp_path)
    note_load(asked[1].dataset)
    run_queued()
    curve.refresh_from_db()
    assert curve.bins != before
    (added,) = {batch.id for batch in held.batches()} - first
    held.remove_batch(added)
    note_rows(asked[1].dataset)
    run_queued()
    curve.refresh_from_db()
    assert curve.bins == before


def test_each_unit_has_its_own_customers(world: World, asked: Any) -> None:
    assert drawn(draw(asked[1], world.south, world.admin)).title == "No drop of satisfaction was found"
    assert sum(one["n"] for one in draw(asked[1], world.root, world.admin).bins) > 1400


def test_the_valid_range_is_the_persons(world: World, asked: Any) -> None:
    some = draw(asked[1], world.north, world.admin)
    everything = draw(asked[1], world.north, world.admin, lowest=0.0, highest=6.0)
    assert some.pk == everything.pk  # asked anew it is drawn anew
    assert sum(one["n"] for one in everything.bins) == 800


def test_a_range_without_answers_says_so(world: World, asked: Any) -> None:
    told = drawn(draw(asked[1], world.north, world.admin, lowest=50.0, highest=90.0))
    assert told.title == "No answers from 50 to 90 with a measured value were found"
    assert told.spec is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"score": "waiting"}, "score"), ({"highest": 1.0}, "highest"), ({"score": "desk"}, "")],
)
def test_what_makes_no_sense_is_refused(
    world: World, asked: Any, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        services.ask_curve(asked[1], world.north, by=world.admin, **{**ASKED, **changes})
    assert refusal.value.field == field
    assert not SatisfactionCurve.objects.exists()


def test_only_whoever_may_edit_indicators_there_asks(world: World, asked: Any) -> None:
    for person, unit in ((world.auditor, world.north), (world.north_manager, world.south)):
        with pytest.raises(NotAllowed):
            services.ask_curve(asked[1], unit, by=person, **ASKED)
    assert not SatisfactionCurve.objects.exists()


def test_asking_is_in_the_history(world: World, asked: Any) -> None:
    draw(asked[1], world.north, world.admin)
    event = AuditEvent.objects.get(verb="ask_curve")
    assert event.note.startswith(f"{world.north}: ")
    assert "→ overall (" in event.note
    indicator = asked[1]
    stood = as_it_stood(indicator).values
    assert stood is not None
    assert stood["unit"]["uid"] == str(indicator.unit.uid)  # and not the unit that was asked about
    page = client_of(world.admin).get(f"/indicators/{asked[1].uid}/?show=definition&whole=1").content.decode()
    assert "looked for a drop of satisfaction" in page


@pytest.mark.slow
def test_from_the_page_to_the_result(world: World, asked: Any) -> None:
    standard, indicator = asked
    client = client_of(world.admin)
    page = reverse("feasibility", args=[standard.uid])
    assert "Compare what is measured" in client.get(page, {"unit": "NORTH"}).content.decode()
    ask = reverse("feasibility-ask", args=[standard.uid]) + "?unit=NORTH"
    given = {**ASKED, "worse_above": "yes", "higher_better": "yes"}
    wrong = client.post(ask, {**given, "highest": "0"})
    assert wrong.status_code == 422
    assert "must be above the lowest" in wrong.content.decode()
    assert client.post(ask, given).status_code == 302
    curve = SatisfactionCurve.objects.get()
    assert "Reading the answers" in client.get(page, {"unit": "NORTH"}).content.decode()
    jobs.draw_curve(curve=curve.pk)
    live = client.get(page, {"unit": "NORTH"}, headers={"HX-Request": "true", "HX-Target": "div#curve"})
    assert "Satisfaction drops from 2" in live.content.decode()
    assert "<html" not in live.content.decode()
    assert Indicator.objects.get(pk=indicator.pk).curves.count() == 1


def test_without_a_column_of_answers_the_page_says_what_is_missing(world: World, asked: Any) -> None:
    standard, indicator = asked
    columns = [c for c in ANSWERS.to_json()["columns"] if c["name"] != "overall"]
    Dataset.objects.filter(pk=indicator.dataset_id).update(schema={**ANSWERS.to_json(), "columns": columns})
    page = client_of(world.admin).get(reverse("feasibility", args=[standard.uid])).content.decode()
    assert "holds no customers&#x27; answers beside the measured value" in page
