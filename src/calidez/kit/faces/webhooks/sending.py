"""One POST to one place: the checked address, no redirects, bounded in time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _

from calidez.kit.faces.webhooks import places
from calidez.kit.faces.webhooks.places import Allowed, Place, Refused, Unreachable

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
READ_BYTES = 4096
KEPT_CHARACTERS = 500


@dataclass(frozen=True)
class Outcome:
    """What came of one try; `status` is None where there was no answer."""

    status: int | None
    milliseconds: int
    error: str = ""
    answer: str = ""

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: Allowed,
    connect: float = CONNECT_SECONDS,
    total: float = TOTAL_SECONDS,
) -> Outcome:
    """Never raises for what the other side does: every end is an outcome with a sentence."""
    begun = time.monotonic()
    try:
        place = places.read(address)
        found = [str(one) for one in places.resolve(place, allowed)]
        status, answer = _exchange(place, found, body, headers, connect, total)
    except (Refused, Unreachable) as refusal:
        return Outcome(None, _since(begun), str(refusal))
    except TimeoutError:
        return Outcome(None, _since(begun), _("There was no answer in time."))
    except ssl.SSLError as error:
        return Outcome(
            None,
            _since(begun),
            _("The encrypted connection failed: %(reason)s") % {"reason": error.reason or error},
        )
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() - begun >= total:  # cut off by the clock below
            return Outcome(None, _since(begun), _("There was no answer in time."))
        return Outcome(
            None,
            _since(begun),
            _("The connection failed: %(reason)s")
            % {"reason": getattr(error, "strerror", "") or str(error) or type(error).__name__},
        )
    complaint = ""
    if 300 <= status < 400:
        complaint = _("It answered with %(status)s and another address; redirects are not followed.")
    elif not 200 <= status < 300:
        complaint = _("It answered with %(status)s.")
    said = complaint % {"status": status} if complaint else ""
    return Outcome(status, _since(begun), said, answer)


def _exchange(
    place: Place, found: list[str], body: bytes, headers: Mapping[str, str], connect: float, total: float
) -> tuple[int, str]:
    raw = _connected(found, place.port, min(connect, total))
    # A receiver that sends one byte now and then would never run into a timeout of the socket.
    guard = raw.dup()
    clock = threading.Timer(total, _cut, [guard])
    clock.daemon = True
    clock.start()
    try:
        raw.settimeout(total)
        connection: http.client.HTTPConnection
        if place.secure:
            connection = http.client.HTTPSConnection(place.host, place.port)
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=place.host)
        else:
            connection = http.client.HTTPConnection(place.host, place.port)
            connection.sock = raw
        with closing(connection):
            connection.request("POST", place.target, body=body, headers=dict(headers))
            response = connection.getresponse()
            text = response.read(READ_BYTES).decode("utf-8", errors="replace")
            return response.status, text.replace("\0", "")[:KEPT_CHARACTERS]
    finally:
        clock.cancel()
        guard.close()
        raw.close()


def _connected(found: list[str], port: int, seconds: float) -> socket.socket:
    """To the first that answers; all of them together get the time of one."""
    until = time.monotonic() + seconds
    for position, address in enumerate(found):
        try:
            return socket.create_connection((address, port), timeout=max(0.1, until - time.monotonic()))
        except OSError:
            if position == len(found) - 1 or time.monotonic() >= until:
                raise
    raise TimeoutError


def _cut(guard: socket.socket) -> None:
    with suppress(OSError):
        guard.shutdown(socket.SHUT_RDWR)


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
