"""`make torture`: kills under load on SQLite and, where a server answers, on PostgreSQL; ends 1 where a promise was broken.

make torture                       some hundred kills on each
make torture ARGS="--kills 500"    more of them
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calidez.config.tests.torture.kills import torture
from calidez.config.tests.torture.site import Site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--on", choices=("sqlite", "postgresql"), help="only this database")
    asked = parser.parse_args()
    server = os.environ.get("CALIDEZ_TEST_DATABASE_URL", "")
    broken = False
    for name in ("sqlite", "postgresql"):
        if asked.on not in (None, name) or (name == "postgresql" and not server):
            continue
        with tempfile.TemporaryDirectory(prefix="calidez-torture-") as folder, _database(name, server) as url:
            site = Site(Path(folder) / "var", database=url)
            print(f"{name}, seed {asked.seed}", flush=True)
            try:
                result = torture(
                    site, kills=asked.kills, seed=asked.seed, told=lambda s: print(s, flush=True)
                )
            finally:
                site.stop()
            print(f"\n{result}\n", flush=True)
            if result.wrong:
                kept = Path(tempfile.gettempdir()) / f"calidez-torture-{name}.log"
                kept.write_bytes(site.log.read_bytes())
                print(f"The server's log: {kept}")
            broken = broken or bool(result.wrong)
    return int(broken)


@contextmanager
def _database(name: str, server: str) -> Iterator[str]:
    """An empty one of its own, dropped afterwards; nothing for SQLite."""
    if name == "sqlite":
        yield ""
        return
    from calidez.config.tests.empty_databases import empty_database

    with empty_database(server, f"calidez_torture_{uuid.uuid4().hex[:12]}") as url:
        yield url


if __name__ == "__main__":
    sys.exit(main())
