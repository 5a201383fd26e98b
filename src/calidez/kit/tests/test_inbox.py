"""What waits for a person: groups, putting off, handing on with a trace, and counts that stay cheap."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calidez.kit.core import audit, verification
from calidez.kit.desk import inbox
from calidez.kit.desk.inbox import Pending, permission, rules, services, sources, waiting
from calidez.kit.desk.inbox.models import Delegation, Snooze
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.tests.desk import Desk, again, client_of, desk_of
from calidez.people.models import Position
from calidez.people.tests.factories import person

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 11)  # a Wednesday


@pytest.fixture
def desk(world: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_of(world, monkeypatch)


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (TODAY - dt.timedelta(days=1), "overdue"),
        (TODAY, "today"),
        (TODAY + dt.timedelta(days=1), "week"),
        (dt.date(2026, 3, 15), "week"),
        (dt.date(2026, 3, 16), "later"),
        (None, "undated"),
    ],
)
def test_items_are_grouped_by_their_day(due: dt.date | None, group: str) -> None:
    assert rules.group(due, TODAY) == group


def test_next_week_is_the_coming_monday() -> None:
    assert rules.next_week(TODAY) == dt.date(2026, 3, 16)
    assert rules.next_week(dt.date(2026, 3, 15)) == dt.date(2026, 3, 16)
    assert rules.next_week(dt.date(2026, 3, 16)) == dt.date(2026, 3, 23)


def test_the_overdue_come_first_then_the_oldest(world: Any, desk: Desk) -> None:
    desk.add("A undated")
    desk.add("B later", due=TODAY + dt.timedelta(days=30))
    desk.add("C late", due=TODAY - dt.timedelta(days=30))
    assert [i.text[9:10] for i in inbox.pending(world.north_manager)] == ["C", "B", "A"]
    assert inbox.pending(world.outsider) == ()


def test_a_snoozed_item_comes_back_by_itself(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    today = timezone.localdate()
    services.snooze(key, today + dt.timedelta(days=1), by=world.admin)
    assert inbox.pending(world.admin) == ()
    assert inbox.count(again(world.admin)) == 0
    assert len(inbox.pending(world.north_manager)) == 1, "a snooze is one's own"
    Snooze.objects.update(until=today)
    assert len(inbox.pending(again(world.admin))) == 1


def test_waking_brings_it_back_now(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    services.snooze(key, timezone.localdate() + dt.timedelta(days=9), by=world.admin)
    services.wake(key, by=world.admin)
    assert len(inbox.pending(world.admin)) == 1


def test_what_is_due_is_put_off_for_three_days_at_most(world: Any, desk: Desk) -> None:
    late = desk.add("Late", due=TODAY - dt.timedelta(days=20))
    soon = desk.add("Soon", due=TODAY + dt.timedelta(days=5))
    with pytest.raises(RuleBroken, match="3 days at most"):
        services.snooze(late, TODAY + dt.timedelta(days=4), by=world.admin, today=TODAY)
    services.snooze(late, TODAY + dt.timedelta(days=3), by=world.admin, today=TODAY)
    with pytest.raises(RuleBroken, match=r"until 16 Mar 2026"):
        services.snooze(soon, TODAY + dt.timedelta(days=6), by=world.admin, today=TODAY)
    with pytest.raises(RuleBroken, match="after today"):
        services.snooze(soon, TODAY, by=world.admin, today=TODAY)
    with pytest.raises(RuleBroken, match="no more"):
        services.snooze(
            "desk/people.position/none", TODAY + dt.timedelta(days=1), by=world.admin, today=TODAY
        )


def test_what_is_handed_on_leaves_a_trace_everywhere(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    services.delegate(key, world.north_manager, by=world.admin, note="You know her best.")
    assert inbox.pending(world.admin) == ()
    theirs = waiting.waiting(again(world.north_manager))
    assert [i.key for i in theirs.items] == [key]
    assert theirs.received[key].note == "You know her best."
    assert waiting.waiting(world.admin).given[0][1].receiver == world.north_manager
    told = Notification.objects.get(person=world.north_manager)
    assert told.text == "Ada Administrator handed you: Describe Nurse\n“You know her best.”"
    event = audit.history(Position.objects.get(), limit=1)[0]
    assert (event.verb, event.actor, event.note) == ("delegate", str(world.admin), "You know her best.")
    assert event.after["with"]["label"] == "Nora North"
    page = client_of(world.admin).get(f"/positions/{Position.objects.get().uid}/?whole=1").content.decode()
    assert "handed the work on" in page


def test_a_receiver_must_be_allowed_to_do_it(world: Any, desk: Desk) -> None:
    south = desk.add("Nurse", unit=world.south)
    for who in (world.north_manager, world.auditor, world.outsider):
        with pytest.raises(RuleBroken, match="may not do this"):
            services.delegate(south, who, by=world.admin)
    assert not Delegation.objects.exists()


def test_those_offered_are_those_allowed(world: Any, desk: Desk) -> None:
    desk.add("Nurse", unit=world.south)
    desk.add("Porter", unit=world.north)
    keeper = person(world.admin, world.south, "s@example.org", "Sam South", role="administrator")
    one = sources.source("desk")
    assert one is not None
    offered = [permission.candidates(world.admin, one, i) for i in inbox.pending(world.admin)]
    assert offered == [[keeper], [world.north_manager]]


def test_a_receiver_who_loses_the_right_loses_the_item(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    services.delegate(key, world.north_manager, by=world.admin)
    world.north_manager.grants.all().delete()
    assert inbox.pending(again(world.north_manager)) == ()


def test_what_a_receiver_may_not_do_any_more_comes_back(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    services.delegate(key, world.north_manager, by=world.admin)
    world.north_manager.grants.all().delete()
    assert services.close_over(timezone.now()) == 1
    assert [i.key for i in inbox.pending(again(world.admin))] == [key]
    told = Notification.objects.get(person=world.admin)
    assert told.text == "Nora North may not do this any more, so it is yours again: Describe Nurse"
    assert services.close_over(timezone.now()) == 0


def test_what_somebody_has_who_left_comes_back_at_once(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    services.delegate(key, world.north_manager, by=world.admin)
    type(world.admin).objects.filter(pk=world.north_manager.pk).update(is_active=False)
    assert [i.key for i in inbox.pending(again(world.admin))] == [key]
    third = person(world.admin, world.north, "t@example.org", "Tina Third", role="administrator")
    services.delegate(key, third, by=again(world.admin))
    assert [i.key for i in inbox.pending(third)] == [key]


def test_it_can_be_given_back_and_taken_back(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    handed = services.delegate(key, world.north_manager, by=world.admin)
    with pytest.raises(NotAllowed):
        services.give_back(handed, by=world.auditor)
    services.give_back(handed, by=world.north_manager, note="On leave.")
    assert [i.key for i in inbox.pending(again(world.admin))] == [key]
    told = Notification.objects.get(person=world.admin)
    assert told.text == "Nora North gave back: Describe Nurse\n“On leave.”"
    once_more = services.delegate(key, world.north_manager, by=again(world.admin))
    services.give_back(once_more, by=world.admin)
    assert waiting.waiting(again(world.north_manager)).received == {}
    assert [e.verb for e in audit.history(Position.objects.get())][:4] == [
        "take_back_work",
        "delegate",
        "give_back",
        "delegate",
    ]
    assert verification.verify().intact


def test_what_was_handed_over_is_not_handed_further(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    third = person(world.admin, world.north, "t@example.org", "Tina Third", role="administrator")
    services.delegate(key, world.north_manager, by=world.admin)
    with pytest.raises(RuleBroken, match="Ada Administrator handed you this"):
        services.delegate(key, third, by=again(world.north_manager))
    with pytest.raises(RuleBroken, match="has handed this to Nora North"):
        services.delegate(key, world.admin, by=third)


def test_done_work_leaves_both_lists(world: Any, desk: Desk) -> None:
    key = desk.add("Nurse")
    services.delegate(key, world.north_manager, by=world.admin)
    Position.objects.update(purpose="Nurses.")
    assert inbox.pending(again(world.north_manager)) == ()
    assert waiting.waiting(again(world.admin)).given == ()
    assert services.close_over(timezone.now()) == 1
    assert Delegation.objects.get().end == Delegation.End.OVER


def test_the_page_groups_and_says_how_it_stands(world: Any, desk: Desk) -> None:
    today = timezone.localdate()
    desk.add("Late", due=today - dt.timedelta(days=2))
    desk.add("Now", due=today)
    key = desk.add("Whenever")
    client = client_of(world.admin)
    page = client.get("/my-work/").content.decode()
    assert "3 things wait for you: 1 overdue, 1 due today." in page
    assert page.index("Describe Late") < page.index("Describe Now") < page.index("Describe Whenever")
    tomorrow = today + dt.timedelta(days=1)
    answer = client.post("/my-work/put-off/", {"key": key, "until": tomorrow.isoformat()}, follow=True)
    assert "comes back on" in answer.content.decode()
    assert "Bring back now" in answer.content.decode()
    handed = client.post("/my-work/hand-on/", {"key": key, "receiver": world.auditor.pk})
    assert handed.status_code == 422
    assert (
        client.post("/my-work/hand-on/", {"key": key, "receiver": world.north_manager.pk}).status_code == 302
    )
    theirs = client_of(world.north_manager).get("/my-work/").content.decode()
    assert "From Ada Administrator" in theirs
    delegation = Delegation.objects.get()
    assert client_of(world.auditor).post(f"/my-work/give-back/{delegation.uid}/").status_code == 404
    assert client_of(world.north_manager).post(f"/my-work/give-back/{delegation.uid}/").status_code == 302


def test_nothing_waiting_is_said_calmly(world: Any, desk: Desk) -> None:
    assert "Nothing waits for you." in client_of(world.auditor).get("/my-work/").content.decode()


def test_the_filter_shows_one_kind(world: Any, desk: Desk) -> None:
    desk.add("Nurse")
    other = Pending(text="Something else", url="/", kind="else", subject="below")
    inbox.add_source(lambda who: [other], key="other", label="Others")
    page = client_of(world.admin).get("/my-work/?kind=other").content.decode()
    assert "Something else" in page
    assert "Describe Nurse" not in page
    assert "Describe Nurse" in client_of(world.admin).get("/my-work/?kind=nonsense").content.decode()


def test_the_rows_of_all_sources_are_counted_in_one_query(world: Any, desk: Desk) -> None:
    """Three with rows, one of them rough and empty, one without permission; only what was put off is read."""
    for name in ("Nurse", "Porter"):
        desk.add(name)
    unpurposed = Position.objects.filter(purpose="").order_by("name")
    with_letter = unpurposed.filter(name__startswith="N")
    inbox.add_source(lambda who: desk.items(who)[:1], key="letter", rows=lambda who: with_letter)
    inbox.add_source(desk.items, key="rough", rows=lambda who: unpurposed.filter(name="X"), rough=True)
    inbox.add_source(desk.items, key="nothing", rows=lambda who: None)
    inbox.add_source(desk.items, key="never", rows=lambda who: Position.objects.filter(pk__in=[]))
    sources._sources["desk"] = replace(sources._sources["desk"], rows=lambda who: unpurposed)
    admin = again(world.admin)
    with CaptureQueriesContext(connection) as captured:
        assert waiting.count(admin) == 3
    assert (len(captured), desk.asked) == (3, 0), "what was put off, what was handed on, and all sources"
    services.snooze(
        f"letter/people.position/{with_letter.get().uid}",
        timezone.localdate() + dt.timedelta(days=1),
        by=again(world.admin),
    )
    desk.asked = 0
    assert inbox.count(again(world.admin)) == 2
    assert desk.asked == 1


def test_rough_rows_only_say_whether_the_items_are_asked(world: Any, desk: Desk) -> None:
    desk.add("Nurse")
    inbox.add_source(
        lambda who: [*desk.items(who)] * 2, key="rough", rows=lambda who: Position.objects.all(), rough=True
    )
    sources._sources.pop("desk")
    assert inbox.count(again(world.admin)) == len(inbox.pending(again(world.admin))) == 1  # one key, one item


def test_my_work_costs_a_fixed_number_of_queries(world: Any, desk: Desk) -> None:
    client = client_of(world.admin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/my-work/").status_code == 200
        return len(captured)

    desk.add("First")
    few = queries()
    for number in range(8):
        desk.add(f"N{number}")
    assert queries() == few <= 12


def test_two_sources_cannot_share_a_name(desk: Desk) -> None:
    with pytest.raises(ValueError, match="'desk'"):
        inbox.add_source(desk.items, key="desk")
