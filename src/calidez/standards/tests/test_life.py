"""From a draft to its end: each refusal with its sentence, and what stays in force meanwhile."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import editions
from calidez.kit.core.children import Row
from calidez.kit.desk import inbox
from calidez.kit.desk.inbox.sources import source
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.people.tests.factories import person
from calidez.standards import demonstrated, services
from calidez.standards.demonstrated import Demonstrated
from calidez.standards.models import LocalTarget, Standard
from calidez.standards.sentences import promised_sentence
from calidez.standards.tests.factories import BASIS, in_force, second_person, standard, standard_in_force

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def edit(found: Standard, by: Any, **values: Any) -> Standard:
    changed: Standard = catalog.of(Standard).edition(found, by=by, **values)  # type: ignore[misc]
    return changed


def shown(monkeypatch: pytest.MonkeyPatch, beyond: bool | None) -> None:
    found = Demonstrated(periods=24, met=12, low=0.3, high=0.7, reachable=84.0, beyond=beyond)
    monkeypatch.setattr(demonstrated, "_find", lambda standard: found)


# Proposing


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"target": None}, "Give the standard a target first"),
        ({"child_rows": {}}, "Say what the standard rests on first"),
        ({"starts": dt.date(2020, 1, 1), "ends": dt.date(2020, 12, 31)}, "ends before today"),
    ],
)
def test_what_is_not_complete_is_not_proposed(world: World, values: dict[str, Any], sentence: str) -> None:
    draft = standard(world, world.north, 1, **values)
    assert sentence in services.propose.why_not(draft, world.admin)
    with pytest.raises(RuleBroken, match=sentence):
        services.propose(draft, by=world.admin)


def test_more_than_was_shown_needs_a_reason_and_a_dated_plan(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(monkeypatch, beyond=True)
    draft = standard(world, world.north, 1)
    assert "12 of 24 periods would have met it." in services.propose.help_for(draft)
    assert "give a reason and a dated plan" in services.propose.help_for(draft)
    with pytest.raises(RuleBroken, match="say why it is promised nevertheless") as refusal:
        services.propose(draft, by=world.admin)
    assert refusal.value.field == "stretch_reason"
    given: dict[str, Any] = {"stretch_reason": "The law asks for it."}
    with pytest.raises(RuleBroken, match="what is changed"):
        services.propose(draft, by=world.admin, **given)
    given["stretch_plan"] = "A second desk."
    with pytest.raises(RuleBroken, match="after today"):
        services.propose(draft, by=world.admin, **given, stretch_until=timezone.localdate())
    until = timezone.localdate() + 90 * DAY
    proposed = services.propose(draft, by=world.admin, **given, stretch_until=until)
    version = services.put_in_force(proposed, by=second_person(world)).latest
    assert (version.stretch_reason, version.stretch_plan, version.stretch_until) == (
        "The law asks for it.",
        "A second desk.",
        until,
    )
    page = client_of(world.admin).get(f"/standards/{draft.uid}/").content.decode()
    assert "The law asks for it." in page


@pytest.mark.parametrize(("beyond", "said"), [(False, "would have met it"), (None, "too few to tell")])
def test_within_reach_or_without_figures_enough_nothing_more_is_asked(
    world: World, monkeypatch: pytest.MonkeyPatch, beyond: bool | None, said: str
) -> None:
    shown(monkeypatch, beyond)
    draft = standard(world, world.north, 1)
    assert said in services.propose.help_for(draft)
    assert services.propose(draft, by=world.admin).state == Standard.State.PROPOSED


def test_reason_and_plan_are_asked_only_for_more_than_was_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, client = standard(world, world.north, 1), client_of(world.admin)
    address = f"/standards/{draft.uid}/do/propose/"
    assert "stretch_reason" not in client.get(address).content.decode()
    shown(monkeypatch, beyond=True)
    assert "stretch_reason" in client.get(address).content.decode()


# A second person


def test_it_is_offered_to_those_who_may_put_it_in_force(world: World) -> None:
    author = second_person(world)
    proposed = services.propose(standard(world, world.north, 1), by=author)
    writer = world.admin
    other = person(world.admin, world.root, "third@example.org", "Teo Third", role="quality_manager")
    assert not services.put_in_force.offered_to(proposed, author)
    assert not services.put_in_force.offered_to(proposed, writer)
    assert services.put_in_force.offered_to(proposed, other)
    assert "“Put in force” is for somebody else" in services.put_in_force.why_not(proposed, author)
    assert "You wrote in it yourself" in services.put_in_force.why_not(proposed, writer)
    assert not services.put_in_force.why_not(proposed, other)


def test_whoever_proposed_it_does_not_put_it_in_force(world: World) -> None:
    author = second_person(world)
    proposed = services.propose(standard(world, world.north, 1), by=author)
    with pytest.raises(RuleBroken, match="You took the step “Propose” yourself"):
        services.put_in_force(proposed, by=author)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.latest) == (Standard.State.PROPOSED, None)


def test_whoever_wrote_in_it_does_not_put_it_in_force(world: World) -> None:
    third = person(world.admin, world.root, "third@example.org", "Tom Third", role="quality_manager")
    draft = edit(standard(world, world.north, 1), second_person(world), target=91.0)
    proposed = services.propose(draft, by=third)
    for author in (world.admin, second_person(world)):
        with pytest.raises(RuleBroken, match="You wrote in it yourself"):
            services.put_in_force(proposed, by=author)
    # What somebody wrote before the version in force is no reason any more.
    fourth = person(world.admin, world.root, "fourth@example.org", "Fay Fourth", role="quality_manager")
    done = services.put_in_force(proposed, by=fourth)
    again = services.propose(edit(services.revise(done, by=third), third, target=92.0), by=third)
    assert services.put_in_force(again, by=world.admin, starts=timezone.localdate()).latest.number == 2


def test_a_process_owner_proposes_and_cannot_put_in_force(world: World) -> None:
    owner = person(world.admin, world.root, "owner@example.org", "Oda Owner", role="process_owner")
    proposed = services.propose(standard(world, world.north, 1), by=owner)
    with pytest.raises(NotAllowed):
        services.put_in_force(proposed, by=owner)


def test_it_is_sent_back_with_a_reason(world: World) -> None:
    proposed = services.propose(standard(world, world.north, 1), by=world.admin)
    back = services.send_back(proposed, by=second_person(world), note="Name the survey.")
    assert back.state == Standard.State.DRAFT
    revised = services.revise(standard_in_force(world, world.north, 2), by=world.admin)
    again = services.propose(revised, by=world.admin)
    assert services.send_back(again, by=second_person(world), note="Why?").state == Standard.State.REVISING


# Versions


def test_a_new_version_begins_neither_before_today_nor_before_the_one_before(world: World) -> None:
    found = standard_in_force(world, world.north, 1)
    assert (found.latest.number, found.latest.starts) == (1, dt.date(2024, 1, 1))
    today, second = timezone.localdate(), second_person(world)
    proposed = services.propose(
        edit(services.revise(found, by=world.admin), world.admin, target=95.0), by=world.admin
    )
    with pytest.raises(RuleBroken, match="never rewrites the past") as refusal:
        services.put_in_force(proposed, by=second, starts=today - DAY)
    assert refusal.value.field == "starts"
    with pytest.raises(RuleBroken, match="from which date"):
        services.put_in_force(proposed, by=second)
    coming = services.put_in_force(proposed, by=second, starts=today + 10 * DAY)
    first, latest = coming.versions.order_by("number")
    assert (first.target, first.ends) == (90.0, today + 9 * DAY)
    assert (latest.target, latest.starts, latest.ends) == (95.0, today + 10 * DAY, None)
    assert promised_sentence(coming).startswith("at least 95%, from")
    overtaking = services.propose(services.revise(coming, by=world.admin), by=world.admin)
    with pytest.raises(RuleBroken, match="never rewrites the past"):
        services.put_in_force(overtaking, by=second, starts=today + 10 * DAY)


def test_what_is_revised_stays_in_force_and_a_dropped_revision_leaves_no_trace(world: World) -> None:
    found = standard_in_force(
        world,
        world.root,
        1,
        units=[world.north, world.south],
        unacceptable=80.0,
        reaction="Call the owner.",
        child_rows={
            "rows_standardbasis": [BASIS],
            "rows_localtarget": [Row({"unit": world.north, "target": 85.0})],
        },
    )
    before = found.latest.content
    revised = edit(
        services.revise(found, by=world.admin),
        world.admin,
        title="Other",
        target=99.0,
        unacceptable=None,
        units=[world.south],
        child_rows={"rows_standardbasis": [], "rows_localtarget": []},
    )
    assert promised_sentence(revised) == "at least 90%"
    back = services.drop_revision(revised, by=world.admin, note="Not now.")
    assert (back.state, back.title, back.starts) == ("in_force", found.title, dt.date(2024, 1, 1))
    assert editions.content_of(back) == before
    assert back.versions.count() == 1


def test_a_version_is_only_edited_as_a_revision(world: World) -> None:
    found = standard_in_force(world, world.north, 1)
    with pytest.raises(RuleBroken, match="not possible now"):
        edit(found, world.admin, target=50.0)
    with pytest.raises(RuleBroken, match="not possible now"):
        services.put_in_force(found, by=second_person(world), starts=timezone.localdate())


def test_the_page_shows_versions_with_what_changed(world: World) -> None:
    found = standard_in_force(world, world.north, 1)
    revised = edit(services.revise(found, by=world.admin), world.admin, target=95.0, tolerance=1.0)
    in_force(revised, world, starts=timezone.localdate())
    page = client_of(world.admin).get(f"/standards/{found.uid}/?whole=1").content.decode()
    assert "Version 2" in page
    assert "Proposed by Ada Administrator, put in force by Sofia Second" in page
    assert "<del>90</del>" in page
    assert "<ins>95</ins>" in page


def test_a_retired_standard_ends_today_and_what_had_not_begun_never_held(world: World) -> None:
    found = standard_in_force(world, world.north, 1)
    today = timezone.localdate()
    coming = in_force(services.revise(found, by=world.admin), world, starts=today + 10 * DAY)
    gone = services.retire(services.revise(coming, by=world.admin), by=world.admin, note="Replaced.")
    assert (gone.state, gone.ends) == (Standard.State.RETIRED, today)
    (version,) = gone.versions.all()
    assert (version.number, version.ends) == (1, today)
    assert gone.latest == version


# What the database refuses, in words


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"unacceptable": 80.0}, "reaction", "Say which reaction"),
        ({"unacceptable": 89.0, "reaction": "x"}, "unacceptable", "beyond the target and its tolerance"),
        (
            {"direction": "at_most", "target": 20.0, "unacceptable": 21.0, "reaction": "x"},
            "unacceptable",
            "beyond the target and its tolerance",
        ),
        ({"case_limit": 20.0}, "case_measured_in", "unit of measure the limit for one case"),
    ],
)
def test_half_a_threshold_is_refused(world: World, values: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        standard(world, world.north, 1, **values)
    assert refusal.value.field == field


def test_a_threshold_may_begin_where_the_tolerance_ends(world: World) -> None:
    made = standard(world, world.north, 1, unacceptable=88.0, reaction="Call the owner.")
    assert made.unacceptable == 88.0
    # Without the threshold nothing is required: the reaction goes with it.
    assert edit(made, world.admin, unacceptable=None).reaction == ""


@pytest.mark.parametrize(
    ("target", "where", "sentence"),
    [
        (85.0, "root", "does not hold in"),
        (70.0, "north", "unacceptable"),
    ],
)
def test_a_local_target_holds_within_the_units_and_is_not_unacceptable(
    world: World, target: float, where: str, sentence: str
) -> None:
    row = Row({"unit": getattr(world, where), "target": target})
    with pytest.raises(RuleBroken, match=sentence):
        standard(
            world,
            world.north,
            1,
            unacceptable=80.0,
            reaction="Call the owner.",
            child_rows={"rows_standardbasis": [BASIS], "rows_localtarget": [row]},
        )
    assert not LocalTarget.objects.exists()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_proposal_waits_for_those_who_may_put_it_in_force(world: World) -> None:
    proposed = services.propose(standard(world, world.north, 1), by=world.admin)
    second, waiting = second_person(world), source("standards.standard")
    assert waiting is not None
    (pending,) = waiting.all(second)
    assert inbox.count(second) == 1
    assert inbox.count(world.admin) == inbox.count(world.auditor) == 0
    assert pending.act is not None
    assert pending.act.text == "Put in force"
    assert pending.text == f"Ada Administrator proposes: {proposed}"
    assert waiting.all(world.admin) == waiting.all(world.auditor) == []
    services.put_in_force(proposed, by=second)
    assert waiting.all(second) == []


def test_who_proposed_it_once_does_not_put_it_in_force_when_another_proposes_it_again(world: World) -> None:
    second = second_person(world)
    found = standard(world, world.north, 1)
    proposed = services.propose(
        found,
        by=second,
        stretch_reason="The law asks for it.",
        stretch_plan="A second desk.",
        stretch_until=timezone.localdate() + 90 * DAY,
    )
    again = services.propose(services.send_back(proposed, by=world.admin, note="Later"), by=world.admin)
    with pytest.raises(RuleBroken, match="You took the step “Propose” yourself"):
        services.put_in_force(again, by=second, starts=timezone.localdate())


def test_what_a_step_refuses_empty_is_not_called_optional(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(monkeypatch, beyond=True)
    draft = standard(world, world.north, 1)
    propose = client_of(world.admin).get(f"/standards/{draft.uid}/do/propose/").content.decode()
    assert "stretch_until" in propose
    assert 'class="optional"' not in propose
    monkeypatch.undo()
    services.propose(draft, by=world.admin)
    page = client_of(second_person(world)).get(f"/standards/{draft.uid}/do/put_in_force/").content.decode()
    assert 'name="starts"' in page
    assert 'class="optional"' not in page
