"""How long it takes from a clone to three charts of an export of calls: python scripts/first_charts.py

The clone, its set-up and its server are this checkout's newest commit in a folder of its own; the way is that of the journey in
tests/browser/call_centre.py. A person is slower than a script: to the machine's time is added what the keystroke-level model of
Card, Moran and Newell (1980) gives for what is pressed and typed, and READING seconds for every page that is met.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

THINK, POINT, HAND, KEY, BUTTON = 1.35, 1.1, 0.4, 0.28, 0.2  # seconds, of the model
READING = 10.0  # seconds a page
PORT = 8397


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calidez.config.settings")
    import django
    from playwright.sync_api import sync_playwright

    django.setup()
    from tests.browser import call_centre

    visitor_of = _paced_visitor()
    with tempfile.TemporaryDirectory(prefix="calidez-first-") as name, contextlib.ExitStack() as running:
        folder = Path(name)
        clock = Clock()
        address, data = running.enter_context(_from_a_clone(folder, clock))
        export = call_centre.export(folder)
        browser = running.enter_context(sync_playwright()).chromium.launch(executable_path=_chromium())
        context = browser.new_context(
            base_url=address, locale="es", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
        )
        visitor = visitor_of(context, "es")
        clock.restart()
        for step in call_centre.walk(visitor, (data / "setup.code").read_text().strip(), export):
            clock.tells(step, visitor.pace)
            visitor.pace = 0.0
        browser.close()
    print(
        f"{'in all':<34}{clock.machine:>8.0f} s{clock.person:>10.0f} s{clock.machine + clock.person:>10.0f} s"
    )
    return 0


class Clock:
    def __init__(self) -> None:
        self.machine = self.person = 0.0
        print(f"{'':<34}{'machine':>10}{'person':>12}{'together':>12}")
        self.restart()

    def restart(self) -> None:
        self.began = time.perf_counter()

    def tells(self, what: str, person: float = 0.0) -> None:
        took = time.perf_counter() - self.began
        self.machine, self.person = self.machine + took, self.person + person
        print(f"{what:<34}{took:>8.0f} s{person:>10.0f} s{took + person:>10.0f} s", flush=True)
        self.restart()


@contextlib.contextmanager
def _from_a_clone(folder: Path, clock: Clock) -> Iterator[tuple[str, Path]]:
    """A server of an empty installation, as `git clone`, scripts/setup.py and `calidez serve` make it."""
    here, data = folder / "calidez", folder / "var"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(here)], check=True)
    clock.tells("git clone")
    bare = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    _quietly([_python(), "scripts/setup.py"], here, bare)
    clock.tells("set-up, with a warm package cache")
    own = bare | {"CALIDEZ_DATA": str(data), "CALIDEZ_LANGUAGE": "es", "DATABASE_URL": ""}
    calidez = here / ".venv" / "bin" / "calidez"
    server = subprocess.Popen(
        [str(calidez), "serve", "--port", str(PORT)],
        cwd=here,
        env=own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{PORT}"
        _wait_for(address, server)
        clock.tells("the first page")
        yield address, data
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def _paced_visitor() -> Any:
    """The visitor of the journeys, who notes what a person would need for the same."""
    from tests.browser.conftest import Visitor

    class Paced(Visitor):
        pace = 0.0

        def goes(self, path: str, **options: Any) -> Any:
            self.pace += READING
            return super().goes(path, **options)

        def press(self, sentence: str, **options: Any) -> None:
            self.pace += THINK + HAND + POINT + BUTTON + READING
            super().press(sentence, **options)

        def fills(self, **values: str) -> None:
            for said in values.values():
                self.pace += THINK + HAND + POINT + BUTTON + KEY * len(said)
            super().fills(**values)

    return Paced


def _quietly(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _turn in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/health/", timeout=5):
            return
        if server.poll() is not None:
            break
        time.sleep(0.2)
    raise SystemExit("The server did not start.")


def _python() -> str:
    return next(found for name in ("python3", "python") if (found := shutil.which(name)))


def _chromium() -> str | None:
    return os.environ.get("CALIDEZ_CHROMIUM") or shutil.which("chromium")


if __name__ == "__main__":
    raise SystemExit(main())
