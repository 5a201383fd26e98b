"""The past is read from the trail: whatever was edited, it gives back what was stored then."""

from __future__ import annotations

import datetime as dt
import random
from types import SimpleNamespace

import pytest

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit
from calidez.kit.core.audit import _only_changes
from calidez.kit.core.trail import as_it_stood, replay
from calidez.people.models import Position
from calidez.people.tests.factories import create

NAMES = ("title", "target", "units", "ends")


def edited(seed: int, *, created: bool) -> tuple[list[SimpleNamespace], list[dict]]:
    """Random edits as the trail keeps them (only what changed), and what was stored after each."""
    rng = random.Random(seed)
    values = {name: rng.choice([None, "", 0, 1.5, "a", ["x"], {"label": "b"}]) for name in NAMES}
    events, stored = [], []
    if created:
        events.append(SimpleNamespace(verb="create", before=None, after=dict(values)))
        stored.append(dict(values))
    for number in range(rng.randint(1, 12)):
        if rng.random() < 0.2:
            events.append(
                SimpleNamespace(verb="attach_file", before=None, after={"file": {"label": "a.pdf"}})
            )
        else:
            changed = dict(values)
            for name in rng.sample(NAMES, rng.randint(0, 3)):
                changed[name] = rng.choice([None, 0, number, "", f"text {number}", [], ["x", "y"]])
            before, after = _only_changes(values, changed)
            events.append(SimpleNamespace(verb="edit", before=before, after=after))
            values = changed
        stored.append(dict(values))
    return events, stored


@pytest.mark.parametrize("created", [True, False], ids=["from its creation", "without a creation"])
@pytest.mark.parametrize("seed", range(60))
def test_whatever_was_edited_the_trail_gives_back_what_was_stored(seed, created):
    events, stored = edited(seed, created=created)
    for count, expected in enumerate(stored, start=1):
        assert replay(events, count, today=stored[-1]) == expected
    if created:
        assert replay(events, 0, today=stored[-1]) is None


@pytest.mark.django_db
def test_a_record_as_it_stood_at_a_moment_and_after_an_event(world: World):
    position = create(Position, world.admin, name="Porter", unit=world.north, purpose="Opens doors.")
    entity = catalog.of(Position)
    first = audit.history(position)[0]
    entity.edition(position, by=world.admin, name="Receptionist", purpose="Greets people.")
    entity.edition(position, by=world.admin, purpose="")
    now = as_it_stood(position, moment=dt.datetime.now(dt.UTC))
    position.refresh_from_db()
    assert now.values == audit.snapshot(position)
    then = as_it_stood(position, event=first.pk)
    assert (then.values["name"], then.values["purpose"]) == ("Porter", "Opens doors.")
    assert as_it_stood(position, moment=first.at - dt.timedelta(seconds=1)).values is None
