"""Whose failed attempts are counted together: those of one account, however its address was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def account_of(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """As signing in itself finds the account: capitals and blanks around it make no difference."""
    given = (credentials or {}).get("username") or request.POST.get("username") or ""
    return str(given).strip().lower()
