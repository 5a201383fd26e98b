"""`calidez check` finds every damage that was done on purpose, names it, and is silent where nothing is wrong."""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from calidez.config import checking, neighbours, speech
from calidez.config.examining import (
    address,
    datasets,
    embedded,
    examinations,
    files,
    folder,
    mail,
    packages,
    port,
    server,
    trail,
)
from calidez.config.examining.asked import Asked, named
from calidez.config.findings import Finding
from calidez.config.tests.layers import layer
from calidez.kit.conformance import World
from calidez.kit.core import audit, heads
from calidez.kit.core.events import AuditEvent, AuditSeal
from calidez.kit.desk.files.services import attach
from calidez.kit.platform import presence
from calidez.kit.platform.kept_files import store as kept
from calidez.kit.platform.mail.models import Mail
from calidez.monitoring.models import Dataset, Import
from calidez.monitoring.services import import_file
from calidez.monitoring.store import store
from calidez.monitoring.tests.factories import SCHEMA


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = speech._sentences
    speech.speak("en")
    yield
    speech._sentences = before


def told(found: Any) -> list[tuple[bool, str]]:
    return [(finding.serious, finding.sentence) for finding in found]


# The embedded database


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "calidez.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.executescript(
            "CREATE TABLE unit (id INTEGER PRIMARY KEY, name TEXT);"
            "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, unit INTEGER REFERENCES unit);"
            "CREATE INDEX person_name ON person (name);"
        )
        made.executemany("INSERT INTO unit VALUES (?, ?)", [(n, f"unit {n}" * 20) for n in range(2000)])
        made.executemany("INSERT INTO person VALUES (?, ?, ?)", [(n, f"p{n}", n) for n in range(2000)])
        made.commit()
    return path


def of_database(path: Path, **options: Any) -> list[tuple[bool, str]]:
    return told(embedded.findings({"CALIDEZ_DATA": str(path.parent)}, **options))


def test_a_sound_database_is_in_order(database: Path) -> None:
    assert of_database(database) == of_database(database, deep=True) == []
    assert of_database(database.parent / "nowhere" / "calidez.sqlite3") == []


def _damage_a_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    place = 4096 * (len(content) // 4096 // 2)
    content[place : place + 4096] = b"\xa5" * 4096
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        _damage_a_page,
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: path.write_bytes(b"no database at all, but long enough to be one" * 100),
    ],
    ids=["a page", "cut in half", "another file"],
)
def test_a_damaged_database_is_found(database: Path, damage: Callable[[Path], None]) -> None:
    damage(database)
    ((serious, sentence),) = of_database(database)
    assert serious
    assert f"{database} is damaged" in sentence
    assert "\n" not in sentence


def test_rows_that_point_nowhere_are_found(database: Path) -> None:
    with closing(sqlite3.connect(database)) as made:
        made.execute("DELETE FROM unit WHERE id = 7")
        made.commit()
    ((serious, sentence),) = of_database(database)
    assert serious
    assert "in: person." in sentence


def test_a_long_reading_stops_and_says_so(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "STEPS", 10)
    ((serious, sentence),) = of_database(database, seconds=0)
    assert not serious
    assert "calidez check --deep" in sentence
    assert of_database(database, seconds=0, deep=True) == []


# A PostgreSQL server


class Server:
    """Answers as a server would, by what stands in each question."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = {
            "server_encoding": "UTF8",
            "pg_is_in_recovery": False,
            "has_schema_privilege": True,
            "fsync": "on",
            "full_page_writes": "on",
            "max_connections": 97,
            "pg_stat_activity": 5,
            "clock_timestamp": lambda: time.time(),
        } | answers

    def execute(self, statement: str) -> Any:
        (answer,) = (value for part, value in self.answers.items() if part in statement)
        return SimpleNamespace(fetchone=lambda: (answer() if callable(answer) else answer,))


@pytest.mark.parametrize(
    ("answers", "serious", "said"),
    [
        ({"server_encoding": "LATIN1"}, True, "keeps text as LATIN1"),
        ({"pg_is_in_recovery": True}, True, "takes no changes"),
        ({"has_schema_privilege": False}, True, "may not create tables"),
        ({"fsync": "off"}, False, "fsync off"),
        ({"pg_stat_activity": 95}, False, "95 are in use"),
        ({"clock_timestamp": lambda: time.time() - 3600}, False, "3600 seconds apart"),
    ],
)
def test_a_server_that_is_not_to_be_trusted_is_told(
    answers: dict[str, Any], serious: bool, said: str
) -> None:
    assert told(server.findings(Server())) == []
    ((is_serious, sentence),) = told(server.findings(Server(**answers)))
    assert is_serious is serious
    assert said in sentence


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks the server itself")
def test_the_server_of_the_tests_answers_every_question() -> None:
    connection.ensure_connection()
    assert [one for one in server.findings(connection.connection) if one.serious] == []


# The trail


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["kit_auditevent", "kit_auditseal", "kit_auditmention"])
def test_a_trail_that_is_no_longer_protected_is_found(table: str) -> None:
    assert told(trail.findings(Asked())) == []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND sql LIKE '%%DELETE%%'",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    ((serious, sentence),) = told(trail.findings(Asked()))
    assert serious
    assert f"{table} (DELETE)" in sentence


@pytest.mark.django_db
def test_what_takes_rows_away_beside_triggers_for_rows_is_looked_at_too() -> None:
    server = connection.vendor == "postgresql"
    statement = "DROP TRIGGER kit_auditseal_never_emptied ON kit_auditseal"
    connection.cursor().execute(statement if server else "DROP TRIGGER kit_auditseal_no_replace")
    ((_serious, sentence),) = told(trail.findings(Asked()))
    assert f"kit_auditseal ({'TRUNCATE' if server else 'REPLACE'})" in sentence


def test_a_head_outside_that_does_not_fit_is_found(world: World, settings: Any, tmp_path: Path) -> None:
    audit.seal()
    settings.TRAIL_HEAD = tmp_path / "trail.head"
    newest = AuditSeal.objects.order_by("-position").first()
    assert newest is not None
    for events, wrong in ((None, True), (newest.position, False), (newest.position + 1, True)):
        if events is not None:
            heads.keep(heads.now(events, newest.digest))
        assert [serious for serious, _said in told(trail.findings(Asked()))] == [True] * wrong
    settings.TRAIL_HEAD = None
    settings.TRAIL_HEADS = [tmp_path / "heads", tmp_path / "further" / "heads"]
    assert told(trail.findings(Asked())) == []
    (tmp_path / "heads").mkdir()
    (tmp_path / "further").touch()
    sentences = [sentence for _serious, sentence in told(trail.findings(Asked()))]
    assert [str(place) in said for place, said in zip(settings.TRAIL_HEADS, sentences, strict=True)] == [
        True,
        True,
    ]


# Datasets


@pytest.fixture(scope="module")
def shared_dataset(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    with layer():
        path = tmp_path_factory.mktemp("visits") / "visits.csv"
        rows = [f"2026-{month:02}-01,NORTH,first,{month},1" for month in range(1, 13)]
        path.write_text("month,clinic,kind,visits,late\n" + "\n".join(rows) + "\n", encoding="utf-8")
        by = copy.deepcopy(shared_world).admin
        yield import_file(path, dataset="visits", mapping=SCHEMA, by=by, name="Visits").dataset


@pytest.fixture
def dataset(shared_dataset: Dataset, db: None) -> Dataset:
    return copy.deepcopy(shared_dataset)


def file_of(dataset: Dataset) -> Path:
    (file,) = store().open(dataset.code).files()
    return file.path


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-50])


def _scramble(path: Path) -> None:
    """Of the same size, with a footer that is none."""
    content = path.read_bytes()
    path.write_bytes(content[:-200] + bytes(200))


def _change_a_value(path: Path) -> None:
    """The footer is whole; only who unpacks the values sees it."""
    content = bytearray(path.read_bytes())
    content[4:60] = b"\xff" * 56
    path.write_bytes(content)


def _log(path: Path) -> Path:
    return path.parent / "_delta_log"


def _break_the_log(path: Path) -> None:
    for entry in _log(path).glob("*.json"):
        entry.write_text("{broken")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.unlink(), "are missing: visits"),
        (lambda path: path.unlink(), "Restore them from a backup."),
        (_cut, "have not the size that was noted"),
        (_scramble, "cannot be read: "),
        (_break_the_log, "The log of the dataset Visits (visits) cannot be read"),
        (lambda path: shutil.rmtree(_log(path)), "The dataset Visits (visits) is not at "),
        (lambda path: shutil.rmtree(path.parent), "The dataset Visits (visits) is not at "),
        (lambda path: shutil.rmtree(path.parent.parent), "The dataset Visits (visits) is not at "),
    ],
    ids=["gone", "gone, what to do", "cut", "scrambled", "log", "no log", "no folder", "no datasets"],
)
def test_a_damaged_dataset_is_found(dataset: Dataset, damage: Callable[[Path], None], said: str) -> None:
    assert told(datasets.findings(Asked(deep=True))) == []
    path = file_of(dataset)
    damage(path)
    ((serious, sentence),) = told(datasets.findings(Asked()))
    assert serious
    assert said.replace("visits", path.name if "missing" in said else "visits") in sentence


def test_a_damaged_value_is_found_by_who_reads_all(dataset: Dataset) -> None:
    _change_a_value(file_of(dataset))
    assert told(datasets.findings(Asked())) == []
    ((serious, sentence),) = told(datasets.findings(Asked(deep=True)))
    assert serious
    assert "cannot be read" in sentence


def test_a_file_with_other_rows_is_found(dataset: Dataset) -> None:
    """What the log says and what the footer says are two things."""
    for entry in _log(file_of(dataset)).glob("*.json"):
        entry.write_text(
            entry.read_text()
            .replace('numRecords\\":12', 'numRecords\\":13')
            .replace('numRecords\\": 12', 'numRecords\\": 13')
        )
    sentences = [sentence for _serious, sentence in told(datasets.findings(Asked()))]
    assert any("hold not as many rows as were noted" in sentence for sentence in sentences)


@pytest.mark.parametrize(("state", "serious"), [(Import.State.LOADED, True), (Import.State.LOADING, False)])
def test_rows_that_were_noted_otherwise_are_found(dataset: Dataset, state: str, serious: bool) -> None:
    """A load that is under way, or whose worker was killed, notes them later."""
    Dataset.objects.update(rows=99)
    Import.objects.update(state=state)
    ((is_serious, sentence),) = told(datasets.findings(Asked()))
    assert "holds 12 rows, and 99 were noted" in sentence
    assert is_serious is serious


def test_a_dataset_that_nobody_knows_is_noted(dataset: Dataset) -> None:
    shutil.copytree(file_of(dataset).parent, file_of(dataset).parent.parent / "stray")
    assert told(datasets.findings(Asked())) == [
        (False, "Folders of datasets that the database does not know: stray.")
    ]


# Files of records


@pytest.fixture
def attached(world: World) -> Path:
    sent = [SimpleUploadedFile("photo.txt", b"what was seen")]
    (attachment,) = attach(world.north, sent, by=world.admin)
    return kept.path_of(attachment.sha256)


def _rewrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


@pytest.mark.django_db
def test_files_of_records_that_are_gone_or_changed_are_found(attached: Path) -> None:
    assert told(files.findings(Asked(deep=True))) == []
    _rewrite(attached, b"what was SEEN")
    assert told(files.findings(Asked())) == [], "of the same size: only who reads it knows"
    ((serious, sentence),) = told(files.findings(Asked(deep=True)))
    assert serious
    assert "not what was put there (1): photo.txt" in sentence
    _rewrite(attached, b"more than there was")
    assert "not what was put there" in told(files.findings(Asked()))[0][1]
    attached.unlink()
    ((serious, sentence),) = told(files.findings(Asked()))
    assert serious
    assert "missing (1): photo.txt" in sentence


@pytest.mark.django_db
def test_files_that_nobody_holds_are_noted(attached: Path) -> None:
    stray = attached.parent / ("0" * 64)
    stray.write_bytes(b"x" * 2048)
    ((serious, sentence),) = told(files.findings(Asked()))
    assert not serious
    assert "1, together 2.0\xa0KB" in sentence


@pytest.mark.django_db
def test_an_upload_that_is_gone_is_noted(dataset: Dataset) -> None:
    Import.objects.update(state=Import.State.CHECKED, path="/nowhere/visits.csv")
    ((serious, sentence),) = told(files.findings(Asked()))
    assert not serious
    assert "visits.csv" in sentence


# The folder, the clock, who else is there


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    data = tmp_path / "data"
    (data / "running").mkdir(parents=True)
    data.chmod(0o700)
    settings.DATA_DIR, settings.RUNNING_DIR = data, data / "running"
    return data


@pytest.mark.django_db
def test_a_sound_folder_is_in_order(data: Path) -> None:
    assert told(folder.findings(Asked())) == []
    assert list((data / "running").iterdir()) == [], "nothing of the check stays"


@pytest.mark.django_db
def test_a_folder_that_takes_no_file_is_found(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.os, "fsync", full)
    ((serious, sentence),) = told(folder.findings(Asked()))
    assert serious
    assert "No space left on device" in sentence


@pytest.mark.django_db
def test_what_others_can_read_is_noted(data: Path) -> None:
    data.chmod(0o755)
    ((serious, sentence),) = told(folder.findings(Asked()))
    assert not serious
    assert f"chmod go-rwx {data}" in sentence


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/srv/calidez/var", "nfs4"),
        ("/srv/local/var", "ext4"),
        ("/srv/with space/var", "cifs"),
        ("/var", "ext4"),
    ],
)
def test_the_disk_below_a_folder_is_known(tmp_path: Path, place: str, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        "40 27 0:40 / /srv rw,relatime shared:1 - nfs4 server:/srv rw\n"
        "41 40 254:1 / /srv/local rw - ext4 /dev/vdb rw\n"
        "42 40 0:41 / /srv/with\\040space rw - cifs //server/x rw\n"
        "not a line\n"
    )
    assert folder.kind_of_disk(Path(place), mounts) == kind
    assert folder.kind_of_disk(Path(place), tmp_path / "nowhere") == ""


@pytest.mark.django_db
def test_the_embedded_database_on_a_network_is_found(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "kind_of_disk", lambda *_places: "nfs4")
    monkeypatch.setattr(folder, "embedded", lambda: True)
    ((serious, sentence),) = told(folder.findings(Asked()))
    assert serious
    assert "network disk (nfs4)" in sentence
    monkeypatch.setattr(folder, "embedded", lambda: False)
    assert told(folder.findings(Asked())) == []


@pytest.mark.django_db
def test_work_that_broke_off_long_ago_is_noted(data: Path) -> None:
    (data / "tmp").mkdir()
    left = data / "tmp" / "upload"
    left.write_bytes(b"x" * 3000)
    assert told(folder.findings(Asked())) == [], "it may be under way"
    os.utime(left, (time.time() - 2 * folder.LEFT_SECONDS,) * 2)
    ((serious, sentence),) = told(folder.findings(Asked()))
    assert not serious
    assert "left files behind (1, 2.9\xa0KB)" in sentence


@pytest.mark.django_db
def test_a_clock_that_was_set_back_is_found(data: Path, world: World) -> None:
    event = AuditEvent.objects.order_by("-id")[0]
    AuditEvent.objects.create(
        at=timezone.now() + dt.timedelta(hours=2),
        verb="noted",
        subject=event.subject,
        subject_uid=event.subject_uid,
    )
    ((serious, sentence),) = told(folder.findings(Asked()))
    assert serious
    assert "Set the clock right" in sentence


@pytest.mark.django_db
def test_who_works_here_is_named(data: Path) -> None:
    running = data / "running"
    own = [
        presence.enter(running, presence.SERVER, place="127.0.0.1:8000"),
        presence.enter(running, presence.WORKER),
    ]
    first, second = folder.here()
    assert f"The server 127.0.0.1:8000 (process {os.getpid()} on {socket.gethostname()}, since 20" in first
    assert str(os.getpid()) in second
    assert "add --beside" in neighbours.refusal(presence.present(running, presence.SERVER)[0])
    for one in own:
        one.leave()


# Port and mail


def test_a_port_is_free_ours_or_somebody_elses(data: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        asked = Asked(port=taken.getsockname()[1])
        ((serious, sentence),) = told(port.findings(asked))
        assert serious
        assert "another program" in sentence
        own = presence.enter(data / "running", presence.SERVER, place=f"127.0.0.1:{asked.port}")
        assert told(port.findings(asked)) == []
        own.leave()
    assert told(port.findings(asked)) == told(port.findings(Asked())) == []


class MailServer(threading.Thread):
    """Speaks as much SMTP as a test needs; `answers` replaces what it says to a command."""

    def __init__(self, **answers: str) -> None:
        super().__init__(daemon=True)
        self.answers = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "235 in", "QUIT": "221 bye"} | answers
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.letters: list[str] = []
        self.start()

    def run(self) -> None:
        while True:
            try:
                talk, _address = self.socket.accept()
            except OSError:
                return
            with talk, talk.makefile("rw", newline="\r\n") as line:
                self._talk(line)

    def _talk(self, line: Any) -> None:
        def say(text: str) -> None:
            line.write(f"{text}\r\n")
            line.flush()

        say("220 here")
        while command := line.readline().strip():
            verb = command.split()[0].upper()
            say(self.answers.get(verb, "354 go on" if verb == "DATA" else "250 ok"))
            if verb == "DATA":
                letter = []
                while (row := line.readline().rstrip("\r\n")) != ".":
                    letter.append(row)
                self.letters.append("\n".join(letter))
                say("250 taken")
            if verb == "QUIT":
                return


@pytest.fixture
def smtp(db: None, settings: Any) -> Iterator[Callable[..., MailServer]]:
    servers: list[MailServer] = []

    def serve(**answers: str) -> MailServer:
        made = MailServer(**answers)
        servers.append(made)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = made.socket.getsockname()
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "calidez", "secret"
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        return made

    yield serve
    for one in servers:
        one.socket.close()


def test_a_mail_server_that_lets_us_in_is_in_order(smtp: Callable[..., MailServer]) -> None:
    made = smtp()
    assert told(mail.findings(Asked())) == []
    assert made.letters == [], "nobody asked for a letter"
    assert told(mail.findings(Asked(send_to="ada@example.org"))) == []
    (letter,) = made.letters
    assert "To: ada@example.org" in letter
    assert "A test mail of Calidez" in letter


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"AUTH": "535 no such user"}, "refuses the user or password of CALIDEZ_MAIL_URL: no such user"),
        ({"EHLO": "250 here"}, "does not offer what CALIDEZ_MAIL_URL asks for"),
        ({"MAIL": "550 not from you"}, "does not take the test mail: not from you"),
        ({"RCPT": "550 nobody of that name"}, "does not take the test mail"),
        ({"EHLO": "421 too busy", "HELO": "421 too busy"}, "does not answer as it should"),
    ],
)
def test_what_a_mail_server_refuses_is_told(
    smtp: Callable[..., MailServer], answers: dict[str, str], said: str
) -> None:
    smtp(**answers)
    ((serious, sentence),) = told(mail.findings(Asked(send_to="ada@example.org")))
    assert serious
    assert said in sentence
    assert "secret" not in sentence


def test_a_mail_server_that_is_not_there_or_offers_no_encryption_is_told(
    smtp: Callable[..., MailServer], settings: Any
) -> None:
    smtp()
    settings.EMAIL_USE_TLS = True
    assert "STARTTLS" in told(mail.findings(Asked()))[0][1]
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        settings.EMAIL_PORT = free.getsockname()[1]
    assert "does not answer" in told(mail.findings(Asked()))[0][1]


def test_mails_that_lie_unsent_are_noted(smtp: Callable[..., MailServer]) -> None:
    smtp()
    Mail.objects.create(to="ada@example.org", subject="Hello", text="", written_at=timezone.now())
    assert told(mail.findings(Asked())) == [], "the worker may be about to send it"
    Mail.objects.update(written_at=dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC))
    ((serious, sentence),) = told(mail.findings(Asked()))
    assert not serious
    assert "1 mail has not gone out since 2 Mar 2026" in sentence


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"SITE_ADDRESS": "http://127.0.0.1:8012"}, "opens on this computer only"),
        ({"SITE_ADDRESS": "http://quality.example.org"}, "guessed from CALIDEZ_ALLOWED_HOSTS"),
        ({"SITE_ADDRESS": "https://quality.example.org", "BY_PROXY": True}, ""),
        ({"SITE_ADDRESS": "http://127.0.0.1:8012", "SITE_ADDRESS_GIVEN": True}, ""),
    ],
)
def test_an_address_that_nobody_gave_is_noted(settings: Any, values: dict[str, Any], said: str) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    found = told(address.findings(Asked()))
    assert [serious for serious, _sentence in found] == [False] * bool(said)
    assert said in "".join(sentence for _serious, sentence in found)


def test_without_a_mail_server_it_is_said_what_follows_and_what_to_set(settings: Any) -> None:
    """Whatever else is set: also before the site has a name."""
    settings.EMAIL_BACKEND = "calidez.kit.platform.mail.folder.FolderBackend"
    ((serious, sentence),) = told(mail.findings(Asked()))
    assert not serious
    for said in ("invitations", str(Path(settings.DATA_DIR) / "mails"), "CALIDEZ_MAIL_URL"):
        assert said in sentence
    ((serious, sentence),) = told(mail.findings(Asked(send_to="ada@example.org")))
    assert serious, "the letter that was asked for cannot go out"


# All together


def test_a_sentence_names_a_few_and_not_a_thousand() -> None:
    assert named(["a", "b"]) == "a, b"
    assert named([str(n) for n in range(1000)]) == "0, 1, 2, 3, 4 …"


@pytest.mark.django_db
def test_every_examination_is_run_and_told_with_its_name(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    wrong = [Finding("something is wrong")]
    for name in examinations.EXAMINATIONS:
        monkeypatch.setitem(examinations.EXAMINATIONS, name, lambda asked: wrong)
    found = list(examinations.examine(Asked()))
    assert [name for name, _finding in found] == [*examinations.EXAMINATIONS]
    assert [finding for _name, finding in found] == wrong * len(found)
    assert len(found) >= 7


def test_packages_that_were_not_tested_are_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    tested = packages.locked_versions()
    assert tested["django"]
    assert told(packages.findings(Asked())) == [], "what the tests run with is what is locked"
    monkeypatch.setattr(
        packages, "locked_versions", lambda: tested | {"django": {"5.2.0", "4.2"}, "nowhere": {"1"}}
    )
    ((serious, sentence),) = told(packages.findings(Asked()))
    assert not serious
    assert "django 5.2" in sentence
    assert "(4.2, 5.2.0)" in sentence
    assert "nowhere" not in sentence


def test_the_command_finds_what_is_gone(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.umask", lambda mask: mask)
    assert checking.look(Asked(), "en").sound
    file_of(dataset).unlink()
    looked = checking.look(Asked(), "en")
    assert not looked.sound
    (found,) = (one for one in json.loads(looked.as_json())["found"] if one["serious"])
    assert (found["about"], found["serious"]) == ("datasets", True)
    assert found["sentence"] in looked.in_colours()
    assert "in order" not in looked.in_colours()
