"""The page of background jobs: who finds it, what can be done there, and that a long history does not slow it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from calidez.kit.conformance import World
from calidez.kit.core.events import AuditEvent
from calidez.kit.desk import jobs_control as control
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs import declare, enqueue, job, schedules
from calidez.kit.platform.jobs.models import Job, Schedule
from calidez.kit.platform.jobs.wording import in_words
from calidez.kit.platform.jobs.worker import run_queued
from calidez.people.tests.factories import world as build_world

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def world() -> World:
    people = build_world()
    Job.objects.all().delete()  # founding an organisation asks for work too
    return people


@pytest.fixture
def daily(monkeypatch: pytest.MonkeyPatch) -> declare.JobKind:
    monkeypatch.setattr(declare, "_kinds", {})

    def daily_round() -> None: ...

    return job(title="Daily round", every="0 6 * * *")(daily_round)


@pytest.fixture
def failing(daily: declare.JobKind) -> declare.JobKind:
    def fails(*, number: int) -> None:
        raise RuleBroken("The file holds no rows.")

    return job(title="Fragile work", one_per=("number",))(fails)


@pytest.fixture
def admin(world: World) -> Client:
    return client_of(world.admin)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, **params: str) -> str:
    answer = client.get(reverse("kit:jobs"), params)
    assert answer.status_code == 200
    return answer.content.decode()


def verbs() -> list[str]:
    return list(AuditEvent.objects.filter(subject__startswith="kit.").values_list("verb", flat=True))


def test_an_empty_page_says_what_belongs_there(admin: Client, daily: declare.JobKind) -> None:
    text = page(admin)
    for sentence in ("Nothing runs and nothing waits", "Nothing has been done", "has not run yet"):
        assert sentence in text
    assert reverse("kit:jobs") in admin.get(reverse("kit:administration")).content.decode()


def test_only_who_administers_everything_finds_it(world: World, failing: declare.JobKind) -> None:
    uid = enqueue(failing, number=1)
    addresses = (reverse("kit:jobs"), reverse("kit:job", args=[uid]))
    for person in (world.auditor, world.north_manager, world.outsider):
        client = client_of(person)
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        assert client.post(reverse("kit:job-do", args=[uid, "cancel"])).status_code == 404
        assert client.post(reverse("kit:schedule-do", args=["x", "now"])).status_code == 404
        with pytest.raises(NotAllowed):
            control.cancel(Job.objects.get(), by=person)
    assert Job.objects.get().state == State.QUEUED


def test_what_failed_is_told_and_run_again(admin: Client, failing: declare.JobKind, world: World) -> None:
    uid = enqueue(failing, number=1)
    run_queued()
    assert "The file holds no rows." in page(admin)
    detail = admin.get(reverse("kit:job", args=[uid])).content.decode()
    assert "Traceback" in detail

    assert admin.post(reverse("kit:job-do", args=[uid, "again"])).status_code == 302
    again = Job.objects.get()
    assert (again.state, again.attempts, again.error, again.trace) == (State.QUEUED, 0, "", "")
    assert verbs() == ["run_again"]
    assert run_queued() == 1


def test_the_same_work_is_not_queued_twice_by_hand(failing: declare.JobKind, world: World) -> None:
    enqueue(failing, number=1)
    run_queued()
    failed = Job.objects.get()
    enqueue(failing, number=1)
    with pytest.raises(RuleBroken, match="already waiting"):
        control.run_again(failed, by=world.admin)
    assert verbs() == []
    with pytest.raises(RuleBroken, match="Only work that failed"):
        control.run_again(Job.objects.get(state=State.QUEUED), by=world.admin)


def test_what_waits_can_be_called_off_and_what_runs_cannot(
    admin: Client, failing: declare.JobKind, world: World
) -> None:
    uid = enqueue(failing, number=1)
    assert "Call off" in page(admin)
    admin.post(reverse("kit:job-do", args=[uid, "cancel"]))
    off = Job.objects.get()
    assert (off.state, run_queued()) == (State.CANCELLED, 0)
    assert str(world.admin) in off.error
    with pytest.raises(RuleBroken, match="already begun or ended"):
        control.cancel(off, by=world.admin)
    assert verbs() == ["cancel"]
    assert admin.post(reverse("kit:job-do", args=[uid, "erase"])).status_code == 404


def test_a_schedule_is_run_now_paused_and_resumed(admin: Client, daily: declare.JobKind) -> None:
    def press(step: str) -> None:
        assert admin.post(reverse("kit:schedule-do", args=[daily.name, step])).status_code == 302

    press("now")
    assert run_queued() == 1
    assert "last asked for" in page(admin)
    press("pause")
    assert "Paused" in page(admin)
    later = timezone.now() + dt.timedelta(days=2)
    assert schedules.queue_due(later) == 0
    press("resume")
    row = Schedule.objects.get()
    assert (row.paused, timezone.now() - row.settled_until < dt.timedelta(minutes=1)) == (False, True)
    assert schedules.queue_due(later) == 1
    assert verbs() == ["run_now", "pause", "resume"]
    assert admin.post(reverse("kit:schedule-do", args=[daily.name, "never"])).status_code == 404


def test_history_is_filtered_and_paged(admin: Client, daily: declare.JobKind) -> None:
    _history(30, daily.name, State.DONE)
    _history(1, "other.work", State.FAILED)
    assert "1–25 of 31" in page(admin)
    assert "26–31 of 31" in page(admin, page="2")
    assert "1–1 of 1" in page(admin, state=State.FAILED)
    assert "1–25 of 30" in page(admin, name=daily.name)
    assert "Nothing matches" in page(admin, name=daily.name, state=State.FAILED)
    assert page(admin, state="nonsense", page="99", name="%_'")


def test_work_that_nobody_takes_up_is_told(admin: Client, failing: declare.JobKind) -> None:
    enqueue(failing, number=1)
    assert "there seems to be no worker" not in page(admin)
    Job.objects.update(run_after=timezone.now() - dt.timedelta(minutes=5))
    assert "there seems to be no worker" in page(admin)


def test_the_page_costs_a_fixed_number_of_queries(admin: Client, daily: declare.JobKind) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin.get(reverse("kit:jobs"), headers={"HX-Request": "true"})
        return len(captured)

    page(admin)
    _history(3, daily.name, State.DONE)
    few = queries()
    for state in State.values:
        _history(40, daily.name, State(state))
    assert queries() == few


@pytest.mark.parametrize(
    ("expression", "english", "spanish"),
    [
        ("* * * * *", "every minute", "cada minuto"),
        ("*/15 * * * *", "every 15 minutes", "cada 15 minutos"),
        ("5 * * * *", "every hour at minute 5", "cada hora, en el minuto 5"),
        ("17 3 * * *", "every day at 03:17", "cada día a las 03:17"),
        ("0 7 * * 1", "every Monday at 07:00", "cada lunes a las 07:00"),
        ("0 7 * * 0", "every Sunday at 07:00", "cada domingo a las 07:00"),
        ("30 0 1 * *", "on day 1 of each month at 00:30", "el día 1 de cada mes a las 00:30"),
        ("0 7 * * 1-5", "0 7 * * 1-5", "0 7 * * 1-5"),
        ("0 0 1 1 *", "0 0 1 1 *", "0 0 1 1 *"),
    ],
)
def test_a_schedule_is_said_in_words(expression: str, english: str, spanish: str) -> None:
    with override("en"):
        assert in_words(expression) == english
    with override("es"):
        assert in_words(expression) == spanish


def _history(count: int, name: str, state: Job.State) -> None:
    now = timezone.now()
    Job.objects.bulk_create(
        Job(
            name=name, state=state, run_after=now, created_at=now, started_at=now, finished_at=now, worker="w"
        )
        for _number in range(count)
    )
