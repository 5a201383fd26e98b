"""The client against a real server: the whole emergency sample driven over the interface, as the documentation does it."""

from __future__ import annotations

import http.client
import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, get_internal_wsgi_application
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test.testcases import QuietWSGIRequestHandler

from calidez.client import Client, Problem
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.tests.factories import issued
from calidez.people.models import Unit
from calidez.people.services import found_organisation
from calidez.people.tests.factories import person

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parent.parent / "docs" / "how-to" / "drive-by-api.py"


class Server(ThreadedWSGIServer):
    """A real server that shares the test's connection, and so its transaction: the audit trail cannot be emptied."""

    daemon_threads = True

    def _close_connections(self) -> None:
        return


@pytest.fixture
def served(db: None) -> Iterator[str]:
    # Between requests Django closes a connection that is in a transaction; this one is, and is the test's.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    connection = connections["default"]
    connection.inc_thread_sharing()
    server = Server(("127.0.0.1", 0), QuietWSGIRequestHandler, connections_override={"default": connection})
    server.set_app(get_internal_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    connection.dec_thread_sharing()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def admin(settings: Any, db: None) -> Any:
    settings.API_REQUESTS_PER_MINUTE = 0
    return found_organisation(
        name="Northwind Clinics",
        code="NW",
        language="en",
        email="admin@example.org",
        person="Ada Administrator",
        password="correct horse battery staple",
    )


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for background work does it."""
    waited = Client.wait

    def wait(self: Client, job: Any, **options: Any) -> Any:
        run_queued()
        return waited(self, job, **options)

    monkeypatch.setattr(Client, "wait", wait)


@pytest.mark.slow
def test_the_emergency_sample_is_driven_wholly_over_the_api(
    served: str, admin: Any, working: None, capsys: Any
) -> None:
    spec = importlib.util.spec_from_file_location("drive_by_api", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    second = person(admin, admin.unit, "second@example.org", "Sofia Second", role="administrator")
    chart = script.main(served, issued(admin).secret, issued(second).secret)
    said = capsys.readouterr().out
    assert " 0 refused" in said
    assert "Acknowledged" in said
    assert chart["target"]["value"] == 95
    assert len(chart["points"]) > 24
    assert {point["verdict"] for point in chart["points"]} & {"kept", "broken"}


@pytest.mark.slow
def test_lists_pages_changes_and_refusals(served: str, admin: Any) -> None:
    with Client(served, issued(admin).secret, language="es") as api:
        api.create_many("units", [{"code": f"U{n}", "name": f"Unidad {n}", "parent": "NW"} for n in range(7)])
        assert len(list(api.list("units", limit=3))) == 8
        unit = api.get("units", "U1")
        changed = api.change(unit, name="Otra")
        assert changed["version"] == unit["version"] + 1
        with pytest.raises(Problem) as stale:
            api.change(unit, name="Tarde")
        assert (stale.value.status, stale.value.kind) == (412, "version-changed")
        with pytest.raises(Problem) as wrong:
            api.create("units", code="U1", name="Dos veces", parent="NW")
        assert wrong.value.errors[0]["field"] == "code"
        assert [event["verb"] for event in api.get("units", "U1", "history")["items"]] == ["edit", "create"]


def test_a_lost_answer_is_asked_for_again_and_done_once(
    served: str, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = []
    answered = http.client.HTTPConnection.getresponse

    def lose_the_first(self: Any) -> Any:
        answer = answered(self)
        if not lost:
            lost.append(answer.read())
            raise ConnectionResetError
        return answer

    monkeypatch.setattr(http.client.HTTPConnection, "getresponse", lose_the_first)
    monkeypatch.setattr("calidez.client.time.sleep", lambda seconds: None)
    with Client(served, issued(admin).secret) as api:
        assert api.create("units", code="U1", name="One", parent="NW")["code"] == "U1"
    assert Unit.objects.filter(code="U1").count() == 1
