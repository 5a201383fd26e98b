"""The indicator's page: what it says, what it refuses, and that its address and its files reproduce it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.monitoring import selectors
from calidez.monitoring.models import Annotation, Baseline, Indicator, IndicatorVersion, Signal
from calidez.monitoring.services import rebase
from calidez.monitoring.tests.factories import measured
from calidez.people.tests.factories import create

from .conftest import Network, client_of, facts, measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "context_kept")]
TABS = ("chart", "promise", "branches", "signals", "definition")
MOST_QUERIES = 25


def url(network: Network) -> str:
    return catalog.of(Indicator).url(network.indicator)


def get(network: Network, user: Any = None, **params: str) -> Any:
    return client_of(user or network.world.admin).get(url(network), params)


def text(network: Network, user: Any = None, **params: str) -> str:
    response = get(network, user, **params)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("tab", TABS)
def test_every_part_is_drawn_in_both_languages(network: Network, tab: str, language: str) -> None:
    type(network.world.admin).objects.update(language=language)
    page = text(network, show=tab)
    assert f'lang="{language}"' in page
    assert network.indicator.code in page


def test_the_title_is_the_finding(network: Network) -> None:
    assert "On time: below 95% throughout, since January 2023" in text(network)
    assert "On time: below 95% since December 2025" in text(network, unit="N1")


def test_the_caption_says_from_how_many_since_when_and_what_the_rules_cost(network: Network) -> None:
    page = text(network)
    assert re.search(r"n = [\d,]+ cases in 36 months, January 2023 to December 2025\.", page)
    assert "learned from 36 months" in page
    assert "a false alarm in about 12% of stretches of 24 months, with limits learned from 36 months" in page


def test_a_unit_out_of_scope_is_as_absent_as_an_unknown_one(network: Network) -> None:
    manager = network.world.north_manager
    assert get(network, manager, unit="N1").status_code == 200
    for unit in ("S1", "NW", "NOWHERE"):
        for tab in TABS:
            assert get(network, manager, unit=unit, show=tab).status_code == 404
    assert get(network, network.world.outsider).status_code == 404


def test_without_a_unit_the_person_gets_the_highest_they_may_see(network: Network) -> None:
    page = text(network, network.world.north_manager)
    assert f'data-address="{url(network)}?unit=NORTH"' in page
    assert "Clinic S1" not in page


def test_branches_are_compared_within_what_the_person_sees(network: Network) -> None:
    assert "Clinic S2" not in text(network, network.world.north_manager, show="branches")
    assert "Clinic S2" in text(network, show="branches")


def test_a_branch_is_compared_with_its_neighbours(network: Network) -> None:
    part = get(network, unit="N2", show="branches").context["part"].content
    assert {row.name for row in part.rows} == {"Clinic N1", "Clinic N2", "Clinic N3"}
    assert [row.name for row in part.rows if row.here] == ["Clinic N2"]


@pytest.mark.parametrize(
    "params",
    [
        {"unit": "N3"},
        {"unit": "N3", "show": "promise", "span": "year"},
        {"unit": "SOUTH", "segment": "kind=first", "since": "2024-01-01", "until": "2025-06-01"},
        {"unit": "NW", "chart": "run", "rules": "nhs"},
    ],
)
def test_the_address_reproduces_the_view(network: Network, params: dict[str, str]) -> None:
    first = text(network, **params)
    address = re.search(r'data-address="([^"]+)"', first)
    assert address is not None
    again = client_of(network.world.admin).get(address[1].replace("&amp;", "&")).content.decode()
    # Tokens against forgery differ in every answer, whatever the address.
    assert _plain(again) == _plain(first)


def test_nonsense_in_the_address_is_left_out(network: Network) -> None:
    nonsense = {
        "show": "x",
        "chart": "pie",
        "rules": "none",
        "since": "2023-99-99",
        "version": "x",
        "segment": "a=b",
    }
    page = text(network, unit="NW", **nonsense)
    assert f'data-address="{url(network)}?unit=NW"' in page


def test_a_window_cuts_the_picture_and_not_the_limits(network: Network) -> None:
    whole = selectors.reading_of(network.indicator, network.root)
    rows = _csv(network, since="2025-01-01")
    assert len(rows) == 12
    assert float(rows[0]["Upper limit"]) == pytest.approx(float(whole.upper[24]))


@pytest.mark.parametrize(
    "params", [{}, {"unit": "N3", "rules": "nelson"}, {"unit": "S1", "segment": "kind=first"}]
)
def test_the_csv_equals_the_chart(network: Network, params: dict[str, str]) -> None:
    response = get(network, **{"unit": "NW", **params})
    content = response.context["part"].content
    points = [
        datum
        for layer in content.spec["layer"]
        for datum in layer.get("data", {}).get("values", [])
        if "label" in datum
    ]
    rows = _csv(network, **params)
    drawn = {p["start"][:10]: p["value"] for p in points}
    assert {r["Period"]: float(r["Value"]) for r in rows} == pytest.approx(drawn)
    band = next(x["data"]["values"] for x in content.spec["layer"] if x["mark"].get("style") == "limits-band")
    for row, limits in zip(rows, band, strict=True):
        assert float(row["Lower limit"]) == pytest.approx(limits["lower"])
        assert float(row["Upper limit"]) == pytest.approx(limits["upper"])
    signalled = {p["start"][:10] for p in points if p["signal"]}
    assert {r["Period"] for r in rows if r["Signals"]} == signalled


def test_names_that_a_spreadsheet_would_run_are_neutralised(network: Network) -> None:
    Indicator.objects.update(name="=1+1")
    assert _csv(network)[0]["Indicator"] == "'=1+1"


@pytest.mark.slow
def test_pictures_carry_title_definition_and_caption(network: Network) -> None:
    client = client_of(network.world.admin)
    svg = client.get(url(network) + "chart.svg").content.decode()
    assert svg.startswith("<svg")
    assert "On time: below 95% throughout, since January 2023" in svg
    assert "target 95%" in svg
    png = client.get(url(network) + "chart.png")
    assert png.content.startswith(b"\x89PNG")
    assert client.get(url(network) + "chart.exe").status_code == 404


def test_files_are_refused_where_the_page_is(network: Network) -> None:
    client = client_of(network.world.north_manager)
    assert client.get(url(network) + "chart.csv", {"unit": "S1"}).status_code == 404


def test_the_budget_counts_what_may_fail_and_what_failed(network: Network) -> None:
    part = get(network, unit="S2", show="promise").context["part"].content.budget
    series = selectors.series_of(network.indicator, network.branches["S2"])
    total = float(series.n[-12:].sum())
    failed = total - float(series.numerator[-12:].sum())
    assert part.figures[0].value == f"{round(total * 0.05):,}"
    assert part.figures[1].value == f"{round(failed):,}"
    times = failed / (total * 0.05)
    assert part.title == f"{times:.1f} times as many cases failed as the promise allows"
    assert part.forecast == ""  # all of the year has happened


def test_an_indicator_without_a_promise_says_so(network: Network) -> None:
    Indicator.objects.update(standard=None)
    assert "proves no standard" in text(network, show="promise")


def test_not_enough_data_is_a_result(network: Network) -> None:
    quiet = create(
        type(network.root), network.world.admin, code="N9", name="Clinic N9", parent=network.world.north
    )
    for tab in TABS:
        page = text(network, unit=quiet.code, show=tab)
        assert "Clinic N9" in page
    assert "has no data for this indicator" in text(network, unit="N9")
    assert "no periods between these dates" in text(network, since="2031-01-01")


def test_an_old_definition_stays_readable_and_is_announced(network: Network) -> None:
    IndicatorVersion.objects.update(current=False)
    newer = IndicatorVersion.objects.create(
        indicator=network.indicator,
        number=2,
        definition={},
        fingerprint="other",
        since=dt.datetime.now(dt.UTC),
    )
    measure(newer, facts(6))
    assert "no longer holds" in text(network, version="1")
    assert "in 6 months" in text(network)
    assert "no longer holds" not in text(network)


def test_phases_and_notes_are_drawn_and_named(network: Network) -> None:
    rebase(
        by=network.world.admin,
        indicator=network.indicator,
        unit=network.root,
        starts=dt.date(2024, 6, 1),
        learned_until=dt.date(2025, 6, 1),
        reason="A second desk",
    )
    create(
        Annotation, network.world.admin, unit=network.root, on=dt.date(2025, 3, 4), text="Strike of porters"
    )
    page = text(network)
    assert "A second desk" in page
    assert "Strike of porters" in page
    assert "set by a person and learned from 13 months" in page
    assert Baseline.objects.count() == 1


def test_steps_are_offered_to_those_who_may_take_them(network: Network) -> None:
    allowed, reader = text(network), text(network, network.world.auditor)
    for address in ("/annotations/new/?unit=", "/baselines/new/?indicator=", "/edit/"):
        assert address in allowed
        assert address not in reader
    assert "chart.csv" in reader
    assert "/do/acknowledge/" in text(network, show="signals")
    assert "/do/acknowledge/" not in text(network, network.world.auditor, show="signals")


def test_other_rules_show_signals_that_nobody_keeps(network: Network) -> None:
    assert "Only those of the chart as it stands by default" in text(network, show="signals", rules="nelson")


def test_htmx_gets_the_view_without_the_frame(network: Network) -> None:
    page = client_of(network.world.admin).get(url(network), headers={"HX-Request": "true"}).content.decode()
    assert page.startswith("<title>On time:")
    assert "<html" not in page


@pytest.mark.slow
@pytest.mark.parametrize("tab", TABS)
def test_a_part_costs_a_fixed_number_of_queries(network: Network, tab: str) -> None:
    client = client_of(network.world.admin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(network), {"show": tab}).status_code == 200
        return len(captured)

    queries()  # the first page of a process also asks what no later one does
    few = queries()
    for number in range(5):
        create(
            type(network.root), network.world.admin, code=f"X{number}", name=f"X{number}", parent=network.root
        )
    # Thread, comments, files and history stand on the last one.
    assert queries() == few <= MOST_QUERIES + (5 if tab == "definition" else 0)


def _csv(network: Network, **params: str) -> list[dict[str, str]]:
    response = client_of(network.world.admin).get(url(network) + "chart.csv", {"unit": "NW", **params})
    assert response.status_code == 200
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def _plain(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


@pytest.mark.parametrize(("language", "always"), [("en", ": always 0."), ("es", ": siempre 0,")])
@pytest.mark.parametrize("shares", [[0.3] * 24, [0.7] * 24, [0.1 * 3, 0.3] * 12])
def test_what_does_not_change_is_said_to_be_always_the_same(
    world: World, just_measured: None, shares: list[float], language: str, always: str
) -> None:
    """The mean of equal numbers may miss them by their last digit: that is no finding."""
    found = measured(world, world.north, shares=shares, measure=Indicator.Measure.RATIO)
    assert not Signal.objects.filter(indicator=found).exists()
    type(world.admin).objects.update(language=language)
    page = client_of(world.admin).get(catalog.of(Indicator).url(found)).content.decode()
    assert always in page


@pytest.mark.usefixtures("english")
def test_what_a_service_can_do_does_not_depend_on_the_chart_that_is_looked_at(network: Network) -> None:
    levels = [0.90 + 0.004 * (month % 3) for month in range(15)]
    levels += [0.965 + 0.004 * (month % 3) for month in range(9)]
    made = measured(network.world, network.root, 9, name="Better", standard=network.standard, shares=levels)
    client = client_of(network.world.admin)

    def told(**params: str) -> Any:
        answer = client.get(f"/indicators/{made.uid}/", {"show": "promise", **params})
        return answer.context["part"].content.ability

    assert told().title == "The service can keep the promise as it works now"
    assert told().span == "April 2025 to December 2025"
    assert told(chart="run") == told(rules="nelson", chart="ewma") == told()


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("shares", "title", "words"),
    [
        ([0.99, 0.94] * 12, "Over all cases the service can keep", "those make up for the others"),
        ([0.951] * 23 + [0.6], "Over all cases the service cannot keep", "the others weigh more"),
    ],
)
def test_both_answers_are_given_where_single_periods_tell_otherwise(
    network: Network, shares: list[float], title: str, words: str
) -> None:
    made = measured(network.world, network.root, 9, name="Two", standard=network.standard, shares=shares)
    answer = client_of(network.world.admin).get(f"/indicators/{made.uid}/", {"show": "promise"})
    told = answer.context["part"].content.ability
    assert told.title.startswith(title)
    assert any(words in line for line in told.words)
