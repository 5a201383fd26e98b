"""Four eyes: whoever wrote or proposed what is to be in force does not put it there, as the trail knows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calidez.kit.core import writers
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.tests.ledger.models import Tariff
from calidez.kit.tests.tariffs import (
    FIRST,
    LIFE,
    State,
    draft,
    edit,
    in_force,
    second,
    signed_in,
    tariffs,
    third,
)
from calidez.people.tests.factories import person

pytestmark = pytest.mark.django_db
__all__ = ["second", "tariffs", "third"]  # fixtures


def test_nobody_puts_in_force_what_they_wrote_or_proposed(tariffs, world, second, third):
    proposed = LIFE.propose(edit(draft(world), second, price=80.0), by=third)
    for author, sentence in (
        (world.admin, "You wrote in it yourself: “Put in force” is for somebody else."),
        (second, "You wrote in it yourself"),
        (third, "You took the step “Propose” yourself: “Put in force” is for somebody else."),
    ):
        assert sentence in LIFE.put_in_force.why_not(proposed, author)
        assert not LIFE.put_in_force.offered_to(proposed, author)
        with pytest.raises(RuleBroken, match=sentence):
            LIFE.put_in_force(proposed, by=author, starts=FIRST)
        page = signed_in(author).get(f"/tariffs/{proposed.uid}/").content.decode()
        assert sentence in page, "drawn beside the state to which it would lead"
        assert "do/put_in_force/" not in page
    fourth = person(world.admin, world.root, "fourth@example.org", "Fay Fourth", role="administrator")
    assert "do/put_in_force/" in signed_in(fourth).get(f"/tariffs/{proposed.uid}/").content.decode()
    # What somebody wrote before the version in force is no reason any more.
    done = LIFE.put_in_force(proposed, by=fourth, starts=FIRST)
    again = LIFE.propose(edit(LIFE.revise(done, by=fourth), fourth, price=81.0), by=fourth)
    assert LIFE.put_in_force(again, by=world.admin, starts=timezone.localdate()).latest.number == 2


def test_who_proposed_once_does_not_put_it_in_force_when_another_proposes_again(
    tariffs, world, second, third
):
    back = LIFE.send_back(LIFE.propose(draft(world), by=second), by=third, note="Too dear.")
    again = LIFE.propose(back, by=world.admin)
    with pytest.raises(RuleBroken, match="You took the step “Propose” yourself"):
        LIFE.put_in_force(again, by=second, starts=FIRST)
    assert LIFE.put_in_force(again, by=third, starts=FIRST).latest.made_by == third


def test_a_dropped_revision_is_nobodys_word(tariffs, world, second, third):
    found = in_force(draft(world), world.admin, second)
    revised = edit(LIFE.revise(found, by=third), third, price=70.0)
    dropped = LIFE.drop_revision(revised, by=third, note="No.")
    again = LIFE.propose(LIFE.revise(dropped, by=world.admin), by=world.admin)
    assert LIFE.put_in_force(again, by=third, starts=timezone.localdate()).latest.number == 2


def test_what_waits_for_another_is_found_by_one_query(tariffs, world, second, third):
    mine = LIFE.propose(draft(world, title="Mine"), by=world.admin)
    touched = LIFE.propose(edit(draft(world, title="Touched"), second, price=1.0), by=world.admin)
    before = in_force(draft(world, title="Long ago"), second, third)
    long_ago = LIFE.propose(LIFE.revise(before, by=world.admin), by=world.admin)
    waiting = Tariff.objects.filter(state=State.PROPOSED).order_by("pk")

    def for_(user: Any) -> list[Any]:
        with CaptureQueriesContext(connection) as asked:
            found = list(writers.by_others(tariffs, LIFE.put_in_force, waiting, user))
        assert len(asked) == 1
        return found

    assert for_(world.admin) == []
    assert for_(second) == [mine, long_ago]
    assert for_(third) == [mine, touched, long_ago]
    for user in (world.admin, second, third):
        assert for_(user) == [one for one in waiting if not LIFE.put_in_force.why_not(one, user)]
