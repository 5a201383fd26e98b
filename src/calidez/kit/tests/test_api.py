"""Tokens, idempotency, rates and bulk creation of the programming interface; what each kind must do stands in the conformance suite."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calidez.kit.core import audit
from calidez.kit.core.access import Limit, Scope
from calidez.kit.faces.api import rates, tokens
from calidez.kit.faces.api.models import ApiAnswer, ApiToken
from calidez.kit.faces.api.problems import Problem
from calidez.kit.faces.api.tokens import Line
from calidez.kit.platform.errors import NotAllowed, RuleBroken
from calidez.kit.tests.factories import issued
from calidez.people.models import Position, Unit

pytestmark = pytest.mark.django_db


def ask(secret: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
    content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    sent = {"Authorization": f"Bearer {secret}", "Accept-Language": "en", **headers}
    return Client().generic(method, f"/api/v1/{path}", headers=sent, **content)


def client_of(user: Any, **options: Any) -> Client:
    browser = Client(**options)
    browser.force_login(user)
    return browser


# Tokens


def test_two_scopes_share_the_smaller_subtrees() -> None:
    mine, its = Scope(("/a/", "/b/c/")), Scope(("/a/x/", "/b/", "/d/"))
    assert mine.within(its).paths == ("/a/x/", "/b/c/")
    assert its.within(mine) == mine.within(its)
    assert not mine.within(Scope())


def test_lines_of_a_limit_add_up() -> None:
    limit = Limit(
        (("unit", "view", Scope(("/a/",))), ("*", "view", Scope(("/b/",))), ("unit", "*", Scope(("/c/",))))
    )
    assert limit.scope("unit", "view").paths == ("/a/", "/b/", "/c/")
    assert limit.scope("unit", "edit").paths == ("/c/",)
    assert limit.scope("standard", "edit").paths == ()


def test_a_token_holds_less_than_its_owner_and_never_more(world: Any) -> None:
    only_north = issued(world.admin, Line("unit", "view", str(world.north.uid))).secret
    seen = {unit["code"] for unit in ask(only_north, "GET", "units").json()["items"]}
    assert seen == {"NORTH"}
    assert ask(only_north, "GET", "positions").status_code == 404
    new = {"code": "N9", "name": "Nine", "parent": "NORTH"}
    assert ask(only_north, "POST", "units", new).status_code == 403
    all_of_norths = issued(world.north_manager).secret
    assert ask(all_of_norths, "GET", f"units/{world.south.uid}").status_code == 404


def test_choices_obey_the_token_too(world: Any) -> None:
    """A reference to what the token may not see is refused as unknown."""
    secret = issued(world.admin, Line("position", "*"), Line("unit", "view", str(world.north.uid))).secret
    refused = ask(secret, "POST", "positions", {"name": "Porter", "unit": "SOUTH"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "unit"
    assert ask(secret, "POST", "positions", {"name": "Porter", "unit": "NORTH"}).status_code == 201


def test_a_token_ends(world: Any) -> None:
    made = issued(world.admin)
    assert ask(made.secret, "GET", "units").status_code == 200
    made.token.refresh_from_db()
    assert made.token.used_at is not None
    tokens.revoke_own(made.token, by=world.admin)
    assert ask(made.secret, "GET", "units").status_code == 401
    assert [event.verb for event in audit.history(made.token)] == ["revoke", "create"]

    late = issued(world.admin)
    ApiToken.objects.filter(pk=late.token.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert ask(late.secret, "GET", "units").status_code == 401

    gone = issued(world.north_manager)
    type(world.admin).objects.filter(pk=world.north_manager.pk).update(is_active=False)
    assert ask(gone.secret, "GET", "units").status_code == 401
    assert ask("cal_nonsense", "GET", "units")["WWW-Authenticate"].startswith("Bearer")


def test_the_secret_is_kept_nowhere(world: Any) -> None:
    made = issued(world.admin)
    event = audit.history(made.token, limit=1)[0]
    assert made.secret not in json.dumps(
        [event.after, list(ApiToken.objects.values("digest", "prefix", "name"))]
    )
    assert "digest" not in event.after


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lasts_a_year_at_most(world: Any, days: int) -> None:
    with pytest.raises(RuleBroken):
        issued(world.admin, days=days)


def test_nobody_takes_back_what_is_not_theirs_without_the_role(world: Any) -> None:
    made = issued(world.admin)
    with pytest.raises(NotAllowed):
        tokens.revoke_own(made.token, by=world.auditor)
    with pytest.raises(NotAllowed):
        tokens.revoke(made.token, by=world.auditor)
    tokens.revoke(issued(world.auditor).token, by=world.admin)


def test_my_tokens_are_made_shown_once_and_revoked(world: Any) -> None:
    browser = client_of(world.auditor)
    lines = {
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-entity": "unit",
        "lines-0-verb": "view",
    }
    given = {"name": "Night export", "days": "30", "may": "some", **lines}
    page = browser.post("/my/api-tokens/", given).content.decode()
    secret = page.split('id="secret" readonly value="')[1].split('"')[0]
    assert ask(secret, "GET", "units").status_code == 200
    again = browser.get("/my/api-tokens/").content.decode()
    assert secret not in again
    assert "Units: see" in again
    assert "Night export" not in client_of(world.admin).get("/my/api-tokens/").content.decode()
    token = ApiToken.objects.get()
    client_of(world.admin).post(f"/my/api-tokens/{token.uid}/revoke/")
    assert ask(secret, "GET", "units").status_code == 200
    browser.post(f"/my/api-tokens/{token.uid}/revoke/")
    assert ask(secret, "GET", "units").status_code == 401
    assert browser.post("/my/api-tokens/", {**given, "lines-0-entity": ""}).status_code == 422


# Sessions


def test_the_session_reads_and_changes_only_with_proof(world: Any) -> None:
    browser = client_of(world.admin, enforce_csrf_checks=True)
    assert browser.get("/api/v1/units").status_code == 200
    new = {"code": "N9", "name": "Nine", "parent": "NORTH"}
    refused = browser.post("/api/v1/units", new, content_type="application/json")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    browser.get("/api/v1/docs")
    proof = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    assert (
        browser.post("/api/v1/units", new, content_type="application/json", headers=proof).status_code == 201
    )


def test_people_and_programs_are_told_in_their_language(world: Any) -> None:
    made = issued(world.auditor)
    type(world.admin).objects.filter(pk=world.auditor.pk).update(language="es")
    own = Client().get("/api/v1/nothing", headers={"Authorization": f"Bearer {made.secret}"})
    assert own.json()["title"] == "Aquí no hay nada"
    asked = ask(made.secret, "GET", "nothing")
    assert asked.json()["title"] == "There is nothing here"


# Doing once


def test_the_same_request_is_done_once(world: Any) -> None:
    secret = issued(world.admin).secret
    key = {"Idempotency-Key": "order-1"}
    new = {"code": "N9", "name": "Nine", "parent": "NORTH"}
    first = ask(secret, "POST", "units", new, **key)
    second = ask(secret, "POST", "units", new, **key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["ETag"] == first["ETag"]
    assert Unit.objects.filter(code="N9").count() == 1
    other = ask(secret, "POST", "units", {**new, "code": "N10"}, **key)
    assert other.status_code == 422
    assert other.json()["type"].endswith("key-reused")
    # Another caller's key is another key.
    assert ask(issued(world.admin).secret, "POST", "units", {**new, "code": "N11"}, **key).status_code == 201


def test_a_refusal_may_be_mended_under_the_same_key(world: Any) -> None:
    secret, key = issued(world.admin).secret, {"Idempotency-Key": "order-1"}
    assert ask(secret, "POST", "units", {"code": "N9"}, **key).status_code == 422
    assert (
        ask(secret, "POST", "units", {"code": "N9", "name": "Nine", "parent": "NORTH"}, **key).status_code
        == 201
    )


def test_old_answers_are_forgotten(world: Any) -> None:
    secret, key = issued(world.admin).secret, {"Idempotency-Key": "order-1"}
    ask(secret, "POST", "units", {"code": "N9", "name": "Nine", "parent": "NORTH"}, **key)
    ApiAnswer.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    assert (
        ask(secret, "POST", "units", {"code": "N8", "name": "Eight", "parent": "NORTH"}, **key).status_code
        == 201
    )
    assert ApiAnswer.objects.count() == 1


# Many at once


def test_many_are_created_together_or_not_at_all(world: Any) -> None:
    secret = issued(world.admin).secret
    rows = [{"name": f"Porter {n}", "unit": "NORTH"} for n in range(20)]
    made = ask(secret, "POST", "positions", rows)
    assert made.status_code == 201
    assert [item["name"] for item in made.json()["items"]] == [row["name"] for row in rows]
    faulty = [{"name": "Clerk", "unit": "NORTH"}, {"name": "Cook", "unit": "NOWHERE"}, {"unit": "NORTH"}]
    refused = ask(secret, "POST", "positions", faulty)
    assert refused.status_code == 422
    assert [(e["index"], e["field"]) for e in refused.json()["errors"]] == [(1, "unit"), (2, "name")]
    assert not Position.objects.filter(name="Clerk").exists()
    partial = ask(secret, "POST", "positions?partial=true", faulty)
    assert partial.status_code == 201
    assert [item["name"] for item in partial.json()["items"]] == ["Clerk"]
    assert {e["index"] for e in partial.json()["errors"]} == {1, 2}
    assert ask(secret, "POST", "positions", [{}] * 1001).status_code == 422


def test_two_equal_rows_are_told_apart_from_one(world: Any) -> None:
    twice = [{"name": "Clerk", "unit": "NORTH"}] * 2
    refused = ask(issued(world.admin).secret, "POST", "positions", twice)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["index"] == 1


# Pages, and what is no request at all


def test_pages_stay_true_while_records_are_added(world: Any) -> None:
    secret = issued(world.admin).secret
    rows = [{"name": f"P{n:02}", "unit": "NORTH"} for n in range(10)]
    ask(secret, "POST", "positions", rows)
    page = ask(secret, "GET", "positions?limit=4&unit=NORTH").json()
    seen = [item["name"] for item in page["items"]]
    ask(secret, "POST", "positions", {"name": "A earlier", "unit": "NORTH"})
    ask(secret, "POST", "positions", {"name": "P05b later", "unit": "NORTH"})
    while page["next"]:
        page = ask(secret, "GET", page["next"].removeprefix("/api/v1/")).json()
        seen += [item["name"] for item in page["items"]]
    assert seen == [*(f"P{n:02}" for n in range(6)), "P05b later", *(f"P{n:02}" for n in range(6, 10))]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[1]", "application/json", 422),
        ('"text"', "application/json", 422),
        ("NaN", "application/json", 400),
        ('{"name": "a\\u0000b", "unit": "NORTH"}', "application/json", 400),
        ('{"name": "\\ud800", "unit": "NORTH"}', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ("<a/>", "application/xml", 415),
    ],
)
def test_nonsense_is_refused_with_a_sentence(world: Any, content: str, kind: str, status: int) -> None:
    sent = {"Authorization": f"Bearer {issued(world.admin).secret}"}
    answer = Client().post("/api/v1/positions", content, content_type=kind, headers=sent)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert Client().put("/api/v1/positions", headers=sent)["Content-Type"] == "application/problem+json"


def test_a_failure_of_ours_tells_nothing(world: Any, monkeypatch: Any) -> None:
    from calidez.kit.faces.api import listing

    def broken(*_arguments: Any) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(listing, "page", broken)
    answer = ask(issued(world.admin).secret, "GET", "units")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()


# Rates


def test_a_caller_has_so_many_requests_a_minute(world: Any, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    assert [rates.spend("a", now=60.0 + second).left for second in (0, 30)] == [1, 0]  # type: ignore[union-attr]
    with pytest.raises(Problem) as refused:
        rates.spend("a", now=119.0)
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "1")
    assert rates.spend("b", now=119.0) is not None
    assert rates.spend("a", now=120.0) is not None
    settings.API_REQUESTS_PER_MINUTE = 0
    assert rates.spend("a", now=120.0) is None


def test_the_answer_says_what_is_left(world: Any, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    secret = issued(world.admin).secret
    assert ask(secret, "GET", "units")["RateLimit-Remaining"] == "0"
    over = ask(secret, "GET", "units")
    assert over.status_code == 429
    assert int(over["Retry-After"]) >= 1
