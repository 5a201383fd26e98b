"""The sample organisation, served from a data folder of its own for a while: for journeys, pictures and measurements."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 180  # a busy machine may be slow; nothing waits longer than it must


@contextmanager
def served_sample(language: str = "es", *, data: Path | None = None) -> Iterator[str]:
    """The address of a server on loopback with the sample, as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="calidez-sample-") as folder:
        kept = data or Path(folder)
        run(kept, "demo", "--no-serve", "--language", language)
        with served(kept, language) as address:
            yield address


def run(data: Path, *arguments: str) -> None:
    """One command of the command line, on a data folder of its own."""
    subprocess.run([_command(), *arguments], env=_environment(data), check=True, stdout=subprocess.DEVNULL)


@contextmanager
def served(data: Path, language: str = "es") -> Iterator[str]:
    """The address at which what is in the data folder is served, with its worker; both end with the block."""
    port = _free_port()
    server = subprocess.Popen(
        [_command(), "serve", "--port", str(port)],
        env=_environment(data, language),
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _command() -> str:
    return str(Path(sys.executable).parent / "calidez")


def _environment(data: Path, language: str = "es") -> dict[str, str]:
    return os.environ | {"CALIDEZ_DATA": str(data), "CALIDEZ_LANGUAGE": language, "DATABASE_URL": ""}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address + "/health/", timeout=2):  # noqa: S310 - our own server on loopback
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"the server did not answer within {WAIT_SECONDS} seconds")
