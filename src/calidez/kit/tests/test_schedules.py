"""Schedules: each due time once, whoever looks; missed ones once; clock changes neither double nor lose."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from calidez.kit.platform.jobs import cron, declare, job, schedules
from calidez.kit.platform.jobs.models import Job, Schedule
from calidez.kit.platform.jobs.worker import run_queued

MADRID = ZoneInfo("Europe/Madrid")
UTC = dt.UTC
START = dt.datetime(2026, 3, 2, 5, 30, tzinfo=UTC)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch, settings: Any) -> declare.JobKind:
    settings.TIME_ZONE = "UTC"
    monkeypatch.setattr(declare, "_kinds", {})

    def daily_round() -> None: ...

    return job(title="Daily round", every="0 6 * * *")(daily_round)


def test_a_mistake_is_told_where_it_is_declared() -> None:
    def round_trip() -> None: ...

    def of_somebody(*, person: int) -> None: ...

    with pytest.raises(ValueError, match="61 \\* \\* \\* \\*"):
        job(title="Wrong", every="61 * * * *")(round_trip)
    with pytest.raises(TypeError, match="person"):
        job(title="Wrong", every="0 6 * * *")(of_somebody)


def test_next_is_told_in_the_organisations_time() -> None:
    bogota = ZoneInfo("America/Bogota")
    assert cron.next_due("0 6 * * *", at("2026-03-02T10:00"), bogota) == at("2026-03-02T11:00")


def test_an_hour_that_the_clock_skips_still_counts() -> None:
    """Spain, 29 March 2026: after 01:59 comes 03:00."""
    due = cron.next_due("30 2 * * *", at("2026-03-28T12:00"), MADRID)
    assert due == at("2026-03-29T01:00")
    assert cron.next_due("30 2 * * *", due, MADRID) == at("2026-03-30T00:30")


def test_an_hour_that_the_clock_shows_twice_counts_once() -> None:
    """Spain, 25 October 2026: 02:00 to 02:59 comes twice."""
    first = cron.next_due("30 2 * * *", at("2026-10-24T12:00"), MADRID)
    assert first == at("2026-10-25T00:30")
    in_the_second = at("2026-10-25T01:10")
    for moment in (first, in_the_second):
        assert cron.next_due("30 2 * * *", moment, MADRID) == at("2026-10-26T01:30")
    assert cron.latest_due("30 2 * * *", first, in_the_second, MADRID) is None


@pytest.mark.parametrize("expression", ["* * * * *", "*/20 * * * *", "5 6 * * 1", "0 0 1 * *", "0 0 29 2 *"])
def test_the_latest_is_the_last_of_all_that_were_missed(expression: str) -> None:
    start, end = at("2024-02-26T00:00"), at("2024-03-05T06:04")
    walked: list[dt.datetime | None] = [None]
    due = cron.next_due(expression, start, MADRID)
    while due is not None and due <= end:
        walked.append(due)
        due = cron.next_due(expression, due, MADRID)
    assert len(walked) > 1
    assert cron.latest_due(expression, start, end, MADRID) == walked[-1]


@pytest.mark.django_db
def test_a_new_schedule_makes_up_for_nothing(kind: declare.JobKind) -> None:
    assert schedules.queue_due(START) == 0
    assert schedules.queue_due(at("2026-03-02T05:59:59")) == 0
    assert schedules.queue_due(at("2026-03-02T06:00:03")) == 1
    assert Job.objects.get().due == at("2026-03-02T06:00")
    assert Job.objects.get().language, "its sentences have a language"
    assert schedules.queue_due(at("2026-03-02T06:00:08")) == 0


@pytest.mark.django_db
def test_what_was_missed_is_done_once(kind: declare.JobKind) -> None:
    schedules.queue_due(START)
    assert schedules.queue_due(START + dt.timedelta(days=9, hours=2)) == 1
    assert Job.objects.get().due == at("2026-03-11T06:00")
    assert run_queued() == 1


@pytest.mark.django_db
def test_a_worker_that_looked_at_the_same_moment_asks_for_nothing(kind: declare.JobKind) -> None:
    """Both read the row before either wrote: the row moves once, and the constraint stands behind it."""
    seen_by_both = schedules.known(START)[kind.name]
    due = at("2026-03-02T06:00")
    assert schedules._ask(kind, seen_by_both, due)
    assert not schedules._ask(kind, seen_by_both, due)
    assert not schedules._ask(kind, seen_by_both, due - dt.timedelta(days=1)), "a clock was set back"
    run_queued()
    assert not schedules.queue_now(kind, due)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(name="x", schedule=kind.name, due=due, run_after=START, created_at=START)


@pytest.mark.django_db
def test_runs_do_not_pile_up(kind: declare.JobKind) -> None:
    schedules.queue_due(START)
    for day in range(1, 4):
        schedules.queue_due(START + dt.timedelta(days=day, hours=1))
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_paused_schedule_stays_silent(kind: declare.JobKind) -> None:
    schedules.queue_due(START)
    Schedule.objects.update(paused=True)
    assert schedules.queue_due(START + dt.timedelta(days=1)) == 0
    assert schedules.next_due(kind, Schedule.objects.get()) is None


@pytest.mark.django_db
def test_rows_of_another_version_do_no_harm(kind: declare.JobKind) -> None:
    Schedule.objects.create(name="gone.long_ago", settled_until=timezone.now())
    assert schedules.queue_due(START) == 0
