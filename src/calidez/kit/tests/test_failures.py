"""What nobody foresaw, a panic of a native library too, is an ordinary answer with a reference that the log knows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from calidez.kit.conformance import World
from calidez.kit.faces.api import listing
from calidez.kit.faces.pages import lists
from calidez.kit.platform import failures
from calidez.kit.tests.factories import issued

pytestmark = pytest.mark.django_db


class PanicException(BaseException):
    """As pyo3 raises it: no Exception."""


def broken(error: BaseException) -> Any:
    def break_down(*_arguments: Any, **_options: Any) -> Any:
        raise error

    return break_down


ERRORS = {"panic": PanicException("Forked process detected"), "error": ZeroDivisionError("the secret")}


@pytest.mark.parametrize("kind", ERRORS)
def test_a_page_that_fails_gives_a_reference_that_the_log_knows(
    world: World, kind: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = Client(raise_request_exception=False, headers={"Accept-Language": "en"})
    browser.force_login(world.admin)
    monkeypatch.setattr(lists, "list_page", broken(ERRORS[kind]))
    answer = browser.get("/units/")
    assert answer.status_code == 500
    page = answer.content.decode()
    reference = answer["X-Reference"]
    assert re.fullmatch("[0-9A-F]{4}-[0-9A-F]{4}", reference)
    assert reference in page
    assert str(ERRORS[kind]) not in page
    assert "Content-Security-Policy" in answer, "what the frame adds to every answer is on this one too"
    (told,) = [record for record in caplog.records if reference in record.getMessage()]
    assert told.exc_info is not None
    assert str(ERRORS[kind]) in caplog.text
    assert browser.get("/units/")["X-Reference"] != reference


@pytest.mark.parametrize("kind", ERRORS)
def test_an_endpoint_that_fails_answers_with_a_problem_and_its_reference(
    world: World, kind: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = Client(raise_request_exception=False)
    sent = {"Authorization": f"Bearer {issued(world.admin).secret}", "Accept-Language": "en"}
    monkeypatch.setattr(listing, "page", broken(ERRORS[kind]))
    answer = program.get("/api/v1/units", headers=sent)
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    problem = answer.json()
    assert problem["type"] == "urn:calidez:problem:failure"
    assert problem["reference"] in problem["detail"]
    assert any(problem["reference"] in r.getMessage() and r.exc_info for r in caplog.records)
    assert str(ERRORS[kind]) in caplog.text
    assert str(ERRORS[kind]) not in answer.content.decode()


@pytest.mark.parametrize("ending", failures.ENDING)
def test_what_ends_a_process_is_left_alone(ending: type[BaseException]) -> None:
    with pytest.raises(ending):
        failures.PanicMiddleware(broken(ending()))(HttpRequest())
