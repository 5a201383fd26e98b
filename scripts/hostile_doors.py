"""Every door through which a file comes in, tried with one file: what was answered, how long it took, what it cost.

Used by tests/test_hostile_files.py and by `python scripts/hostile_files.py --run`.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hostile_files import BODY, CORPUS, OTHER, PACK, PDF, TABLE, WORD, Hostile

MB = 1 << 20
# What a process that answers people may grow by, and what all processes that it starts may hold together.
OWN_MB, READERS_MB = 200, 4_300
# By the clock, on a machine that does nothing else: a page, and the worker.
PAGE_SECONDS, WORKER_SECONDS = 50, 700
SMALL = 2 * MB  # the client of the tests holds what it sends several times
SENT_AS = {".csv": "text/csv", ".jsonl": "application/x-ndjson", ".parquet": "application/vnd.apache.parquet"}
SENT_AS |= {".arrow": "application/vnd.apache.arrow.stream", ".xlsx": "text/csv"}


@dataclass(frozen=True)
class Answer:
    file: str
    door: str
    said: str
    seconds: float
    own_mb: float
    readers_mb: float

    @property
    def faults(self) -> list[str]:
        limit = WORKER_SECONDS if self.door in {"worker look", "worker push", "load"} else PAGE_SECONDS
        found = []
        if self.said.startswith("5"):
            found.append(f"answered {self.said}")
        if self.seconds > limit:
            found.append(f"took {self.seconds:.0f} s of {limit}")
        if self.own_mb > OWN_MB:
            found.append(f"grew by {self.own_mb:.0f} MB of {OWN_MB}")
        if self.readers_mb > READERS_MB:
            found.append(f"its readers held {self.readers_mb:.0f} MB of {READERS_MB}")
        return found


class Watch:
    """The greatest memory of this process and of all that descend from it, looked at while something runs."""

    def __init__(self) -> None:
        self.own = self.readers = 0.0
        self._ended = threading.Event()

    def __enter__(self) -> Watch:
        self.before = _resident(os.getpid())
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        self.began = time.monotonic()
        return self

    def __exit__(self, *_error: object) -> None:
        self.seconds = time.monotonic() - self.began
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            self.own = max(self.own, _resident(os.getpid()) - self.before)
            self.readers = max(self.readers, sum(map(_resident, _descendants(os.getpid()))))
            if self._ended.wait(0.03):
                return


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def _descendants(process: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *_descendants(child)]
    return found


class Doors:
    """All doors, opened by one person who may do everything."""

    def __init__(self, world: Any, folder: Path) -> None:
        from django.test import Client

        from calidez.kit.tests.factories import issued
        from calidez.people.tests.factories import create

        self.person, self.folder = world.admin, folder
        self.browser = Client(raise_request_exception=False)
        self.browser.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
        self.program = Client(raise_request_exception=False)
        self.signed = {"Authorization": f"Bearer {issued(world.admin).secret}"}
        self.record = create(_model("people", "Position"), world.admin, name="Nurse", unit=world.root)
        columns = [
            {"name": "day", "type": "date", "role": "time", "date_order": "ymd"},
            {"name": "visits", "type": "integer"},
        ]
        about = {"code": "sent", "name": "Sent", "unit": world.root.code, "columns": columns}
        made = self.program.post(
            "/api/v1/datasets", about, content_type="application/json", headers=self.signed
        )
        assert made.status_code == 201, made.content

    def all(self, one: Hostile, path: Path) -> Iterator[Answer]:
        doors: dict[str, tuple[tuple[str, Callable[[Path], str]], ...]] = {
            TABLE: (
                ("look", self.look),
                ("records", self.records),
                ("push", self.push),
                ("document", self.document),
            ),
            WORD: (("document", self.document), ("look", self.look)),
            PDF: (("document", self.document), ("look", self.look)),
            PACK: (("pack", self.pack),),
            BODY: (("body", self.body),),
            OTHER: (("look", self.look),),
        }
        for name, door in (*doors[one.kind], ("attach", self.attach)):
            yield self._tried(one.name, name, door, path)
            if name == "look" and self.item is not None:
                yield from self._to_the_end(one.name, path)
            if name == "push":
                yield self._tried(one.name, "worker push", lambda _path: self._work_off(), path)

    def tried(self, file: str, name: str, path: Path) -> Answer:
        """One door, by its name."""
        return self._tried(file, name, getattr(self, name), path)

    def _tried(self, file: str, name: str, door: Callable[[Path], str], path: Path) -> Answer:
        with Watch() as watch:
            said = door(path)
        return Answer(file, name, said, watch.seconds, watch.own, watch.readers)

    def _to_the_end(self, file: str, path: Path) -> Iterator[Answer]:
        if self.item.job:
            yield self._tried(file, "worker look", lambda _path: self._work(), path)
        if self.item.reading.get("profile"):
            yield self._tried(file, "load", self.load, path)
        self.item = None

    # The doors

    def look(self, path: Path) -> str:
        from calidez.kit.platform.errors import RuleBroken
        from calidez.monitoring.loading import services as imports

        self.item: Any = None
        try:
            received = imports.receive(path.name, _pieces(path))
        except RuleBroken as refused:
            return f"refused: {refused}"
        self.item = imports.receive_upload(received, unit=self.person.unit, by=self.person)
        answer = self.browser.post(f"/imports/{self.item.uid}/look/", headers={"HX-Request": "true"})
        self.item.refresh_from_db()
        return _said(answer)

    def load(self, _path: Path) -> str:
        """As proposed, by the worker."""
        from calidez.kit.platform.errors import RuleBroken
        from calidez.monitoring.loading import services as imports

        by, item = self.person, self.item
        try:
            item = imports.confirm_reading(item, by=by)
            choices = imports.propose(item, by=by).choices
            schema = imports.schema_for_new(choices)
            item = imports.confirm_mapping(item, by=by, schema=schema, code=f"d{item.pk}", name="x")
            item = imports.start_load(imports.check(item, by=by), by=by)
        except RuleBroken as refused:
            return f"refused: {refused}"
        self.item = item
        return self._work()

    def _work_off(self) -> str:
        """Whatever the worker was left with."""
        from calidez.kit.platform.jobs.worker import run_queued

        return f"{run_queued()} jobs"

    def _work(self) -> str:
        from calidez.kit.platform.jobs import describe
        from calidez.kit.platform.jobs.worker import run_queued

        run_queued()
        self.item.refresh_from_db()
        status = describe(self.item.job) if self.item.job else None
        if status is not None and status.attempts > 1:
            return f"500 tried {status.attempts} times: {status.error}"
        return f"{self.item.state}: {status.error if status else ''}"

    def records(self, path: Path) -> str:
        from calidez.kit.catalog import catalog
        from calidez.kit.desk.intake import services
        from calidez.kit.platform.errors import RuleBroken

        if path.stat().st_size < SMALL:
            with path.open("rb") as file:
                return _said(self.browser.post("/positions/load/", {"file": file}))
        try:
            services.take_in(
                catalog.of(_model("people", "Position")), path.name, _pieces(path), by=self.person
            )
        except RuleBroken as refused:
            return f"refused: {refused}"
        return "taken in"

    def push(self, path: Path) -> str:
        packed = {"Content-Encoding": "gzip"} if path.suffix == ".gz" else {}
        kind = SENT_AS.get(Path(path.name.removesuffix(".gz")).suffix, "text/csv")
        if path.stat().st_size > 10 * MB:
            return "not tried: the client would hold it"
        answer = self.program.post(
            "/api/v1/datasets/sent/facts",
            path.read_bytes(),
            content_type=kind,
            headers={**self.signed, **packed},
        )
        return _said(answer)

    def document(self, path: Path) -> str:
        import hashlib

        from calidez.documents.content import files

        kinds = {".docx": files.WORD, ".pdf": files.PDF, ".xlsx": files.SHEETS}
        if path.suffix not in kinds:
            return "not tried: no document"
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        found = files.extract(path, digest, kinds[path.suffix])
        return f"refused: {found.sentence}" if found.problem else f"read: {len(found.paragraphs)} paragraphs"

    def pack(self, path: Path) -> str:
        from calidez.samples.packs.document import PackRefused
        from calidez.samples.packs.shelf import read_pack

        try:
            read_pack(path.read_text(), path.name)
        except PackRefused as refused:
            return f"refused: {refused}"
        return "taken"

    def body(self, path: Path) -> str:
        answer = self.program.post(
            "/api/v1/positions", path.read_bytes(), content_type="application/json", headers=self.signed
        )
        return _said(answer)

    def attach(self, path: Path) -> str:
        if path.stat().st_size > SMALL:
            return "not tried: the client would hold it"
        with path.open("rb") as file:
            return _said(self.browser.post(f"/positions/{self.record.uid}/files/", {"files": file}))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(MB), b"")


def _model(part: str, name: str) -> Any:
    from django.apps import apps

    return apps.get_model(part, name)


def _said(answer: Any) -> str:
    """The status, and the first sentence of what is wrong, as the page or the problem says it."""
    import html
    import json
    import re

    content = "" if answer.streaming else answer.content.decode(errors="replace")
    if "json" in answer.get("Content-Type", ""):
        return f"{answer.status_code} {json.loads(content).get('detail', '')[:200]}".strip()
    shown = re.sub(r"<(template|script|style|svg)\b.*?</\1>", "", content, flags=re.DOTALL)
    found = re.search(r'id="error-summary"[^>]*>(.{0,2000})', shown, re.DOTALL) or re.search(
        r'class="c-notice[^>]*>(.{0,2000})', shown, re.DOTALL
    )
    plain = html.unescape(re.sub(r"<[^>]*>|\s+", " ", found.group(1))) if found else ""
    return f"{answer.status_code} {' '.join(plain.split())[:200]}".strip()


def run(names: list[str]) -> int:
    """The whole corpus in its whole size, as a table; 1 where anything goes beyond its limits."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    os.environ |= {
        "CALIDEZ_DATA": str(folder),
        "CALIDEZ_LANGUAGE": "en",
        "DJANGO_SETTINGS_MODULE": "calidez.config.settings",
    }
    os.environ["CALIDEZ_API_REQUESTS_PER_MINUTE"] = "0"
    import shutil

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    settings.API_REQUESTS_PER_MINUTE = 0
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
    from calidez.config.serving import collect_static
    from calidez.people.tests.factories import world

    call_command("migrate", verbosity=0)
    collect_static()
    doors, faults = Doors(world(), folder), list[str]()
    print(f"{'file':<42} {'door':<12} {'s':>6} {'own MB':>7} {'readers MB':>10}  answer")
    try:
        for one in CORPUS:
            if names and one.name not in names:
                continue
            path = one.make(folder, big=True)
            for answer in doors.all(one, path):
                print(
                    f"{answer.file:<42} {answer.door:<12} {answer.seconds:>6.1f} {answer.own_mb:>7.0f} "
                    f"{answer.readers_mb:>10.0f}  {answer.said[:110]}",
                    flush=True,
                )
                faults += [f"{answer.file}, {answer.door}: {fault}" for fault in answer.faults]
            path.unlink()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(*(faults or ["Every door held."]), sep="\n", file=sys.stderr)
    return 1 if faults else 0
