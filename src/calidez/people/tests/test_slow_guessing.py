"""Guessing over many accounts or from many addresses becomes slow; whoever belongs here gets in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.test import Client, RequestFactory

from calidez.kit.conformance import World
from calidez.kit.platform import rates
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.jobs.worker import run_queued
from calidez.kit.platform.mail.models import Mail
from calidez.kit.platform.rates import ApiUse, Pace
from calidez.people import lockout
from calidez.people.models import User
from calidez.people.sentences import time_to_wait
from calidez.people.services import resets, set_password

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
NOW = 1_800_000_000.0
FEW = Pace(burst=3, every=60, longest=240)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (lockout, resets):
        monkeypatch.setattr(module.time, "time", clock)
    return clock


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout, "OF_NETWORK", FEW)
    monkeypatch.setattr(lockout, "OF_ACCOUNT", FEW)


def tries(
    email: str, password: str = "wrong", address: str = "203.0.113.9", client: Client | None = None
) -> Any:
    client = client or Client()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client.post("/login/", {"username": email, "password": password}, REMOTE_ADDR=address)


def test_a_pace_lets_a_burst_through_then_one_at_a_time_with_a_wait_that_doubles() -> None:
    waits = []
    for _ in range(3):
        assert rates.wait("x", FEW, now=NOW) == 0
        rates.note("x", FEW, now=NOW)
    now = NOW
    for _ in range(5):
        waits.append(rates.wait("x", FEW, now=now))
        now += waits[-1]
        assert rates.wait("x", FEW, now=now - 1) == 1
        assert rates.wait("x", FEW, now=now) == 0
        rates.note("x", FEW, now=now)
    assert waits == [60, 120, 240, 240, 240]
    assert rates.wait("y", FEW, now=NOW) == 0
    assert rates.wait("x", FEW, now=now + 3600) == 0
    rates.lift("x")
    assert rates.wait("x", FEW, now=now) == 0


def test_what_is_spent_is_counted_only_where_it_is_in_order() -> None:
    steady = Pace(burst=3, every=60)
    assert [rates.spend("x", steady, now=NOW) for _ in range(6)] == [True] * 3 + [False] * 3
    assert [rates.spend("x", steady, now=NOW + 60) for _ in range(2)] == [True, False]
    assert [rates.spend("x", steady, now=NOW + 3600) for _ in range(4)] == [True] * 3 + [False]
    assert rates.forget(NOW + 3600) == 0
    assert rates.forget(NOW + 7200) == 1


@pytest.mark.slow
def test_an_office_gets_in_at_eight_and_a_sprayer_does_not_get_far(world: World, clock: Clock) -> None:
    """Two hundred people behind one address, forty of whom mistype twice; then one list of accounts from the same address."""
    set_password(world.auditor, PASSWORD, by=world.admin)
    for n in range(40):
        assert {tries(f"p{n}@example.org").status_code for _ in range(2)} == {200}
    assert tries(world.auditor.email, PASSWORD).status_code == 302
    answers = [tries(f"q{n}@example.org").status_code for n in range(40)]
    assert answers.index(429) == 20
    assert set(answers[20:]) == {429}
    # Signing in did not forget the failures of others; another address is no part of it; the browser from before neither.
    assert tries(world.auditor.email, PASSWORD).status_code == 429
    assert tries(world.auditor.email, PASSWORD, "203.0.113.10").status_code == 302
    got = 0
    for second in range(0, 3600, 90):
        clock.now = NOW + second
        got += tries(f"r{second}@example.org").status_code == 200
    assert got <= 9, "and an hour later hardly more"


def test_the_sentence_says_how_long_and_the_wait_ends_by_itself(
    world: World, clock: Clock, little: None
) -> None:
    set_password(world.auditor, PASSWORD, by=world.admin)
    for n in range(3):
        assert tries(f"p{n}@example.org").status_code == 200
    refused = tries(world.auditor.email, PASSWORD)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert "Wait 1 minute and" in refused.content.decode()
    assert (
        "Espere 1 minuto"
        in Client()
        .post("/login/", headers={"Accept-Language": "es"}, REMOTE_ADDR="203.0.113.9")
        .content.decode()
    )
    clock.now += 60
    assert tries(world.auditor.email, PASSWORD).status_code == 302
    assert [time_to_wait(n) for n in (1, 59, 60, 61)] == ["1 second", "59 seconds", "1 minute", "2 minutes"]


def test_nothing_is_hashed_for_who_must_wait(
    world: World, clock: Clock, little: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        tries(f"p{n}@example.org")

    def never(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("a password was hashed")

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", never)
    assert tries("p4@example.org").status_code == 429


def test_a_browser_in_which_somebody_signed_in_is_not_shut_out_by_others(
    world: World, clock: Clock, little: None
) -> None:
    set_password(world.auditor, PASSWORD, by=world.admin)
    known = Client()
    assert tries(world.auditor.email, PASSWORD, client=known).status_code == 302
    known.post("/logout/")
    for n in range(3):
        tries(f"p{n}@example.org")
        tries(world.auditor.email, address=f"203.0.113.{n}")
    assert tries(world.auditor.email, PASSWORD).status_code == 429
    assert tries(world.auditor.email, PASSWORD, "198.51.100.7").status_code == 429, (
        "the account, from anywhere"
    )
    assert tries(world.auditor.email, PASSWORD, client=known).status_code == 302
    known.post("/logout/")
    # It is known for this account alone, and no place for guessing either.
    assert tries(world.outsider.email, client=known).status_code == 429
    cookie = known.cookies[lockout.KNOWN_COOKIE]
    assert cookie["httponly"]
    assert world.auditor.email not in cookie.value
    codes = [tries(world.auditor.email, address=f"10.0.0.{n}", client=known).status_code for n in range(25)]
    assert codes[:20] == [200] * 20
    assert set(codes[20:]) == {429}
    forged = Client()
    forged.cookies[lockout.KNOWN_COOKIE] = cookie.value.replace(".", "x", 1)
    assert tries(world.auditor.email, PASSWORD, client=forged).status_code == 429


def test_a_network_of_ipv6_is_one_place(world: World, clock: Clock, little: None) -> None:
    for n in range(3):
        assert tries(f"p{n}@example.org", address=f"2001:db8:1:2:{n}::7").status_code == 200
    assert tries("p4@example.org", address="2001:db8:1:2:ffff::1").status_code == 429
    assert tries("p4@example.org", address="2001:db8:1:3::1").status_code == 200
    assert tries("p5@example.org", address="::ffff:203.0.113.77").status_code == 200


def test_a_proxy_on_this_machine_of_which_nobody_told_is_not_everybody(
    world: World, clock: Clock, little: None
) -> None:
    for address in ("127.0.0.1", "::1"):
        for n in range(5):
            assert tries(f"{n}@example.org", address=address).status_code == 200
    assert {asks(f"p{n}@example.org", "127.0.0.1").status_code for n in range(35)} == {200}


def test_axes_counts_that_network_too(world: World) -> None:
    codes = [tries(world.auditor.email, address=f"2001:db8:1:2::{n}").status_code for n in range(9)]
    assert codes[7:] == [429, 429]


def test_a_new_password_opens_the_account_at_once(world: World, clock: Clock) -> None:
    for _ in range(9):
        last = tries(world.auditor.email)
    for n in range(50):
        tries(world.auditor.email, address=f"198.51.100.{n}")
    assert last.status_code == 429
    assert tries(world.auditor.email, PASSWORD, "192.0.2.1").status_code == 429
    set_password(world.auditor, PASSWORD, by=world.admin)
    assert tries(world.auditor.email, PASSWORD, "192.0.2.1").status_code == 302
    assert tries(world.auditor.email, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "name",
    ["x" * 1_000_000, "añá@exämple.org", "\U0001f600@example.org", "a\x1bb@example.org", "'\"<>%_\\", ""],
)
def test_any_name_is_answered(world: World, name: str) -> None:
    assert tries(name).status_code in (200, 400)
    answer = Client().post("/password/forgotten/", {"email": name}, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code in (200, 422)


def asks(email: str, address: str = "203.0.113.9") -> Any:
    return Client().post(
        "/password/forgotten/", {"email": email}, REMOTE_ADDR=address, headers={"Accept-Language": "en"}
    )


def lead(answer: Any) -> str:
    found = re.search('<p class="lead">(.*?)</p>', answer.content.decode())
    assert found is not None
    return f"{answer.status_code} {found[1]}"


def test_a_person_gets_three_links_an_hour_however_often_somebody_asks(world: World, clock: Clock) -> None:
    """Sixty requests from many addresses, in many spellings: the same answer as for nobody, and no job for them."""
    said: set[str] = set()
    for n in range(60):
        email = world.auditor.email.upper() if n % 2 else f" {world.auditor.email} "
        answer = asks(email, f"198.51.100.{n}")
        said.add(lead(answer).replace(email.strip(), "…"))
        run_queued()
    assert len(said) == 1
    assert Mail.objects.filter(to=world.auditor.email).count() == 3
    assert Job.objects.filter(name="people.send_new_password_link").count() == 3
    for n in range(5):
        answer = asks("nobody@example.org", f"198.51.100.{100 + n}")
        said.add(lead(answer).replace("nobody@example.org", "…"))
    assert len(said) == 1
    clock.now += 20 * 60
    asks(world.auditor.email)
    run_queued()
    assert Mail.objects.filter(to=world.auditor.email).count() == 4


def test_one_network_asks_so_often_and_is_told_how_long_to_wait(world: World, clock: Clock) -> None:
    answers = [asks(f"p{n}@example.org") for n in range(40)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429] * 10
    assert "Wait 2 minutes" in answers[-1].content.decode()
    assert answers[-1]["Retry-After"] == "120"
    assert Job.objects.filter(name="people.send_new_password_link").count() == 30
    assert asks("p41@example.org", "203.0.113.10").status_code == 200


def test_nobody_reads_from_the_table_who_tried_what(world: World) -> None:
    tries("secret-name@example.org")
    asks("secret-name@example.org")
    names = " ".join(ApiUse.objects.values_list("caller", flat=True))
    assert names
    assert "secret" not in names
    assert "203.0" not in names
    assert not mail.outbox
    assert User.objects.filter(email="secret-name@example.org").count() == 0


@pytest.mark.parametrize(
    ("headers", "counted"),
    [
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.5"}, "203.0.113.5"),  # as deploy/'s proxies send it
        (
            {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.5"},
            "203.0.113.5",
        ),  # what came with the request stands first
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.5:4711"}, "203.0.113.5"),
        ({"HTTP_X_FORWARDED_FOR": "6.6.6.6, [2001:db8:1:2:3::4]:4711"}, "2001:db8:1:2::"),
        ({"HTTP_X_FORWARDED_FOR": "unknown"}, "10.0.0.9"),
        ({}, "10.0.0.9"),
    ],
)
def test_behind_a_proxy_its_own_word_counts(settings: Any, headers: dict[str, str], counted: str) -> None:
    request = RequestFactory().get("/login/", REMOTE_ADDR="10.0.0.9", **headers)
    settings.BEHIND_PROXY = True
    assert lockout.network_of(request) == counted
    settings.BEHIND_PROXY = False
    assert lockout.network_of(request) == "10.0.0.9"


def test_a_colleague_behind_the_same_address_shuts_nobody_out_of_their_browser(world: World) -> None:
    set_password(world.auditor, PASSWORD, by=world.admin)
    known = Client()
    assert tries(world.auditor.email, PASSWORD, client=known).status_code == 302
    known.post("/logout/")
    codes = [tries(world.auditor.email).status_code for _try in range(9)]
    assert codes[-1] == 429, "a browser that nobody knows is turned away"
    assert tries(world.auditor.email, PASSWORD, client=known).status_code == 302


def test_wide_letters_are_the_same_account(world: World) -> None:
    request = RequestFactory().post("/login/", {"username": f"ａ{world.auditor.email[1:]} "})
    plain = RequestFactory().post("/login/", {"username": f"a{world.auditor.email[1:]}"})
    assert lockout.account_of(request, None) == lockout.account_of(plain, None)
