"""The policy check on pages and beside forms: what it says, whom it leads where, and what it costs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calidez.documents.tests.factories import approver, in_force, make_document
from calidez.kit.catalog import catalog
from calidez.kit.desk.gaps import gaps_of
from calidez.people.tests.factories import create
from calidez.policy import measures as registry
from calidez.policy.measures import Measure, add_measures, measures_of
from calidez.policy.models import Commitment, Policy
from calidez.policy.tests.factories import commitment, policy

pytestmark = pytest.mark.django_db
COMMITMENTS, POLICIES = "/commitments/", "/policies/"


@pytest.fixture
def client(world: Any) -> Any:
    browser: Any = Client()
    browser.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    browser.world = world
    return browser


@pytest.fixture
def only_measures(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[Measure]]:
    """What the registry finds, and nothing that other parts register."""
    found: dict[int, list[Measure]] = {}
    monkeypatch.setattr(registry, "_finders", [])
    add_measures(lambda commitments, user: {c.pk: found.get(c.pk, []) for c in commitments})
    return found


def measure(**values: Any) -> Measure:
    usual: dict[str, Any] = {
        "kind": "Standard",
        "title": "Calls",
        "url": "/standards/1/",
        "at_least": True,
        "target": 95.0,
        "measured_in": "%",
        "has_indicator": True,
        "has_data": True,
        "reachable": None,
        "unit_path": "/",
    }
    return Measure(**(usual | values))


def page(client: Any, record: Any) -> str:
    return client.get(f"{catalog.of(type(record)).url(record)}?whole=1").content.decode()


def beside(client: Any, address: str, **typed: Any) -> str:
    answer = client.post(f"{address}beside/check/", typed)
    assert answer.status_code == 200
    return answer.content.decode()


def test_beside_the_form_in_the_language_of_the_policy(client: Any) -> None:
    spanish = create(
        Policy,
        client.world.admin,
        title="Política",
        language="es",
        owner=client.world.admin,
        unit=client.world.root,
    )
    english = policy(client.world, client.world.root, 1)
    words = "Damos una atención oportuna, and we do our best."
    told = beside(client, COMMITMENTS, policy=spanish.pk, statement=words)
    assert "<mark" in told
    assert ">oportuna</mark>" in told
    assert ">best</mark>" not in told
    told = beside(client, COMMITMENTS, policy=english.pk, statement=words)
    assert "do our best</mark>" in told
    assert ">oportuna</mark>" not in told


def test_beside_the_form_says_what_is_missing_and_what_is_there(client: Any) -> None:
    written = policy(client.world, client.world.root, 1)
    told = beside(client, COMMITMENTS, policy=written.pk, statement="We answer within 20 seconds.")
    assert "Nobody answers for it" in told
    assert "Say by which process" in told
    assert "Name the document" in told
    assert "Too short for a readability score" in told
    made = make_document(client.world.admin, client.world.root, approvers=[approver(client.world)])
    typed = {
        "policy": written.pk,
        "statement": "We answer within 20 seconds.",
        "owner": client.world.admin.pk,
        "process": "Calls",
        "documents": [made.pk],
    }
    assert "“Admission”, which says how, is not in force." in beside(client, COMMITMENTS, **typed)
    boss = made.approvers.get().person
    in_force(made, by=client.world.admin, approved_by=[boss])
    assert "Can be put into practice" in beside(client, COMMITMENTS, **typed)


def test_what_is_typed_is_escaped(client: Any) -> None:
    written = policy(client.world, client.world.root, 1)
    told = beside(client, COMMITMENTS, policy=written.pk, statement="<b>best</b> <script>x</script>")
    assert "<script>" not in told
    assert "&lt;b&gt;<mark" in told


def test_the_introduction_is_read_while_it_is_written(client: Any) -> None:
    told = beside(client, POLICIES, introduction="Procuramos la mejora continua.", language="es")
    assert "Procuramos</mark>" in told
    assert "Write the introduction" in beside(client, POLICIES, introduction="")


def test_the_page_of_a_policy_has_each_commitment_with_its_answers(
    client: Any, only_measures: dict[int, list[Measure]]
) -> None:
    written = policy(client.world, client.world.root, 1)
    assert "write the first promise" in page(client, written)
    good, bare = (commitment(client.world, client.world.root, n, within=written) for n in (1, 2))
    only_measures[good.pk] = [measure(measured_in="min", at_least=False, target=30)]
    shown = page(client, written)
    assert shown.index(good.statement) < shown.index(bare.statement)
    assert "Still without measure" in shown
    assert "says 11 minutes; “Calls” asks only for at most 30\N{NO-BREAK SPACE}min" in shown
    assert f"/commitments/new/?policy={written.uid}" in shown
    assert "the words or the target" in page(client, good)
    assert "the words or the target" not in page(client, bare)


def test_a_target_above_the_data_is_named(client: Any, only_measures: dict[int, list[Measure]]) -> None:
    one = commitment(client.world, client.world.root, 1)
    only_measures[one.pk] = [measure(target=95, reachable=87.5)]
    assert "90% of the periods reached at least 87.5%" in page(client, one)


def test_a_commitment_without_measure_leads_to_those_that_can_be_written(client: Any) -> None:
    one = commitment(client.world, client.world.root, 1)
    assert f"new/?commitment={one.uid}&amp;unit={one.unit.uid}" in page(client, one)


def test_the_page_costs_the_same_however_many_commitments(
    client: Any, only_measures: dict[int, list[Measure]]
) -> None:
    written = policy(client.world, client.world.root, 1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, written)
        return len(captured)

    for number in (1, 2):
        one = commitment(client.world, client.world.root, number, within=written)
        only_measures[one.pk] = [measure(target=90 + number)]
    queries()
    few = queries()
    for number in (3, 4, 5):
        one = commitment(client.world, client.world.root, number, within=written)
        only_measures[one.pk] = [measure(target=90 + number)]
    assert queries() == few


def test_the_registry_asks_every_part_once(client: Any, only_measures: dict[int, list[Measure]]) -> None:
    one, two = (commitment(client.world, client.world.root, number) for number in (1, 2))
    only_measures[one.pk] = [measure()]
    add_measures(lambda commitments, user: {one.pk: [measure(title="Other")]})
    found = measures_of([one, two], client.world.admin)
    assert [m.title for m in found[one.pk]] == ["Calls", "Other"]
    assert found[two.pk] == ()
    assert measures_of([], client.world.admin) == {}


def test_broken_links_are_found_once_the_policy_is_submitted_and_lead_to_their_form(client: Any) -> None:
    written = policy(client.world, client.world.root, 1)
    bare = create(Commitment, client.world.admin, policy=written, statement="We answer.")
    broken = {gap.key: gap for gap in gaps_of(Commitment)}
    (whole_gap,) = (gap for gap in gaps_of(Policy) if gap.key == "policy.not_in_force")
    assert not whole_gap.broken(Policy.objects.all()).exists(), "a draft is not broken"
    assert not any(gap.broken(Commitment.objects.all()).exists() for gap in broken.values())
    Policy.objects.filter(pk=written.pk).update(state=Policy.State.IN_REVIEW)
    assert list(whole_gap.broken(Policy.objects.all())) == [written]
    Policy.objects.filter(pk=written.pk).update(
        state=Policy.State.REVISING, in_force_from=dt.date(2025, 1, 1)
    )
    for name, field in (("owner", "owner"), ("process", "process"), ("document", "documents")):
        gap = broken[f"policy.commitment_without_{name}"]
        assert list(gap.broken(Commitment.objects.all())) == [bare]
        assert gap.mend is not None
        assert gap.mend(bare).url.endswith(f"/edit/#id_{field}")
    whole = commitment(client.world, client.world.root, 1, within=written)
    made = make_document(client.world.admin, client.world.root, approvers=[approver(client.world)])
    in_force(made, by=client.world.admin, approved_by=[made.approvers.get().person])
    catalog.of(Commitment).edition(whole, by=client.world.admin, documents=[made])  # type: ignore[misc]
    assert not any(
        gap.broken(Commitment.objects.filter(pk=whole.pk)).exists()
        for gap in broken.values()
        if gap.key.startswith("policy.")
    )
    assert not whole_gap.broken(Policy.objects.all()).exists(), "an older edition is in force"


def test_what_a_draft_lacks_is_still_to_come_and_no_fault(
    client: Any, only_measures: dict[int, list[Measure]]
) -> None:
    one = commitment(client.world, client.world.root, 1)
    only_measures[one.pk] = [measure(has_data=False)]
    shown = client.get(catalog.of(Policy).url(one.policy)).content.decode()
    assert "Still to be put into practice" in shown
    assert "Still without data" in shown
    assert "2 things still to do" in shown
    assert "to mend" not in shown
    Policy.objects.filter(pk=one.policy_id).update(
        state=Policy.State.REVISING, in_force_from=dt.date(2025, 1, 1)
    )
    shown = client.get(catalog.of(Policy).url(one.policy)).content.decode()
    assert "Cannot be put into practice yet" in shown
    assert "2 things to mend" in shown
