"""Where nightly backups go, how many stay and to whom they are encrypted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from calidez.backups.retention import plan_of
from calidez.config.findings import Finding, data_folder
from calidez.config.speech import gettext as _


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    folder = environ.get("CALIDEZ_BACKUP_DIR", "")
    nightly = ("CALIDEZ_BACKUP_KEEP", "CALIDEZ_BACKUP_RECIPIENT", "CALIDEZ_BACKUP_IDENTITY_FILE")
    others = [name for name in nightly if environ.get(name)]
    if not folder:
        if others:
            yield Finding(
                _("%(name)s is set, but CALIDEZ_BACKUP_DIR names no folder, so no backups are made.")
                % {"name": others[0]},
                serious=False,
            )
        return
    path = Path(folder)
    if not path.is_absolute() or not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
        yield Finding(
            _(
                "CALIDEZ_BACKUP_DIR is %(path)s; name a folder that is there and that this account may write, by its whole path."
            )
            % {"path": folder}
        )
    elif path.resolve().is_relative_to(data_folder(environ)):
        yield Finding(
            _(
                "CALIDEZ_BACKUP_DIR lies inside the data folder: who loses one loses both. Name a folder on another disk."
            )
        )
    elif (
        path.stat().st_dev
        == next(p for p in (data_folder(environ), *data_folder(environ).parents) if p.exists()).stat().st_dev
    ):
        yield Finding(
            _(
                "CALIDEZ_BACKUP_DIR is on the same disk as the data: a broken disk takes both. Copy the backups elsewhere, or name a folder on another disk."
            ),
            serious=False,
        )
    try:
        plan_of(environ.get("CALIDEZ_BACKUP_KEEP", ""))
    except ValueError:
        yield Finding(
            _(
                "CALIDEZ_BACKUP_KEEP is “%(value)s”; say how many backups are kept of days, weeks and months, such as 7d,4w,12m."
            )
            % {"value": environ["CALIDEZ_BACKUP_KEEP"]}
        )
    for key in filter(None, (k.strip() for k in environ.get("CALIDEZ_BACKUP_RECIPIENT", "").split(","))):
        if not re.fullmatch(r"age1[a-z0-9]{58}", key):
            yield Finding(
                _(
                    "CALIDEZ_BACKUP_RECIPIENT holds “%(key)s”, which is no public key of age; it begins with age1."
                )
                % {"key": key[:20]}
            )
    identity = environ.get("CALIDEZ_BACKUP_IDENTITY_FILE", "")
    if identity and not os.access(identity, os.R_OK):
        yield Finding(
            _("CALIDEZ_BACKUP_IDENTITY_FILE is %(path)s, which is no file that this account can read.")
            % {"path": identity}
        )
