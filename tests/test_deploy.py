"""What lies in deploy/ fits the program: commands with options that it has, settings that it knows, and an install that works."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from calidez.config import checks, cli
from calidez.config.environment import VARIABLES
from calidez.config.examining.packages import locked_versions
from calidez.config.operating.probes import PROBES
from calidez.config.supervising import GRACE_SECONDS

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]


def unit() -> dict[str, list[str]]:
    """Each directive of the unit with what is said to it, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in (DEPLOY / "calidez.service").read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            name, _equals, value = line.partition("=")
            found[name].append(value)
    return dict(found)


def settings_in(text: str) -> dict[str, str]:
    """Also those that are only shown, behind a #."""
    return dict(re.findall(r"(?m)^#?([A-Z][A-Z_]+)=(.*)$", text))


def calls() -> Iterator[tuple[str, list[str]]]:
    """Each call of `calidez` in the files: where, and its words."""
    for line in (*unit()["ExecStartPre"], *unit()["ExecStart"]):
        program, *words = shlex.split(line)
        assert program == "/opt/calidez/bin/calidez"
        yield "calidez.service", words
    for line in (DEPLOY / "start.sh").read_text().splitlines():
        if "calidez " in line and not line.startswith("#"):
            yield "start.sh", shlex.split(line.removeprefix("exec "))[1:]


def test_what_is_called_exists_with_these_options() -> None:
    called = list(calls())
    assert {words[0] for _file, words in called} == {"migrate", "serve"}
    for _file, (name, *options) in called:
        COMMANDS[name].make_context(name, list(options), resilient_parsing=False)


def test_the_unit_gives_the_program_time_and_little_else() -> None:
    said = unit()
    assert int(said["TimeoutStopSec"][0]) > GRACE_SECONDS
    assert said["Restart"] == ["always"]
    assert said["User"] != ["root"]
    assert said["ProtectSystem"] == ["strict"]
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome"):
        assert said[name] == ["yes"]
    assert f"CALIDEZ_DATA=/var/lib/{said['StateDirectory'][0]}" in said["Environment"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / "calidez.service"
    text = (DEPLOY / "calidez.service").read_text()
    copy.write_text(text.replace("/opt/calidez/bin/calidez", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
    )
    assert "calidez.service" not in done.stderr, done.stderr
    assert done.returncode == 0


def test_every_setting_that_is_named_is_one() -> None:
    texts = [path.read_text() for path in DEPLOY.iterdir()]
    named = {name for text in texts for name in re.findall(r"\b(CALIDEZ_[A-Z_]+|DATABASE_URL)\b", text)}
    assert named <= set(VARIABLES)
    assert len(named) > 8


def test_the_example_of_settings_is_sound(tmp_path: Path) -> None:
    environ = settings_in((DEPLOY / "calidez.env.example").read_text()) | {"CALIDEZ_DATA": str(tmp_path)}
    assert not environ["CALIDEZ_METRICS_TOKEN"]
    assert checks.environment_findings(environ) == []


def image() -> list[tuple[str, str]]:
    """Each instruction of the Containerfile with its words, lines that go on put together."""
    text = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _space, rest in (line.partition(" ") for line in lines)]


def test_the_image_copies_what_there_is_and_runs_as_nobody_special() -> None:
    said = image()
    assert [rest.partition(":")[0] for word, rest in said if word == "FROM"] == [
        "docker.io/library/python"
    ] * 2
    copied = [rest.split() for word, rest in said if word == "COPY" and not rest.startswith("--from")]
    for source, _target in copied:
        assert source == "dist/" or (ROOT / source).is_file(), "dist/ is what `make wheel` makes"
    words = [word for word, _rest in said]
    assert words.index("USER") < words.index("CMD")
    (command,) = (json.loads(rest) for word, rest in said if word == "CMD")
    assert command[-1] in {target for _source, target in copied}
    (probe,) = (rest for word, rest in said if word == "HEALTHCHECK")
    assert any(f"8000{path}'" in probe for path in PROBES)
    assert "--host 0.0.0.0 --port 8000" in (DEPLOY / "start.sh").read_text()


def test_the_composition_holds_together() -> None:
    said: Any = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = said["services"]
    ours = services["calidez"]
    assert (
        DEPLOY / ours["build"]["context"] / ours["build"]["dockerfile"]
    ).resolve() == DEPLOY / "Containerfile"
    assert int(ours["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        assert set(service.get("secrets", ())) <= set(said["secrets"])
        kept = [volume.split(":")[0] for volume in service.get("volumes", ())]
        assert all(name in said["volumes"] or (DEPLOY / name).is_file() for name in kept)


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf.example"])
def test_a_proxy_says_who_comes_and_keeps_the_figures_inside(name: str) -> None:
    text = (DEPLOY / name).read_text()
    for header in ("X-Forwarded-Proto", "X-Forwarded-For", "X-Request-ID"):
        assert header in text
    assert "/metrics" in text
    assert "/health/ready" in text


# What is installed


def test_every_package_that_the_program_asks_for_has_a_tested_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower() for line in project["dependencies"]}
    assert wanted <= set(locked_versions())


def test_the_constraints_are_those_of_the_lock() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import lock
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    base = (ROOT / "requirements" / "base.txt").read_text()
    assert lock.constraints(base) == lock.CONSTRAINTS.read_text()
    assert set(re.findall(r"(?m)^([\w.-]+)==", base)) == set(locked_versions())


def test_the_lock_beside_the_wheel_names_it_by_its_hash_and_packages_with_what_they_bring(
    tmp_path: Path,
) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import wheel
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    file = tmp_path / "calidez-1.2.3-py3-none-any.whl"
    file.write_bytes(b"")
    lock = "psycopg==3.3.9 \\\n    --hash=sha256:00\npsycopg-binary==3.3.9 \\\n    --hash=sha256:11\n"
    lines = wheel.locked(file, lock, ["psycopg[binary]", "django>=5"]).splitlines()
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert lines[:3] == ["--find-links .", "calidez==1.2.3 \\", f"    --hash=sha256:{empty}"]
    assert [line for line in lines if "==" in line][1:] == [
        "psycopg[binary]==3.3.9 \\",
        "psycopg-binary==3.3.9 \\",
    ]


class Installed:
    """The wheel in an environment of its own, as the Containerfile makes it."""

    def __init__(self, folder: Path) -> None:
        self.dist, self.env = folder / "dist", folder / "env"
        self.data = folder / "var"
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("CALIDEZ_", "PYTHON"))
        }
        kept.pop("DATABASE_URL", None)
        self.environ = kept | {"CALIDEZ_DATA": str(self.data), "CALIDEZ_LANGUAGE": "en"}

    def do(self, *command: str | Path) -> str:
        done = subprocess.run(
            [*map(str, command)],
            cwd=self.dist.parent,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    @property
    def calidez(self) -> Path:
        return self.env / "bin" / "calidez"


@pytest.fixture(scope="module")
def installed_wheel(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    made = Installed(tmp_path_factory.mktemp("installed"))
    made.do(sys.executable, ROOT / "scripts" / "wheel.py", made.dist)
    made.do(sys.executable, "-m", "venv", made.env)
    pip = (made.env / "bin" / "pip", "install", "--quiet", "--no-compile")
    made.do(*pip, "--require-hashes", "-r", made.dist / "locked.txt")
    return made


@pytest.mark.overnight
@pytest.mark.processes
def test_the_wheel_installs_with_its_lock_and_serves(installed_wheel: Installed) -> None:
    listed = json.loads(installed_wheel.do(installed_wheel.env / "bin" / "pip", "list", "--format=json"))
    tested = locked_versions()
    names = {re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"] for one in listed}
    beside = {"pip", "setuptools", "calidez"}
    assert {name for name, version in names.items() if version not in tested.get(name, ())} <= beside
    installed_wheel.do(installed_wheel.calidez, "migrate")
    looked = json.loads(installed_wheel.do(installed_wheel.calidez, "check", "--json"))
    assert [(one["about"], one["serious"]) for one in looked["found"]] == [
        ("backups", False),
        ("mail", False),
    ]
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = str(free.getsockname()[1])
    server = subprocess.Popen(
        [str(installed_wheel.calidez), "serve", "--port", port],
        cwd=installed_wheel.dist.parent,
        env=installed_wheel.environ,
    )
    try:
        assert _ready(f"http://127.0.0.1:{port}/health/ready")
    finally:
        server.terminate()
        server.wait(GRACE_SECONDS + 10)


def _ready(address: str) -> bool:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status == 200
        except OSError:
            time.sleep(0.5)
    return False
