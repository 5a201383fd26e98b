"""Which tests PostgreSQL runs beside SQLite, where both were to be tried: those of code to which the database is not all the same.

In one list, since half of the suite asks a database something and nearly all of that is asked by Django. What is here asks
by itself: in SQL of its own, by locks, constraints that one engine has and the other gets by triggers, order and comparison
of text, or as many at the same time. At night PostgreSQL runs every test that touches a database.
"""

from __future__ import annotations

from pathlib import PurePath

PATHS = (
    # lists, their order and their counts; words with and without accents
    "src/calidez/kit/tests/test_lists.py",
    "src/calidez/kit/tests/test_search.py",
    "src/calidez/kit/tests/test_any_record.py",
    # the sealed trail, locks and constraints
    "src/calidez/kit/tests/test_audit.py",
    "src/calidez/kit/tests/test_trail.py",
    "src/calidez/kit/tests/test_thread_past.py",
    "src/calidez/kit/tests/test_operations.py",
    "src/calidez/kit/tests/test_admission.py",
    "src/calidez/kit/tests/test_following.py",
    "src/calidez/kit/tests/test_editions.py",
    "src/calidez/standards/tests/test_life.py",
    "src/calidez/documents/tests/test_effect.py",
    "src/calidez/charter/tests/test_publishing.py",
    "src/calidez/policy/tests/test_policies.py",
    # work that several processes share
    "src/calidez/people/tests/test_slow_guessing.py",
    "src/calidez/kit/tests/test_jobs.py",
    "src/calidez/kit/tests/test_schedules.py",
    "src/calidez/kit/tests/test_runs.py",
    "src/calidez/kit/tests/test_webhooks.py",
    # what is asked of many rows in one query
    "src/calidez/kit/tests/test_intake.py",
    "src/calidez/kit/tests/test_inbox.py",
    "src/calidez/kit/tests/test_badge.py",
    "src/calidez/monitoring/tests/test_measuring.py",
    "src/calidez/monitoring/tests/test_discarding.py",
    "src/calidez/monitoring/tests/test_imports.py",
    "src/calidez/monitoring/tests/test_versions_of_promises.py",
    "src/calidez/samples/tests/test_export.py",
    # all rows of one database in another
    "src/calidez/config/tests/backups/test_round_trip.py",
    # a database as a source of facts; migrations
    "src/calidez/engine/tests/test_postgres.py",
    "src/calidez/config/tests/test_checks.py",
    "src/calidez/config/tests/test_check_of_data.py",
    "tests/test_migrations.py",
    "tests/test_commands.py",
    # letters that one database keeps and the other does not
    "tests/test_hostile_files.py",
)
CONFORMANCE = "tests/conformance/"
# A tree, a person, rows within the record, versions in force, states and steps, figures.
KINDS = frozenset({"unit", "user", "commitment", "standard", "documentversion", "indicator"})


def differs(path: PurePath, kind: str | None) -> bool:
    """Whether a test of this file, relative to the tree, belongs to what PostgreSQL runs by day; `kind` of the record it tries."""
    name = path.as_posix()
    return name in PATHS or (name.startswith(CONFORMANCE) and kind in KINDS)
