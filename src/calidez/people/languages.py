"""The languages that people can choose: those that the installation has, whichever they are."""

from __future__ import annotations

from django.conf import settings


def choices() -> list[tuple[str, str]]:
    return [(str(code), str(name)) for code, name in settings.LANGUAGES]


def usual() -> str:
    return settings.LANGUAGE_CODE
