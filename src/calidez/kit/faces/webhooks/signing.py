"""Signatures by the convention of Standard Webhooks; no Django, so that a receiver may copy this file.

A message is signed over `id.timestamp.body`. Whoever receives it checks the signature and refuses what is older than
five minutes, and remembers the ids of these five minutes, so that nobody can send a message again that they overheard.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping

REPLAY_WINDOW = 5 * 60
PREFIX = "whsec_"


class NotGenuine(ValueError):
    """The message does not come from who holds the secret, or not now."""


def headers(message: str, body: bytes, secrets: Iterable[str], *, now: float) -> dict[str, str]:
    """While a secret is being changed there are two, and a signature by each."""
    moment = str(int(now))
    return {
        "webhook-id": message,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(_signature(secret, message, moment, body) for secret in secrets),
    }


def verify(
    secret: str,
    received: Mapping[str, str],
    body: bytes,
    *,
    now: float | None = None,
    window: int = REPLAY_WINDOW,
) -> str:
    """The id of a genuine message; raises `NotGenuine` with the reason. `body` is what came, byte by byte."""
    given = {name.lower(): value for name, value in received.items()}
    try:
        message, moment = given["webhook-id"], given["webhook-timestamp"]
        signatures = given["webhook-signature"].split()
        age = (time.time() if now is None else now) - int(moment)
    except (KeyError, ValueError) as error:
        raise NotGenuine("a header of the signature is missing or cannot be read") from error
    if abs(age) > window:
        raise NotGenuine("the message is too old, or the clocks differ by minutes")
    expected = _signature(secret, message, moment, body)
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in signatures):
        raise NotGenuine("no signature fits")
    return message


def _signature(secret: str, message: str, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((message.encode(), moment.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
