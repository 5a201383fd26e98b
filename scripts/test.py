"""The whole suite on SQLite, again on PostgreSQL where one answers, then in a browser where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Outcome:
    title: str
    code: int
    closing: str


def main() -> int:
    extra = sys.argv[1:]
    postgresql = find_postgresql()
    browser = os.environ.get("CALIDEZ_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    outcomes, skipped = [], []
    environment = os.environ | ({"CALIDEZ_TEST_DATABASE_URL": postgresql} if postgresql else {})
    environment.pop("CALIDEZ_TEST_ON", None)
    outcomes.append(_pytest("SQLite", ["-m", "not browser", *_workers(), *extra], environment))
    if postgresql:
        on_server = environment | {"CALIDEZ_TEST_ON": "postgresql"}
        outcomes.append(
            _pytest("PostgreSQL", ["-m", "not browser", "--only-database", *_workers(), *extra], on_server)
        )
    elif _required("POSTGRESQL"):
        outcomes.append(Outcome("PostgreSQL", 1, "required, and no server answers"))
    else:
        skipped.append("PostgreSQL: no server answers (name one in CALIDEZ_TEST_DATABASE_URL)")
    if browser:
        journeys = environment | {"CALIDEZ_CHROMIUM": browser}
        outcomes.append(_pytest("Browser", ["-m", "browser", *extra], journeys))
    elif _required("BROWSER"):
        outcomes.append(Outcome("Browser", 1, "required, and no Chromium is installed"))
    else:
        skipped.append("Browser journeys: no Chromium found (apt install chromium, or set CALIDEZ_CHROMIUM)")

    print()
    for outcome in outcomes:
        print(f"{outcome.title}:\n{outcome.closing}")
    for what in skipped:
        print(f"Not run: {what}.")
    return max((outcome.code for outcome in outcomes), default=0)


def find_postgresql() -> str:
    """The server named by the variable, else a local one that lets this account make databases."""
    named = os.environ.get("CALIDEZ_TEST_DATABASE_URL")
    candidates = [named] if named else _local_servers()
    return next((url for url in candidates if _answers(url)), "")


def _local_servers() -> list[str]:
    user = quote(os.environ.get("PGUSER") or os.environ.get("USER") or "root")
    servers = []
    for name in dict.fromkeys([user, "postgres"]):
        servers.append(f"postgresql://{name}@127.0.0.1:5432/postgres")
        servers.append(f"postgresql://{name}@/postgres?host=/var/run/postgresql")
    return servers


def _answers(url: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return bool(row and row[0])
    except psycopg.Error:
        return False


def _required(what: str) -> bool:
    return os.environ.get(f"CALIDEZ_REQUIRE_{what}", "") not in {"", "0"}


def _workers() -> list[str]:
    # Each worker begins with a whole half, so that what the tests of a file share is made once.
    return ["-n", "2", "--dist", "worksteal"] if (os.cpu_count() or 1) > 1 else []


def _pytest(title: str, arguments: list[str], environment: dict[str, str]) -> Outcome:
    print(f"\n{title}", flush=True)
    with tempfile.NamedTemporaryFile() as closing:
        environment = environment | {"CALIDEZ_TEST_CLOSING": closing.name}
        command = [sys.executable, "-m", "pytest", *arguments]
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        said = Path(closing.name).read_text(encoding="utf-8")
    return Outcome(title, 0 if code == NO_TESTS else code, said or "no tests ran")


if __name__ == "__main__":
    raise SystemExit(main())
