"""What the two commands ask, say and refuse; that they do what they say is tried with whole processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest
from click.testing import Result
from django.utils import translation
from typer.testing import CliRunner

from calidez.backups.archive import locks
from calidez.config import cli, copies, speech
from calidez.config.tests.backups import places
from calidez.config.tests.backups.test_round_trip import create_person

Run = Callable[..., Result]
pytestmark = pytest.mark.django_db
WORDS = "correct horse battery staple"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, installed: Callable[[Path], Path]) -> Iterator[Run]:
    """On an installation of its own."""
    monkeypatch.setattr(cli, "LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("os.umask", lambda mask: mask)
    monkeypatch.chdir(tmp_path)
    speech.speak("en")
    installed(tmp_path / "var")
    with translation.override("en"), places.at(tmp_path / "var"):
        yield lambda *words, **options: CliRunner().invoke(cli.app, list(words), **options)
    speech.speak(cli.LANGUAGE)


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
