"""Home says how the promises stand, what changed and what waits, for the units that a person may see."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calidez.kit.desk import inbox
from calidez.monitoring import waiting
from calidez.monitoring.measuring import findings
from calidez.monitoring.measuring.branches import Tally, shares, tallies_below, worst_first
from calidez.monitoring.measuring.change import Change, Situation
from calidez.monitoring.measuring.season import Adjust
from calidez.monitoring.models import Indicator, Signal, Standing
from calidez.monitoring.overview import overview
from calidez.monitoring.panels import branch_table
from calidez.monitoring.tests import factories
from calidez.people.tests.factories import person
from calidez.standards.tests.factories import standard_in_force

from .conftest import Network, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
# Two of them say what was put off and what was handed on, three what is promised and what changed in units below.
MOST_QUERIES = 20


def test_home_counts_the_promises_of_the_unit_and_of_its_branches(network: Network) -> None:
    page = overview(network.world.admin, network.root)
    assert [count.value for count in page.counts] == [0, 0, 1, 0]
    (promise,) = page.promises
    (proof,) = promise.proofs
    assert promise.target == "at least 95%"
    assert proof.tally is not None
    assert proof.tally.total == 5  # groups of branches are no branches
    states = Standing.objects.filter(unit__in=network.branches.values()).values_list("state", flat=True)
    kept = sum(state == "kept" for state in states)
    assert proof.tally.sentence == f"{kept} of 5 units keep it"


def test_home_tells_what_changed_concern_first_with_figures(network: Network) -> None:
    page = overview(network.world.admin, network.root)
    assert page.here[0].badge.text == "Concern"
    assert page.here[0].sentence.startswith("Below the lower limit in December 2025:")
    assert "expected" in page.here[0].sentence
    assert page.below[0].about.startswith("Clinic N3")  # the branch with most cases
    assert len({n.about for n in page.below}) == len(page.below)


@pytest.mark.parametrize("language", ["es", "en"])
def test_home_is_drawn_in_both_languages(network: Network, language: str) -> None:
    type(network.world.admin).objects.update(language=language)
    response = client_of(network.world.admin).get("/")
    assert response.status_code == 200
    assert f'lang="{language}"' in response.content.decode()
    assert network.indicator.name in response.content.decode()


def test_home_shows_a_person_only_their_own_units(network: Network) -> None:
    page = overview(network.world.north_manager, network.world.north)
    assert page.promises[0].proofs[0].tally is not None
    assert page.promises[0].proofs[0].tally.total == 3
    assert all("S1" not in n.about and "S2" not in n.about for n in page.below)
    assert overview(network.world.north_manager, network.root).empty
    assert overview(network.world.outsider, network.root).empty
    assert client_of(network.world.outsider).get("/").status_code == 200


def test_home_costs_a_fixed_number_of_queries(network: Network) -> None:
    client = client_of(network.world.admin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    queries()  # the first page of a process also asks what no later one does
    few = queries()
    for number in range(2, 6):
        factories.measured(
            network.world, network.root, number, name=f"Another {number}", standard=network.standard
        )
    assert Indicator.objects.count() == 5
    assert queries() == few
    for number in range(6, 9):
        local = standard_in_force(network.world, network.world.north, title=f"Of the north {number}")
        factories.measured(network.world, network.world.north, number, name=f"Below {number}", standard=local)
        below = queries()
    assert below == few + 1 <= MOST_QUERIES  # what is told of those below is read where there are some


def test_a_promise_broken_in_a_unit_below_is_seen_at_the_top(network: Network) -> None:
    world = network.world
    Standing.objects.filter(unit=network.root).update(state=Standing.State.KEPT, unacceptable=False)
    assert overview(world.admin, network.root).headline == "The promise is kept"
    local = standard_in_force(world, world.north, title="Called back")
    factories.measured(world, world.north, 9, name="Called back", standard=local, shares=[0.5] * 24)
    named = standard_in_force(world, world.root, title="Only in one", units=[network.branches["S1"]])
    factories.measured(world, network.branches["S1"], 10, name="There", standard=named, shares=[0.99] * 24)
    page = overview(world.admin, network.root)
    assert page.headline == "1 of 3 promises is not kept"
    assert [count.value for count in page.counts] == [2, 0, 1, 0]
    told = [(one.title, one.where, one.badge.text) for one in page.promises_below]
    assert told == [("Called back", "North clinic", "Broken"), ("Only in one", "Clinic S1", "Kept")]
    # On the page of the unit itself it is one of its own.
    assert overview(world.admin, world.north).promises_below == ()
    assert overview(world.admin, world.north).headline == "2 of 2 promises are not kept"


def test_home_claims_nothing_of_what_it_did_not_look_at(network: Network) -> None:
    world = network.world
    Signal.objects.filter(unit=network.root).delete()
    Indicator.objects.filter(pk=network.indicator.pk).update(standard=None)  # no concern of a promise
    page = overview(world.admin, network.root)
    assert page.unchanged == "No signal of Northwind Clinics as a whole in the latest three periods."
    assert page.every is not None
    count = Signal.objects.filter(holds=True, segment="").exclude(unit=network.root).count()
    assert page.every.text == f"{count} signals of units below in their latest three periods"
    Signal.objects.all().delete()
    assert "ordinary variation of the service" in overview(world.admin, network.root).unchanged


def test_home_of_a_unit_whose_branches_alone_are_measured_is_not_empty(network: Network) -> None:
    Standing.objects.filter(unit=network.root).delete()
    page = overview(network.world.admin, network.root)
    assert not page.empty
    assert [one.title for one in page.promises_below] == ["Seen on time"]
    assert page.promises_below[0].where.endswith("and 1 more unit")


def test_a_promise_without_an_indicator_is_said(network: Network) -> None:
    standard_in_force(network.world, network.root, title="Calls answered")
    page = overview(network.world.admin, network.root)
    assert page.unproved == "1 promise in force is proved by no indicator yet."


def test_signals_wait_one_by_one_at_the_top_and_counted_below(network: Network) -> None:
    found = waiting.signals_waiting(network.world.admin)
    assert len(found) == 2
    assert found[0].kind == "On time · Northwind Clinics"
    branches = Signal.objects.filter(kind="concern", state="new").exclude(unit=network.root)
    assert found[1].text == f"{branches.values('unit').distinct().count()} units have new signals of concern"
    assert inbox.pending(network.world.outsider) == ()


def test_the_day_beside_a_signal_is_true_of_all_that_it_stands_beside(network: Network) -> None:
    old = Signal.objects.filter(kind="concern", state="new").exclude(unit=network.root)
    first = old.order_by("period_start").first()
    found = waiting.signals_waiting(network.world.admin)
    assert found[1].since == first.period_start
    assert f"period_start_from={found[1].since}" in found[1].url

    own = Signal.objects.get(uid=found[0].uid)
    own.evidence = {**own.evidence, "periods": ["2019-03-01", own.period_start.isoformat()]}
    own.save()
    assert waiting.signals_waiting(network.world.admin)[0].since == dt.date(2019, 3, 1)


def test_what_ended_years_ago_did_not_change_lately(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "On time" in [news.about for news in overview(network.world.admin, network.root).here]
    alive = factories.measured(network.world, network.root, 9, name="Alive", standard=network.standard)
    monkeypatch.setattr(timezone, "localdate", lambda *_given, **_more: dt.date(2031, 1, 15))
    Standing.objects.filter(indicator=alive).update(period_start=dt.date(2030, 12, 1))
    page = overview(network.world.admin, network.root)
    assert page.changes == "Changed lately"
    assert "On time" not in [news.about for news in page.here]


def test_an_acknowledged_signal_waits_no_more(network: Network) -> None:
    Signal.objects.all().update(state=Signal.State.ACKNOWLEDGED)
    assert waiting.signals_waiting(network.world.admin) == ()
    assert not waiting.new_signals(network.world.admin).exists()


def test_who_may_not_acknowledge_has_nothing_waiting(network: Network) -> None:
    assert waiting.signals_waiting(network.world.auditor) == ()
    assert waiting.new_signals(network.world.auditor) is None


def test_standard_page_shows_what_proves_it(network: Network) -> None:
    text = client_of(network.world.admin).get(f"/standards/{network.standard.uid}/?whole=1").content.decode()
    assert network.standard.requirement in text
    assert "Clinic S2" in text
    assert "of 5 units keep it" in text


def test_standard_page_offers_an_indicator_where_none_proves_it(network: Network) -> None:
    Indicator.objects.update(standard=None)
    text = client_of(network.world.admin).get(f"/standards/{network.standard.uid}/").content.decode()
    assert "No indicator proves this yet" in text
    assert f"/indicators/new/?standard={network.standard.uid}" in text


def test_worst_branches_come_first(network: Network) -> None:
    rows = list(worst_first(network.indicator, network.root))
    states = [row.state for row in rows]
    assert states == sorted(states, key=["broken", "at_risk", "kept", "unknown"].index)
    assert rows[0].unit.code == "S2"
    assert tallies_below(network.root, [network.indicator.pk])[network.indicator.pk].total == 5


def test_pieces_of_a_bar_fill_it() -> None:
    drawn = shares((1, 0, 3, 0), ["good", "concern", "bad", "unknown"])  # type: ignore[list-item]
    assert [(piece.x, piece.width) for piece in drawn] == [("0.0", "247.0"), ("250.0", "747.0")]
    assert Tally((0, 0, 0, 0)).shares == ()


def test_a_manager_of_one_branch_lands_on_it(network: Network) -> None:
    keeper: Any = person(
        network.world.admin, network.branches["N3"], "n3@example.org", "Nina", role="manager"
    )
    response = client_of(keeper).get("/")
    assert response.status_code == 200
    assert "Clinic N3" in response.content.decode()
    assert "Clinic S2" not in response.content.decode()


def test_where_nothing_is_measured_now_nothing_is_marked_as_broken(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = branch_table(
        network.indicator,
        network.root,
        tallies_below(network.root, [network.indicator.pk])[network.indicator.pk],
    )
    assert "bad" in {share.tone for share in now.tally.shares}
    assert all(row.since for row in now.rows if row.badge.tone == "bad")
    monkeypatch.setattr(timezone, "localdate", lambda *_given, **_more: dt.date(2031, 1, 15))
    (chart,) = [one for group in overview(network.world.admin, network.root).groups for one in group.charts]
    assert (chart.variation, chart.assurance) == ("not_enough_data", "not_enough_data")
    assert chart.signs_title == chart.badge.text == "No data now"
    drawn = render_to_string("monitoring/_small_chart.html", {"chart": chart})
    assert "c-sign" not in drawn  # two signs of not knowing beside the badge that says so
    with CaptureQueriesContext(connection) as queries:
        then = branch_table(network.indicator, network.root, now.tally)
    assert len(queries) <= 2
    assert {share.tone for share in then.tally.shares} == {"unknown"}
    assert {(row.badge.text, row.since) for row in then.rows} == {("No data now", "")}


def test_what_stood_out_once_is_not_said_to_have_lasted(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [dt.date(2026, 2, day) for day in range(1, 11)]
    reading: Any = SimpleNamespace(
        series=SimpleNamespace(periods=days, values=[1.0] * 10),
        centre=[1.0] * 10,
        kind="individuals",
        pattern=None,
        follows=Adjust.NONE,
    )
    indicator: Any = SimpleNamespace(name="Wait", period="day", measured_in="s")
    for members, told in (((6,), "out of the ordinary on 7 Feb 2026;"), ((5, 6), "until 7 Feb 2026;")):
        signal = SimpleNamespace(members=members, value=9.0, centre=1.0)
        change = Change(Situation.LATELY, signal, 1, 6)  # type: ignore[arg-type]
        monkeypatch.setattr(findings, "change_of", lambda _reading, found=change: found)
        assert told in findings._without_target(reading, indicator, 9)
        assert told in findings._was_without_target(reading, indicator, 9)
