"""How the site is reached and who signs in to it, and what is meant for a try-out only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from calidez.config.findings import Finding
from calidez.config.speech import gettext as _


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    yield from _hosts(environ)
    yield from _loosened(environ)
    yield from _sign_in(environ)


def _hosts(environ: Mapping[str, str]) -> Iterator[Finding]:
    hosts = [host.strip() for host in environ.get("CALIDEZ_ALLOWED_HOSTS", "").split(",") if host.strip()]
    for host in hosts:
        if "/" in host or " " in host:
            yield Finding(
                _("CALIDEZ_ALLOWED_HOSTS holds “%(host)s”; give names only, without https:// and paths.")
                % {"host": host}
            )
    https = environ.get("CALIDEZ_HTTPS", "").lower() in {"1", "true", "yes", "on"}
    if https and not hosts:
        yield Finding(
            _("CALIDEZ_HTTPS is on: name the site in CALIDEZ_ALLOWED_HOSTS, such as quality.example.org.")
        )
    if https and environ.get("CALIDEZ_DEBUG", "").lower() in {"1", "true", "yes", "on"}:
        yield Finding(
            _("CALIDEZ_DEBUG is on for a public site: visitors would see technical details. Turn it off.")
        )
    if "*" in hosts:
        yield Finding(
            _("CALIDEZ_ALLOWED_HOSTS is *, so forged links in mails become possible; name the site instead."),
            serious=False,
        )


def _loosened(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What is meant for a try-out, said so that nobody forgets it where people work."""
    if _on(environ, "CALIDEZ_DEBUG") and not _on(environ, "CALIDEZ_HTTPS"):
        yield Finding(
            _(
                "CALIDEZ_DEBUG is on: whoever meets a failure sees technical details. Turn it off where people work."
            ),
            serious=False,
        )
    if _on(environ, "CALIDEZ_WEBHOOK_PRIVATE"):
        yield Finding(
            _(
                "CALIDEZ_WEBHOOK_PRIVATE is on: whoever sets up a webhook makes the server call any address inside "
                "your networks. Name the networks that are meant in CALIDEZ_WEBHOOK_ALLOW instead."
            ),
            serious=False,
        )


def _sign_in(environ: Mapping[str, str]) -> Iterator[Finding]:
    if environ.get("CALIDEZ_SECOND_FACTOR", "").lower() not in {"", "all"}:
        yield Finding(
            _(
                "CALIDEZ_SECOND_FACTOR is “%(value)s”; say all, or leave it empty and let the roles say who must."
            )
            % {"value": environ["CALIDEZ_SECOND_FACTOR"]}
        )
    url = environ.get("CALIDEZ_OIDC_URL", "")
    if not url:
        if environ.get("CALIDEZ_PASSWORD_SIGN_IN", "").lower() in {"0", "false", "no", "off"}:
            yield Finding(
                _("CALIDEZ_PASSWORD_SIGN_IN is off, and CALIDEZ_OIDC_URL names no other way to sign in.")
            )
        return
    local = urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
    if not url.startswith("https://") and not (local and url.startswith("http://")):
        yield Finding(_("CALIDEZ_OIDC_URL must begin with https://: who signs in is said over it."))
    for name in ("CALIDEZ_OIDC_CLIENT", "CALIDEZ_OIDC_SECRET"):
        if not environ.get(name):
            yield Finding(_("CALIDEZ_OIDC_URL is set, but %(name)s is missing.") % {"name": name})


def _on(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in {"1", "true", "yes", "on"}
