"""Where messages may not go, whatever name leads there; and what a signature proves."""

from __future__ import annotations

import ipaddress
import random
import socket
from typing import Any

import pytest

from calidez.kit.faces.webhooks import places, rules, signing
from calidez.kit.faces.webhooks.places import Allowed, Refused
from calidez.kit.faces.webhooks.special_addresses import is_public

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # where clouds keep their keys
        "100.64.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        # Where Python's own `is_global` says otherwise, or has changed its mind between versions.
        "192.0.0.8",
        "192.0.0.9",
        "192.0.0.10",
        "192.0.0.170",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.175.48.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "100.127.255.255",
        "::127.0.0.1",
        "::7f00:1",
        "::ffff:192.88.99.1",
        "::ffff:0:7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "100:0:0:1::1",
        "2001:1::1",
        "2001:2::1",
        "2001:4:112::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2620:4f:8000::1",
        "3fff::1",
        "5f00::1",
        "fdff::1",
        "febf::1",
        "fec0::1",
        "feff::1",
        "ff0e::1",
        "4000::1",
    ],
)
def test_addresses_inside_networks_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_public(ipaddress.ip_address(address))
    _names_lead_to(monkeypatch, address)
    for host in ("hooks.example.org", f"[{address}]" if ":" in address else address):
        with pytest.raises(Refused, match="inside a network"):
            places.resolve(places.read(f"https://{host}/"), Allowed())


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.88.98.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "2a00:1450::1",
    ],
)
def test_addresses_of_the_public_network_are_not(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_nothing_passes_that_this_python_calls_special() -> None:
    numbers = random.Random(20261128)
    for _ in range(3000):
        for one in (
            ipaddress.IPv4Address(numbers.getrandbits(32)),
            ipaddress.IPv6Address(numbers.getrandbits(128)),
            ipaddress.IPv6Address(0x2 << 124 | numbers.getrandbits(124)),
        ):
            special = one.is_multicast or one.is_reserved or one.is_unspecified or not one.is_global
            assert not (special and is_public(one)), one


def test_a_name_with_one_inner_address_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    _names_lead_to(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(Refused):
        places.resolve(places.read("https://hooks.example.org/"), Allowed())


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "017700000001",
        "127.1",
        "0x7f.1",
        "0177.0.0.01",
        "127.0.0.1.",
        "127.0.1",
        "0",
        "0x0",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "hooks.localhost",
        "[::1]",
        "[::ffff:7f00:1]",
        "[fe80::1%25eth0]",
        "0xa9fea9fe",
        "169.254.43518",
    ],
)
def test_other_ways_to_write_an_inner_address_are_refused_in_the_form(host: str) -> None:
    place = places.read(f"https://{host}/")
    with pytest.raises(Refused, match="inside a network"):
        places.check(place, Allowed())
    with pytest.raises((Refused, places.Unreachable)):
        places.resolve(place, Allowed())
    places.check(place, Allowed(private=True))


@pytest.mark.parametrize(
    "host",
    ["①②⑦.⓪.⓪.①", "ｌｏｃａｌｈｏｓｔ", "127。0。0。1", "exämple.org", "local\u00adhost", "a\u202eb.org"],
)
def test_letters_that_a_resolver_would_read_as_others_are_no_address(host: str) -> None:
    """A name with accents is written as DNS has it: xn--exmple-cua.org."""
    with pytest.raises(Refused, match="no web address"):
        places.read(f"https://{host}/")
    assert places.read("https://xn--exmple-cua.org/").host == "xn--exmple-cua.org"


def test_public_addresses_need_https(monkeypatch: pytest.MonkeyPatch) -> None:
    _names_lead_to(monkeypatch, "93.184.215.14")
    assert str(places.resolve(places.read("https://hooks.example.org/"), Allowed())[0]) == "93.184.215.14"
    with pytest.raises(Refused, match="HTTPS"):
        places.resolve(places.read("http://hooks.example.org/"), Allowed())
    with pytest.raises(Refused, match="HTTPS"):
        places.check(places.read("http://hooks.example.org/"), Allowed())


def test_the_installation_may_allow_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    _names_lead_to(monkeypatch, "10.1.2.3")
    place = places.read("http://desk.internal:8080/hook?x=1")
    assert (place.host, place.port, place.target) == ("desk.internal", 8080, "/hook?x=1")
    for allowed in (Allowed(private=True), Allowed(networks=places.networks(["10.0.0.0/8"]))):
        assert places.resolve(place, allowed)
    with pytest.raises(Refused):
        places.resolve(place, Allowed(networks=places.networks(["192.168.0.0/16"])))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hook",
        "ftp://example.org/",
        "https:///x",
        "https://a b.org/",
        "https://x.org/\r\nHost: y",
        "https://x.org:99999/",
        "https://user:secret@x.org/",
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        places.read(address)


def test_the_signature_is_that_of_the_convention() -> None:
    """The example of the Standard Webhooks specification's reference libraries."""
    signed = signing.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [SECRET], now=1614265330
    )
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_refuses_what_is_forged_changed_or_old() -> None:
    body = b'{"id": "m1"}'
    signed = signing.headers("m1", body, [SECRET, "whsec_b2xk"], now=1000.0)
    assert signing.verify(SECRET, signed, body, now=1299) == "m1"
    assert signing.verify("whsec_b2xk", {k.title(): v for k, v in signed.items()}, body, now=1000) == "m1"
    wrong: list[tuple[str, dict[str, str], bytes, float]] = [
        (SECRET, signed, body + b" ", 1000),
        ("whsec_bmV3", signed, body, 1000),
        (SECRET, signed, body, 1301),
        (SECRET, signed, body, 699),
        (SECRET, signed | {"webhook-id": "m2"}, body, 1000),
        (SECRET, signed | {"webhook-timestamp": "1001"}, body, 1000),
        (SECRET, signed | {"webhook-timestamp": "soon"}, body, 1000),
        (SECRET, {}, body, 1000),
    ]
    for secret, headers, content, now in wrong:
        with pytest.raises(signing.NotGenuine):
            signing.verify(secret, headers, content, now=now)


@pytest.mark.parametrize(
    ("patterns", "heard"),
    [
        ("*", True),
        ("standard.edit", True),
        ("standards.standard.edit", True),
        ("standard.*", True),
        ("*.edit", True),
        ("indicator.*\nstandard.edit", True),
        ("standard.create", False),
        ("indicator.*, *.create", False),
        ("dard.edit", False),
    ],
)
def test_events_are_chosen(patterns: str, heard: bool) -> None:
    assert rules.wants(rules.patterns(patterns), "standards.standard", "edit") is heard


def test_pauses_grow_and_differ_and_end_after_three_days() -> None:
    chance = random.Random(1)
    pauses = [rules.pause(attempt, chance) for attempt in range(1, 20)]
    assert rules.FIRST_PAUSE * 0.8 <= pauses[0] <= rules.FIRST_PAUSE * 1.2
    assert pauses[:7] == sorted(pauses[:7])
    assert max(pauses) <= rules.LONGEST_PAUSE * 1.2
    assert len(set(pauses)) == len(pauses)
    tries = next(n for n in range(20) if sum(pauses[:n], start=pauses[0] * 0) > rules.TRIED_FOR)
    assert 10 <= tries <= 14


def _names_lead_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def found(host: str, port: int, **_options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
