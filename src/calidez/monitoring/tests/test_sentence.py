"""A new indicator is a sentence: put together from lists, previewed as it will be measured, and kept by the same door."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from calidez import engine
from calidez.engine.tests.test_clauses import SCHEMA as EVERY_TYPE
from calidez.engine.tests.test_clauses import clause
from calidez.kit.conformance import World
from calidez.kit.core.audit import history
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring import selectors
from calidez.monitoring.defining import conditions, proposals
from calidez.monitoring.defining.columns import Columns
from calidez.monitoring.defining.preview import preview
from calidez.monitoring.defining.words import name_of, sentence_of
from calidez.monitoring.measuring.definitions import definition_of
from calidez.monitoring.measuring.services.rollup import branch_units
from calidez.monitoring.models import Dataset, Indicator
from calidez.monitoring.tests.loads import client, loaded, people  # noqa: F401
from calidez.people.models import Unit
from calidez.people.tests.factories import create

pytestmark = pytest.mark.django_db
pages = pytest.mark.usefixtures("context_kept")


def calls(days: int = 27) -> str:
    lines = [
        f"2026-01-{1 + n % days:02},{('NORTH', 'SOUTH')[n % 2]},{n},{('AGENT', 'LOST')[n % 4 == 0]},{n % 40}"
        for n in range(days * 30)
    ]
    return "day,branch,call,outcome,wait\n" + "\n".join(lines) + "\n"


@pytest.fixture
def dataset(people: World) -> Dataset:  # noqa: F811
    found = loaded(people, calls()).dataset
    assert found is not None
    Dataset.objects.filter(pk=found.pk).update(rows_are="calls")
    found.refresh_from_db()
    return found


def draft(dataset: Dataset, unit: Any = None, **values: Any) -> Indicator:
    given = {"name": "x", "measure": "proportion", "numerator": "wait <= 20", "period": "day"}
    return Indicator(dataset=dataset, unit=unit or dataset.unit, **{**given, **values})


@pytest.mark.parametrize("language", ["en", "es"])
@given(clauses=st.lists(clause(), min_size=1, max_size=4), either=st.booleans())
def test_rows_say_the_expression_and_the_expression_gives_the_rows_back(language, clauses, either):
    with translation.override(language):
        said = engine.Clauses(tuple(clauses), either and len(clauses) > 1)
        text = engine.written(engine.clauses_of(engine.written(said), EVERY_TYPE))
        rows = conditions.rows_of_text(text, EVERY_TYPE)
        if rows is None:  # a value that no input gives back
            values = [v for c in clauses for v in c.values if isinstance(v, str)]
            assert any(v != v.strip() or not v.isprintable() or ";" in v for v in values)
            return
        made, errors = conditions.text_of(*rows, EVERY_TYPE)
        assert not errors
        assert engine.parse_expression(made, EVERY_TYPE) == engine.parse_expression(text, EVERY_TYPE)


@pytest.mark.parametrize(
    ("written", "value"), [("20 min", 1200), ("0:20", 1200), ("1,5 h", 5400), ("90", 90), ("0:01:30", 90)]
)
def test_a_time_may_be_written_in_another_unit_than_its_column_has(written, value):
    schema = engine.Schema((engine.Column("wait", "wait", engine.ColumnType.NUMBER, unit="s"),))
    with translation.override("es"):
        text, errors = conditions.text_of([conditions.Typed("wait", "<=", written)], False, schema)
    assert (text, errors) == (f"wait <= {value}", {})


@pytest.mark.parametrize(
    ("says", "given", "also", "note"),
    [
        ("=", "ATENDIDA", "ATENDIDA; Atendida", "in other ways too: Atendida"),
        ("=", "atendida", "ATENDIDA; Atendida", "in other ways too: ATENDIDA, Atendida"),
        ("in", "ATENDIDA; Atendida", "", ""),
        ("=", "Perdida", "", ""),
        ("=", "XYZ", "", "None of the newest rows has “XYZ”."),
    ],
)
def test_other_ways_to_write_a_value_are_told(says, given, also, note):
    schema = engine.Schema((engine.Column("outcome", "outcome", role=engine.Role.SEGMENT),))
    seen = engine.Seen(("ATENDIDA", "Perdida", "Atendida"), 3, 90)
    with translation.override("en"):
        drawn = conditions.block(
            "condition",
            [conditions.Typed("outcome", says, given)],
            False,
            Columns(schema, {"outcome": seen}),
            {},
        )
    (row,) = drawn.rows
    assert row.also == also
    assert note in row.note if note else not row.note


def test_a_net_promoter_score_is_proposed_of_answers_to_ten():
    whole = engine.ColumnType.INTEGER
    schema = engine.Schema(tuple(engine.Column(n, n, whole) for n in ("satisfied", "age", "would_recommend")))
    seen = {
        "satisfied": engine.Seen(("4", "5", "1"), 3, 50),
        "age": engine.Seen(("34", "7"), 2, 50),
        "would_recommend": engine.Seen(("9", "10", "0"), 3, 50),
    }
    assert proposals.answers_of(schema, seen) == "would_recommend"
    assert proposals.answers_of(schema, {**seen, "would_recommend": engine.Seen(("1", "5"), 2, 9)}) == ""


def test_the_sentence_in_words(dataset: Dataset) -> None:
    schema = engine.Schema.from_json(dataset.schema)
    found = draft(dataset, condition="outcome in ('AGENT', 'LOST')", segments="outcome")
    with translation.override("en"):
        assert name_of(draft(dataset), schema) == "Share of calls where wait ≤ 20"
        assert sentence_of(found, schema) == (
            "Share of calls where wait ≤ 20, only calls where outcome is one of “AGENT” or “LOST”, by day, "
            "also separately by outcome"
        )
    with translation.override("es"):
        assert sentence_of(draft(dataset, numerator="wait > 20.5"), schema) == (
            "Proporción de calls donde wait > 20,5, por día"
        )


@pytest.mark.parametrize(
    ("values", "better"),
    [
        ({"numerator": "wait <= 20"}, "up"),
        ({"numerator": "wait > 60"}, "down"),
        ({"numerator": "outcome = 'AGENT'"}, ""),
        ({"measure": "mean", "value": "wait"}, "down"),
        ({"measure": "sum", "value": "wait"}, ""),
        ({"measure": "nps", "value": "call"}, "up"),
    ],
)
def test_which_way_is_better_is_proposed_where_there_is_no_doubt(dataset, values, better):
    schema = engine.Schema.from_json(dataset.schema)
    assert proposals.better_of(draft(dataset, **values), schema) == better


def test_the_preview_is_what_will_be_measured(people: World, dataset: Dataset) -> None:  # noqa: F811
    kept = create(
        Indicator,
        people.admin,
        owner=people.admin,
        unit=dataset.unit,
        dataset=dataset,
        name="Within twenty",
        measure="proportion",
        numerator="wait <= 20",
        period="day",
        better="up",
    )
    run_queued()
    for unit in (dataset.unit, people.north):
        series = selectors.series_of(kept, unit)
        with translation.override("en"):
            seen = preview(draft(dataset, unit, measured_in="%"))
        assert float(seen.value.rstrip("%")) == pytest.approx(series.values[-1], abs=0.05)
        met, of = int(series.numerator[-1]), int(series.denominator[-1])
        assert seen.last == f"{met} of {of} calls on 27 Jan 2026: {seen.value}"
    with pytest.raises(RuleBroken):
        preview(draft(dataset, numerator="wait <= "))


def test_a_preview_of_nothing_says_what_to_look_at(dataset: Dataset) -> None:
    with translation.override("en"):
        assert "conditions" in preview(draft(dataset, condition="wait > 1000")).nothing


def opened(by: Any, address: str = "/indicators/new/") -> Any:
    return client(by).get(address, headers={"Accept-Language": "en"})


def sent(page: Any, **changes: str) -> dict[str, str]:
    """What the form that is shown would send, with some of it changed."""
    data = page.context["sentence"].form.data
    return (
        {name: data[name] for name in data if name != "_do"} | dict(page.context["sentence"].hidden) | changes
    )


@pages
def test_a_dataset_proposes_what_it_measures(people: World, dataset: Dataset) -> None:  # noqa: F811
    page = opened(people.admin, f"/indicators/new/?dataset={dataset.uid}")
    data = page.context["sentence"].form.data
    # Never the mean of the numbers of the calls.
    assert (data["measure"], data["value"], data["period"], data["segments"]) == (
        "mean",
        "wait",
        "day",
        "outcome",
    )
    assert (data["name"], data["better"]) == ("Mean of wait", "down")
    text = page.content.decode()
    assert "AGENT, LOST" in text
    assert "n = " in text


@pages
def test_it_is_put_together_without_scripts_and_kept(people: World, dataset: Dataset) -> None:  # noqa: F811
    by = client(people.admin)
    page = opened(people.admin, f"/indicators/new/?dataset={dataset.uid}")
    page = by.post("/indicators/new/", sent(page, measure="proportion", _do="show"))
    assert page.status_code == 200
    rows = {"numerator-0-column": "wait", "numerator-0-says": "<=", "numerator-0-value": "abc"}
    page = by.post("/indicators/new/", sent(page, **rows, _do="add:numerator"))
    sentence = page.context["sentence"]
    assert len(sentence.parts[0].block.rows) == 2
    assert sentence.form.errors["numerator"]
    rows |= {"numerator-0-value": "20", "numerator-1-column": "outcome", "numerator-1-value": "AGENT"}
    refused = by.post("/indicators/new/", sent(page, **rows, better=""))
    assert refused.status_code == 302, refused.context["sentence"].form.errors
    found = Indicator.objects.get()
    assert found.numerator == "wait <= 20 and outcome = 'AGENT'"
    assert (found.measured_in, found.period, found.better) == ("%", "day", "up")
    assert found.name == "Share of calls where wait ≤ 20 and outcome is “AGENT”"


@pages
def test_what_only_a_person_knows_is_asked(people: World, dataset: Dataset) -> None:  # noqa: F811
    by = client(people.admin)
    page = opened(people.admin, f"/indicators/new/?dataset={dataset.uid}")
    form = sent(
        page,
        **{"measure": "proportion", "numerator-as": "text", "numerator": "", "measure-was": "proportion"},
    )
    refused = by.post("/indicators/new/", form)
    assert refused.status_code == 422
    assert set(refused.context["sentence"].form.errors) == {"numerator", "better"}
    wrong = by.post("/indicators/new/", form | {"numerator": "wiat <= 20"})
    part = wrong.context["sentence"].parts[0]
    assert (part.wrong.before, part.wrong.at) == ("", "wiat")
    assert "wait" in str(wrong.context["sentence"].form.errors["numerator"])


@pages
def test_an_expression_that_lists_cannot_say_opens_as_it_is_written(people: World, dataset: Dataset) -> None:  # noqa: F811
    kept = create(
        Indicator,
        people.admin,
        owner=people.admin,
        unit=dataset.unit,
        dataset=dataset,
        name="Odd",
        measure="proportion",
        numerator="wait*2<=20",
        condition="wait   >=   1 and wait<=30",
        better="up",
    )
    page = opened(people.admin, f"/indicators/{kept.uid}/edit/")
    parts = {part.name: part for part in page.context["sentence"].parts}
    assert parts["numerator"].text == "wait*2<=20"
    assert parts["numerator"].block is None
    assert [row.two for row in parts["condition"].block.rows] == [True]
    rows = {
        "condition-0-column": "wait",
        "condition-0-says": "between",
        "condition-0-value": "1",
        "condition-0-other": "30",
    }
    saved = client(people.admin).post(f"/indicators/{kept.uid}/edit/", sent(page, **rows, name="Renamed"))
    assert saved.status_code == 302
    again = Indicator.objects.get(pk=kept.pk)
    # What says the same stays as it was written, so the definition is no new one.
    assert (again.name, again.condition) == ("Renamed", kept.condition)
    assert definition_of(again).fingerprint == definition_of(kept).fingerprint
    assert history(again, limit=1)[0].verb == "edit"


@pages
def test_nobody_looks_into_rows_of_units_in_which_they_may_not_write(people: World, dataset: Dataset) -> None:  # noqa: F811
    address = f"/indicators/new/?dataset={dataset.uid}"
    page = opened(people.north_manager, address)
    own = page.context["sentence"]
    assert own.draft.unit == people.north
    assert own.columns.seen["branch"].values == ("NORTH",)
    form = sent(page, unit=str(dataset.unit_id), _do="show")
    other = client(people.north_manager).post(address, form).context["sentence"]
    assert (other.seen, other.columns.seen, other.draft) == (None, {}, None)
    form.pop("_do")
    assert client(people.north_manager).post(address, form).status_code in {403, 422}
    assert not Indicator.objects.exists()


@pages
def test_whoever_takes_the_name_of_another_unit_does_not_get_its_rows(
    people: World,  # noqa: F811
    dataset: Dataset,
) -> None:
    create(Unit, people.admin, code="NORTH-9", name=people.south.code, parent=people.north, kind="branch")
    create(Unit, people.admin, code="NORTH-8", name=people.south.name, parent=people.north, kind="branch")
    Dataset.objects.filter(pk=dataset.pk).update(branch_map={})
    own = opened(people.north_manager, f"/indicators/new/?dataset={dataset.uid}").context["sentence"]
    assert own.columns.seen["branch"].values == ("NORTH",)
    assert set(branch_units(dataset, people.north).values()) == set(
        Unit.objects.filter(path__startswith=people.north.path).values_list("pk", flat=True)
    )
    assert "south" not in branch_units(dataset, people.north)


@pages
def test_rows_that_say_no_unit_are_measured_where_they_belong(people: World) -> None:  # noqa: F811
    lines = "".join(f"2026-01-{n:02},SECRET{n % 3},{n}\n" for n in range(1, 29))
    held = loaded(people, "day,outcome,wait\n" + lines).dataset
    assert held is not None
    page = opened(people.north_manager, f"/indicators/new/?dataset={held.uid}")
    assert "SECRET" not in page.content.decode()
    assert page.context["sentence"].seen is None
    with pytest.raises(RuleBroken, match="do not say of which unit"):
        preview(draft(held, people.north))
    form = sent(page, name="Mine", measure="count", better="up", owner=str(people.north_manager.pk))
    form.pop("_do", None)
    answer = client(people.north_manager).post(f"/indicators/new/?dataset={held.uid}", form)
    assert answer.status_code == 422
    assert not Indicator.objects.exists()
    assert preview(draft(held)).value


def test_the_page_waits_for_the_first_figures(people: World, dataset: Dataset) -> None:  # noqa: F811
    kept = create(
        Indicator,
        people.admin,
        owner=people.admin,
        unit=dataset.unit,
        dataset=dataset,
        name="Calls",
        measure="count",
        period="day",
        better="up",
    )
    address = f"/indicators/{kept.uid}/"
    waiting = opened(people.admin, address).content.decode()
    assert re.search('id="awaited"[^>]* hx-trigger="every 1s"', waiting)
    run_queued()
    assert 'id="awaited"' not in opened(people.admin, address).content.decode()


def test_a_sample_folder_is_left_clean(dataset: Dataset, settings: Any) -> None:
    preview(draft(dataset))
    assert not list(Path(settings.DATASETS_DIR).rglob(".reading-*"))


def test_a_form_of_fields_alone_is_taken_as_it_is(people: World, dataset: Dataset) -> None:  # noqa: F811
    data = QueryDict(mutable=True)
    data.update(
        {
            "name": "Calls",
            "dataset": str(dataset.pk),
            "measure": "count",
            "unit": str(dataset.unit_id),
            "owner": str(people.admin.pk),
            "period": "month",
            "better": "none",
            "preset": "default",
            "adjust": "none",
            "multiplier": "1",
        }
    )
    answer = client(people.admin).post("/indicators/new/", data)
    assert answer.status_code == 302
    assert (Indicator.objects.get().period, Indicator.objects.get().measured_in) == ("month", "calls")
