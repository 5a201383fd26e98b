"""Long work that a person watches: it ends in every case, says so, and is forgotten with its files."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.desk.intake import jobs, services
from calidez.kit.desk.notifications.models import Notification
from calidez.kit.desk.runs import services as runs
from calidez.kit.desk.runs.models import Run
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_queued
from calidez.people.models import Position

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(world: Any, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(jobs, "AT_ONCE_BYTES", 1)
    run = services.take_in(catalog.of(Position), "new.csv", [b"unit,name\nNORTH,Nurse\n"], by=world.admin)
    jobs.check_or_queue(run)
    return run


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_asks_again_until_the_work_is_over(asked: Run) -> None:
    client, place = client_of(asked.person), runs.address(asked)
    part = client.get(place, headers={"HX-Request": "true"})
    assert "It waits for its turn." in part.content.decode()
    assert f'hx-get="{place}"' in part.content.decode()
    run_queued()
    assert client.get(place, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Load 1 record" in client.get(place).content.decode()
    news = Notification.objects.get(person=asked.person)
    assert (news.text, news.url) == ("The file is checked: new.csv", place)


def test_work_whose_job_ended_without_a_word_has_failed(asked: Run) -> None:
    Job.objects.update(state=Job.State.FAILED, finished_at=timezone.now(), error="The disk is full.")
    page = client_of(asked.person).get(runs.address(asked)).content.decode()
    assert "The disk is full." in page
    asked.refresh_from_db()
    assert asked.state == Run.State.FAILED


def test_what_waits_in_the_page_is_given_its_time(asked: Run) -> None:
    Run.objects.update(job=None)
    asked.refresh_from_db()
    runs.standing(asked)
    assert asked.state == Run.State.RUNNING
    asked.asked_at -= dt.timedelta(hours=1)
    runs.standing(asked)
    assert asked.state == Run.State.FAILED


def test_old_runs_go_with_their_files_and_running_ones_stay(asked: Run) -> None:
    later = timezone.now() + services.KEPT + dt.timedelta(days=1)
    assert runs.forget(timezone.now()) == runs.forget(later) == 0
    run_queued()
    assert runs.forget(later) == 1
    assert not runs.folder_of(asked.uid).exists()
    assert not Run.objects.exists()
