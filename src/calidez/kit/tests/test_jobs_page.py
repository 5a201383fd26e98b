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

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core.events import AuditEvent
from calidez.kit.desk.background import services
from calidez.kit.desk.search import indexing
from calidez.kit.desk.search.models import SearchEntry
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs import declare, enqueue, job, schedules
from calidez.kit.platform.jobs.models import Job, Schedule
from calidez.kit.platform.jobs.wording import in_words
from calidez.kit.platform.jobs.worker import run_queued

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def world(world: World) -> World:
    Job.objects.all().delete()  # founding an organisation asks for work too
    return world


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


JOBS, SCHEDULES = catalog.of(Job), catalog.of(Schedule)


def page(client: Client, entity: Any = JOBS, **params: str) -> str:
    answer = client.get(entity.list_url(), params)
    assert answer.status_code == 200
    return answer.content.decode()


def verbs() -> list[str]:
    return list(AuditEvent.objects.filter(subject__startswith="kit.").values_list("verb", flat=True))


def test_an_empty_list_says_what_belongs_there(admin: Client, daily: declare.JobKind) -> None:
    assert "Nothing has been done in the background yet" in page(admin)
    assert "every day at 06:00" in page(admin, SCHEDULES)
    administration = admin.get(reverse("kit:administration")).content.decode()
    assert JOBS.list_url() in administration
    assert SCHEDULES.list_url() in administration


def test_only_who_administers_everything_finds_it(world: World, failing: declare.JobKind) -> None:
    job = Job.objects.get(uid=enqueue(failing, number=1))
    doors = ("", "export.csv", f"{job.uid}/", f"{job.uid}/do/call_off/")
    addresses = [f"{JOBS.list_url()}{door}" for door in doors]
    for person in (world.auditor, world.north_manager, world.outsider):
        client = client_of(person)
        assert [client.get(address).status_code for address in addresses] == [404] * 4
        assert client.post(addresses[-1]).status_code == 404
        for address in (JOBS.list_url(), SCHEDULES.list_url()):
            assert client.get(f"/api/v1{address[:-1]}").status_code in {403, 404}
        with pytest.raises(NotAllowed):
            services.call_off(job, by=person)
    assert Job.objects.get().state == State.QUEUED


def test_a_trace_is_on_the_page_and_neither_in_lists_nor_files(
    admin: Client, failing: declare.JobKind
) -> None:
    uid = enqueue(failing, number=1)
    run_queued()
    assert "Traceback" in admin.get(f"{JOBS.list_url()}{uid}/").content.decode()
    columns = page(admin, columns="name,trace,arguments,worker")
    sheet = b"".join(admin.get(f"{JOBS.list_url()}export.csv").streaming_content).decode()
    told = admin.get(f"/api/v1/background-jobs/{uid}").content.decode()
    for text in (columns, sheet, told):
        assert "The file holds no rows." in text or text is columns
        assert "Traceback" not in text


def test_what_failed_is_told_and_run_again(admin: Client, failing: declare.JobKind, world: World) -> None:
    uid = enqueue(failing, number=1)
    run_queued()
    assert "The file holds no rows." in page(admin)
    assert admin.post(f"{JOBS.list_url()}{uid}/do/run_again/").status_code == 302
    again = Job.objects.get()
    assert (again.state, again.attempts, again.error, again.trace) == (State.QUEUED, 0, "", "")
    assert verbs() == ["run_again"]
    assert "The file holds no rows." in str(AuditEvent.objects.get(verb="run_again").before)
    assert run_queued() == 1


def test_many_are_run_again_at_once(admin: Client, failing: declare.JobKind) -> None:
    for number in range(3):
        enqueue(failing, number=number)
    run_queued()
    sent = {"action": "step:run_again", "all": "yes", "query": "?state=failed", "meant": "yes"}
    answer = admin.post(f"{JOBS.list_url()}bulk/", sent)
    assert "3 records: done." in admin.get(answer["Location"]).content.decode()
    assert Job.objects.filter(state=State.QUEUED).count() == 3


def test_the_same_work_is_not_queued_twice_by_hand(failing: declare.JobKind, world: World) -> None:
    enqueue(failing, number=1)
    run_queued()
    failed = Job.objects.get()
    enqueue(failing, number=1)
    with pytest.raises(RuleBroken, match="already waiting"):
        services.run_again(failed, by=world.admin)
    assert verbs() == []
    with pytest.raises(RuleBroken, match="not possible now"):
        services.run_again(Job.objects.get(state=State.QUEUED), by=world.admin)


def test_what_waits_can_be_called_off_and_what_runs_cannot(
    admin: Client, failing: declare.JobKind, world: World
) -> None:
    address = f"{JOBS.list_url()}{enqueue(failing, number=1)}/"
    assert "Call off" in admin.get(address).content.decode()
    admin.post(f"{address}do/call_off/")
    off = Job.objects.get()
    assert (off.state, run_queued()) == (State.CANCELLED, 0)
    assert str(world.admin) in off.error
    with pytest.raises(RuleBroken, match="not possible now"):
        services.call_off(off, by=world.admin)
    assert verbs() == ["call_off"]


def test_work_that_no_version_knows_can_be_called_off(world: World, failing: declare.JobKind) -> None:
    enqueue(failing, number=1)
    Job.objects.update(name="gone.work")
    services.call_off(Job.objects.get(), by=world.admin)
    assert Job.objects.get().state == State.CANCELLED
    with pytest.raises(RuleBroken):
        services.run_again(Job.objects.get(), by=world.admin)


def test_the_page_of_a_job_is_drawn_anew_until_it_ends(admin: Client, failing: declare.JobKind) -> None:
    address = f"{JOBS.list_url()}{enqueue(failing, number=1)}/"
    assert 'hx-trigger="every 3s"' in admin.get(address).content.decode()
    run_queued()
    assert 'hx-trigger="every 3s"' not in admin.get(address).content.decode()


def test_a_schedule_is_run_now_paused_and_resumed(admin: Client, daily: declare.JobKind) -> None:
    page(admin, SCHEDULES)
    row = Schedule.objects.get()

    def press(step: str) -> None:
        assert admin.post(f"{SCHEDULES.list_url()}{row.uid}/do/{step}/").status_code == 302

    press("run_now")
    assert run_queued() == 1
    assert "Done · just now" in page(admin, SCHEDULES)
    press("pause")
    assert "Paused" in admin.get(f"{SCHEDULES.list_url()}{row.uid}/").content.decode()
    later = timezone.now() + dt.timedelta(days=2)
    assert schedules.queue_due(later) == 0
    press("resume")
    row.refresh_from_db()
    assert (row.paused, timezone.now() - row.settled_until < dt.timedelta(minutes=1)) == (False, True)
    assert schedules.queue_due(later) == 1
    assert verbs() == ["run_now", "pause", "resume"]


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


@pytest.mark.parametrize("entity", [JOBS, SCHEDULES], ids=lambda entity: entity.key)
def test_the_lists_cost_a_fixed_number_of_queries(admin: Client, daily: declare.JobKind, entity: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin.get(entity.list_url(), headers={"HX-Request": "true"})
        return len(captured)

    page(admin, entity)
    _history(3, daily.name, State.DONE)
    few = queries()
    for state in State.values:
        _history(40, daily.name, State(state))
    assert queries() == few


def test_jobs_are_not_found_by_the_search(admin: Client, world: World, failing: declare.JobKind) -> None:
    uid = enqueue(failing, number=1)
    services.call_off(Job.objects.get(uid=uid), by=world.admin)
    indexing.follow_trail()
    indexing.sweep()
    assert not SearchEntry.objects.filter(entity__in=["job", "schedule", "webhookmessage"]).exists()


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
