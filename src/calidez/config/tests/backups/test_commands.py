"""What the two commands ask, say and refuse; that they do what they say is tried with whole processes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest
from click.testing import Result
from django.utils import translation
from typer.testing import CliRunner

from calidez.backups.archive import locks, reading
from calidez.backups.restoring import Compared
from calidez.config import cli, compared, copies, speech
from calidez.config.tests.backups import places
from calidez.config.tests.backups.test_round_trip import create_person

Run = Callable[..., Result]
pytestmark = pytest.mark.django_db
WORDS = "correct horse battery staple"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, installed: Callable[[Path], Path]) -> Iterator[Run]:
    """On an installation of its own."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("os.umask", lambda mask: mask)
    monkeypatch.chdir(tmp_path)
    before = speech.spoken()
    speech.speak("en")
    installed(tmp_path / "var")
    with translation.override("en"), places.at(tmp_path / "var"):
        yield lambda *words, **options: CliRunner().invoke(cli.app, list(words), **options)
    speech.speak(before)


def test_written_said_and_judged(run: Run, tmp_path: Path) -> None:
    done = run("backup", "a.tar")
    assert done.exit_code == 0, done.stderr
    assert "Written: a.tar" in done.stdout
    assert "It is not encrypted and holds the keys" in done.stdout
    assert "--force" in run("backup", "a.tar").stderr
    assert run("backup", "a.tar", "--force").exit_code == 0
    judged = run("backup", "--check", "a.tar")
    assert "The archive is whole" in judged.stdout
    (tmp_path / "a.tar").write_bytes((tmp_path / "a.tar").read_bytes()[:-1000])
    judged = run("backup", "--check", "a.tar")
    assert (judged.exit_code, "damaged" in judged.stderr) == (1, True)


def test_encrypted_to_a_key(run: Run, tmp_path: Path) -> None:
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"{key}\n")
    done = run("backup", "a.tar.age", "--recipient", str(key.to_public()))
    assert done.exit_code == 0, done.stderr
    assert "not encrypted" not in done.stdout
    assert "--identity" in run("backup", "--check", "a.tar.age").stderr
    assert "is whole" in run("backup", "--check", "a.tar.age", "--identity", "key.txt").stdout
    assert "no public key" in run("backup", "b.tar", "--recipient", "age1x").stderr
    assert not (tmp_path / "b.tar").exists()


def test_a_passphrase_is_asked_for_twice_or_read_and_never_short(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copies.lock((), passphrase=False, file=None) is None
    (tmp_path / "words").write_text(f"{WORDS}\nand more\n")
    assert copies.lock((), passphrase=False, file=tmp_path / "words") == locks.Passphrase(WORDS)
    monkeypatch.setenv("CALIDEZ_BACKUP_PASSPHRASE", WORDS)
    assert copies.lock((), passphrase=True, file=None) == locks.Passphrase(WORDS)
    monkeypatch.setenv("CALIDEZ_BACKUP_PASSPHRASE", "short")
    assert "too short" in run("backup", "a.tar", "--passphrase").stderr
    monkeypatch.delenv("CALIDEZ_BACKUP_PASSPHRASE")
    assert "too short" in run("backup", "a.tar", "--passphrase", input="short\nshort\n").stderr
    assert "No passphrase can be read" in run("backup", "a.tar", "--passphrase-file", "nowhere").stderr
    both = run("backup", "a.tar", "--recipient", "age1x", "--passphrase")
    assert "Choose one" in both.stderr
    assert not (tmp_path / "a.tar").exists()


def test_a_place_in_use_is_told(run: Run) -> None:
    assert run("backup", "a.tar").exit_code == 0
    create_person()
    done = run("restore", "a.tar")
    assert (done.exit_code, "The database is in use" in done.stderr) == (1, True)
    assert "There is no file" in run("backup", "--check", "nowhere.tar").stderr


def test_what_was_restored_is_said_by_the_names_that_people_know(
    run: Run, tmp_path: Path, installed: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No name of a table, no kind of column, no digest cut short."""
    monkeypatch.setattr(copies, "_verify", lambda language: None)
    create_person()
    written = run("backup", "a.tar")
    digest = reading.judge(tmp_path / "a.tar", locks.Keys()).digest
    assert f"Digest of the content: {digest}\n" in written.stdout
    installed(tmp_path / "other")
    with places.at(tmp_path / "other"):
        english = run("restore", "a.tar")
    assert english.exit_code == 0, english.stderr
    _is_a_row(english.stdout, "People", "Units", "1", "equal")
    _is_a_row(english.stdout, "The program", "Events of the audit trail", "4", "equal")
    assert not re.search(r"\b(kit|people|auth)\.\w+|\btable\b +\w+\.", english.stdout), english.stdout
    installed(tmp_path / "third")
    speech.speak("es")
    with places.at(tmp_path / "third"):
        spanish = run("restore", "a.tar")
    _is_a_row(spanish.stdout, "Personas", "Unidades", "1", "igual")


def _is_a_row(text: str, *cells: str) -> None:
    assert re.search("│ " + r" +│ ".join(map(re.escape, cells)) + r" +│", text), text


def test_what_differs_is_named_for_people_and_for_who_looks_for_the_reason() -> None:
    assert compared.named(Compared("table", "people.unit", 1, "a", "b")) == "Units (people.unit)"
    assert compared.named(Compared("table", "kit.searchposting", 1, "a", "b")) == "kit.searchposting"
    assert compared.named(Compared("dataset", "visits", 1, "a", "b")) == "visits"
