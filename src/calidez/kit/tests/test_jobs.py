"""Background jobs: asked for once, run once, seen while they run, and taken up again after any stop."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs import declare, describe, enqueue, job, lease, progress_to, report_progress
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_queued, run_worker

pytestmark = pytest.mark.django_db
State = Job.State


class Bench:
    """Jobs that tests declare, and what they did when they ran."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.does: Callable[..., None] = lambda **arguments: None

    def run(self, *, number: int, note: str = "") -> None:
        self.calls.append({"number": number, "note": note})
        self.does(number=number)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench()
    monkeypatch.setattr(declare, "_kinds", {})
    return bench


def declared(bench: Bench, **options: Any) -> declare.JobKind:
    def work(*, number: int, note: str = "") -> None:
        bench.run(number=number, note=note)

    return job(title="Work of the test", **options)(work)


def only_job() -> Job:
    return Job.objects.get()


def make_due() -> None:
    Job.objects.update(run_after=timezone.now() - dt.timedelta(seconds=1))


def test_runs_with_its_arguments_and_is_done(bench: Bench) -> None:
    uid = enqueue(declared(bench), number=7, note="ñandú")

    assert run_queued() == 1
    assert bench.calls == [{"number": 7, "note": "ñandú"}]
    status = describe(uid)
    assert status is not None
    assert (status.state, status.over, status.percent) == (State.DONE, True, 100)


def test_is_not_queued_when_the_transaction_fails(bench: Bench) -> None:
    kind = declared(bench)

    @transaction.atomic
    def refused() -> None:
        enqueue(kind, number=1)
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        refused()
    assert run_queued() == 0


def test_refuses_arguments_that_the_job_cannot_take(bench: Bench) -> None:
    kind = declared(bench)
    with pytest.raises(TypeError, match="missing a required"):
        enqueue(kind, wrong=1)
    with pytest.raises(TypeError, match="plain JSON"):
        enqueue(kind, number=dt.date(2026, 1, 1))


def test_two_jobs_cannot_share_a_name(bench: Bench) -> None:
    def work(*, number: int) -> None: ...

    work.__module__ = "calidez.kit.platform.jobs"
    job(title="One")(work)

    def other(*, number: int) -> None: ...

    other.__name__, other.__module__ = "work", "calidez.jobs.kit"
    with pytest.raises(ValueError, match=r"two jobs are called kit\.work"):
        job(title="Two")(other)


def test_equal_work_waits_once(bench: Bench) -> None:
    kind = declared(bench, one_per=("number",))
    first = enqueue(kind, number=1)

    assert enqueue(kind, number=1, note="again") == first
    assert enqueue(kind, number=2) != first
    assert run_queued() == 2
    assert enqueue(kind, number=1) != first, "once it has run, it can be asked for again"


def test_asking_again_while_it_runs_queues_it_behind(bench: Bench) -> None:
    """What changed after the start must be seen by a second run, and never by two at once."""
    kind = declared(bench, one_per=("number",))
    enqueue(kind, number=1)
    held = lease.claim("first", timezone.now())
    assert held is not None
    enqueue(kind, number=1)

    assert lease.claim("second", timezone.now()) is None
    lease.finish(held, timezone.now())
    assert lease.claim("second", timezone.now()) is not None


def test_what_somebody_waits_for_goes_before_what_nobody_watches(bench: Bench) -> None:
    enqueue(declared(bench, watched=False), number=1)

    def load(*, number: int) -> None:
        bench.run(number=number)

    enqueue(job(title="Loading")(load), number=2)
    run_queued()
    assert [call["number"] for call in bench.calls] == [2, 1]


def test_nor_does_that_wait_for_ever(bench: Bench) -> None:
    enqueue(declared(bench, watched=False), number=1)
    Job.objects.update(run_after=timezone.now() - lease.PATIENCE)

    def load(*, number: int) -> None:
        bench.run(number=number)

    enqueue(job(title="Loading")(load), number=2)
    run_queued()
    assert [call["number"] for call in bench.calls] == [1, 2]


def test_a_refusal_is_final_and_its_sentence_is_kept(bench: Bench) -> None:
    def refuse(**_arguments: Any) -> None:
        raise RuleBroken("The file holds no rows.")

    bench.does = refuse
    uid = enqueue(declared(bench), number=1)
    run_queued()

    status = describe(uid)
    assert status is not None
    assert (status.state, status.error, status.attempts) == (State.FAILED, "The file holds no rows.", 1)


class PanicException(BaseException):
    """As a native library raises it: no Exception."""


@pytest.mark.parametrize("error", [OSError("disk on fire"), PanicException("disk on fire")])
def test_an_error_is_tried_again_later_and_then_given_up(bench: Bench, error: BaseException) -> None:
    def fail(**_arguments: Any) -> None:
        raise error

    bench.does = fail
    enqueue(declared(bench, attempts=2), number=1)
    before = timezone.now()
    assert run_queued() == 1, "the second attempt waits"

    waiting = only_job()
    assert waiting.state == State.QUEUED
    assert lease.FIRST_PAUSE <= waiting.run_after - before < 2 * lease.FIRST_PAUSE
    make_due()
    run_queued()

    given_up = only_job()
    assert given_up.state == State.FAILED
    assert f"{type(error).__name__}: disk on fire" in given_up.error
    assert "test_jobs" in given_up.trace
    make_due()
    assert run_queued() == 0
    assert len(bench.calls) == 2


def test_pauses_grow(bench: Bench) -> None:
    enqueue(declared(bench, attempts=5), number=1)
    pauses = []
    for _round in range(3):
        make_due()
        held = lease.claim("w", timezone.now())
        assert held is not None
        now = timezone.now()
        lease.retry(held, now, OSError())
        pauses.append((only_job().run_after - now) / lease.FIRST_PAUSE)
    assert pauses == [1, 4, 16]


def test_lost_work_is_taken_up_and_the_late_worker_changes_nothing(bench: Bench) -> None:
    enqueue(declared(bench), number=1)
    now = timezone.now()
    lost = lease.claim("killed", now)
    assert lost is not None

    assert lease.reap(now) == 0, "its lease still runs"
    assert lease.reap(now + 2 * lease.LEASE, but="killed") == 0, "a worker never takes its own work for lost"
    assert lease.reap(now + 2 * lease.LEASE) == 1
    make_due()
    again = lease.claim("next", timezone.now())
    assert again is not None
    assert again.attempts == 2
    assert not lease.finish(lost, now)
    assert only_job().state == State.RUNNING
    assert lease.finish(again, now)


def test_work_that_kills_its_worker_is_given_up_much_later_than_work_that_fails(bench: Bench) -> None:
    """Three kills, or power that goes three times, must not lose what was acknowledged."""
    uid = enqueue(declared(bench, attempts=2), number=1)
    for _round in range(lease.STARTS):
        status = describe(uid)
        assert status is not None
        assert status.state == State.QUEUED
        make_due()
        assert lease.claim("killed", timezone.now()) is not None
        lease.reap(timezone.now() + 2 * lease.LEASE)

    status = describe(uid)
    assert status is not None
    assert status.state == State.FAILED
    assert str(lease.STARTS) in status.error


def test_lost_work_gives_way_to_equal_work_that_waits(bench: Bench) -> None:
    kind = declared(bench, one_per=("number",))
    first = enqueue(kind, number=1)
    assert lease.claim("killed", timezone.now()) is not None
    second = enqueue(kind, number=1)
    lease.reap(timezone.now() + 2 * lease.LEASE)

    states = {j.uid: j.state for j in Job.objects.all()}
    assert states == {first: State.REPLACED, second: State.QUEUED}


def test_a_job_of_an_older_version_fails_with_a_sentence(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = enqueue(declared(bench), number=1)
    monkeypatch.setattr(declare, "_kinds", {})
    run_queued()

    status = describe(uid)
    assert status is not None
    assert status.state == State.FAILED
    assert status.name in status.error


def test_runs_in_the_language_of_who_asked(bench: Bench) -> None:
    seen = []
    bench.does = lambda **arguments: seen.append(_("Monday"))
    with override("es"):
        enqueue(declared(bench), number=1)
    with override("en"):
        run_queued()
    assert seen == ["lunes"]


def test_progress_is_kept(bench: Bench) -> None:
    bench.does = lambda **arguments: report_progress(3, 12, "Reading rows")
    uid = enqueue(declared(bench), number=1)
    run_queued()

    status = describe(uid)
    assert status is not None
    assert (status.done, status.total, status.text) == (3, 12, "Reading rows")


def test_progress_reaches_a_terminal_and_nobody_without_harm() -> None:
    heard = []
    report_progress(1, 2, "nobody listens")
    with progress_to(lambda *said: heard.append(said)):
        report_progress(1, 2, "half")
    assert heard == [(1, 2, "half")]


def test_an_unknown_job_has_no_status() -> None:
    assert describe("00000000-0000-0000-0000-000000000000") is None


def test_old_jobs_are_forgotten(bench: Bench) -> None:
    enqueue(declared(bench), number=1)
    run_queued()
    now = timezone.now()
    assert lease.forget(now) == 0
    assert lease.forget(now + lease.KEPT + dt.timedelta(minutes=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_stop_in_mid_job_gives_it_back_uncounted(bench: Bench) -> None:
    stop = threading.Event()

    def long_work(**_arguments: Any) -> None:
        stop.set()
        try:
            report_progress(1, 100)
        except Exception:
            pytest.fail("a job must not be able to swallow the stop")
        pytest.fail("the report returned although the worker was told to stop")

    bench.does = long_work
    enqueue(declared(bench), number=1)
    assert run_worker(stop=stop) == 1

    job_row = only_job()
    assert (job_row.state, job_row.attempts) == (State.QUEUED, 0)
