"""One sentence for each mistake in the environment, found before it becomes a traceback; needs no Django."""

from __future__ import annotations

import difflib
import importlib.util
import ipaddress
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from calidez.backups import marker
from calidez.backups.retention import plan_of
from calidez.config import environment
from calidez.config.examining import embedded, server
from calidez.config.findings import Finding
from calidez.config.findings import data_folder as _data
from calidez.config.speech import LANGUAGES
from calidez.config.speech import gettext as _
from calidez.kit.platform.log_lines import FORMATS

FREE_MB = 200
KEY_LENGTH, TOKEN_LENGTH = 32, 16
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
PACKAGE = Path(__file__).resolve().parent.parent


def environment_findings(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """What can be judged without touching a database; cheap enough for every start."""
    return [*settings_findings(environ), *_half_restored(environ)]


def settings_findings(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Without what only a restore may find."""
    return [
        *_names(environ),
        *_values(environ),
        *_parts(environ),
        *_hosts(environ),
        *_loosened(environ),
        *_sign_in(environ),
        *_metrics(environ),
        *_keys(environ),
        *_database_url(environ),
        *_mail(environ),
        *_data_folder(environ),
        *_backups(environ),
        *_built_files(),
    ]


def database_findings(environ: Mapping[str, str] = os.environ, *, deep: bool = False) -> list[Finding]:
    """Whether the database answers and is sound: the embedded one is a file, and is read."""
    url = environ.get("DATABASE_URL", "")
    if not url:
        return list(embedded.findings(environ, deep=deep))
    if list(_database_url(environ)):
        return []
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            found = [] if version < 14 else list(server.findings(connection))
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
        return [Finding(_("The database of DATABASE_URL does not answer: %(reason)s") % {"reason": reason})]
    if version < 14:
        return [
            Finding(_("PostgreSQL %(version)s is too old; 14 or newer is needed.") % {"version": version})
        ]
    return found


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


def _on(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _keys(environ: Mapping[str, str]) -> Iterator[Finding]:
    if not environ.get("CALIDEZ_AUDIT_KEY") and environment.trail_without_key(_data(environ)):
        yield Finding(
            _(
                "The key of the audit trail, %(path)s, is missing. Restore it from a backup, or set CALIDEZ_AUDIT_KEY; with a new key all that was sealed would look forged."
            )
            % {"path": _data(environ) / "audit.key"}
        )
    for name, file in (("CALIDEZ_SECRET_KEY", "secret.key"), ("CALIDEZ_AUDIT_KEY", "audit.key")):
        given = environ.get(name, "")
        if given and len(given) < KEY_LENGTH:
            yield Finding(
                _("%(name)s is too short to be safe; use at least %(length)s random characters.")
                % {"name": name, "length": KEY_LENGTH}
            )
        kept = _data(environ) / file
        if given or not kept.is_file():
            continue
        if kept.stat().st_size == 0:
            yield Finding(
                _(
                    "The key file %(path)s is empty. Restore it from a backup; with a new key the old seals fail."
                )
                % {"path": kept}
            )
        elif stat.S_IMODE(kept.stat().st_mode) & 0o077:
            yield Finding(
                _("Others can read the key file %(path)s; mend it with: chmod 600 %(path)s") % {"path": kept},
                serious=False,
            )


def _database_url(environ: Mapping[str, str]) -> Iterator[Finding]:
    url = environ.get("DATABASE_URL", "")
    if not url:
        return
    try:
        parts = urlsplit(url)
        well_formed = parts.port is None or parts.port > 0
    except ValueError:
        well_formed = False
    if not well_formed:
        yield Finding(
            _("DATABASE_URL cannot be read; write it as postgresql://user:password@host:port/name.")
        )
    elif parts.scheme not in {"postgres", "postgresql"}:
        yield Finding(
            _(
                "DATABASE_URL begins with “%(scheme)s”; only postgresql:// is known. Leave it empty for SQLite."
            )
            % {"scheme": f"{parts.scheme}://" if parts.scheme else url[:12]}
        )
    elif not parts.path.strip("/"):
        yield Finding(
            _("DATABASE_URL names no database; write it as postgresql://user:password@host:port/name.")
        )


def _mail(environ: Mapping[str, str]) -> Iterator[Finding]:
    address = environ.get("CALIDEZ_ADDRESS", "")
    if address and not re.fullmatch(r"https?://[^\s/?#@]+", address.rstrip("/")):
        yield Finding(
            _(
                "CALIDEZ_ADDRESS is “%(value)s”; write the site as https://quality.example.org, without a path."
            )
            % {"value": address}
        )
    sender = environ.get("CALIDEZ_MAIL_FROM", "")
    if sender and not re.fullmatch(r"(?:[^<>@\n]*<)?[^\s<>@]+@[^\s<>@]+>?", sender):
        yield Finding(
            _(
                "CALIDEZ_MAIL_FROM is “%(value)s”, which is no mail address; a valid one is quality@example.org."
            )
            % {"value": sender}
        )
    url = environ.get("CALIDEZ_MAIL_URL", "")
    if not url:
        return
    try:
        parts = urlsplit(url)
        well_formed = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        well_formed = False
    if not well_formed:
        yield Finding(_("CALIDEZ_MAIL_URL cannot be read; write it as smtp://user:password@host:587."))
    elif parts.scheme not in environment.MAIL_PORTS:
        yield Finding(
            _(
                "CALIDEZ_MAIL_URL begins with “%(scheme)s”; write smtp:// (STARTTLS), smtps:// or smtp+plain://."
            )
            % {"scheme": f"{parts.scheme}://"}
        )
    elif parts.scheme == "smtp+plain" and parts.password:
        yield Finding(
            _("CALIDEZ_MAIL_URL sends a password without encryption; write smtp:// or smtps:// instead."),
            serious=False,
        )
    if not sender:
        yield Finding(_("Name the sender of mails in CALIDEZ_MAIL_FROM, such as quality@example.org."))


def _data_folder(environ: Mapping[str, str]) -> Iterator[Finding]:
    folder = _data(environ)
    if folder.exists() and not folder.is_dir():
        yield Finding(
            _("The data folder %(path)s is a file; name a folder in CALIDEZ_DATA.") % {"path": folder}
        )
        return
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding(
            _(
                "The data folder %(path)s cannot be written; give this account the right, or name another in CALIDEZ_DATA."
            )
            % {"path": folder}
        )
    elif (free := shutil.disk_usage(there).free // 1_000_000) < FREE_MB:
        yield Finding(
            _("Only %(free)s MB are free for the data folder %(path)s; at least %(needed)s MB are needed.")
            % {"free": free, "path": folder, "needed": FREE_MB}
        )


def _half_restored(environ: Mapping[str, str]) -> Iterator[Finding]:
    if marker.read(_data(environ)) is not None:
        yield Finding(
            _(
                "A restore broke off in %(path)s, so its data are not whole. Begin it again: calidez restore FILE --begin-again"
            )
            % {"path": _data(environ)}
        )


def _backups(environ: Mapping[str, str]) -> Iterator[Finding]:
    folder = environ.get("CALIDEZ_BACKUP_DIR", "")
    nightly = ("CALIDEZ_BACKUP_KEEP", "CALIDEZ_BACKUP_RECIPIENT", "CALIDEZ_BACKUP_IDENTITY_FILE")
    others = [name for name in nightly if environ.get(name)]
    if not folder:
        if others:
            yield Finding(
                _("%(name)s is set, but CALIDEZ_BACKUP_DIR names no folder, so no backups are made.")
                % {"name": others[0]},
                serious=False,
            )
        return
    path = Path(folder)
    if not path.is_absolute() or not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
        yield Finding(
            _(
                "CALIDEZ_BACKUP_DIR is %(path)s; name a folder that is there and that this account may write, by its whole path."
            )
            % {"path": folder}
        )
    elif path.resolve().is_relative_to(_data(environ)):
        yield Finding(
            _(
                "CALIDEZ_BACKUP_DIR lies inside the data folder: who loses one loses both. Name a folder on another disk."
            )
        )
    elif (
        path.stat().st_dev
        == next(p for p in (_data(environ), *_data(environ).parents) if p.exists()).stat().st_dev
    ):
        yield Finding(
            _(
                "CALIDEZ_BACKUP_DIR is on the same disk as the data: a broken disk takes both. Copy the backups elsewhere, or name a folder on another disk."
            ),
            serious=False,
        )
    try:
        plan_of(environ.get("CALIDEZ_BACKUP_KEEP", ""))
    except ValueError:
        yield Finding(
            _(
                "CALIDEZ_BACKUP_KEEP is “%(value)s”; say how many backups are kept of days, weeks and months, such as 7d,4w,12m."
            )
            % {"value": environ["CALIDEZ_BACKUP_KEEP"]}
        )
    for key in filter(None, (k.strip() for k in environ.get("CALIDEZ_BACKUP_RECIPIENT", "").split(","))):
        if not re.fullmatch(r"age1[a-z0-9]{58}", key):
            yield Finding(
                _(
                    "CALIDEZ_BACKUP_RECIPIENT holds “%(key)s”, which is no public key of age; it begins with age1."
                )
                % {"key": key[:20]}
            )
    identity = environ.get("CALIDEZ_BACKUP_IDENTITY_FILE", "")
    if identity and not os.access(identity, os.R_OK):
        yield Finding(
            _("CALIDEZ_BACKUP_IDENTITY_FILE is %(path)s, which is no file that this account can read.")
            % {"path": identity}
        )


def _built_files() -> Iterator[Finding]:
    if "pytest" not in sys.modules and not (PACKAGE / "static" / "vendor" / "htmx.min.js").is_file():
        yield Finding(
            _("The pages' styles and scripts are not built, so pages would look bare. Run make demo once."),
            serious=False,
        )
