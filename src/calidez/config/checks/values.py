"""Whether each variable is one, and its value can be read."""

from __future__ import annotations

import difflib
import importlib.util
import ipaddress
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from calidez.config import environment
from calidez.config.findings import Finding
from calidez.config.speech import LANGUAGES
from calidez.config.speech import gettext as _
from calidez.kit.platform.log_lines import FORMATS

TOKEN_LENGTH = 16
BOOLEANS = (
    "CALIDEZ_DEBUG",
    "CALIDEZ_HTTPS",
    "CALIDEZ_BEHIND_PROXY",
    "CALIDEZ_PASSWORD_SIGN_IN",
    "CALIDEZ_ACCESS_LOG",
    "CALIDEZ_WEBHOOK_PRIVATE",
)
YES_OR_NO = {"", "0", "1", "true", "false", "yes", "no", "on", "off"}
# Read by the tests and by development, not by the program.
OTHERS = ("CALIDEZ_TEST_", "CALIDEZ_REQUIRE_", "CALIDEZ_CHROMIUM")


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    yield from _names(environ)
    yield from _values(environ)
    yield from _parts(environ)
    yield from _metrics(environ)


def _names(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name in environ:
        if not name.startswith("CALIDEZ_") or name in environment.VARIABLES or name.startswith(OTHERS):
            continue
        near = difflib.get_close_matches(name, environment.VARIABLES, n=1)
        if near:
            sentence = _("%(name)s is not a setting. Did you mean %(near)s?") % {
                "name": name,
                "near": near[0],
            }
        else:
            sentence = _("%(name)s is not a setting; it changes nothing.") % {"name": name}
        yield Finding(sentence, serious=False)


def _values(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name in BOOLEANS:
        if environ.get(name, "").lower() not in YES_OR_NO:
            yield Finding(
                _("%(name)s is “%(value)s”; say 1 for yes or 0 for no.")
                % {"name": name, "value": environ[name]}
            )
    language = environ.get("CALIDEZ_LANGUAGE") or LANGUAGES[0]
    if language not in LANGUAGES:
        yield Finding(
            _("CALIDEZ_LANGUAGE is “%(value)s”; it can be: %(languages)s.")
            % {"value": language, "languages": ", ".join(LANGUAGES)}
        )
    zone = environ.get("CALIDEZ_TIME_ZONE") or "UTC"
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        yield Finding(
            _("CALIDEZ_TIME_ZONE is “%(value)s”, which is no time zone; a valid one is America/Bogota.")
            % {"value": zone}
        )
    for name, usual in (("CALIDEZ_SESSION_IDLE_MINUTES", "30"), ("CALIDEZ_SESSION_HOURS", "12")):
        given = environ.get(name) or usual
        if not given.isdecimal() or int(given) < 1:
            yield Finding(
                _("%(name)s is “%(value)s”; give a whole number, such as %(usual)s.")
                % {"name": name, "value": given, "usual": usual}
            )
    for name in ("CALIDEZ_UPLOAD_LIMIT_MB", "CALIDEZ_FILE_LIMIT_MB"):
        limit = environ.get(name) or "1"
        if not limit.isdecimal() or int(limit) < 1:
            yield Finding(
                _("%(name)s is “%(value)s”; give a number of megabytes, such as 50.")
                % {"name": name, "value": limit}
            )
    requests = environ.get("CALIDEZ_API_LIMIT") or "0"
    if not requests.isdecimal():
        yield Finding(
            _("CALIDEZ_API_LIMIT is “%(value)s”; give a number of requests a minute, such as 600, or 0.")
            % {"value": requests}
        )
    lines = environ.get("CALIDEZ_LOG_FORMAT") or FORMATS[0]
    if lines not in FORMATS:
        yield Finding(
            _("CALIDEZ_LOG_FORMAT is “%(value)s”; it can be: %(formats)s.")
            % {"value": lines, "formats": ", ".join(FORMATS)}
        )
    for network in filter(None, (n.strip() for n in environ.get("CALIDEZ_WEBHOOK_ALLOW", "").split(","))):
        try:
            ipaddress.ip_network(network)
        except ValueError:
            yield Finding(
                _("CALIDEZ_WEBHOOK_ALLOW names %(value)s, which is no network; a valid one is 10.20.0.0/16.")
                % {"value": network}
            )


def _parts(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name in filter(None, (part.strip() for part in environ.get("CALIDEZ_PARTS", "").split(","))):
        try:
            known = importlib.util.find_spec(name) is not None
        except (ImportError, ValueError):
            known = False
        if not known:
            yield Finding(
                _("CALIDEZ_PARTS names %(name)s, and Python finds no such package.") % {"name": name}
            )


def _metrics(environ: Mapping[str, str]) -> Iterator[Finding]:
    token = environ.get("CALIDEZ_METRICS_TOKEN", "")
    if token and (
        len(token) < TOKEN_LENGTH or not token.isascii() or not token.isprintable() or " " in token
    ):
        yield Finding(
            _(
                "CALIDEZ_METRICS_TOKEN is easily guessed or cannot be sent; use at least %(length)s random letters and digits."
            )
            % {"length": TOKEN_LENGTH}
        )
