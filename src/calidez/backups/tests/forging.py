"""Archives that somebody changed by hand, with all that belongs to a change made right again."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Change = Callable[[dict[str, Any]], object]


def members_of(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]


def write(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    text = path.read_bytes()
    path.write_bytes(text.rstrip(b"\0") + b"\0" * (-len(text.rstrip(b"\0")) % 512) + b"\0" * 1024)


def remade(path: Path, change: Change, *, seal: bool = True) -> None:
    """Change the manifest; `seal` counts its digest anew, as a clever forger would."""
    members = members_of(path)
    said = json.loads(members["manifest.json"])
    change(said)
    if seal:
        said["digest"] = digest_of(said)
    members["manifest.json"] = json.dumps(said).encode()
    write(path, members)


def digest_of(said: dict[str, Any]) -> str:
    whole = {name: value for name, value in said.items() if name != "digest"}
    usual = {"rows": None, "unpacked": None, "place": ""}
    whole["members"] = [usual | one for one in whole["members"]]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
