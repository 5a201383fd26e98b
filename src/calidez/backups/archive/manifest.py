"""What an archive says of itself: every member with size and digest, every table with its rows, and what it was made by."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken

FORMAT = 1
HEADER, MANIFEST = "calidez-backup.json", "manifest.json"
KEYS, DATABASE = "keys", "database"
KEY_FILE = re.compile(r"[a-z][a-z0-9_-]*\.key|trail\.head")
# What lies in the data folder beside the database; the same names there and in the archive.
FOLDERS = ("datasets", "files", "uploads", "rejects", "runs")
# Rows are packed in parts that fit into memory, whoever wrote them: a part is no larger, unless it is one single row.
PART_BYTES = 4 << 20
ROW_BYTES = 1 << 30
MANIFEST_BYTES = 256 << 20


@dataclass(frozen=True)
class Member:
    """One file in the archive. `place` says where it belongs in the data folder, where its name cannot."""

    name: str
    size: int
    sha256: str
    rows: int | None = None  # of a part of a table
    unpacked: int | None = None
    place: str = ""


@dataclass(frozen=True)
class Table:
    """The rows of one model; `digest` is the same for the same rows, whatever database holds them."""

    label: str
    table: str
    columns: tuple[str, ...]
    rows: int
    digest: str


@dataclass(frozen=True)
class HeldDataset:
    """A dataset up to one version of its log."""

    code: str
    version: int
    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """`missing` names files that records name and that the disk did not have when the archive was made."""

    program: str
    made_at: str
    database: str
    migrations: tuple[tuple[str, str], ...]
    keys: Mapping[str, str]
    tables: tuple[Table, ...]
    left_out: tuple[str, ...]
    datasets: tuple[HeldDataset, ...]
    missing: tuple[str, ...]
    members: tuple[Member, ...]
    format: int = FORMAT
    digest: str = field(default="", compare=False)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def files(self) -> tuple[Member, ...]:
        """What goes into the data folder as it is."""
        return tuple(one for one in self.members if one.name.partition("/")[0] in FOLDERS)

    @property
    def unpacked(self) -> int:
        """About what a restored place takes on the disk: rows with their indexes cost twice what they cost as text."""
        files = sum(one.size for one in self.files)
        return files + 2 * sum(one.unpacked or 0 for one in self.members)

    def sealed(self) -> Self:
        return replace(self, digest=self._digest())

    def to_bytes(self) -> bytes:
        return json.dumps(_plain(asdict(self)), ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Refuses what is no manifest of ours, or was changed after it was written."""
        said = read_json(text, MANIFEST)
        need_known_format(said)
        try:
            manifest = cls(
                **{
                    **said,
                    "migrations": tuple((str(app), str(name)) for app, name in said["migrations"]),
                    "tables": tuple(Table(**{**t, "columns": tuple(t["columns"])}) for t in said["tables"]),
                    "left_out": tuple(said["left_out"]),
                    "datasets": tuple(HeldDataset(**one) for one in said["datasets"]),
                    "missing": tuple(said["missing"]),
                    "members": tuple(Member(**one) for one in said["members"]),
                }
            )
            whole = manifest.digest == manifest._digest()
        except (KeyError, TypeError, ValueError, AttributeError):
            raise damaged(_("its table of contents cannot be read")) from None
        if not whole:
            raise damaged(_("its table of contents was changed"))
        return manifest

    def _digest(self) -> str:
        said = {name: value for name, value in asdict(self).items() if name != "digest"}
        return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def header(program: str, made_at: str) -> bytes:
    """The first member, so that what cannot be read by this version is known after half a kilobyte."""
    return json.dumps({"format": FORMAT, "program": program, "made_at": made_at}).encode()


def need_known_format(said: Mapping[str, Any]) -> None:
    number = said.get("format")
    if not isinstance(number, int):
        raise not_ours()
    if number > FORMAT:
        raise RuleBroken(
            _(
                "This archive was made by a newer version of Calidez (%(program)s). Install that version or a later one, and restore it there."
            )
            % {"program": str(said.get("program", "?"))[:40]}
        )


def read_json(text: bytes, name: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise damaged(_("%(name)s cannot be read") % {"name": name}) from None
    if not isinstance(said, dict):
        raise damaged(_("%(name)s cannot be read") % {"name": name})
    return said


def damaged(why: str) -> RuleBroken:
    return RuleBroken(
        _("The archive is damaged: %(why)s. Nothing was touched; take another archive.") % {"why": why}
    )


def not_ours() -> RuleBroken:
    return RuleBroken(_("This file is no backup of Calidez."))


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """Without what only some members have."""
    said["members"] = [{k: v for k, v in one.items() if v not in (None, "")} for one in said["members"]]
    return said
