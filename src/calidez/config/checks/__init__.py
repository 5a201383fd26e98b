"""One sentence for each mistake in the environment, found before it becomes a traceback; needs no Django.

Each subject is a module with `findings(environ)`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from calidez.config.checks import backups, database, folder, keys, mail, site, values
from calidez.config.findings import Finding

SUBJECTS = (values, site, keys, database, mail, folder, backups)


def environment_findings(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """What can be judged without touching a database; cheap enough for every start."""
    return [*settings_findings(environ), *folder.half_restored(environ)]


def settings_findings(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Without what only a restore may find."""
    found = [finding for subject in SUBJECTS for finding in subject.findings(environ)]
    return [*found, *folder.built_files()]


def database_findings(environ: Mapping[str, str] = os.environ, *, deep: bool = False) -> list[Finding]:
    """Whether the database answers and is sound: the embedded one is a file, and is read."""
    return database.answers(environ, deep=deep)
