"""The tests: on SQLite, what a database could change on PostgreSQL too where one answers, and in a browser where there is one.

    make test                  all of it, without what belongs to the night
    make test ARGS=fast        SQLite only, without browser and processes: a minute, for every small change
    make test ARGS=nightly     everything with everything, on both databases, and whether the tests find seeded faults
    make test ARGS=ci          as without a word, and the walks of the night on SQLite where what they walk on changed

What follows the word, or stands without one, is passed on to pytest.
"""

from __future__ import annotations

import functools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WORDS = ("fast", "nightly", "ci")
# Tests of what knows nothing of the rest; the fast tests leave them out while nothing there has changed.
ALONE = {"engine": ("src/calidez/engine",), "stats": ("src/calidez/stats", "tests/oracles")}
# Whatever lies here, every kind of record stands on.
WALKED_ON = ("src/calidez/kit/", "/migrations/", "access", "scope", "src/calidez/people/entities")


@dataclass(frozen=True)
class Outcome:
    title: str
    code: int
    closing: str
    seconds: float = 0.0
    work: float = 0.0  # seconds of processor time


def main() -> int:
    word, extra = (
        (sys.argv[1], sys.argv[2:]) if sys.argv[1:2] and sys.argv[1] in WORDS else ("", sys.argv[1:])
    )
    night = word == "nightly"
    # Without bytecode kept, each of some fifty processes would compile the whole house and the tests anew.
    left_out = {"CALIDEZ_TEST_ON", "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    outcomes: list[Outcome] = []
    skipped: list[str] = []
    if word == "fast":
        for name, places in ALONE.items():
            if not changed_in(places):
                extra += [f"--ignore={place}" for place in places]
                skipped.append(f"{name}: nothing changed there since yesterday")
        outcomes.append(_pytest("SQLite, fast", ["--fast", *_workers(), *extra], environment))
        return report(outcomes, skipped)

    postgresql = find_postgresql()
    if postgresql:
        environment["CALIDEZ_TEST_DATABASE_URL"] = postgresql
    walks = ["--nightly"] if night or (word == "ci" and walks_are_due()) else []
    title = "SQLite, with the walks of the night" if walks else "SQLite"
    # By day nobody waits for what takes a night by itself.
    chosen = "not browser" if night else "not browser and not overnight"
    outcomes.append(_pytest(title, ["-m", chosen, *walks, *_workers(), *extra], environment))
    if postgresql:
        on_server = environment | {"CALIDEZ_TEST_ON": "postgresql"}
        chosen = ["-m", "not browser", "--only-database", *(["--nightly"] if night else [])]
        outcomes.append(_pytest("PostgreSQL", [*chosen, *_workers(), *extra], on_server))
    elif _required("POSTGRESQL"):
        outcomes.append(Outcome("PostgreSQL", 1, "required, and no server answers"))
    else:
        skipped.append("PostgreSQL: no server answers (name one in CALIDEZ_TEST_DATABASE_URL)")
    browser = os.environ.get("CALIDEZ_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser:
        journeys = environment | {"CALIDEZ_CHROMIUM": browser}
        outcomes.append(_pytest("Browser", ["-m", "browser", *_journeys(), *extra], journeys))
    elif _required("BROWSER"):
        outcomes.append(Outcome("Browser", 1, "required, and no Chromium is installed"))
    else:
        skipped.append("Browser journeys: no Chromium found (apt install chromium, or set CALIDEZ_CHROMIUM)")
    if night:
        outcomes.append(_run("Seeded faults", ["scripts/seeded_faults.py"], environment))
    return report(outcomes, skipped)


def report(outcomes: list[Outcome], skipped: list[str]) -> int:
    print()
    for outcome in outcomes:
        print(f"{outcome.title}: {outcome.seconds:.0f} s ({outcome.work:.0f} s of work)\n{outcome.closing}")
    print(f"In all {sum(one.seconds for one in outcomes):.0f} s.")
    for what in skipped:
        print(f"Not run: {what}.")
    return max((outcome.code for outcome in outcomes), default=0)


def walks_are_due() -> bool:
    """Whether a kind of record could have lost something through what changed; so also where git cannot tell what did."""
    names = changed()
    return names is None or any(is_walked_on(name) for name in names)


def is_walked_on(name: str) -> bool:
    return name.startswith("src/") and "/tests/" not in name and any(place in name for place in WALKED_ON)


def changed_in(places: tuple[str, ...]) -> bool:
    names = changed()
    return names is None or any(name.startswith(f"{place}/") for name in names for place in places)


@functools.cache
def changed() -> tuple[str, ...] | None:
    """The files changed since CALIDEZ_CI_BASE, else in a day, and those not yet committed; None where git cannot tell."""
    base = os.environ.get("CALIDEZ_CI_BASE")
    if base:
        told = _git("diff", "--name-only", f"{base}...HEAD")
    elif _git("rev-parse", "--is-shallow-repository") == "false":
        told = _git("log", "--since=24 hours ago", "--name-only", "--format=")
    else:
        told = None
    uncommitted = _git("status", "--porcelain", "--untracked-files=all", "--no-renames")
    if told is None or uncommitted is None:
        return None
    names = {*told.splitlines(), *(line[2:].strip() for line in uncommitted.splitlines())}
    return tuple(sorted(names - {""}))


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


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
    return ["-n", "2", "--dist", "worksteal"] if _several() else []


def _journeys() -> list[str]:
    # Journeys of one file follow each other: a later one may meet what an earlier one left on the site.
    return ["-n", "2", "--dist", "loadfile"] if _several() else []


def _several() -> bool:
    return (os.cpu_count() or 1) > 1


def _pytest(title: str, arguments: list[str], environment: dict[str, str]) -> Outcome:
    with tempfile.NamedTemporaryFile() as closing:
        environment = environment | {"CALIDEZ_TEST_CLOSING": closing.name}
        outcome = _run(title, ["-m", "pytest", *arguments], environment)
        said = Path(closing.name).read_text(encoding="utf-8")
    code = 0 if outcome.code == NO_TESTS else outcome.code
    return replace(outcome, code=code, closing=said or "no tests ran")


def _run(title: str, arguments: list[str], environment: dict[str, str]) -> Outcome:
    print(f"\n{title}", flush=True)
    began, worked = time.monotonic(), _work()
    code = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=False).returncode
    closing = "failed" if code else "passed"
    return Outcome(title, code, closing, time.monotonic() - began, _work() - worked)


def _work() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
