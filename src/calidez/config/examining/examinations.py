"""What `calidez check` looks at once the program can start: data, files, mail, port and who else is there.

Each examination is a module with `findings(asked)`; a new one joins EXAMINATIONS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from calidez.config.examining import address, backups, datasets, files, folder, mail, packages, port, trail
from calidez.config.examining.asked import Asked
from calidez.config.findings import Finding

Examination = Callable[[Asked], Iterable[Finding]]
EXAMINATIONS: dict[str, Examination] = {
    "packages": packages.findings,
    "folder": folder.findings,
    "trail": trail.findings,
    "datasets": datasets.findings,
    "files": files.findings,
    "backups": backups.findings,
    "address": address.findings,
    "mail": mail.findings,
    "port": port.findings,
}


def examine(asked: Asked) -> Iterator[tuple[str, Finding]]:
    """What is wrong, with the name of the examination that found it."""
    for name, examination in EXAMINATIONS.items():
        for finding in examination(asked):
            yield name, finding
