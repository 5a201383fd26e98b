"""Facts and charts over the programming interface."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test import Client

from calidez import engine
from calidez.kit.platform.jobs import enqueue
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.tests.factories import issued
from calidez.monitoring import jobs
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.store import store

pytestmark = pytest.mark.django_db
COLUMNS = [
    {"name": "day", "type": "date", "role": "time", "date_order": "ymd", "key": True},
    {"name": "branch", "role": "branch", "key": True},
    {"name": "visits", "type": "number", "required": True},
]
ROWS = [
    {"day": f"2026-01-{day:02}", "branch": branch, "visits": day}
    for day in (5, 6, 7)
    for branch in ("NORTH", "SOUTH")
]
CSV = "day,branch,visits\n" + "".join(f"{r['day']},{r['branch']},{r['visits']}\n" for r in ROWS)
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def ask(by: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    sent = {"Authorization": f"Bearer {issued(by).secret}", "Accept-Language": "en", **headers}
    kind = sent.pop("Content-Type", "application/json")
    content = body if isinstance(body, (bytes, str)) else "" if body is None else json.dumps(body)
    return Client().generic(method, f"/api/v1/{path}", content, content_type=kind, headers=sent)


@pytest.fixture
def dataset(world: Any) -> Dataset:
    made = ask(
        world.admin,
        "POST",
        "datasets",
        {"code": "visits", "name": "Visits", "unit": "NW", "columns": COLUMNS},
    )
    assert made.status_code == 201, made.content
    return Dataset.objects.get(code="visits")


def arrow() -> bytes:
    table = pa.Table.from_pylist(ROWS)
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), sink)
    return sink.getvalue()


def rows_held() -> int:
    with duckdb.connect() as connection:
        return int(
            connection.execute(f"SELECT count(*) FROM {store().open('visits').source()}").fetchone()[0]
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/csv", CSV.encode()),
        ("application/x-ndjson", LINES.encode()),
        ("application/vnd.apache.parquet", parquet()),
        ("application/vnd.apache.arrow.stream", arrow()),
    ],
)
def test_facts_come_in_once(dataset: Dataset, world: Any, kind: str, content: bytes) -> None:
    sent = ask(world.admin, "POST", "datasets/visits/facts", content, **{"Content-Type": kind})
    assert sent.status_code == 202, sent.content
    found = sent.json()
    assert (found["again"], found["import"]["state"], found["job"]["state"]) == (False, "uploaded", "queued")
    run_queued()
    job = ask(world.admin, "GET", found["job"]["url"].removeprefix("/api/v1/")).json()
    assert (job["state"], job["error"]) == ("done", "")
    report = ask(world.admin, "GET", f"imports/{found['import']['code']}/report").json()
    assert (report["state"], report["loaded"], report["rejected"]) == ("loaded", 6, 0)
    assert rows_held() == 6
    again = ask(world.admin, "POST", "datasets/visits/facts", content, **{"Content-Type": kind})
    assert (again.status_code, again.json()["again"]) == (200, True)
    assert Import.objects.count() == 1


@pytest.mark.slow
def test_facts_that_overlap_add_what_is_new(dataset: Dataset, world: Any) -> None:
    packed = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
    ask(world.admin, "POST", "datasets/visits/facts", gzip.compress(CSV.encode()), **packed)
    run_queued()
    more = CSV + "2026-01-08,NORTH,8\n2026-01-09,NOWHERE,9\n"
    sent = ask(world.admin, "POST", "datasets/visits/facts", more, **{"Content-Type": "text/csv"})
    run_queued()
    report = ask(world.admin, "GET", f"imports/{sent.json()['import']['uid']}/report").json()
    assert (report["loaded"], report["known"], report["rejected"]) == (1, 6, 1)
    assert report["unknown"] == [{"text": "NOWHERE", "rows": 1}]
    assert rows_held() == 7
    # The same facts in another order of columns are nothing new, and no fault.
    turned = "visits,branch,day\n" + "".join(f"{r['visits']},{r['branch']},{r['day']}\n" for r in ROWS)
    sent = ask(world.admin, "POST", "datasets/visits/facts", turned, **{"Content-Type": "text/csv"})
    run_queued()
    assert Import.objects.get(uid=sent.json()["import"]["uid"]).state == Import.State.CHECKED
    assert rows_held() == 7


@pytest.mark.parametrize(
    ("kind", "content", "status", "said"),
    [
        ("text/csv", "day,visits\n2026-01-05,1\n", 422, "branch"),
        ("text/csv", "\n", 422, "empty"),
        ("text/plain", "day\n", 415, "text/csv"),
        ("application/vnd.apache.arrow.stream", "nonsense", 422, "Arrow"),
        ("application/vnd.apache.arrow.stream", arrow()[:200], 422, "Arrow"),
    ],
)
def test_what_cannot_be_understood_leaves_nothing(
    dataset: Dataset, world: Any, settings: Any, kind: str, content: Any, status: int, said: str
) -> None:
    refused = ask(world.admin, "POST", "datasets/visits/facts", content, **{"Content-Type": kind})
    assert refused.status_code == status, refused.content
    assert said in refused.json()["detail"]
    assert Import.objects.count() == 0
    assert not list(settings.UPLOADS_DIR.glob("*"))


@pytest.fixture
def slow_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that takes longer to look at than a program may be kept waiting."""
    inspect = engine.inspect_apart

    def look(path: Any, *, limits: Any, **options: Any) -> Any:
        if limits == engine.LOOKING_AT_ONCE:
            raise engine.EngineError("too_long", name="visits.csv")
        return inspect(path, limits=limits, **options)

    monkeypatch.setattr(engine, "inspect_apart", look)


def test_what_takes_long_to_look_at_is_understood_by_the_worker(
    dataset: Dataset, world: Any, slow_look: None
) -> None:
    sent = ask(world.admin, "POST", "datasets/visits/facts", CSV, **{"Content-Type": "text/csv"})
    assert sent.status_code == 202, sent.content
    again = ask(world.admin, "POST", "datasets/visits/facts", CSV, **{"Content-Type": "text/csv"})
    assert again.json()["again"], "known before anybody looked at it"
    run_queued()
    assert (Import.objects.get().state, rows_held()) == (Import.State.LOADED, 6)


def test_what_the_worker_cannot_understand_is_told_by_the_job(
    dataset: Dataset, world: Any, slow_look: None
) -> None:
    wrong = "day,visits\n2026-01-05,1\n"
    sent = ask(world.admin, "POST", "datasets/visits/facts", wrong, **{"Content-Type": "text/csv"})
    assert sent.status_code == 202
    run_queued()
    job = ask(world.admin, "GET", sent.json()["job"]["url"].removeprefix("/api/v1/")).json()
    assert job["state"] == "failed"
    assert "branch" in job["error"]
    assert Import.objects.get().state == Import.State.FAILED


def test_nobody_elses_write_waits_for_the_look(
    dataset: Dataset, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspect, depths = engine.inspect_apart, list[int]()

    def look(*arguments: Any, **options: Any) -> Any:
        depths.append(len(connection.savepoint_ids))
        return inspect(*arguments, **options)

    monkeypatch.setattr(engine, "inspect_apart", look)
    outside = len(connection.savepoint_ids)
    ask(world.admin, "POST", "datasets/visits/facts", CSV, **{"Content-Type": "text/csv"})
    assert depths == [outside], "the file is looked at before the transaction begins"


def test_the_null_character_comes_into_no_text(dataset: Dataset, world: Any) -> None:
    lines = LINES.replace('"NORTH"', r'"NO\u0000RTH"')
    sent = ask(
        world.admin, "POST", "datasets/visits/facts", lines, **{"Content-Type": "application/x-ndjson"}
    )
    assert sent.status_code == 202, sent.content
    run_queued()
    with duckdb.connect() as facts:
        branches = facts.execute(f"SELECT DISTINCT branch FROM {store().open('visits').source()} ORDER BY 1")
        assert branches.fetchall() == [("NORTH",), ("SOUTH",)]


def test_too_much_is_refused_while_it_arrives(dataset: Dataset, world: Any, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 20
    refused = ask(world.admin, "POST", "datasets/visits/facts", CSV, **{"Content-Type": "text/csv"})
    assert refused.status_code == 422
    assert not list(settings.UPLOADS_DIR.glob("*"))


def test_facts_need_the_right_to_load(dataset: Dataset, world: Any) -> None:
    for by, status in ((world.auditor, 403), (world.outsider, 404)):
        refused = ask(by, "POST", "datasets/visits/facts", CSV, **{"Content-Type": "text/csv"})
        assert refused.status_code == status


def test_a_dataset_is_declared_with_every_fault_named(world: Any) -> None:
    given = {"code": "visits", "name": "Visits", "unit": "NW"}
    wrong = ask(world.admin, "POST", "datasets", {**given, "columns": [{"name": "day", "type": "day"}]})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "columns.0.type"
    for columns, said in (([{"name": "Día"}], "lower-case"), ([*COLUMNS, COLUMNS[0]], "same name")):
        refused = ask(world.admin, "POST", "datasets", {**given, "columns": columns})
        assert refused.status_code == 422, refused.content
        assert said in refused.json()["detail"]
    assert ask(world.auditor, "POST", "datasets", {**given, "columns": COLUMNS}).status_code == 403
    assert ask(world.admin, "POST", "datasets", {**given, "columns": COLUMNS}).status_code == 201


def test_a_chart_is_told_as_on_its_page(network: Any) -> None:
    admin, indicator = network.world.admin, network.indicator
    chart = ask(admin, "GET", f"indicators/{indicator.code}/series").json()
    assert (chart["unit"], chart["measured_in"], len(chart["points"])) == ("NW", "%", 36)
    assert chart["target"]["value"] == 95
    assert chart["points"][-1]["signal"] == "concern"
    assert "beyond_limits" in {signal["rule"] for signal in chart["signals"]}
    assert chart["finding"]
    branch = ask(
        admin, "GET", f"indicators/{indicator.code}/series?unit=N1&since=2025-01-01&segment=kind=first"
    )
    assert (branch.json()["unit"], len(branch.json()["points"])) == ("N1", 12)
    for params, status in (
        ("unit=NOWHERE", 404),
        ("since=soon", 422),
        ("chart=pie", 422),
        ("version=9", 422),
    ):
        assert ask(admin, "GET", f"indicators/{indicator.code}/series?{params}").status_code == status, params
    assert ask(network.world.outsider, "GET", f"indicators/{indicator.code}/series").status_code == 404


def test_measuring_again_is_asked_for_by_who_may_edit(network: Any) -> None:
    path = f"indicators/{network.indicator.code}/measure"
    assert ask(network.world.auditor, "POST", path).status_code == 403
    asked = ask(network.world.admin, "POST", path)
    assert asked.status_code == 202
    assert asked.json()["job"]["state"] == "queued"


def test_how_work_goes_is_told_to_who_may_see_what_it_works_on(network: Any) -> None:
    world = network.world
    measuring = ask(world.admin, "POST", f"indicators/{network.indicator.code}/measure").json()["job"]["uid"]
    own_work = enqueue(jobs.measure_again)  # about no record: for who operates the program
    expected = {
        (world.admin, measuring): 200,
        (world.auditor, measuring): 200,
        (world.outsider, measuring): 404,
        (world.admin, own_work): 200,
        (world.auditor, own_work): 404,
        (world.outsider, own_work): 404,
    }
    answers = {(who, uid): ask(who, "GET", f"jobs/{uid}") for who, uid in expected}
    assert {asked: answer.status_code for asked, answer in answers.items()} == expected
    hidden, unknown = (
        answers[world.outsider, measuring].json(),
        ask(world.outsider, "GET", f"jobs/{uuid4()}").json(),
    )
    assert hidden["detail"] == unknown["detail"]


def test_how_a_file_is_taken_in_is_not_told_to_another_branch(world: Any) -> None:
    values = {"code": "south", "name": "Visits", "unit": "SOUTH", "columns": COLUMNS}
    assert ask(world.admin, "POST", "datasets", values).status_code == 201
    job = ask(world.admin, "POST", "datasets/south/facts", CSV, **{"Content-Type": "text/csv"}).json()["job"]
    asked = {
        who: ask(who, "GET", f"jobs/{job['uid']}").status_code for who in (world.admin, world.north_manager)
    }
    assert asked == {world.admin: 200, world.north_manager: 404}
