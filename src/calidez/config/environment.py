"""Environment variables become one frozen value; what is missing gets a safe default in the data folder."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# What each variable means, for `calidez check` and the reference page.
VARIABLES = {
    "CALIDEZ_DATA": "Data folder: database, datasets, uploads, files of records, keys (default: var in the current folder).",
    "DATABASE_URL": "Database, as postgresql://user:password@host:port/name; empty means SQLite in the data folder.",
    "CALIDEZ_SECRET_KEY": "Signs sessions and forms (default: generated once into the data folder).",
    "CALIDEZ_AUDIT_KEY": "Seals the audit trail (default: generated once into the data folder).",
    "CALIDEZ_TRAIL_HEADS": "Files on other disks or machines, separated by commas, that keep how far the audit trail had come, minute by minute.",
    "CALIDEZ_DEBUG": "1 shows technical errors; never in production.",
    "CALIDEZ_ALLOWED_HOSTS": "Host names served, separated by commas (default: localhost,127.0.0.1).",
    "CALIDEZ_HTTPS": "1 when people reach the site by HTTPS: cookies and redirects follow.",
    "CALIDEZ_BEHIND_PROXY": "1 when a proxy sets X-Forwarded-Proto.",
    "CALIDEZ_LANGUAGE": "Language for those who have not chosen: es or en (default: es).",
    "CALIDEZ_TIME_ZONE": "Time zone of the organisation (default: as chosen at the first run, else UTC).",
    "CALIDEZ_ADDRESS": "Address of the site in mails, calendars and on printed charters, such as https://quality.example.org (default: the name by which a request came; without a request, from the host names or the port that is served).",
    "CALIDEZ_MAIL_URL": "Mail server: smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 (TLS) or "
    "smtp+plain://host:25 (no encryption); empty: mails are written to files in the data folder.",
    "CALIDEZ_MAIL_FROM": "Sender of mails, such as quality@example.org.",
    "CALIDEZ_SESSION_IDLE_MINUTES": "Minutes without use after which a session ends (default: 30).",
    "CALIDEZ_SESSION_HOURS": "Hours after which a session ends however busy (default: 12).",
    "CALIDEZ_PARTS": "Parts of your own, as Python packages separated by commas (docs/how-to/add-a-kind-of-record.md).",
    "CALIDEZ_SECOND_FACTOR": "all: everybody signs in with a second factor; empty: the roles say who must.",
    "CALIDEZ_OIDC_URL": "Your identity provider (OpenID Connect issuer), such as https://id.example.org/realms/main.",
    "CALIDEZ_OIDC_CLIENT": "Client identifier at the identity provider.",
    "CALIDEZ_OIDC_SECRET": "Client secret at the identity provider.",
    "CALIDEZ_OIDC_NAME": "What the button says after “Sign in with” (default: the provider's host).",
    "CALIDEZ_OIDC_NEW_PEOPLE": "Code of the role for people whom the provider knows and Calidez does not; empty: they are refused.",
    "CALIDEZ_PASSWORD_SIGN_IN": "0: people come by the identity provider only; administrators keep their password for emergencies.",
    "CALIDEZ_UPLOAD_LIMIT_MB": "Largest file that can be uploaded, in megabytes (default: 2048).",
    "CALIDEZ_KEEP_FILES_DAYS": "Days for which loaded files are kept, packed, so that columns can be changed later; 0 keeps none (default: 365).",
    "CALIDEZ_API_LIMIT": "Requests a minute that one token or person may send to the API; 0 for no limit (default: 600).",
    "CALIDEZ_FILE_LIMIT_MB": "Largest file that can be added to a record as evidence, in megabytes (default: 50).",
    "CALIDEZ_WEBHOOK_PRIVATE": "1 allows webhooks to addresses inside networks and without HTTPS (default: public addresses by HTTPS).",
    "CALIDEZ_LOG_FORMAT": "How lines of the log are written: text, or json for log collectors (default: text).",
    "CALIDEZ_ACCESS_LOG": "0: no line for each request in the log.",
    "CALIDEZ_METRICS_TOKEN": "Lets Prometheus read /metrics, and shows the figures of /health/ready; empty: /metrics is not there.",
    "CALIDEZ_WEBHOOK_ALLOW": "Networks to which webhooks may go besides public addresses, such as 10.0.0.0/8,192.168.7.4.",
    "CALIDEZ_BACKUP_DIR": "Folder for nightly backups, best on another disk; empty: none are made (docs/how-to/backups.md).",
    "CALIDEZ_BACKUP_KEEP": "How many backups are kept: of days, weeks and months (default: 7d,4w,12m).",
    "CALIDEZ_BACKUP_RECIPIENT": "Public keys of age (age1…), separated by commas, to which nightly backups are encrypted; empty: they are not.",
    "CALIDEZ_BACKUP_IDENTITY_FILE": "File with a private key of age, so that encrypted backups can be tried here too.",
    "CALIDEZ_BACKUP_PASSPHRASE": "Passphrase for calidez backup and calidez restore with --passphrase, where nobody can be asked.",
}

# Tells the processes of a server at which address it was started; a file of the data folder tells those started apart.
SERVED_AT = "_CALIDEZ_SERVED_AT"
SERVED_AT_FILE = "running/served-at"
# The port that each way of reaching a mail server has by custom.
MAIL_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


@dataclass(frozen=True)
class Oidc:
    """The organisation's identity provider."""

    url: str
    client: str
    secret: str
    name: str
    new_people_role: str

    def apps(self) -> list[dict[str, Any]]:
        """As allauth wants to hear it."""
        return [
            {
                "provider_id": "organisation",
                "name": self.name,
                "client_id": self.client,
                "secret": self.secret,
                "settings": {"server_url": self.url},
            }
        ]


@dataclass(frozen=True)
class Environment:
    data_dir: Path
    database: dict[str, Any]
    secret_key: str
    audit_key: str
    trail_heads: list[Path]
    debug: bool
    allowed_hosts: list[str]
    trusted_origins: list[str]
    https: bool
    behind_proxy: bool
    language: str
    time_zone: str
    time_zone_given: bool
    parts: list[str]
    upload_limit_mb: int
    keep_files_days: int
    session_idle_minutes: int
    session_hours: int
    second_factor: str
    oidc: Oidc | None
    password_sign_in: bool
    address: str
    address_given: bool
    mail: dict[str, Any]
    mail_from: str
    api_limit: int
    file_limit_mb: int
    access_log: bool
    metrics_token: str
    webhook_private: bool
    webhook_allow: list[str]
    backup_dir: Path | None
    backup_keep: str
    backup_recipients: list[str]
    backup_identity_file: Path | None
    testing: bool


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    data_dir = Path(environ.get("CALIDEZ_DATA") or "var").resolve()
    for name in ("", "datasets", "uploads", "rejects", "files", "runs", "running", "tmp"):
        (data_dir / name).mkdir(parents=True, exist_ok=True)
    # The first trace of an installation: whatever else is found there was made later.
    audit_key = environ.get("CALIDEZ_AUDIT_KEY") or _audit_key(data_dir)
    hosts = [h.strip() for h in environ.get("CALIDEZ_ALLOWED_HOSTS", "").split(",") if h.strip()]
    https = _yes(environ, "CALIDEZ_HTTPS")
    return Environment(
        data_dir=data_dir,
        database=_database(environ.get("DATABASE_URL", ""), data_dir),
        secret_key=environ.get("CALIDEZ_SECRET_KEY") or kept_key(data_dir / "secret.key"),
        audit_key=audit_key,
        trail_heads=[Path(p.strip()) for p in environ.get("CALIDEZ_TRAIL_HEADS", "").split(",") if p.strip()],
        debug=_yes(environ, "CALIDEZ_DEBUG"),
        allowed_hosts=hosts or ["localhost", "127.0.0.1", "[::1]"],
        trusted_origins=[f"{'https' if https else 'http'}://{h}" for h in hosts if h != "*"],
        https=https,
        behind_proxy=_yes(environ, "CALIDEZ_BEHIND_PROXY"),
        language=environ.get("CALIDEZ_LANGUAGE", "es"),
        time_zone=environ.get("CALIDEZ_TIME_ZONE") or "UTC",
        time_zone_given=bool(environ.get("CALIDEZ_TIME_ZONE")),
        parts=[p.strip() for p in environ.get("CALIDEZ_PARTS", "").split(",") if p.strip()],
        upload_limit_mb=int(environ.get("CALIDEZ_UPLOAD_LIMIT_MB", "2048")),
        keep_files_days=int(environ.get("CALIDEZ_KEEP_FILES_DAYS") or "365"),
        session_idle_minutes=int(environ.get("CALIDEZ_SESSION_IDLE_MINUTES") or "30"),
        session_hours=int(environ.get("CALIDEZ_SESSION_HOURS") or "12"),
        second_factor=environ.get("CALIDEZ_SECOND_FACTOR", "").lower(),
        oidc=_oidc(environ),
        password_sign_in=environ.get("CALIDEZ_PASSWORD_SIGN_IN", "").lower()
        not in {"0", "false", "no", "off"},
        address_given=bool(environ.get("CALIDEZ_ADDRESS")),
        address=(
            environ.get("CALIDEZ_ADDRESS")
            or _address(hosts, https, environ.get(SERVED_AT) or _last_served_at(data_dir))
        ).rstrip("/"),
        mail=_mail(environ.get("CALIDEZ_MAIL_URL", "")),
        mail_from=environ.get("CALIDEZ_MAIL_FROM") or "calidez@localhost",
        api_limit=int(environ.get("CALIDEZ_API_LIMIT", "600")),
        file_limit_mb=int(environ.get("CALIDEZ_FILE_LIMIT_MB", "50")),
        access_log=environ.get("CALIDEZ_ACCESS_LOG", "").lower() not in {"0", "false", "no", "off"},
        metrics_token=environ.get("CALIDEZ_METRICS_TOKEN", ""),
        webhook_private=_yes(environ, "CALIDEZ_WEBHOOK_PRIVATE"),
        webhook_allow=[n.strip() for n in environ.get("CALIDEZ_WEBHOOK_ALLOW", "").split(",") if n.strip()],
        backup_dir=_path(environ, "CALIDEZ_BACKUP_DIR"),
        backup_keep=environ.get("CALIDEZ_BACKUP_KEEP", ""),
        backup_recipients=[
            k.strip() for k in environ.get("CALIDEZ_BACKUP_RECIPIENT", "").split(",") if k.strip()
        ],
        backup_identity_file=_path(environ, "CALIDEZ_BACKUP_IDENTITY_FILE"),
        testing="pytest" in sys.modules,
    )


def _yes(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def _oidc(environ: Mapping[str, str]) -> Oidc | None:
    url = environ.get("CALIDEZ_OIDC_URL", "").rstrip("/")
    if not url:
        return None
    return Oidc(
        url=url,
        client=environ.get("CALIDEZ_OIDC_CLIENT", ""),
        secret=environ.get("CALIDEZ_OIDC_SECRET", ""),
        name=environ.get("CALIDEZ_OIDC_NAME") or urlsplit(url).hostname or url,
        new_people_role=environ.get("CALIDEZ_OIDC_NEW_PEOPLE", ""),
    )


def _address(hosts: list[str], https: bool, served_at: str) -> str:
    """Where people reach the site, as far as the host names tell, or else the port that is served."""
    named = next((host for host in hosts if host != "*"), "")
    if not named:
        return served_at or "http://127.0.0.1:8000"
    return f"{'https' if https else 'http'}://{named.lstrip('.')}"


def _last_served_at(data_dir: Path) -> str:
    try:
        return (data_dir / SERVED_AT_FILE).read_text().strip()
    except OSError:
        return ""


def _mail(url: str) -> dict[str, Any]:
    """The mail server as Django's settings; without one, mails are written to a folder that only the owner reads."""
    backends = "django.core.mail.backends"
    if not url:
        return {"EMAIL_BACKEND": "calidez.kit.platform.mail.folder.FolderBackend"}
    parts = urlsplit(url)
    if parts.scheme not in MAIL_PORTS:
        raise ValueError(f"CALIDEZ_MAIL_URL must start with smtp:// or smtps://, not {parts.scheme}://")
    return {
        "EMAIL_BACKEND": f"{backends}.smtp.EmailBackend",
        "EMAIL_HOST": unquote(parts.hostname or ""),
        "EMAIL_PORT": parts.port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 30,
    }


class KeyMissing(Exception):
    """The key that sealed a trail is gone, and another one would make all of it look forged."""


def trail_without_key(data_dir: Path) -> Path | None:
    """What shows that a key was made for this folder once, where the key is no longer there."""
    traces = [data_dir / name for name in ("secret.key", "trail.head", "calidez.sqlite3")]
    found = next((path for path in traces if path.exists()), None)
    return None if found is None or (data_dir / "audit.key").exists() else found


def _audit_key(data_dir: Path) -> str:
    trace = trail_without_key(data_dir)
    if trace is not None:
        raise KeyMissing(f"{data_dir / 'audit.key'} is missing, and {trace.name} was made with it")
    return kept_key(data_dir / "audit.key")


def kept_key(path: Path) -> str:
    """The key is made once and never enters the database, so a stolen database cannot be re-sealed."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    key = secrets.token_urlsafe(48)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process made it a moment ago
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


def _database(url: str, data_dir: Path) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "calidez.sqlite3",
            # Three in four concurrent read-then-write transactions fail as locked without these (FINDINGS).
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
