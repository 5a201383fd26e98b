"""How long guessing is possible: for one account from one place, from one network, for one account from everywhere.

The first is axes' business: eight wrong passwords, then a quarter of an hour. What is here is slow and generous, so that
an office behind one address gets in at eight o'clock, and passwords tried over many accounts, or from many addresses,
become slower and slower. A browser in which somebody signed in before is asked by neither: so nobody outside can shut
people out of their own account, and nobody in an office can shut out the others.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import time
import unicodedata
from collections.abc import Mapping
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.exceptions import AxesBackendPermissionDenied
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from calidez.kit.platform import access_log, rates
from calidez.kit.platform.rates import Pace

SALT = "calidez.people.lockout"
LONGEST = 254  # of an address
# An office of two hundred that comes back from holidays mistypes less than a hundred times in an hour.
OF_NETWORK = Pace(burst=100, every=36, longest=900)
OF_ACCOUNT = Pace(burst=50, every=72, longest=900)
OF_BROWSER = Pace(burst=20, every=180, longest=900)
# What the log says where the door is closed, and the request's mark for it.
CLOSED = "signing in is closed after too many wrong tries; this one was not tried"
NOT_TRIED = "password_not_tried"
KNOWN_COOKIE, KNOWN_FOR, MOST_KNOWN = "known_browser", 180 * 86_400, 10


class Door(AxesStandaloneBackend):
    """Closed after too many wrong passwords; then it says that the one given was not even tried."""

    def authenticate(self, request: HttpRequest, *arguments: Any, **credentials: Any) -> None:
        try:
            super().authenticate(request, *arguments, **credentials)
        except AxesBackendPermissionDenied:
            setattr(request, NOT_TRIED, True)
            raise


def account_of(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """As signing in itself finds the account: capitals, blanks around it and wide letters make no difference."""
    given = (credentials or {}).get("username") or request.POST.get("username") or ""
    return unicodedata.normalize("NFKC", str(given)[: 4 * LONGEST]).strip().lower()[:LONGEST]


def address_of(request: HttpRequest) -> str | None:
    """Who asks: as the nearest proxy says where one stands before us; else the header is anybody's to write."""
    near = str(request.META.get("REMOTE_ADDR") or "")
    if settings.BEHIND_PROXY:
        # The last is the proxy's own word; what stands before it came with the request.
        near = _bare(request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2]) or near
    return near or None


def _bare(given: str) -> str:
    """The address without a port; nothing where it is none."""
    text = given.strip()
    bracketed = re.fullmatch(r"\[(.*)\](:\d+)?", text)
    with_port = re.fullmatch(r"([\d.]+):\d+", text)
    text = bracketed[1] if bracketed else with_port[1] if with_port else text
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


def network_of(request: HttpRequest) -> str | None:
    """Whom we count as one place: an IPv4 address, or the network of an IPv6 address, of which one machine has many."""
    given = address_of(request)
    try:
        address = ipaddress.ip_address(given or "")
    except ValueError:
        return given
    if isinstance(address, ipaddress.IPv4Address) or address.is_loopback:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)


def counted_network(request: HttpRequest) -> str | None:
    """None for this very machine: a proxy of which we were not told, behind which stands everybody."""
    network = network_of(request)
    try:
        return None if ipaddress.ip_address(network or "").is_loopback else network
    except ValueError:
        return None


def seconds_to_wait(request: HttpRequest, account: str, *, now: float | None = None) -> int:
    """0 where a password may be tried; asked before anything is computed."""
    moment = time.time() if now is None else now
    return max(rates.wait(who, pace, now=moment) for who, pace in _counted(request, account))


def failed(*, request: HttpRequest | None, credentials: Mapping[str, Any], **_signal: Any) -> None:
    """A password or code was wrong."""
    if request is None:
        return
    account = account_of(request, credentials)
    for who, pace in _counted(request, account):
        rates.note(who, pace, now=time.time())
    why = CLOSED if getattr(request, NOT_TRIED, False) else "the password or code was wrong"
    access_log.turned_away(_uid(account), address_of(request), why)


def lift(account: str) -> None:
    """The account is open again at once, as after a new password."""
    account = account.strip().lower()[:LONGEST]
    rates.lift(key("account", account))
    reset(username=account)


def is_known_browser(request: HttpRequest, credentials: Mapping[str, Any] | None) -> bool:
    """Somebody signed in to the account here before; then only this browser's own slips count.

    For passwords only: whoever guesses codes has given the right password in this very browser.
    """
    return "password" in request.POST and _mark(account_of(request, credentials)) in _marks(request)


def know_browser(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Whoever signed in here once is known here from then on."""
    marks = [_mark(account), *(mark for mark in _marks(request) if mark != _mark(account))][:MOST_KNOWN]
    token = _token(request) or secrets.token_hex(8)
    response.set_signed_cookie(
        KNOWN_COOKIE,
        ".".join([token, *marks]),
        salt=SALT,
        max_age=KNOWN_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _counted(request: HttpRequest, account: str) -> list[tuple[str, Pace]]:
    if _mark(account) in _marks(request):
        return [(key("browser", f"{_token(request)} {account}"), OF_BROWSER)]
    found = [(key("account", account), OF_ACCOUNT)]
    if network := counted_network(request):
        found.append((key("network", network), OF_NETWORK))
    return found


def key(kind: str, what: str) -> str:
    """Under the installation's key: the table tells nobody which addresses tried whom."""
    return f"{kind}:{salted_hmac(SALT, what, algorithm='sha256').hexdigest()[:40]}"


def _uid(account: str) -> Any:
    return get_user_model()._default_manager.filter(email=account).values_list("uid", flat=True).first()


def _mark(account: str) -> str:
    return salted_hmac(SALT, f"known {account}", algorithm="sha256").hexdigest()[:24]


def _marks(request: HttpRequest) -> list[str]:
    return _cookie(request)[1:]


def _token(request: HttpRequest) -> str:
    return (_cookie(request) or [""])[0]


def _cookie(request: HttpRequest) -> list[str]:
    value = request.get_signed_cookie(KNOWN_COOKIE, default="", salt=SALT, max_age=KNOWN_FOR)
    return value.split(".") if value else []
