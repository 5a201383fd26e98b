"""What machines ask: whether the process lives, whether the installation can work, what its figures are."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from calidez.config.operating import looks, probes
from calidez.config.operating.restarts import Restarts
from calidez.kit.conformance import World
from calidez.kit.platform import meters, presence, readiness
from calidez.kit.platform.jobs import enqueue, forget_jobs
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_queued
from calidez.monitoring.tests.factories import dataset

pytestmark = pytest.mark.django_db
TOKEN = "0123456789abcdefghij"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def running(settings: Any, db: None) -> Iterator[Path]:
    """A folder with a worker in it, and figures that may be read."""
    settings.METRICS_TOKEN = TOKEN
    folder = Path(settings.RUNNING_DIR)
    own = presence.enter(folder, presence.WORKER)
    readiness.forget()
    yield folder
    own.leave()
    readiness.forget()


def asked(*exclude: str) -> tuple[int, dict[str, dict[str, Any]]]:
    readiness.forget()
    query = "&".join(f"exclude={name}" for name in exclude)
    answer = Client().get(f"/health/ready?{query}", headers=BEARER)
    return answer.status_code, {check.pop("name"): check for check in answer.json()["checks"]}


def test_a_sound_installation_is_ready(running: Path) -> None:
    status, checks = asked()
    assert status == 200
    looks = {"database", "disk", "data_folder", "datasets", "worker", "queue", "restarts", "readers"}
    assert set(checks) == looks
    assert all(check["ok"] for check in checks.values())


def _forget_a_migration(folder: Path, settings: Any) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="charter").delete()


def _let_work_wait(folder: Path, settings: Any) -> None:
    uid = enqueue(forget_jobs)
    Job.objects.filter(uid=uid).update(run_after=timezone.now() - dt.timedelta(minutes=16))


def _silence_the_worker(folder: Path, settings: Any) -> None:
    (file,) = folder.glob("worker-*")
    os.utime(file, (time.time() - 61,) * 2)


def _fall_again_and_again(folder: Path, settings: Any) -> None:
    for _ in range(11):
        Restarts(folder).note("web process 1", "SIGKILL")


DAMAGE: dict[str, Callable[[Path, Any], None]] = {
    "database": _forget_a_migration,
    "queue": _let_work_wait,
    "worker": _silence_the_worker,
    "restarts": _fall_again_and_again,
}


@pytest.mark.parametrize("name", DAMAGE)
def test_each_look_finds_what_it_looks_for_and_can_be_left_out(
    running: Path, settings: Any, name: str
) -> None:
    DAMAGE[name](running, settings)
    status, checks = asked()
    assert status == 503
    assert [one for one, check in checks.items() if not check["ok"]] == [name]
    assert asked(name)[0] == 200


def test_a_dataset_without_its_folder_is_found(running: Path, world: World, settings: Any) -> None:
    made = dataset(world, world.root, 1)
    assert asked()[0] == 200
    shutil.rmtree(Path(settings.DATASETS_DIR) / made.code)
    status, checks = asked()
    assert (status, checks["datasets"]["missing"]) == (503, 1)


def test_a_full_disk_is_found(running: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 5_000_000

    monkeypatch.setattr(looks.shutil, "disk_usage", lambda path: Usage)
    status, checks = asked()
    assert (status, checks["disk"]["free_mb"]) == (503, 5)


def test_a_folder_that_takes_no_file_is_found(running: Path, settings: Any) -> None:
    settings.RUNNING_DIR = running / "nowhere"
    status, checks = asked("worker", "restarts")
    assert (status, checks["data_folder"]["ok"]) == (503, False)


def test_a_look_that_fails_is_a_finding_and_no_failure(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> readiness.Seen:
        raise RuntimeError("postgresql://user:secret@host")

    monkeypatch.setitem(readiness._looks, "backup", broken)
    status, checks = asked()
    assert (status, checks["backup"]) == (503, {"ok": False, "error": "RuntimeError"})


def test_looks_are_cached_for_seconds(running: Path, django_assert_num_queries: Any) -> None:
    asked()
    with django_assert_num_queries(0):
        assert Client().get("/health/ready", headers=BEARER).status_code == 200


@pytest.mark.parametrize("path", probes.PROBES)
def test_a_probe_needs_no_name_no_https_no_session_and_no_organisation(
    running: Path, settings: Any, path: str, django_assert_max_num_queries: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    with django_assert_max_num_queries(20) as seen:
        answer = Client().get(path, headers={"Host": "10.1.2.3:8000", **BEARER})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert not any("session" in query["sql"] for query in seen.captured_queries)
    assert Client().post(path).status_code == 405


def test_living_asks_nothing_of_the_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/health/live").json() == {"status": "ok"}


def test_a_database_that_is_gone_is_told_and_the_process_lives(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_arguments: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    readiness.forget()
    assert Client().get("/health/live").status_code == 200
    assert Client().get("/health/").status_code == 503
    answer = Client().get("/health/ready", headers=BEARER)
    assert answer.status_code == 503


@pytest.mark.parametrize(
    ("meta", "sees"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "10.0.0.7"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.7"}, False),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": BEARER["Authorization"]}, True),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer "}, False),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer ñ"}, False),
    ],
)
def test_figures_are_for_the_machine_itself_and_for_the_token(
    running: Path, meta: dict[str, str], sees: bool
) -> None:
    said = Client().get("/health/ready", **meta).json()
    assert ("checks" in said) is sees
    assert said["status"] == "ok"


def test_behind_a_proxy_nobody_comes_from_the_machine_itself(running: Path, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert "checks" not in Client().get("/health/ready", REMOTE_ADDR="127.0.0.1").json()


def test_figures_are_not_there_without_a_token_and_not_for_another(running: Path, settings: Any) -> None:
    assert Client().get("/metrics").status_code == 401
    assert Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 401
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.fixture
def counting(running: Path) -> Iterator[Path]:
    folder = running / "meters"
    meters.switch_on(folder)
    yield folder
    meters.switch_off()


def figures() -> dict[tuple[str, ...], float]:
    """As Prometheus' own parser understands them: name and labels to value."""
    text = Client().get("/metrics", headers=BEARER).content.decode()
    return {
        (sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_happens_is_counted(counting: Path, world: World) -> None:
    browser = Client()
    browser.force_login(world.admin)
    for _ in range(3):
        browser.get("/units/")
    Client().post("/login/", {"username": "nobody@example.org", "password": "wrong"})
    enqueue(forget_jobs)
    run_queued()
    said = figures()
    units = ("method=GET", "route=/<slug:slug>/", "status=2xx")
    assert said["calidez_request_seconds_count", *units] == 3
    assert said["calidez_request_seconds_bucket", "le=+Inf", *units] == 3
    assert 0 < said["calidez_request_seconds_sum", *units] < 30
    assert said["calidez_sign_ins_total", "outcome=refused"] == 1
    assert said["calidez_jobs_ended_total", "outcome=done", f"work={forget_jobs.name}"] == 1
    assert said["calidez_jobs", "state=done"] == Job.objects.filter(state=Job.State.DONE).count() > 0
    assert said["calidez_workers",] == 1
    assert said["calidez_ready", "look=worker"] == 1
    assert said["calidez_dataset_rows",] == 0


def test_labels_name_no_record_and_no_person(counting: Path, world: World) -> None:
    browser = Client()
    browser.force_login(world.admin)
    browser.get(f"/units/{world.root.uid}/")
    browser.get("/nowhere/at-all/")
    browser.generic("BREW", "/login/")
    said = " ".join(" ".join(key) for key in figures())
    assert str(world.root.uid) not in said
    assert "at-all" not in said
    assert "BREW" not in said


def test_what_other_processes_counted_is_added_and_outlives_them(counting: Path) -> None:
    ended = counting / f"{os.uname().nodename}.999999.json"
    ended.write_text('[["calidez_jobs_ended_total", ["import", "done"], [5]]]')
    (counting / "elsewhere.7.json").write_text('[["calidez_jobs_ended_total", ["import", "done"], [2]]]')
    (counting / "elsewhere.8.json").write_text('[["calidez_jobs_ended_')
    line = ("calidez_jobs_ended_total", "outcome=done", "work=import")
    assert figures()[line] == 7
    meters.switch_off()
    meters.switch_on(counting)
    assert not ended.exists()
    assert figures()[line] == 7


def test_nothing_is_counted_where_nobody_may_read(running: Path) -> None:
    forgetting = ("calidez_jobs_ended_total", "outcome=done", f"work={forget_jobs.name}")
    enqueue(forget_jobs)
    run_queued()
    assert forgetting not in figures()
