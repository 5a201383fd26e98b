"""A line of the log says when, how grave, who and to which request it belongs, and nobody outside writes one."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from calidez.config.operating.requests import HEADER
from calidez.config.operating.told_paths import MaskedPaths, told_path
from calidez.kit.conformance import World
from calidez.kit.faces.pages import lists
from calidez.kit.platform import log_lines
from calidez.kit.platform.jobs import enqueue, forget_jobs
from calidez.kit.platform.jobs.worker import run_queued

Lines = Callable[[], list[str]]
FORGED = "x\n2026-11-28 10:00:00,000 INFO calidez: all is well\r\x1b[2K\u2028\u202e"


@pytest.fixture(params=log_lines.FORMATS)
def lines(request: pytest.FixtureRequest) -> Iterator[Lines]:
    """What is written from here on, as the installation would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(log_lines.formatter(request.param))
    handler.addFilter(MaskedPaths())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: written.getvalue().splitlines()
    root.removeHandler(handler)


def test_a_line_says_what_is_known(lines: Lines) -> None:
    with log_lines.about(request="4f2a", person=lambda: "somebody", job=lambda: ""):
        logging.getLogger("calidez.jobs").warning("Only %s left.", 3)
    (line,) = lines()
    if line.startswith("{"):
        said = json.loads(line)
        assert said.pop("time").endswith("+00:00")
        assert said == {
            "level": "WARNING",
            "logger": "calidez.jobs",
            "message": "Only 3 left.",
            "request": "4f2a",
            "person": "somebody",
        }
    else:
        assert line.endswith(" WARNING calidez.jobs: Only 3 left. request=4f2a person=somebody")


def test_nothing_from_outside_begins_a_line(lines: Lines) -> None:
    """Neither what is told, nor who is said to be asking, nor the message of an error in a traceback."""
    try:
        raise ValueError(FORGED)
    except ValueError:
        with log_lines.about(request=FORGED):
            logging.getLogger("calidez.files").exception("Read %s", FORGED)
    first, *others = lines()
    assert not any(line.startswith("2026-11-28 10:00:00,000") for line in (first, *others))
    if first.startswith("{"):
        assert others == []
        assert json.loads(first)["message"] == f"Read {FORGED}"
    else:
        assert all(line.startswith("    ") for line in others)
    text = "\n".join((first, *others))
    assert not any(letter in text for letter in "\x1b\r\u2028\u202e")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "/indicators/5a3c1b1e-1a3f-4c0a-9b51-0242ac120002/",
            "/indicators/5a3c1b1e-1a3f-4c0a-9b51-0242ac120002/",
        ),
        ("/administration/notification-settings/", "/administration/notification-settings/"),
        ("/nowhere/gAAAAABm8Xy0Jm3rSecretsecret", "/nowhere/…"),
        ("/security/sessions/r6o1k9fqk2v0g0hxjt3s8h1z5n4a7b2c/", "/security/sessions/…/"),
    ],
)
def test_what_lets_somebody_in_is_not_told(path: str, told: str) -> None:
    assert told_path(path) == told
    assert told_path("/calendar/abc.ics", ("abc",)) == "/calendar/….ics"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/invitation/{}/", "/password/new/{}/", "/calendar/{}.ics", "/notifications/stop/{}/"]
)
def test_tokens_in_addresses_stay_out_of_the_log(world: World, lines: Lines, address: str) -> None:
    secret = "tokentoken-xyz"
    Client().get(address.format(secret) + f"?next={secret}")
    text = "\n".join(lines())
    assert address.partition("{}")[0] + "…" in text or address.partition("{}")[0] + "\\u2026" in text
    assert secret not in text


@pytest.mark.django_db
def test_a_request_leaves_one_line_and_says_its_identifier(world: World, lines: Lines) -> None:
    browser = Client()
    browser.force_login(world.admin)
    answer = browser.get("/units/?search=secret")
    (line,) = [line for line in lines() if "calidez.requests" in line]
    assert answer[HEADER] in line
    assert "GET /units/ 200" in line
    assert str(world.admin.uid) in line
    assert "secret" not in line
    assert world.admin.email not in line
    assert browser.get("/units/")[HEADER] != answer[HEADER]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("behind", "given", "kept"),
    [
        (True, "abc-123.def", True),
        (False, "abc-123.def", False),
        (True, "short", False),
        (True, "a" * 101, False),
        (True, "with space and more", False),
        (True, "line\nbreak-12", False),
    ],
)
def test_the_identifier_of_a_proxy_is_taken_where_one_is_believed(
    settings: Any, behind: bool, given: str, kept: bool
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind else None
    answer = Client().get("/login/", headers={HEADER: given})
    assert (answer[HEADER] == given) is kept


@pytest.mark.django_db
def test_a_foreign_host_costs_one_line_of_the_log(lines: Lines) -> None:
    assert Client().get("/login/", headers={"Host": "evil.example"}).status_code == 400
    told = [line for line in lines() if "evil.example" in line]
    assert len(told) == 1
    assert not any("Traceback" in line for line in lines())


@pytest.mark.django_db
def test_the_reference_of_a_failure_leads_to_the_lines_of_its_request(
    world: World, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    def broken(*_arguments: Any, **_options: Any) -> Any:
        raise ZeroDivisionError("no chairs left")

    monkeypatch.setattr(lists, "list_page", broken)
    browser = Client(raise_request_exception=False)
    browser.force_login(world.admin)
    answer = browser.get("/units/")
    assert answer["X-Reference"].replace("-", "").lower() == answer[HEADER][:8]
    assert "ZeroDivisionError" in "\n".join(lines())
    assert [line for line in lines() if answer["X-Reference"] in line and answer[HEADER] in line]


@pytest.mark.django_db
def test_a_job_is_tied_to_the_request_that_asked_for_it(
    lines: Lines, django_capture_on_commit_callbacks: Any
) -> None:
    with log_lines.about(request="4f2a4f2a"), django_capture_on_commit_callbacks(execute=True):
        uid = enqueue(forget_jobs)
    run_queued()
    asked, ended = (line for line in lines() if str(uid) in line)
    assert "4f2a4f2a" in asked
    assert "forget_jobs: done" in ended
    assert "4f2a4f2a" not in ended
