"""What the pages say of objectives: progress, cascade, what waits, what is broken, what measures a commitment."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core.children import Row, in_words
from calidez.kit.core.edges import Way, edges_of
from calidez.kit.desk import gaps
from calidez.kit.desk.inbox.sources import source
from calidez.kit.desk.thread import follow
from calidez.monitoring.models import Indicator, Measurement
from calidez.monitoring.tests.factories import measured
from calidez.objectives import services
from calidez.objectives.asides import baseline_beside
from calidez.objectives.cascade import cascade
from calidez.objectives.models import Objective
from calidez.objectives.progress_panel import progress_panel
from calidez.objectives.sentences import status_sentence, with_interval
from calidez.objectives.tests.factories import active, objective
from calidez.people.tests.factories import person
from calidez.policy.measures import measures_of
from calidez.policy.models import Commitment
from calidez.policy.tests.factories import commitment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def behind(world: World, **values: Any) -> Objective:
    one = active(world, world.north, **values)
    services.refresh([one], on=dt.date(2026, 1, 15))
    return one


def test_the_page_says_how_it_stands_and_draws_it(world: World) -> None:
    one = behind(world)
    page = client_of(world.admin).get(catalog.of(Objective).url(one)).content.decode()
    assert "In December 2025 60.0% (56.9–63.0), the plan asks 94%." in page
    assert "Behind the plan" in page
    panel = progress_panel(one, world.admin, None)
    assert panel is not None
    assert panel.spec is not None
    assert len(panel.rows) == 24, "twelve periods before the start and the twelve since"
    newest = [str(cell.value) for cell in panel.rows[0].cells]
    assert newest[0] == "December 2025"
    assert newest[2] == "56.9–63.0"
    labels = [
        row["label"] for layer in panel.spec["layer"] for row in layer["data"]["values"] if "label" in row
    ]
    assert any("the plan asks 94" in label for label in labels)


def test_the_list_shows_progress_and_a_small_chart(world: World) -> None:
    behind(world)
    page = client_of(world.admin).get(catalog.of(Objective).list_url()).content.decode()
    assert "Behind the plan" in page
    assert "c-sparkline" in page
    listed = client_of(world.admin).get("/objectives/", {"status": "ahead"}).content.decode()
    assert "Seen on time" not in listed


def test_a_narrow_interval_gets_the_decimals_that_it_takes() -> None:
    said = with_interval(86.604, 86.56, 86.65, "%", n=2167550)
    assert said == "86.6% (86.6–86.7; n = 2,167,550)"
    assert with_interval(86.604, 86.601, 86.607, "%").endswith("(86.60–86.61)")
    assert with_interval(7.0, None, None, "min") == "7\N{NO-BREAK SPACE}min"


def test_the_cascade_shows_what_the_reader_may_see(world: World) -> None:
    whole = objective(world, world.root, 1)
    share = objective(world, world.north, 2, parent=whole)
    objective(world, world.south, 3, parent=whole)
    drawn = cascade(share, world.admin, None)
    assert drawn is not None
    assert drawn.root.link.text == whole.title
    assert [node.unit for node in drawn.root.below] == ["North clinic", "South clinic"]
    assert [node.here for node in drawn.root.below] == [True, False]
    mine = cascade(share, world.north_manager, None)
    assert mine is not None
    assert [node.unit for node in mine.root.below] == ["North clinic"]
    assert cascade(objective(world, world.north, 4), world.admin, None) is None
    page = client_of(world.admin).get(catalog.of(Objective).url(share)).content.decode()
    assert 'aria-current="page"' in page


def test_what_waits_for_the_owner_and_for_who_may_close(world: World) -> None:
    waiting, closing = source("objectives.objective"), source("objectives.to_close")
    assert waiting is not None
    assert closing is not None
    colleague = person(world.admin, world.root, "c@example.org", "Carla", role="administrator")
    assert waiting.all(world.admin) == []
    one = behind(world)
    assert "Behind its plan" in waiting.all(world.admin)[0].text
    assert closing.all(colleague) == [], "nothing to close before its date"
    soon = timezone.localdate() + dt.timedelta(days=10)
    Objective.objects.filter(pk=one.pk).update(status=Objective.Status.ON_PLAN, due=soon)
    assert "Due soon" in waiting.all(world.admin)[0].text
    Objective.objects.filter(pk=one.pk).update(due=dt.date(2025, 12, 31))
    assert "Past its date" in waiting.all(world.admin)[0].text
    (item,) = closing.all(colleague)
    assert "is to be closed" in item.text
    assert item.act is not None
    assert item.act.url.endswith("/close_not_reached/")
    assert closing.all(world.admin) == [], "the owner does not close it"
    assert closing.all(world.auditor) == waiting.all(world.auditor) == []


def found(key: str, subject: Any, user: Any) -> list[Any]:
    gap = next(one for one in gaps.gaps() if one.key == key)
    return list(gap.broken(catalog.of(subject).queryset(user)))


def test_broken_links_are_found_until_they_are_mended(world: World) -> None:
    promise = commitment(world, world.root, 1)
    assert found("objectives.commitment_without_objective", Commitment, world.admin) == []
    type(promise.policy).objects.filter(pk=promise.policy_id).update(
        state="in_force", in_force_from=dt.date(2025, 1, 1)
    )
    assert found("objectives.commitment_without_objective", Commitment, world.admin) == [promise]
    bare = objective(world, world.north, 1, indicator=None, commitment=promise)
    assert found("objectives.commitment_without_objective", Commitment, world.admin) == []
    assert found("objectives.without_indicator", Objective, world.admin) == [bare]
    assert found("objectives.without_commitment", Objective, world.admin) == []
    lone = active(world, world.north, 2, due=dt.date(2025, 12, 31))
    assert found("objectives.without_commitment", Objective, world.admin) == [lone]
    assert found("objectives.overdue", Objective, world.admin) == [lone]
    assert found("objectives.indicator_without_data", Objective, world.admin) == []
    Measurement.objects.filter(version__indicator=lone.indicator).delete()
    assert found("objectives.indicator_without_data", Objective, world.admin) == [lone]
    Objective.objects.filter(pk=lone.pk).update(state=Objective.State.DRAFT)
    assert found("objectives.indicator_without_data", Objective, world.admin) == [], "a draft is not broken"


def test_every_way_to_mend_leads_to_a_page(world: World) -> None:
    lone = active(world, world.north, 2, due=dt.date(2025, 12, 31))
    promise = commitment(world, world.root, 1)
    client = client_of(world.admin)
    for gap in gaps.gaps():
        if gap.key.startswith("objectives.") and gap.mend is not None:
            record = promise if gap.subject == "policy.commitment" else lone
            assert client.get(gap.mend(record).url).status_code == 200


def test_the_thread_leads_from_the_commitment_to_the_indicator(world: World) -> None:
    promise = commitment(world, world.root, 1)
    one = objective(world, world.north, 1, commitment=promise)

    def next_to(record: Any, way: Way) -> list[Any]:
        edges = edges_of(type(record), way)
        return [other for edge in edges for other in follow(edge, record, world.admin)]

    assert one in next_to(promise, Way.DOWN)
    assert promise in next_to(one, Way.UP)
    assert one.indicator in next_to(one, Way.DOWN)
    assert one in next_to(one.indicator, Way.UP)
    page = client_of(world.admin).get(
        catalog.of(Indicator).url(one.indicator), {"show": "definition", "whole": 1}
    )
    assert one.code in page.content.decode()


def test_objectives_measure_commitments(world: World) -> None:
    promise = commitment(world, world.root, 1)
    one = objective(world, world.north, 1, commitment=promise)
    (measure,) = measures_of([promise], world.admin)[promise.pk]
    assert (measure.target, measure.has_indicator, measure.has_data) == (98, True, True)
    assert measure.reachable is None, "an objective may ask for more than was reached"
    assert measure.url == catalog.of(Objective).url(one)


def test_beside_the_form_stands_what_the_data_say(world: World) -> None:
    indicator = measured(world, world.north, 5, name="Beside")
    values = {"indicator": indicator, "unit": world.north, "target": 97.0, "direction": "at_least"}
    dates = {"starts": dt.date(2026, 1, 1), "due": dt.date(2026, 12, 31)}
    said = baseline_beside({**values, **dates}, None, world.admin)
    assert said is not None
    assert "From 1 Jan 2025 to 31 Dec 2025: 92.9" in said.sentence
    assert said.gap == "3 of the last 12 periods met a target of 97%."
    assert "for 12 months" in said.pace
    easy = baseline_beside({**values, "target": 50.0}, None, world.admin)
    assert easy is not None
    assert "asks for nothing more" in easy.short
    assert baseline_beside({}, None, world.admin) is None


def test_a_milestone_is_said_with_date_and_figure_of_the_language(world: World) -> None:
    child = catalog.of(Objective).children[0]
    rows = [Row({"on": dt.date(2025, 6, 30), "value": 92.5})]
    one = objective(world, world.north, 1)
    edition = catalog.of(Objective).edition
    assert edition is not None
    edition(one, by=world.admin, child_rows={child.name: rows})
    with translation.override("es"):
        assert in_words(child, "2025-06-30 · 92.5") == "30 jun 2025 · 92,5"


def test_without_a_measurement_nothing_is_claimed(world: World) -> None:
    one = objective(world, world.north, 1, indicator=None)
    assert status_sentence(one) == "No indicator measures it yet."
    assert progress_panel(one, world.admin, None) is None


def test_the_form_understands_what_its_address_proposes(world: World) -> None:
    indicator = measured(world, world.north, 5, name="Beside")
    given = {"indicator": indicator.pk, "unit": world.north.pk, "target": "97", "starts": "2026-01-01"}
    page = client_of(world.admin).get("/objectives/new/", given).content.decode()
    assert "3 of the last 12 periods met a target of 97%." in page
    nonsense = client_of(world.admin).get("/objectives/new/", {**given, "target": "many", "starts": "soon"})
    assert nonsense.status_code == 200
    assert "From 1 Jan 2025" in nonsense.content.decode()
