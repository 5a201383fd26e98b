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

WAIT_SECONDS = 60


@contextmanager
def served_sample(language: str = "es", *, data: Path | None = None) -> Iterator[str]:
    """The address of a server on loopback, with its worker; both end with the block."""
    with tempfile.TemporaryDirectory(prefix="calidez-sample-") as folder:
        environment = os.environ | {
            "CALIDEZ_DATA": str(data or folder),
            "CALIDEZ_LANGUAGE": language,
            "DATABASE_URL": "",
        }
        command = str(Path(sys.executable).parent / "calidez")
        subprocess.run(
            [command, "demo", "--no-serve", "--language", language],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        port = _free_port()
        server = subprocess.Popen(
            [command, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


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
