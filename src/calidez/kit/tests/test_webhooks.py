"""Messages to other systems: written with the change, delivered to a real server on this machine, tried again, given up."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calidez.kit.catalog import catalog
from calidez.kit.conformance import World
from calidez.kit.core import audit, reactions
from calidez.kit.faces.webhooks import outbox, rules, services, signing, work
from calidez.kit.faces.webhooks.models import WebhookEndpoint, WebhookMessage
from calidez.kit.faces.webhooks.places import Allowed
from calidez.kit.faces.webhooks.secrets import secret_of
from calidez.kit.faces.webhooks.sending import post
from calidez.kit.models import Notification
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.tests.factories import endpoint as add_endpoint
from calidez.people.models import Position, Role
from calidez.people.tests.factories import create

pytestmark = pytest.mark.django_db
State = WebhookMessage.State
POSITIONS = "position.*"


class Receiver:
    """Another system: remembers what came and answers as told."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.status, self.answer, self.headers = 204, b"", {}
        self.drips = False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.came.append((dict(self.headers), body))
                if receiver.drips:
                    self._drip()
                    return
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(receiver.answer)))
                self.end_headers()
                self.wfile.write(receiver.answer)

            def _drip(self) -> None:
                try:
                    for byte in b"HTTP/1.1 200 OK\r\n" * 10:
                        self.wfile.write(bytes([byte]))
                        time.sleep(0.05)
                except OSError:
                    pass

            def log_message(self, *_arguments: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook"

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.came]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield receiver
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()


@pytest.fixture
def world(world: World, settings: Any) -> World:
    settings.WEBHOOK_PRIVATE = True
    Job.objects.all().delete()
    outbox.endpoints_changed()
    return world


@pytest.fixture
def desk(world: World, receiver: Receiver) -> WebhookEndpoint:
    return add_endpoint(world.admin, world.root, address=receiver.address, events=POSITIONS)


def position(world: World, unit: Any = None, name: str = "Receptionist") -> Position:
    return create(Position, world.admin, name=name, unit=unit or world.north)


def deliver() -> int:
    """As if every pause were over."""
    now = timezone.now()
    Job.objects.filter(state=Job.State.QUEUED).update(run_after=now)
    WebhookMessage.objects.filter(state=State.WAITING).update(next_at=now)
    WebhookEndpoint.objects.update(resting_until=None)
    return run_queued()


def test_what_happens_arrives_signed(desk: WebhookEndpoint, receiver: Receiver, world: World) -> None:
    made = position(world)
    assert run_queued() >= 1

    [(headers, body)] = receiver.came
    message = WebhookMessage.objects.get()
    assert signing.verify(secret_of(desk), headers, body) == str(message.uid)
    assert json.loads(body) == {
        "id": str(message.uid),
        "event": "people.position.create",
        "occurred_at": audit.history(made)[0].at.isoformat(),
        "record": {
            "uid": str(made.uid),
            "code": "",
            "kind": "people.position",
            "label": "Receptionist",
            "link": f"http://127.0.0.1:8000/positions/{made.uid}/",
            "version": 1,
        },
        "actor": {"uid": str(world.admin.uid), "name": "Ada Administrator"},
    }
    assert (message.state, message.status, message.attempts) == (State.DELIVERED, 204, 1)
    assert message.milliseconds is not None


def test_a_change_that_is_taken_back_tells_nobody(desk: WebhookEndpoint, world: World) -> None:
    @transaction.atomic
    def refused() -> None:
        position(world)
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        refused()
    assert not WebhookMessage.objects.exists()


def test_only_the_chosen_events_of_the_chosen_unit_are_told(world: World, receiver: Receiver) -> None:
    add_endpoint(world.admin, world.north, address=receiver.address, events="position.create\nrole.*")
    made = position(world, world.north)
    position(world, world.south)
    edition = catalog.of(Position).edition
    assert edition is not None
    edition(made, by=world.admin, name="Porter")
    role = catalog.of(Role).creation  # belongs to no unit: for who hears of the whole organisation
    if role is not None:
        role(by=world.admin, code="porter", name="Porter")
    assert [m.label for m in WebhookMessage.objects.all()] == ["Receptionist"]


def test_messages_come_in_order(desk: WebhookEndpoint, receiver: Receiver, world: World) -> None:
    for number in range(5):
        position(world, name=f"Position {number}")
    assert Job.objects.filter(name__contains="deliver").count() == 1, "one job empties the box"
    run_queued()
    assert [b["record"]["label"] for b in receiver.bodies()] == [f"Position {n}" for n in range(5)]


def test_a_failure_is_tried_again_with_the_same_id(
    desk: WebhookEndpoint, receiver: Receiver, world: World
) -> None:
    receiver.status, receiver.answer = 503, b"Back at noon. " * 100
    position(world)
    run_queued()
    message = WebhookMessage.objects.get()
    assert (message.state, message.status, len(message.answer)) == (State.WAITING, 503, 500)
    assert "503" in message.error
    assert timezone.now() < message.next_at < timezone.now() + 2 * rules.FIRST_PAUSE
    waiting = Job.objects.get(name__contains="deliver", state=Job.State.QUEUED)
    assert waiting.run_after == message.next_at

    receiver.status = 200
    deliver()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == (State.DELIVERED, 2, "")
    assert len({headers["webhook-id"] for headers, _body in receiver.came}) == 1
    desk.refresh_from_db()
    assert desk.failing_since is None


def test_what_does_not_arrive_in_three_days_is_given_up(
    desk: WebhookEndpoint, receiver: Receiver, world: World
) -> None:
    receiver.status = 500
    position(world)
    WebhookMessage.objects.update(give_up_at=timezone.now())
    run_queued()
    assert WebhookMessage.objects.get().state == State.GIVEN_UP
    assert deliver() == 0


def test_where_nobody_answers_the_rest_is_not_tried_one_by_one(
    desk: WebhookEndpoint, receiver: Receiver, world: World
) -> None:
    WebhookEndpoint.objects.update(address="http://127.0.0.1:9/hook")
    for number in range(3):
        position(world, name=f"Position {number}")
    run_queued()
    desk.refresh_from_db()
    assert desk.resting_until is not None
    assert sorted(WebhookMessage.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert Job.objects.get(name__contains="deliver", state=Job.State.QUEUED).run_after == desk.resting_until


def test_an_endpoint_that_fails_for_days_is_turned_off_and_that_is_told(
    desk: WebhookEndpoint, receiver: Receiver, world: World
) -> None:
    receiver.status = 500
    position(world)
    WebhookEndpoint.objects.update(failing_since=timezone.now() - rules.OFF_AFTER - dt.timedelta(hours=1))
    run_queued()
    desk.refresh_from_db()
    assert desk.state == WebhookEndpoint.State.OFF
    assert set(Notification.objects.values_list("person__name", flat=True)) == {"Ada Administrator"}
    assert audit.history(desk)[0].verb == "turn_off"
    position(world, name="Nobody hears of this one")
    assert WebhookMessage.objects.count() == 1

    receiver.status = 200
    services.activate(desk, by=world.admin)
    deliver()
    assert WebhookMessage.objects.get().state == State.DELIVERED


def test_gone_is_gone(desk: WebhookEndpoint, receiver: Receiver, world: World) -> None:
    receiver.status = 410
    position(world)
    run_queued()
    desk.refresh_from_db()
    assert desk.state == WebhookEndpoint.State.OFF


def test_redirects_are_not_followed(desk: WebhookEndpoint, receiver: Receiver, world: World) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.address}
    position(world)
    run_queued()
    assert len(receiver.came) == 1
    assert "redirects are not followed" in WebhookMessage.objects.get().error


def test_a_receiver_cannot_hold_the_worker(receiver: Receiver) -> None:
    receiver.drips = True
    begun = time.monotonic()
    outcome = post(receiver.address, b"{}", {}, allowed=Allowed(private=True), total=0.3)
    assert outcome.status is None
    assert "in time" in outcome.error
    assert time.monotonic() - begun < 2


def test_an_answer_without_end_is_cut(receiver: Receiver) -> None:
    receiver.status, receiver.answer = 200, b"x" * 5_000_000
    outcome = post(receiver.address, b"{}", {}, allowed=Allowed(private=True))
    assert (outcome.status, len(outcome.answer)) == (200, 500)


def test_a_name_that_moves_inside_is_refused_when_sending(
    desk: WebhookEndpoint, receiver: Receiver, world: World, settings: Any
) -> None:
    """It was checked when it was written down; what counts is where it leads now."""
    settings.WEBHOOK_PRIVATE = False
    position(world)
    run_queued()
    assert receiver.came == []
    assert "inside a network" in WebhookMessage.objects.get().error


def test_during_a_change_both_secrets_sign(desk: WebhookEndpoint, receiver: Receiver, world: World) -> None:
    old = secret_of(desk)
    desk = services.new_secret(desk, by=world.admin)
    position(world)
    run_queued()
    [(headers, body)] = receiver.came
    for secret in (old, secret_of(desk)):
        assert signing.verify(secret, headers, body)

    WebhookEndpoint.objects.update(old_secret_until=timezone.now())
    position(world, name="Porter")
    run_queued()
    headers, body = receiver.came[-1]
    with pytest.raises(signing.NotGenuine):
        signing.verify(old, headers, body)


def test_the_secret_is_shown_once_and_kept_nowhere(desk: WebhookEndpoint, world: World) -> None:
    client = client_of(world.admin)
    show, renew = (reverse("kit:webhook-secret", args=[desk.uid, how]) for how in ("show", "renew"))
    assert client.get(show).status_code == 405
    shown = client.post(show)
    assert secret_of(desk) in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert client.post(show).status_code == 302
    assert secret_of(desk) not in client.get(f"{desk.get_absolute_url()}?whole=1").content.decode()

    renewed = client.post(renew).content.decode()
    desk.refresh_from_db()
    assert secret_of(desk) in renewed
    assert [e.verb for e in audit.history(desk)] == ["new_secret", "show_secret", "create"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kit_webhookendpoint")
        assert secret_of(desk)[6:] not in str(cursor.fetchall())


def test_a_test_is_sent_and_a_message_sent_again(
    desk: WebhookEndpoint, receiver: Receiver, world: World
) -> None:
    client = client_of(world.admin)
    assert client.post(f"{desk.get_absolute_url()}do/send_test/").status_code == 302
    run_queued()
    assert receiver.bodies()[0]["event"] == "webhook.test"
    message = WebhookMessage.objects.get()
    page = client.get(desk.get_absolute_url()).content.decode()
    assert "webhook.test" in page
    assert "204" in page
    again = f"{catalog.of(WebhookMessage).url(message)}do/send_again/"
    assert client.post(again).status_code == 302
    run_queued()
    assert len({headers["webhook-id"] for headers, _body in receiver.came}) == 1
    assert len(receiver.came) == 2
    services.pause(WebhookEndpoint.objects.get(), by=world.admin)
    with pytest.raises(RuleBroken, match="Activate"):
        services.send_again(message, by=world.admin)


def test_who_only_reads_sees_neither_log_nor_secret(desk: WebhookEndpoint, world: World) -> None:
    position(world)
    run_queued()
    client = client_of(world.auditor)
    page = client.get(f"{desk.get_absolute_url()}?whole=1").content.decode()
    assert "people.position.create" not in page
    message = WebhookMessage.objects.get()
    assert client.post(reverse("kit:webhook-secret", args=[desk.uid, "show"])).status_code == 403
    assert client.get(catalog.of(WebhookMessage).list_url()).status_code == 404
    assert client.post(f"{catalog.of(WebhookMessage).url(message)}do/send_again/").status_code == 404
    with pytest.raises(NotAllowed):
        add_endpoint(world.auditor, world.root)


def test_messages_are_a_list_for_who_looks_after_their_webhook(desk: WebhookEndpoint, world: World) -> None:
    position(world)
    entity, message = catalog.of(WebhookMessage), WebhookMessage.objects.get()
    client = client_of(world.admin)
    listed = client.get(f"{entity.list_url()}?endpoint={desk.uid}&state=waiting&q=recept").content.decode()
    assert str(message.uid) in listed
    sheet = b"".join(client.get(f"{entity.list_url()}export.csv").streaming_content).decode()
    assert "people.position.create" in sheet
    for text in (sheet, client.get(f"/api/v1/webhook-messages/{message.uid}").content.decode()):
        assert message.body not in text
    assert 'hx-trigger="every 3s"' in client.get(entity.url(message)).content.decode()
    assert client.post(f"/api/v1/webhook-messages/{message.uid}/send_again").status_code == 404
    manager = client_of(world.north_manager)
    assert manager.get(entity.url(message)).status_code == 404, (
        "the webhook is that of the whole organisation"
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"address": "http://10.0.0.1/"}, "address"),
        ({"address": "gopher://example.org"}, "address"),
        ({"events": "unicorn.create"}, "events"),
        ({"events": "standard"}, "events"),
        ({"events": " "}, "events"),
    ],
)
def test_a_mistake_is_told_beside_its_field(
    world: World, settings: Any, values: dict[str, str], field: str
) -> None:
    settings.WEBHOOK_PRIVATE = False
    with pytest.raises(RuleBroken) as refused:
        add_endpoint(world.admin, world.root, **values)
    assert refused.value.field == field


def test_without_webhooks_an_operation_costs_nothing_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            position(world, name=f"Position {Position.objects.count()}")
        return len(captured)

    queries()
    with_ear = queries()
    everywhere = [r for r in reactions._everywhere if r is not outbox.hear]
    assert len(everywhere) == len(reactions._everywhere) - 1
    monkeypatch.setattr(reactions, "_everywhere", everywhere)
    assert queries() == with_ear


def test_what_a_killed_worker_left_is_taken_up(
    desk: WebhookEndpoint, receiver: Receiver, world: World
) -> None:
    position(world)
    Job.objects.all().delete()
    old = outbox.put(desk, "webhook.test", [("", {})], timezone.now())[0]
    WebhookMessage.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=31))
    Job.objects.all().delete()
    work.look_after()
    run_queued()
    assert [m.state for m in WebhookMessage.objects.all()] == [State.DELIVERED]


def test_the_receiver_of_the_documentation_works(
    desk: WebhookEndpoint, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[4] / "docs" / "how-to" / "webhooks.md").read_text(encoding="utf-8")
    code = page.split("```python receiver\n")[1].split("```")[0].replace("whsec_…", secret_of(desk))
    names: dict[str, Any] = {}
    exec(code, names)
    names["Receiver"].log_message = lambda *_arguments: None
    server = HTTPServer(("127.0.0.1", 0), names["Receiver"])
    WebhookEndpoint.objects.update(address=f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        position(world)
        run_queued()
        message = WebhookMessage.objects.get()
        services.send_again(message, by=world.admin)
        run_queued()
        forged = post(f"http://127.0.0.1:{server.server_port}/", b"{}", {}, allowed=Allowed(private=True))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    message.refresh_from_db()
    assert (message.state, forged.status) == (State.DELIVERED, 401)
    assert capsys.readouterr().out == "people.position.create Receptionist\n", (
        "handled once, though it came twice"
    )


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
