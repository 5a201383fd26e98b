"""An empty database on the PostgreSQL of the tests, for programs that need one of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote


@contextmanager
def empty_database(server: str, name: str) -> Iterator[str]:
    """Its address; dropped afterwards, whoever is still connected."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        place = conninfo_to_dict(connection.info.dsn)
    host, port, user = str(place.get("host", "")), place.get("port", 5432), quote(str(place.get("user", "")))
    try:
        yield (
            f"postgresql://{user}@/{name}?host={host}&port={port}"
            if host.startswith("/")
            else f"postgresql://{user}@{host}:{port}/{name}"
        )
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
