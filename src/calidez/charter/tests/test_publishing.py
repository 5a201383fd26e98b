"""What keeps a charter from being published, and what is frozen when it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from calidez.charter import rules, services
from calidez.charter.models import Charter
from calidez.charter.rules import Measured, Said
from calidez.charter.tests.factories import charter, evidence, promised, proved
from calidez.documents import services as documents
from calidez.documents.models import DocumentVersion
from calidez.documents.services import issue, write_out
from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core.children import Row
from calidez.kit.desk import gaps
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.monitoring.models import Measurement
from calidez.objectives.tests.factories import objective
from calidez.policy.models import Policy
from calidez.policy.services import submit as submit_policy
from calidez.policy.tests.factories import commitment, policy
from calidez.standards.services import propose, put_in_force, retire, revise
from calidez.standards.tests.factories import second_person, standard_in_force

pytestmark = pytest.mark.django_db
REASONS = {
    "stretch_reason": "The law asks for it.",
    "stretch_plan": "A second desk opens.",
    "stretch_until": timezone.localdate() + dt.timedelta(days=90),
}


def refused(call: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        call()
    return caught.value


def publish(one: Charter, world: World) -> Charter:
    return services.publish(one, by=world.admin)


def edit(one: Charter, world: World, **values: Any) -> Charter:
    edition = catalog.of(Charter).edition
    assert edition is not None
    return edition(one, by=world.admin, **values)


def rows(*given: dict[str, Any]) -> dict[str, list[Row]]:
    usual = {"result": "none", "standard": None, "objective": None}
    return {"rows_charteritem": [Row({**usual, **one}, place=place) for place, one in enumerate(given)]}


def test_a_new_charter_begins_with_the_commitments_of_its_policy(world: World) -> None:
    promise, standard = evidence(world, world.north)
    one = charter(world, world.north, 1)
    (item,) = one.items.all()
    assert (item.commitment, item.standard, item.result) == (promise, standard, "none")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (Policy.State.DRAFT, "is not in force"),
        (Policy.State.REVISING, "is being revised"),
        (Policy.State.RETIRED, "is no longer in force"),
    ],
)
def test_only_a_policy_in_force_is_published(world: World, state: str, sentence: str) -> None:
    one = proved(world, world.north)
    Policy.objects.update(state=state)
    assert sentence in str(refused(lambda: publish(one, world)))
    assert services.publish.why_not(Charter.objects.get(pk=one.pk), world.admin)


def test_a_chosen_result_needs_data_or_says_that_there_are_none(world: World) -> None:
    one = proved(world, world.north)
    Measurement.objects.all().delete()
    refusal = str(refused(lambda: publish(one, world)))
    assert "“Seen on time” has no data for North clinic" in refusal
    assert "say on the charter that there are not enough data" in refusal
    one.items.update(result="even_without")
    done = publish(one, world)
    assert done.versions.get().content["commitments"][0]["measures"][0]["said"] == "nothing"


def test_a_result_needs_an_indicator(world: World) -> None:
    promise = promised(world, world.north)
    standard = standard_in_force(world, world.north, commitment=promise)
    one = charter(
        world,
        world.north,
        1,
        child_rows=rows({"commitment": promise, "standard": standard, "result": "publish"}),
    )
    assert "Nothing measures" in str(refused(lambda: publish(one, world)))


def test_a_standard_that_is_not_in_force_proves_nothing(world: World) -> None:
    one = proved(world, world.north)
    standard = one.items.get().standard
    retire(standard, by=second_person(world), note="Another one takes its place.")
    assert "is not in force, so it proves nothing" in str(refused(lambda: publish(one, world)))


def test_while_the_next_version_of_a_standard_has_not_begun_the_present_one_is_published(
    world: World,
) -> None:
    one = proved(world, world.north)
    standard = one.items.get().standard
    edit = catalog.of(type(standard)).edition
    revised = edit(revise(standard, by=world.admin), by=world.admin, target=99.0)
    later = timezone.localdate() + dt.timedelta(days=30)
    put_in_force(propose(revised, by=world.admin, **REASONS), by=second_person(world), starts=later)
    (said,) = publish(one, world).versions.get().content["commitments"]
    assert said["measures"][0]["target_value"] == 90


def test_it_says_where_to_complain(world: World) -> None:
    one = proved(world, world.north, mail="", phone="")
    assert "Say where to complain" in str(refused(lambda: publish(one, world)))


def test_it_holds_at_least_one_commitment(world: World) -> None:
    one = proved(world, world.north)
    one.items.all().delete()
    assert "at least one commitment" in str(refused(lambda: publish(one, world)))


def test_a_commitment_that_left_the_policy_is_taken_off(world: World) -> None:
    one = proved(world, world.north)
    item = one.items.get()
    type(item.commitment).objects.update(state="withdrawn")
    assert "has left the policy" in str(refused(lambda: publish(one, world)))


def test_nothing_new_is_no_new_version(world: World) -> None:
    one = publish(proved(world, world.north), world)
    assert "Nothing has changed since version 1" in str(refused(lambda: publish(one, world)))
    one = services.withdraw(one, by=world.admin, note="For a day.")
    assert publish(one, world).versions.count() == 1


def test_who_may_only_read_publishes_nothing(world: World) -> None:
    one = proved(world, world.north)
    with pytest.raises(NotAllowed):
        services.publish(one, by=world.auditor)


def test_the_result_may_be_that_of_an_objective(world: World) -> None:
    promise = promised(world, world.north)
    goal = objective(world, world.north, 1)
    one = charter(
        world,
        world.north,
        1,
        child_rows=rows({"commitment": promise, "objective": goal, "result": "publish"}),
    )
    (measure,) = publish(one, world).versions.get().content["commitments"][0]["measures"]
    assert (measure["target"], measure["target_value"], measure["value"]) == ("at least 98%", 98, 60)


def test_rows_are_of_the_policy_and_say_what_proves_them(world: World) -> None:
    promise = promised(world, world.north)
    stranger = commitment(world, world.north, 7)
    standard = standard_in_force(world, world.north, commitment=promise)
    goal = objective(world, world.north, 1)

    def written(**row: Any) -> RuleBroken:
        return refused(
            lambda: charter(world, world.north, 1, child_rows=rows({"commitment": promise, **row}))
        )

    assert "another policy" in str(written(commitment=stranger))
    assert "not both" in str(written(standard=standard, objective=goal))
    missing = written(result="publish")
    assert missing.field == "rows_charteritem-0-standard"
    twice = rows({"commitment": promise}, {"commitment": promise})
    assert "already stands" in str(refused(lambda: charter(world, world.north, 1, child_rows=twice)))


def test_the_address_is_random_or_chosen_and_stays_once_on_paper(world: World) -> None:
    one = proved(world, world.north)
    assert rules.ADDRESS.match(one.slug)
    assert len(one.slug) == rules.RANDOM_LETTERS
    one = edit(one, world, slug="north-clinic")
    assert "already has this address" in str(
        refused(lambda: charter(world, world.north, 2, slug="north-clinic"))
    )
    assert "Small letters" in str(refused(lambda: edit(one, world, slug="North Clinic")))
    one = publish(one, world)
    assert refused(lambda: edit(one, world, slug="another")).field == "slug"


def test_it_stands_where_its_policy_holds(world: World) -> None:
    promise = promised(world, world.north)
    refusal = refused(lambda: charter(world, world.south, 1, policy=promise.policy))
    assert "does not hold in South clinic" in str(refusal)


def test_the_snapshot_is_sealed_by_its_digest(world: World) -> None:
    version = publish(proved(world, world.north), world).versions.get()
    assert version.digest == rules.digest_of(version.content)
    assert version.digest != rules.digest_of({**version.content, "title": "Other"})


def broken(key: str, world: World) -> list[Any]:
    gap = next(one for one in gaps.gaps() if one.key == key)
    return list(gap.broken(catalog.of(Charter).queryset(world.admin)))


def test_results_of_long_ago_are_a_broken_link(world: World) -> None:
    one = publish(proved(world, world.north), world)
    assert one.stale_from == dt.date(2026, 3, 1), "after January and February"
    today = timezone.localdate()
    Charter.objects.update(stale_from=today + dt.timedelta(days=1))
    assert broken("charter.results_too_old", world) == []
    Charter.objects.update(stale_from=today)
    assert broken("charter.results_too_old", world) == [one]
    services.withdraw(one, by=world.admin, note="Old.")
    assert broken("charter.results_too_old", world) == []


def test_a_policy_that_ended_is_a_broken_link(world: World) -> None:
    one = publish(proved(world, world.north), world)
    assert broken("charter.policy_changed", world) == []
    Policy.objects.update(in_force_until=dt.date(2026, 1, 1), state=Policy.State.RETIRED)
    assert broken("charter.policy_changed", world) == [one]


def month(number: int, n: int = 100) -> Measured:
    start = dt.date(2026, number, 1)
    return Measured(start, dt.date(2026, number + 1, 1) - dt.timedelta(days=1), 90.0, n)


def test_only_whole_periods_are_told() -> None:
    months = [month(1), month(2), month(3)]
    assert rules.newest_whole(months, on=dt.date(2026, 3, 31)) == month(2)
    assert rules.newest_whole(months, on=dt.date(2026, 4, 1)) == month(3)
    assert rules.newest_whole([], on=dt.date(2026, 4, 1)) is None


@pytest.mark.parametrize(
    ("newest", "chosen", "said"),
    [
        (month(1), False, Said.NOT_CHOSEN),
        (None, True, Said.NOTHING),
        (month(1, n=9), True, Said.TOO_FEW),
        (month(1, n=10), True, Said.RESULT),
    ],
)
def test_what_is_said_of_a_figure(newest: Measured | None, chosen: bool, said: Said) -> None:
    assert rules.what_to_say(newest, chosen=chosen) == said


def test_a_newer_edition_of_the_policy_is_a_broken_link(world: World) -> None:
    one = proved(world, world.north)
    first = _issued(world, "We see you soon.")
    Policy.objects.update(document=first.document)
    one = publish(Charter.objects.get(pk=one.pk), world)
    assert one.edition == first
    assert broken("charter.policy_changed", world) == []
    Policy.objects.update(document=None)  # the policy's own way to a new edition is tested where it is made
    _issued(world, "We see you sooner.", document=first.document)
    Policy.objects.update(document=first.document)
    assert broken("charter.policy_changed", world) == [one]


def _issued(world: World, text: str, document: Any = None) -> Any:
    """An edition in force, approved by a second person."""
    version = write_out(
        document,
        kind="policy",
        title="Policy",
        text=text,
        unit=world.north,
        owner=world.admin,
        by=world.admin,
        summary="What changes.",
    )
    return issue(version, by=world.admin, approved_by=second_person(world), effective_on=timezone.localdate())


def test_a_policy_that_is_approved_and_not_in_force_is_not_called_unapproved(world: World) -> None:
    boss = second_person(world)
    fresh = policy(world, world.south, 7)
    commitment(world, world.south, 7, within=fresh)
    one = charter(world, world.south, 7, policy=fresh)

    def why() -> str:
        return services.publish.why_not(Charter.objects.get(pk=one.pk), world.admin)

    assert "nobody has approved" in why()
    submit_policy(fresh, by=world.admin, approvers=[boss], readers_units=[], readers_positions=[])
    assert "it waits for those who are to approve it" in why()
    version = DocumentVersion.objects.get(document__policy=fresh)
    approved = documents.approve(version, by=boss)
    assert "is approved and not in force yet: put" in why()
    assert "nobody has approved" not in why()
    day = timezone.localdate() + dt.timedelta(days=30)
    planned = documents.plan(approved, by=boss, effective_on=day)
    assert "it takes effect on" in why()
    documents.put_in_force(planned, by=boss)
    assert "not in force" not in why()
