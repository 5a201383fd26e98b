"""A command that only looks, or that was refused, leaves nothing in a new data folder, and takes nothing from any other."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from calidez.config import environment, visiting

Start = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is not there yet, and a start that makes it as the settings do."""
    path = tmp_path / "srv" / "calidez"
    monkeypatch.setenv("CALIDEZ_DATA", str(path))
    monkeypatch.setattr(visiting, "start", lambda language, **options: environment.read(os.environ))
    return path


def visit(work: Callable[[], object] = lambda: None) -> None:
    with visiting.visiting("en"):
        work()


def database(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "calidez.sqlite3")) as held:
        held.execute("PRAGMA journal_mode=WAL")
        held.execute(statement)
        held.commit()


def test_a_new_folder_is_gone_again_with_the_folders_above_it(folder: Path, tmp_path: Path) -> None:
    visit(lambda: database(folder, "SELECT 1"))
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_leaves_an_empty_folder_empty(folder: Path) -> None:
    folder.mkdir(parents=True)

    def refused() -> None:
        raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        visit(refused)
    assert list(folder.iterdir()) == []


def test_what_was_there_stays(folder: Path) -> None:
    environment.read({"CALIDEZ_DATA": str(folder)})
    before = sorted(folder.rglob("*"))
    visit()
    assert sorted(folder.rglob("*")) == before


def test_what_was_filled_stays_with_its_keys(folder: Path) -> None:
    visit(lambda: database(folder, "CREATE TABLE people (id int)"))
    assert (folder / "audit.key").is_file()


def test_keys_that_came_with_an_archive_stay(folder: Path) -> None:
    visit(lambda: (folder / "audit.key").write_text("of the archive"))
    assert (folder / "audit.key").read_text() == "of the archive"
    assert (folder / "secret.key").is_file()


def test_a_file_that_somebody_put_there_stays(folder: Path) -> None:
    visit(lambda: (folder / "uploads" / "x.csv").write_text("a,b"))
    assert (folder / "uploads" / "x.csv").is_file()
