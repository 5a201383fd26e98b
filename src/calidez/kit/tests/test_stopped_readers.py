"""Each reader that a file ended is counted once, for all processes together."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from calidez.engine import limited
from calidez.kit.platform import stopped_readers


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_what_the_engine_tells_is_counted_by_its_limit() -> None:
    assert not stopped_readers.stopped()
    limited.tell("look at .csv", "memory")
    limited.tell("look at .xlsx", "memory")
    limited.tell("stage at .csv", "time")
    assert stopped_readers.stopped() == {"memory": 2, "time": 1}
    assert not stopped_readers.stopped(since=timezone.now() + dt.timedelta(seconds=1))


def test_the_list_does_not_grow_without_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopped_readers, "MOST_BYTES", 1_000)
    for _ in range(100):
        stopped_readers.note("look at .csv", "time")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 2_500
    assert 5 < stopped_readers.stopped()["time"] < 40


def test_a_line_cut_off_and_a_folder_that_is_gone_trouble_nobody(folder: Path, settings: Any) -> None:
    stopped_readers.note("look at .csv", "time")
    with (folder / "stopped-readers.jsonl").open("a") as file:
        file.write('{"at": "2026-')
    assert stopped_readers.stopped() == {"time": 1}
    settings.DATA_DIR = folder / "gone"
    stopped_readers.note("look at .csv", "time")
    assert not stopped_readers.stopped()
