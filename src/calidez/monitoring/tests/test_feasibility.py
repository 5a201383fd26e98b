"""What the past says of a target: the page, what it refuses, and what other parts read of it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.core.children import Row
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring import gaps
from calidez.monitoring.feasibility.demonstrated import measures
from calidez.monitoring.feasibility.pages.address import number_in
from calidez.monitoring.feasibility.sentences import easier_than
from calidez.monitoring.measuring.services.measuring import refresh_standings
from calidez.monitoring.models import Indicator, Standing
from calidez.monitoring.services import rebase
from calidez.monitoring.tests import factories
from calidez.policy.tests.factories import commitment
from calidez.standards.demonstrated import demonstrated
from calidez.standards.models import Standard
from calidez.standards.services import propose
from calidez.standards.tests.factories import BASIS, standard_in_force
from calidez.standards.tests.factories import standard as make_standard

from .conftest import Network, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "context_kept")]
MOST_QUERIES = 24


def url(standard: Standard) -> str:
    return reverse("feasibility", args=[standard.uid])


def get(network: Network, user: Any = None, **params: str) -> Any:
    return client_of(user or network.world.admin).get(url(network.standard), params)


def text(network: Network, user: Any = None, **params: str) -> str:
    response = get(network, user, **params)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_is_drawn_in_both_languages(network: Network, language: str) -> None:
    type(network.world.admin).objects.update(language=language)
    page = text(network)
    assert f'lang="{language}"' in page
    assert network.standard.code in page


def test_a_target_above_what_was_shown_is_beyond_reach(network: Network) -> None:
    page = text(network)
    assert "Beyond reach so far: 0 of 36 periods met at least 95%" in page
    assert "A promise above what was shown needs a dated plan" in page


def test_another_target_is_tried_without_changing_anything(network: Network) -> None:
    page = text(network, target="50")
    assert "Within reach: 36 of 36 periods met at least 50%" in page
    assert "The standard says at least 95%" in page
    assert Standard.objects.get(pk=network.standard.pk).target == 95
    assert "Write the target as a number" in text(network, target="many")


def test_live_only_what_was_found_is_sent(network: Network) -> None:
    client = client_of(network.world.admin)
    headers = {"HX-Request": "true", "HX-Target": "div#feasibility-found"}
    part = client.get(url(network.standard), {"target": "50"}, headers=headers).content.decode()
    assert "Within reach" in part
    assert "<html" not in part
    assert "try-target" not in part


def test_each_branch_is_judged_by_its_own_past(network: Network) -> None:
    part = get(network, target="90").context["content"].branches
    verdicts = {row.name: row.badge.text for row in part.rows}
    assert verdicts["Clinic N1"] == "Within reach"
    assert verdicts["Clinic S2"] == "Beyond reach"
    assert part.title == "3 of 5 units could keep it"
    assert part.rows[0].badge.text == "Beyond reach"


def test_a_unit_out_of_scope_is_as_absent_as_an_unknown_one(network: Network) -> None:
    manager = network.world.north_manager
    assert get(network, manager, unit="N1").status_code == 200
    for unit in ("S1", "NW", "NOWHERE"):
        assert get(network, manager, unit=unit).status_code == 404
    assert "Clinic S2" not in text(network, manager)
    assert get(network, network.world.outsider).status_code == 404


def test_what_nine_in_ten_reached_is_never_written_harder_than_it_was() -> None:
    assert easier_than(84.985, at_least=True) == 84.9
    assert easier_than(84.985, at_least=False) == 85.0
    assert easier_than(95.0, at_least=True) == 95.0
    assert easier_than(0.12345, at_least=False) == 0.124


@pytest.mark.parametrize(
    ("written", "number"),
    [("95", 95), ("92,5", 92.5), ("92.5 %", 92.5), ("x", None), ("inf", None), ("-3", -3)],
)
def test_a_target_is_read_as_people_write_it(written: str, number: float | None) -> None:
    assert number_in(written) == number


def test_only_the_periods_since_the_last_baseline_count(network: Network) -> None:
    rebase(
        by=network.world.admin,
        indicator=network.indicator,
        unit=network.root,
        starts=dt.date(2024, 7, 1),
        learned_until=dt.date(2025, 10, 1),
        reason="A second desk opened and stays.",
    )
    page = text(network)
    assert "Periods before July 2024 do not count" in page
    row = Standing.objects.get(indicator=network.indicator, unit=network.root)
    assert len(row.demonstrated) == 18
    assert get(network).context["view"].found.periods == 18


def test_the_page_costs_a_fixed_number_of_queries(network: Network) -> None:
    client = client_of(network.world.admin)
    client.get(url(network.standard))
    with CaptureQueriesContext(connection) as taken:
        client.get(url(network.standard))
    assert len(taken) <= MOST_QUERIES


def test_an_indicator_is_linked_from_the_page(network: Network) -> None:
    world = network.world
    draft = make_standard(world, world.root, 7)
    free = factories.indicator(world, world.root, 8, name="Not linked")
    other = factories.indicator(
        world, world.root, 9, name="In minutes", measure="mean", value="visits", measured_in="min"
    )
    client = client_of(world.admin)
    page = client.get(url(draft)).content.decode()
    assert "Not linked" in page
    assert "In minutes" not in page
    link = reverse("feasibility-link", args=[draft.uid])
    assert client.post(link, {"indicator": other.code}).status_code == 302
    assert client.post(link, {"indicator": free.code}).status_code == 302
    free.refresh_from_db()
    other.refresh_from_db()
    assert (free.standard, other.standard) == (draft, None)
    assert "Not enough data" in client.get(url(draft)).content.decode()
    assert client.get(link).status_code == 405


def test_who_may_not_edit_an_indicator_links_none(network: Network) -> None:
    world = network.world
    draft = make_standard(world, world.root, 7)
    free = factories.indicator(world, world.root, 8)
    client = client_of(world.auditor)
    assert "Link it to this standard" not in client.get(url(draft)).content.decode()
    client.post(reverse("feasibility-link", args=[draft.uid]), {"indicator": free.code})
    free.refresh_from_db()
    assert free.standard is None


def test_the_standard_says_it_on_its_page_and_beside_its_form(network: Network) -> None:
    world = network.world
    client = client_of(world.admin)
    page = client.get(f"{catalog.of(Standard).url(network.standard)}?whole=1").content.decode()
    assert "What your data say about this target" in page
    assert "Beyond reach so far" in page
    draft = make_standard(world, world.root, 7, target=50.0)
    factories.measured(world, world.root, 11, name="Steady", standard=draft, shares=[0.9] * 24)
    form = client.get(f"/standards/{draft.uid}/edit/").content.decode()
    assert "Within reach: 24 of 24 periods met at least 50%" in form
    typed = {"target": "99", "direction": "at_least"}
    beside = client.post(f"/standards/beside/feasibility/?record={draft.uid}", typed).content.decode()
    assert "Beyond reach so far: 0 of 24 periods met at least 99%" in beside
    assert "Once an indicator measures this standard" in client.get("/standards/new/").content.decode()


def test_a_promise_above_what_was_shown_takes_a_reason_and_a_dated_plan(network: Network) -> None:
    world = network.world
    draft = make_standard(world, world.root, 7, target=99.0)
    factories.measured(world, world.root, 11, name="Steady", standard=draft, shares=[0.9] * 24)
    found = demonstrated(draft)
    assert found is not None
    assert (found.periods, found.met, found.beyond) == (24, 0, True)
    assert found.reachable == pytest.approx(90)
    with pytest.raises(RuleBroken, match="above what the figures show"):
        propose(draft, by=world.admin)
    later = timezone.localdate() + dt.timedelta(days=100)
    planned = propose(
        draft,
        by=world.admin,
        stretch_reason="The law asks.",
        stretch_plan="A third desk.",
        stretch_until=later,
    )
    assert planned.state == Standard.State.PROPOSED


def test_a_promise_that_all_cases_keep_takes_no_plan(network: Network) -> None:
    """Half of the months miss it by a hair; what is promised is a share of cases."""
    world = network.world
    draft = make_standard(world, world.root, 7, target=93.0)
    made = factories.measured(
        world, world.root, 11, name="In turns", standard=draft, shares=[0.96, 0.925] * 12
    )
    found = demonstrated(draft)
    assert found is not None
    assert (found.periods, found.met, found.beyond) == (24, 12, False)
    assert Standing.objects.get(indicator=made, unit=world.root).beyond is not True
    page = client_of(world.admin).get(url(draft)).content.decode()
    assert "Only over all cases" in page
    assert "but only 12 of 24 periods met at least 93%" in page
    assert propose(draft, by=world.admin).state == Standard.State.PROPOSED


def test_without_figures_nothing_is_demonstrated(network: Network) -> None:
    draft = make_standard(network.world, network.world.root, 7)
    assert demonstrated(draft) is None
    factories.measured(network.world, network.world.root, 11, standard=draft, shares=[0.95] * 5)
    few = demonstrated(draft)
    assert few is not None
    assert (few.periods, few.reachable, few.beyond) == (5, None, None)


def test_a_local_target_is_what_its_unit_is_judged_by(network: Network) -> None:
    world = network.world
    rows = [Row({"unit": network.branches["N1"], "target": 50.0})]
    draft = make_standard(
        world,
        world.root,
        7,
        target=99.0,
        child_rows={"rows_standardbasis": [BASIS], "rows_localtarget": rows},
    )
    Indicator.objects.filter(pk=network.indicator.pk).update(standard=draft)
    refresh_standings(network.version)
    client = client_of(world.admin)
    assert "met at least 50%" in client.get(url(draft), {"unit": "N1"}).content.decode()
    assert "met at least 99%" in client.get(url(draft), {"unit": "N2"}).content.decode()


def test_a_commitment_is_measured_by_its_standards(network: Network) -> None:
    world = network.world
    promise = commitment(world, world.root, 1)
    draft = make_standard(world, world.root, 7, commitment=promise)
    assert [m.has_indicator for m in measures([promise], world.admin)[promise.pk]] == [False]
    factories.measured(world, world.root, 11, standard=draft, shares=[0.9] * 24)
    found = measures([promise], world.admin)[promise.pk][0]
    assert (found.has_indicator, found.has_data, found.target, found.at_least) == (True, True, 90.0, True)
    assert found.reachable == pytest.approx(90)
    assert found.unit_path == world.root.path
    assert measures([promise], world.outsider) == {}


# Broken links


@pytest.mark.parametrize(
    ("period", "on", "oldest"),
    [
        ("month", dt.date(2026, 3, 15), dt.date(2026, 1, 1)),
        ("quarter", dt.date(2026, 3, 15), dt.date(2025, 7, 1)),
        ("year", dt.date(2026, 3, 15), dt.date(2024, 1, 1)),
        ("week", dt.date(2026, 3, 15), dt.date(2026, 2, 23)),
        ("day", dt.date(2026, 3, 15), dt.date(2026, 3, 8)),  # two days may be a week-end
    ],
)
def test_two_periods_that_are_over_may_not_be_missing(period: str, on: dt.date, oldest: dt.date) -> None:
    assert gaps.newest_due(period, on=on) == oldest


def test_an_indicator_that_is_no_longer_measured_is_stale(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity = catalog.of(Indicator)

    def stale_on(day: dt.date) -> set[str]:
        monkeypatch.setattr(gaps.timezone, "localdate", lambda: day)
        return set(gaps.stale(entity.queryset(network.world.admin)).values_list("name", flat=True))

    # The newest month measured is December 2025.
    assert "On time" not in stale_on(dt.date(2026, 2, 28))
    assert "On time" in stale_on(dt.date(2026, 3, 1))
    Indicator.objects.filter(pk=network.indicator.pk).update(period="quarter")
    assert "On time" not in stale_on(dt.date(2026, 3, 1))
    Indicator.objects.filter(pk=network.indicator.pk).update(period="month", state=Indicator.State.RETIRED)
    assert "On time" not in stale_on(dt.date(2026, 3, 1))


def test_a_standard_in_force_without_data_or_above_what_was_shown_is_a_broken_link(network: Network) -> None:
    world = network.world
    everything = catalog.of(Standard).queryset(world.admin)
    assert list(gaps.above_ability(everything)) == [network.standard]
    assert list(gaps.without_data(everything)) == []
    empty = standard_in_force(world, world.root, 5)
    assert list(gaps.without_data(everything)) == []  # without an indicator it is another broken link
    factories.indicator(world, world.root, 12, standard=empty)
    assert list(gaps.without_data(everything)) == [empty]
    assert gaps.above_ability(everything).count() == 1


def test_a_running_plan_closes_the_link(network: Network) -> None:
    everything = catalog.of(Standard).queryset(network.world.admin)
    latest = network.standard.latest
    assert latest is not None
    type(latest).objects.filter(pk=latest.pk).update(stretch_until=timezone.localdate())
    assert not gaps.above_ability(everything).exists()
    type(latest).objects.filter(pk=latest.pk).update(
        stretch_until=timezone.localdate() - dt.timedelta(days=1)
    )
    assert gaps.above_ability(everything).exists()


def test_the_drawing_reads_out_every_period(network: Network) -> None:
    spec = get(network).context["content"].history.spec
    labels = [
        d["label"] for layer in spec["layer"] for d in layer.get("data", {}).get("values", []) if "label" in d
    ]
    assert len(labels) == 36
    assert all(re.search(r"(met|missed) the target", label) for label in labels)
