"""Whether what is installed is what was tested: each package of another version may behave otherwise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from calidez.config.examining.asked import Asked, named
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _

LINE = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)")
TESTED = Path(__file__).resolve().parent.parent / "constraints.txt"


def findings(asked: Asked) -> Iterator[Finding]:
    others = [
        f"{name} {installed} ({', '.join(sorted(tested))})"
        for name, tested in locked_versions().items()
        if (installed := _installed(name)) and installed not in tested
    ]
    if others:
        yield Finding(
            _(
                "Packages of other versions than those that were tested (in brackets): %(names)s. Install with the constraints that lie beside the wheel."
            )
            % {"names": named(others)},
            serious=False,
        )


def locked_versions() -> dict[str, set[str]]:
    """By package; more than one where it depends on the Python or the machine."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in TESTED.read_text(encoding="utf-8").splitlines():
        if match := LINE.match(line):
            found[match[1]].add(match[2])
    return dict(found)


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
