"""The data folder: can be written, has room, and is not half restored; and the files of the pages are built."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from calidez.backups import marker
from calidez.config.findings import Finding, data_folder
from calidez.config.speech import gettext as _

FREE_MB = 200
PACKAGE = Path(__file__).resolve().parent.parent.parent


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    folder = data_folder(environ)
    if folder.exists() and not folder.is_dir():
        yield Finding(
            _("The data folder %(path)s is a file; name a folder in CALIDEZ_DATA.") % {"path": folder}
        )
        return
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding(
            _(
                "The data folder %(path)s cannot be written; give this account the right, or name another in CALIDEZ_DATA."
            )
            % {"path": folder}
        )
    elif (free := shutil.disk_usage(there).free // 1_000_000) < FREE_MB:
        yield Finding(
            _("Only %(free)s MB are free for the data folder %(path)s; at least %(needed)s MB are needed.")
            % {"free": free, "path": folder, "needed": FREE_MB}
        )


def half_restored(environ: Mapping[str, str]) -> Iterator[Finding]:
    if marker.read(data_folder(environ)) is not None:
        yield Finding(
            _(
                "A restore broke off in %(path)s, so its data are not whole. Begin it again: calidez restore FILE --begin-again"
            )
            % {"path": data_folder(environ)}
        )


def built_files() -> Iterator[Finding]:
    if "pytest" not in sys.modules and not (PACKAGE / "static" / "vendor" / "htmx.min.js").is_file():
        yield Finding(
            _("The pages' styles and scripts are not built, so pages would look bare. Run make demo once."),
            serious=False,
        )
