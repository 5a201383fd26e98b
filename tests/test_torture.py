"""A bounded part of `make torture`: kills at any moment under load, on either database, and everything acknowledged is there."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from calidez.config.tests.empty_databases import empty_database
from calidez.config.tests.torture.kills import torture
from calidez.config.tests.torture.site import Site

pytestmark = pytest.mark.processes
KILLS = 50  # on each of two databases
SEED = 1201


def holds(site: Site, kills: int) -> None:
    try:
        result = torture(site, kills=kills, seed=SEED)
    finally:
        site.stop()
    print(result)  # for whoever reads the output of the run
    assert result.wrong == [], f"{result}\n{site.log.read_text(errors='replace')[-3000:]}"
    assert result.killed.total() >= kills
    assert {kind for kind, count in result.acknowledged.items() if count} >= {
        "one",
        "keyed",
        "many",
        "count",
        "push",
    }


def test_kills_under_load_on_sqlite(tmp_path: Path) -> None:
    holds(Site(tmp_path / "var"), KILLS)


@pytest.mark.postgresql
def test_kills_under_load_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    with empty_database(postgresql_url, f"calidez_torture_{uuid.uuid4().hex[:12]}") as url:
        holds(Site(tmp_path / "var", database=url), KILLS)
