"""Secrets that nobody can steal from the database: each follows from the installation's key and is never stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.utils import timezone

from calidez.kit.faces.webhooks.signing import PREFIX


def secret_of(endpoint: Any, *, back: int = 0) -> str:
    """The present secret, or one of those before it."""
    origin = f"webhook:{endpoint.uid.hex}:{endpoint.generation - back}"
    digest = hmac.new(settings.SECRET_KEY.encode(), origin.encode(), hashlib.sha256).digest()
    return PREFIX + base64.b64encode(digest).decode()


def valid_secrets(endpoint: Any) -> list[str]:
    """For a day after a change the old one still signs too, so that the other system can follow in its own time."""
    secrets = [secret_of(endpoint)]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > timezone.now():
        secrets.append(secret_of(endpoint, back=1))
    return secrets
