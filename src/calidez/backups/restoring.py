"""A backup brought back into an empty place: judged as a whole, loaded at its own schema, compared, then brought up to date."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from calidez import engine
from calidez.backups import files, marker
from calidez.backups import place as places
from calidez.backups.archive import locks, packing, reading
from calidez.backups.archive.manifest import DATABASE, FOLDERS, KEYS, Manifest, Member, damaged
from calidez.backups.archive.writing import digest_of, sync_folder
from calidez.backups.database import rows, schema
from calidez.backups.database.places import Places
from calidez.backups.place import Place
from calidez.engine.errors import EngineError
from calidez.kit.core.audit import seal_restored
from calidez.kit.platform.errors import RuleBroken

Told = Callable[[int, int, str], None]
_SPARE = 100_000_000


@dataclass(frozen=True)
class Compared:
    """One table, dataset or all files of a folder: what the archive says of it, and what was found in the restored place."""

    kind: str
    name: str
    rows: int
    expected: str
    found: str

    @property
    def equal(self) -> bool:
        return self.expected == self.found


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    compared: tuple[Compared, ...]
    migrated: bool

    @property
    def equal(self) -> bool:
        return all(one.equal for one in self.compared)

    @property
    def different(self) -> tuple[Compared, ...]:
        return tuple(one for one in self.compared if not one.equal)


def restore(
    place: Place,
    archive: Path,
    keys: locks.Keys = locks.Keys(),  # noqa: B008 - frozen
    *,
    begin_again: bool = False,
    told: Told = lambda done, total, text: None,
) -> Restored:
    """Fill an empty place. Until all of the archive is judged sound and fitting, nothing is touched."""
    if begin_again:
        places.need_half_restored(place)
    else:
        places.need_empty(place)
    told(0, 0, _("Checking the archive"))
    manifest = reading.judge(archive, keys)
    wanted = schema.of_migrations(place.connection, manifest.migrations)
    schema.need_same_columns(wanted, manifest.tables)
    _need_same_keys(place, manifest)
    _need_room(place, manifest)

    begun = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    marker.put(place.folder, archive=archive.name, begun_at=begun)
    sync_folder(place.folder)
    with _emptied_where_it_fails(place):
        places.empty_folders(place)
        if begin_again or schema.of_database(place.connection).applied != manifest.migrations:
            told(0, 0, _("Making the tables"))
            places.empty_database(place)
            schema.bring_to(place.connection, manifest.migrations)
        _take_out(place, archive, keys, manifest, wanted, told)
        compared = tuple(_compare(place, manifest, wanted, told))
        if not all(one.equal for one in compared):
            # The marker stays: nothing is served from here.
            return Restored(manifest, compared, migrated=False)
        migrated = _bring_up_to_date(place)
        seal_restored()
    marker.take_away(place.folder)
    sync_folder(place.folder)
    return Restored(manifest, compared, migrated)


@contextmanager
def _emptied_where_it_fails(place: Place) -> Iterator[None]:
    """A refusal in the middle leaves the place as empty as it was; where even that fails, or the program is killed,
    the marker stays and says so."""
    keys = place.key_files()
    try:
        yield
    except Exception as error:
        try:
            places.empty_again(place, keys)
        except Exception:
            raise RuleBroken(f"{error} {places.half_filled(place.folder)}") from error
        settings.AUDIT_KEY = place.keys["audit"]
        marker.take_away(place.folder)
        sync_folder(place.folder)
        raise


def _need_same_keys(place: Place, manifest: Manifest) -> None:
    """A key that the environment gives is not in the archive, and has to be the same here."""
    carried = {one.name.partition("/")[2] for one in manifest.members if one.name.startswith(f"{KEYS}/")}
    for name, file in places.KEY_NAMES.items():
        given = os.environ.get(f"CALIDEZ_{name.upper()}_KEY", "")
        if not given and file in carried:
            continue
        variable = f"CALIDEZ_{name.upper()}_KEY"
        if places.fingerprint(name, given or place.keys[name]) != manifest.keys.get(name):
            raise RuleBroken(
                _(
                    "%(variable)s is not the key that the archive was made with. It is kept outside of it: set the variable to the key that the installation had."
                )
                % {"variable": variable}
                if file not in carried
                else _(
                    "%(variable)s is another key than that in the archive. Take the variable away, or set it to the key that the installation had."
                )
                % {"variable": variable}
            )


def _need_room(place: Place, manifest: Manifest) -> None:
    needed, free = manifest.unpacked + _SPARE, shutil.disk_usage(place.folder).free
    if needed > free:
        raise RuleBroken(
            _("The restored data need about %(needed)s MB, and only %(free)s MB are free in %(path)s.")
            % {"needed": needed // 1_000_000, "free": free // 1_000_000, "path": place.folder}
        )


def _take_out(
    place: Place, archive: Path, keys: locks.Keys, manifest: Manifest, wanted: schema.Schema, told: Told
) -> None:
    """In the order of the archive: keys, then all rows in one transaction, then the files."""
    with place.connection.cursor():  # opened before the transaction, so that its own words are no part of it
        pass
    members = reading.contents(archive, keys, manifest)
    found: dict[str, bytes] = {}
    total = len(manifest.members)
    after: Iterator[tuple[Member, Any]] = iter(())
    for member, content in members:
        top, _slash, name = member.name.partition("/")
        if top == KEYS:
            found[name] = content.read()
        elif top in {DATABASE, *FOLDERS}:
            after = chain([(member, content)], members)
            break
    places.put_keys(place, found)
    _work_with(found)
    left = _load(place, wanted, after, total, told)
    for number, (member, content) in enumerate(left):
        if number % 50 == 0:
            told(number, len(manifest.files), _("Bringing back the files"))
        _put(place.folder / (member.place or member.name), content)


def _work_with(key_files: Mapping[str, bytes]) -> None:
    """What follows in this process signs with the key that came, not with the one that a new folder was given."""
    content = key_files.get(places.KEY_NAMES["audit"])
    if content is not None and not os.environ.get("CALIDEZ_AUDIT_KEY"):
        settings.AUDIT_KEY = content.decode().strip()


def _load(
    place: Place, wanted: schema.Schema, members: Iterator[tuple[Member, Any]], total: int, told: Told
) -> Iterator[tuple[Member, Any]]:
    """Loads what is rows and gives back the rest."""
    connection, paths = place.connection, Places(place.folder)
    rest: Iterator[tuple[Member, Any]] = iter(())
    try:
        with transaction.atomic(using=connection.alias):
            rows.clear(connection, wanted)
            for label, parts in groupby(members, key=lambda one: _label(one[0])):
                if not label:
                    rest = parts  # type: ignore[assignment]
                    break
                table = wanted.table(label)
                if table is None:
                    raise damaged(_("it holds a file too many (%(name)s)") % {"name": label})
                for number, (_member, content) in enumerate(parts):
                    told(number, 0, _("Bringing back the records"))
                    rows.load(connection, table, packing.lines_of(content.read()), paths)
            rows.go_on_counting(connection, wanted)
    except DatabaseError as error:  # what is only looked at when all is there, as references
        raise RuleBroken(
            _("The database does not take the rows of %(table)s: %(reason)s")
            % {"table": "?", "reason": str(error).strip().splitlines()[0]}
        ) from error
    return rest


def _label(member: Member) -> str:
    top, _slash, name = member.name.partition("/")
    return name.partition("/")[0] if top == DATABASE else ""


def _put(target: Path, content: Any) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = 0o440 if target.parent.parent.name == "files" else 0o600
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    target.chmod(mode)


def _compare(place: Place, manifest: Manifest, wanted: schema.Schema, told: Told) -> Iterator[Compared]:
    """Read again from where it lies now."""
    paths = Places(place.folder)
    for number, said in enumerate(manifest.tables):
        told(number, len(manifest.tables), _("Comparing with the archive"))
        table = wanted.table(said.label)
        assert table is not None
        count, digest = rows.digest_of(place.connection, table, paths)
        yield Compared("table", said.label, count, f"{said.rows}:{said.digest}", f"{count}:{digest}")
    there = {}
    for member in manifest.files:
        path = place.folder / (member.place or member.name)
        there[member.place or member.name] = digest_of(path) if path.is_file() else ""
    for folder in FOLDERS:
        said_files = {
            one.place or one.name: one.sha256 for one in manifest.files if _folder_of(one) == folder
        }
        found = {name: there[name] for name in said_files}
        expected = files.digest_of_files(said_files)
        yield Compared("files", folder, len(said_files), expected, files.digest_of_files(found))
    for dataset in manifest.datasets:
        yield _compare_dataset(place, dataset, there)


def _compare_dataset(place: Place, said: Any, there: dict[str, str]) -> Compared:
    """By its files, and by what the engine reads from them."""
    expected = f"{said.version}:{said.rows}:{said.digest}"
    try:
        held = engine.Store(place.folder / "datasets").open(said.code)
        copy = engine.copy_of(held, engine.version_of(held))
    except EngineError as error:
        return Compared("dataset", said.code, 0, expected, str(error))
    digests = {name: there.get(f"datasets/{said.code}/{name}", "") for name in copy.files}
    found = f"{copy.version}:{held.rows()}:{files.digest_of_files(digests)}"
    return Compared("dataset", said.code, copy.rows, expected, found)


def _folder_of(member: Member) -> str:
    return (member.place or member.name).partition("/")[0]


def _bring_up_to_date(place: Place) -> bool:
    """By the same way as `calidez migrate`, which also adds what this version brings. The trail is sealed with the restored key."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(place.connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    own = {name: os.environ.get(f"CALIDEZ_{name.upper()}_KEY", "") for name in places.KEY_NAMES}
    for name, file in places.KEY_NAMES.items():
        if not own[name]:
            setattr(settings, f"{name.upper()}_KEY", (place.folder / file).read_text().strip())
    call_command("migrate", interactive=False, verbosity=0)
    return True
