"""The data folder and the machine below it: writing, rights, left-over work, clock, time zones, and who else is there."""

from __future__ import annotations

import datetime as dt
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from calidez.config import neighbours
from calidez.config.examining.asked import Asked
from calidez.config.findings import Finding
from calidez.config.serving import embedded
from calidez.config.speech import gettext as _
from calidez.kit.core.events import AuditEvent
from calidez.kit.platform import presence

# Locks and shared memory of an embedded database are kept by one machine and not by a network.
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "lustre", "afs", "fuse.sshfs"}
)
LEFT_SECONDS = 86_400
SET_BACK = dt.timedelta(minutes=5)
LEFT_BEHIND = (
    "tmp/*",
    "files/*.part",
    "datasets/*/.staging/*",
    "datasets/*/.reading-*",
    "datasets/.removed-*",
)


def findings(asked: Asked) -> Iterator[Finding]:
    folder = Path(settings.DATA_DIR)
    yield from _writing(folder)
    yield from _rights(folder)
    yield from _network(folder)
    yield from _left_behind(folder)
    yield from _clock()
    yield from _servers()


def here() -> list[str]:
    """Who works on the data folder just now, as sentences."""
    folder = Path(settings.RUNNING_DIR)
    servers = [neighbours.named(one) for one in presence.present(folder, presence.SERVER)]
    workers = [str(one.pid) for one in presence.present(folder, presence.WORKER)]
    said = [_("%(server)s uses this data folder.") % {"server": server} for server in servers]
    if workers:
        said.append(_("Workers for background jobs: process %(pids)s.") % {"pids": ", ".join(workers)})
    return said


def _writing(folder: Path) -> Iterator[Finding]:
    """As each write here does it: a file, asked of the disk, renamed into its place."""
    path = folder / "running" / ".checked"
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(b"calidez")
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        whole = path.read_bytes() == b"calidez"
        path.unlink()
        reason = "" if whole else _("what was written is not what is read")
    except OSError as error:
        reason = error.strerror or str(error)
    if reason:
        yield Finding(
            _("Writing in the data folder %(path)s fails: %(reason)s.") % {"path": folder, "reason": reason}
        )


def _rights(folder: Path) -> Iterator[Finding]:
    for path in (folder, folder / "calidez.sqlite3"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(
                _("Other accounts of this computer can read %(path)s; mend it with: chmod go-rwx %(path)s")
                % {"path": path},
                serious=False,
            )


def _network(folder: Path) -> Iterator[Finding]:
    kind = kind_of_disk(folder, Path("/proc/self/mountinfo"))
    if embedded() and kind in NETWORK:
        yield Finding(
            _(
                "The data folder lies on a network disk (%(kind)s), where the embedded database can be damaged. Use a disk of this computer, or PostgreSQL."
            )
            % {"kind": kind}
        )


def kind_of_disk(folder: Path, mounts: Path) -> str:
    """The file system of the innermost mount above the folder; nothing where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    place, found = Path(), ""
    for line in lines:
        before, _dash, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        mount = Path(fields[4].replace("\\040", " "))
        # Of two on the same place the later one is seen.
        if folder.is_relative_to(mount) and len(mount.parts) >= len(place.parts):
            place, found = mount, after.split()[0]
    return found


def _left_behind(folder: Path) -> Iterator[Finding]:
    oldest = time.time() - LEFT_SECONDS
    left = [
        path for pattern in LEFT_BEHIND for path in folder.glob(pattern) if path.lstat().st_mtime < oldest
    ]
    if left:
        files = [one for path in left for one in (path, *path.rglob("*")) if one.is_file()]
        size = sum(one.stat().st_size for one in files)
        yield Finding(
            _(
                "Work that broke off left files behind (%(count)s, %(size)s), such as %(path)s. They can be deleted."
            )
            % {"count": len(files) or len(left), "size": filesizeformat(size), "path": left[0]},
            serious=False,
        )


def _clock() -> Iterator[Finding]:
    newest = AuditEvent.objects.order_by("-id").values_list("at", flat=True).first()
    now = timezone.now()
    if newest is not None and newest > now + SET_BACK:
        yield Finding(
            _(
                "The clock says %(now)s, but the newest event of the audit trail is of %(newest)s. Set the clock right."
            )
            % {
                "now": f"{now:%Y-%m-%d %H:%M} UTC",
                "newest": f"{newest.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC",
            }
        )
    try:
        ZoneInfo(settings.TIME_ZONE)
        ZoneInfo("America/Bogota")
    except (LookupError, OSError, ValueError):
        yield Finding(_("The data of time zones are missing. Install the package tzdata."))


def _servers() -> Iterator[Finding]:
    servers = presence.present(Path(settings.RUNNING_DIR), presence.SERVER)
    if embedded() and len(servers) > 1:
        yield Finding(
            _("%(count)s servers use this data folder at once. Stop all but one.") % {"count": len(servers)},
            serious=False,
        )
