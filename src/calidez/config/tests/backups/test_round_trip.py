"""What was backed up is there again, equal, whichever database it came from and goes to."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections

from calidez import engine
from calidez.backups import files, making, marker, restoring
from calidez.backups.archive import locks, reading
from calidez.backups.database import rows, schema
from calidez.backups.place import Place
from calidez.config.tests.backups import filling, places
from calidez.kit.core import audit, verification
from calidez.kit.core.events import AuditEvent
from calidez.kit.core.registry import catalog
from calidez.kit.platform.errors import RuleBroken
from calidez.kit.platform.jobs.models import Job
from calidez.kit.platform.kept_files import store
from calidez.kit.platform.preferences.models import Preference
from calidez.monitoring.models import Dataset, Import
from calidez.people.models import Unit, User
from calidez.people.tests.factories import create

pytestmark = pytest.mark.django_db
Install = Callable[[Path], Path]
NOBODY = locks.Keys()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, installed: Install, django_db_blocker: Any) -> Path:
    """The folder of an installation with everything in it, on SQLite."""
    folder = tmp_path_factory.mktemp("source") / "var"
    installed(folder)
    with django_db_blocker.unblock(), places.at(folder):
        filling.fill(folder)
    return folder


@pytest.fixture(scope="module")
def archive(source: Path, django_db_blocker: Any) -> Path:
    with django_db_blocker.unblock(), places.at(source) as place:
        return making.back_up(place, source.parent / "everything.tar").path


def copied(source: Path, folder: Path) -> Path:
    """The same installation in another folder, to be changed."""
    shutil.copytree(source, folder)
    with places.at(folder):
        for waiting in Import.objects.filter(path__startswith=f"{source}/"):
            moved = waiting.path.replace(str(source), str(folder))
            Import.objects.filter(pk=waiting.pk).update(path=moved)
    return folder


@contextmanager
def empty(folder: Path, install: Install, url: str = "") -> Iterator[Place]:
    if not url:
        install(folder)
    with places.at(folder, url, keys={"audit": "the key of a new folder, soon replaced"}) as place:
        yield place


def restored(place: Place, archive: Path, **options: Any) -> restoring.Restored:
    done = restoring.restore(place, archive, **options)
    assert done.different == ()
    return done


def test_everything_comes_back(archive: Path, source: Path, tmp_path: Path, installed: Install) -> None:
    with empty(tmp_path / "var", installed) as place:
        done = restored(place, archive)
        assert not marker.read(place.folder)
        told = {one.name: one.rows for one in done.compared if one.kind == "table"}
        assert {label for label, count in told.items() if count} >= filling.labels() - {"kit.schedule"}
        strange = Job.objects.get(name="kit.mail.send_mail", created_at=filling.SPRING)
        assert strange.arguments == filling.AWKWARD
        assert strange.run_after == dt.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC)
        assert (strange.finished_at, strange.error) == (None, "")
        assert Preference.objects.get(key="of a test").value is None
        assert Preference.objects.get(key="another").value == "{data}/not a path"
        visits = Dataset.objects.get(code="visits")
        assert engine.Store(place.folder / "datasets").open("visits").rows() == visits.rows == 40
    with places.at(tmp_path / "var"):  # with the key that came with the archive
        assert verification.verify().intact
        assert AuditEvent.objects.count() == verification.verify().events > 50
    assert (tmp_path / "var" / "audit.key").read_bytes() == (source / "audit.key").read_bytes()


def test_files_lie_where_the_restored_rows_look_for_them(
    archive: Path, source: Path, tmp_path: Path, installed: Install
) -> None:
    with empty(tmp_path / "var", installed) as place:
        restored(place, archive)
        waiting = Import.objects.get(file_name__startswith="Año 2026")
        assert Path(waiting.path).is_relative_to(place.folder)
        assert Path(waiting.path).read_bytes() == b"a,b\n1,2\n"
        refused = Import.objects.get(dataset__code="visits")
        assert "not a day" in Path(refused.reject_file).read_text(encoding="utf-8-sig")
        assert refused.report["reject_file"] == refused.reject_file
        held = {name for (name,) in _texts(place) if str(source) in name}
        assert {name for name in held if not name.startswith(f"{source}-")} == set()


def test_events_that_waited_for_their_seals_on_postgresql_are_sealed_where_nothing_waits(
    source: Path, tmp_path: Path, installed: Install
) -> None:
    with places.at(copied(source, tmp_path / "busy")) as place:
        event = AuditEvent.objects.order_by("-id")[0]
        event.pk, event.note = None, "committed, and not yet sealed"
        event.mac = audit.mac(event)
        event.save(force_insert=True)
        made = making.back_up(place, tmp_path / "busy.tar")
    with empty(tmp_path / "var", installed) as place:
        restored(place, made.path)
    with places.at(tmp_path / "var"):
        assert verification.verify().intact


def _texts(place: Place) -> Iterator[tuple[str]]:
    """Every text of every row: a path of the old place in any of them is a field that should be declared."""
    for table in schema.of_database(place.connection).tables:
        for line in rows.Reading(place.connection, table, rows.Places(Path("/nowhere"))).lines():
            yield from ((text,) for text in _strings(json.loads(line)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)


@pytest.mark.postgresql
@pytest.mark.slow
def test_to_postgresql_on_to_another_and_back(
    archive: Path, tmp_path: Path, installed: Install, postgresql_url: str
) -> None:
    """SQLite → PostgreSQL → PostgreSQL → SQLite: the digests of all tables are those of the first."""
    first = reading.judge(archive, NOBODY)
    before = archive
    with ExitStack() as stack:
        for number in (1, 2):
            url = stack.enter_context(places.on_server(postgresql_url))
            with empty(tmp_path / f"pg{number}", installed, url) as place:
                assert restored(place, before).manifest.tables == first.tables
                before = making.back_up(place, tmp_path / f"pg{number}.tar").path
                assert reading.judge(before, NOBODY).database == "postgresql"
                root = Unit.objects.order_by("path").first()
                admin = User.objects.get(email="admin@example.org")
                assert create(Unit, admin, code=f"NEW-{number}", name="New", parent=root).pk, "numbers go on"
                connections["default"].close()
        with empty(tmp_path / "back", installed) as place:
            assert restored(place, before).manifest.tables == first.tables
        with places.at(tmp_path / "back"):
            assert verification.verify().intact


@pytest.mark.postgresql
@pytest.mark.slow
def test_an_empty_server_is_filled_from_nothing(
    archive: Path, tmp_path: Path, installed: Install, postgresql_url: str
) -> None:
    """No tables at all: those of the archive's version are made first. What is there already is refused."""
    with (
        places.on_server(postgresql_url, migrated=False) as url,
        empty(tmp_path / "pg", installed, url) as place,
    ):
        with place.connection.cursor() as cursor:
            cursor.execute("CREATE TABLE of_somebody_else (id int)")
        with pytest.raises(RuleBroken, match="tables of another program"):
            restoring.restore(place, archive)
        with place.connection.cursor() as cursor:
            cursor.execute("DROP TABLE of_somebody_else")
        restored(place, archive)
        with pytest.raises(RuleBroken, match="is not empty"):
            restoring.restore(place, archive)


@pytest.mark.slow
def test_an_archive_of_an_earlier_schema_is_brought_up_to_date(tmp_path: Path, installed: Install) -> None:
    """Before one part was there and others had less: such a place is backed up as it is, and restored by its own schema."""
    before = [
        ("samples", None),
        ("axes", "0006_remove_accesslog_trusted"),
        ("auth", "0011_update_proxy_permissions"),
    ]
    old = tmp_path / "old"
    installed(old)
    with places.at(old) as place:
        create_person()
        _back_to(place, before)
        made = making.back_up(place, tmp_path / "old.tar")
        assert not any(table.label.startswith("samples.") for table in made.manifest.tables)
    with empty(tmp_path / "var", installed) as place:
        done = restored(place, made.path)
        assert done.migrated
        assert schema.of_database(place.connection).applied != made.manifest.migrations
        assert User.objects.get().email == "ada@example.org"
        apps.get_model("samples.PackEntry").objects.count()


def create_person() -> None:
    from calidez.people.services import found_organisation

    found_organisation(
        name="Clinic",
        code="C",
        language="en",
        email="ada@example.org",
        person="Ada",
        password="a long password",
    )


def _back_to(place: Place, targets: list[tuple[str, str | None]]) -> None:
    from django.db.migrations.executor import MigrationExecutor

    MigrationExecutor(place.connection).migrate(targets)


@pytest.mark.parametrize(
    ("migration", "said"),
    [
        (("people", "9999_tomorrow"), "made by a newer version"),
        (("inspections_of_ours", "0001_initial"), "CALIDEZ_PARTS"),
    ],
)
def test_what_this_version_does_not_know_is_refused(
    migration: tuple[str, str], said: str, tmp_path: Path, installed: Install
) -> None:
    folder = tmp_path / "newer"
    installed(folder)
    with places.at(folder) as place:
        newer = tmp_path / "newer.tar"
        _written_by_another(place, newer, migration)
    with empty(tmp_path / "var", installed) as place:
        before = places.tree(place.folder)
        with pytest.raises(RuleBroken, match=said):
            restoring.restore(place, newer)
        place.connection.close()
        assert places.tree(place.folder) == before


def _written_by_another(place: Place, target: Path, migration: tuple[str, str]) -> None:
    """As a program with one migration more would write it."""
    from calidez.backups.tests.forging import remade

    made = making.back_up(place, target)
    remade(made.path, lambda said: said["migrations"].append(list(migration)))


def test_a_place_in_use_is_not_touched(archive: Path, tmp_path: Path, installed: Install) -> None:
    with empty(tmp_path / "var", installed) as place:
        create_person()
        with pytest.raises(RuleBroken, match="The database is in use"):
            restoring.restore(place, archive)
        assert User.objects.count() == 1
    with empty(tmp_path / "other", installed) as place:
        (place.folder / "files" / "aa").mkdir()
        (place.folder / "files" / "aa" / "kept").write_text("evidence")
        with pytest.raises(RuleBroken, match="there is something in files"):
            restoring.restore(place, archive)
        assert (place.folder / "files" / "aa" / "kept").read_text() == "evidence"


def test_a_restore_that_broke_off_is_not_gone_on_with(
    archive: Path, tmp_path: Path, installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    with empty(tmp_path / "var", installed) as place:
        with monkeypatch.context() as patched:
            patched.setattr(restoring, "_put", killed)
            with pytest.raises(KeyboardInterrupt):
                restoring.restore(place, archive)
        assert marker.read(place.folder) == {"archive": "everything.tar", "begun_at": _AnyText()}
        with pytest.raises(RuleBroken, match="--begin-again"):
            restoring.restore(place, archive)


def damaged_once_judged(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """A disk that fails just then: the bytes of one member are others when they are read for the second time."""
    judge = reading.judge

    def judged(path: Path, keys: locks.Keys, **options: Any) -> Any:
        manifest = judge(path, keys, **options)
        member = next(one for one in manifest.members if one.name.startswith(place))
        with tarfile.open(path) as held:
            info = held.getmember(member.name)
        text = bytearray(path.read_bytes())
        text[info.offset_data + info.size // 2] ^= 4
        path.write_bytes(text)
        return manifest

    monkeypatch.setattr(reading, "judge", judged)


@pytest.mark.parametrize("place", ["keys/audit.key", "database/people.user/", "files/"])
def test_what_is_found_damaged_while_it_is_taken_out_leaves_the_place_empty(
    place: str, archive: Path, tmp_path: Path, installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty(tmp_path / "var", installed) as here:
        _refused_in_the_middle(here, Path(shutil.copy(archive, tmp_path)), place, monkeypatch)


@pytest.mark.postgresql
@pytest.mark.slow
def test_a_server_too_is_left_empty(
    archive: Path, tmp_path: Path, installed: Install, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with places.on_server(postgresql_url) as url, empty(tmp_path / "pg", installed, url) as here:
        _refused_in_the_middle(here, Path(shutil.copy(archive, tmp_path)), "files/", monkeypatch)


def _refused_in_the_middle(here: Place, archive: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: text for name, text in places.tree(here.folder).items() if name.endswith(".key")}
    with monkeypatch.context() as patched:
        damaged_once_judged(patched, place)
        with pytest.raises(RuleBroken, match="damaged"):
            restoring.restore(here, archive)
    here.connection.close()
    assert {name: path.read_bytes() for name, path in _files(here.folder)} == before
    assert here.connection.introspection.table_names() == []
    assert here.keys["audit"] == settings.AUDIT_KEY
    restoring.places.need_empty(here)  # another archive can be restored without more ado


def test_where_it_cannot_be_emptied_again_it_is_said(
    archive: Path, tmp_path: Path, installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_arguments: Any) -> None:
        raise OSError("read-only file system")

    with empty(tmp_path / "var", installed) as place:
        monkeypatch.setattr(restoring, "_put", stuck)
        monkeypatch.setattr(restoring.places, "empty_again", stuck)
        with pytest.raises(RuleBroken, match=r"read-only file system .*half filled.*--begin-again"):
            restoring.restore(place, archive)
        assert marker.read(place.folder) is not None


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    yield from ((str(path.relative_to(folder)), path) for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
def test_begun_again_it_is_emptied_first(
    archive: Path, tmp_path: Path, installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty(tmp_path / "var", installed) as place:
        restored(place, archive)
        marker.put(
            place.folder, archive="everything.tar", begun_at="2026-11-28"
        )  # killed just before the end
        restored(place, archive, begin_again=True)
        assert marker.read(place.folder) is None
        with pytest.raises(RuleBroken, match="No restore was broken off"):
            restoring.restore(place, archive, begin_again=True)


class _AnyText:
    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)


def test_a_difference_keeps_the_place_closed(
    archive: Path, tmp_path: Path, installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the reason: a row that the database did not keep as it was given is found by its digest."""
    load = rows.load

    def careless(connection: Any, table: Any, lines: Any, paths: Any) -> None:
        load(connection, table, [*lines][1:] if table.label == "policy.commitment" else lines, paths)

    monkeypatch.setattr(rows, "load", careless)
    with empty(tmp_path / "var", installed) as place:
        done = restoring.restore(place, archive)
        assert [one.name for one in done.different] == ["policy.commitment"]
        assert marker.read(place.folder) is not None


def test_keys_of_the_environment_stay_there_and_must_be_the_same(
    tmp_path: Path, installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "source"
    installed(folder)
    with places.at(folder) as place:
        held = (folder / "audit.key").read_text()
        (folder / "audit.key").unlink()
        made = making.back_up(place, tmp_path / "a.tar")
    assert "keys/audit.key" not in {one.name for one in made.manifest.members}
    with empty(tmp_path / "var", installed) as place:
        with pytest.raises(RuleBroken, match="CALIDEZ_AUDIT_KEY is not the key"):
            restoring.restore(place, made.path)
        monkeypatch.setenv("CALIDEZ_AUDIT_KEY", held)
        restored(place, made.path)
    monkeypatch.setenv("CALIDEZ_SECRET_KEY", "quite another secret than the one in the archive")
    with (
        empty(tmp_path / "third", installed) as place,
        pytest.raises(RuleBroken, match="Take the variable away"),
    ):
        restoring.restore(place, made.path)


def test_too_small_a_disk_is_told_before_anything_is_touched(
    archive: Path, tmp_path: Path, installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "_SPARE", 1 << 60)
    with empty(tmp_path / "var", installed) as place:
        with pytest.raises(RuleBroken, match="MB are free"):
            restoring.restore(place, archive)
        assert marker.read(place.folder) is None


def test_a_file_deleted_between_moment_and_copy_makes_another_moment(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody disposes of a document just then: the archive is of before or of after, and lacks nothing."""
    folder = copied(source, tmp_path / "source")
    with places.at(folder) as place:
        hold, moments = files.hold, []

        def interrupted(*arguments: Any) -> files.Held:
            moments.append(1)
            if len(moments) == 1:
                waiting = Import.objects.get(file_name__startswith="Año 2026")
                Path(waiting.path).unlink()
                Import.objects.filter(pk=waiting.pk).update(state=Import.State.DISCARDED)
            return hold(*arguments)

        monkeypatch.setattr(files, "hold", interrupted)
        made = making.back_up(place, tmp_path / "a.tar")
        assert len(moments) == 2
        assert made.manifest.missing == ()


def test_what_is_gone_for_good_is_named_and_all_the_rest_is_kept(
    source: Path, tmp_path: Path, installed: Install
) -> None:
    folder = copied(source, tmp_path / "source")
    with places.at(folder) as place:
        sha = apps.get_model("kit.Attachment").objects.get().sha256
        store.path_of(sha).unlink()
        (next((folder / "datasets" / "visits" / "_delta_log").glob("*0.json"))).write_text("{")
        made = making.back_up(place, tmp_path / "a.tar")
        assert set(made.manifest.missing) == {f"files/{sha[:2]}/{sha}", "datasets/visits"}
    with empty(tmp_path / "var", installed) as place:
        assert restored(place, made.path).manifest.missing == made.manifest.missing


def test_a_load_that_the_rows_do_not_know_is_no_part_of_the_moment(
    source: Path, tmp_path: Path, installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the moment of the database and the copying of the datasets, a whole file comes in."""
    folder = copied(source, tmp_path / "source")
    with places.at(folder) as place:
        hold, admin = files.hold, User.objects.get(email="admin@example.org")

        def meanwhile(*arguments: Any) -> files.Held:
            filling.facts(admin, folder, rows=52)
            return hold(*arguments)

        monkeypatch.setattr(files, "hold", meanwhile)
        made = making.back_up(place, tmp_path / "a.tar")
        assert Dataset.objects.get(code="visits").rows == 52
    with empty(tmp_path / "var", installed) as place:
        restored(place, made.path)
        visits = Dataset.objects.get(code="visits")
        assert engine.Store(place.folder / "datasets").open("visits").rows() == visits.rows == 40


def test_never_two_at_once(tmp_path: Path, installed: Install) -> None:
    installed(tmp_path / "var")
    with (
        places.at(tmp_path / "var") as place,
        making.alone(place.folder),
        pytest.raises(RuleBroken, match="Another backup"),
    ):
        making.back_up(place, tmp_path / "a.tar")
    assert not list(tmp_path.glob("*a.tar*"))


def test_every_table_is_carried_or_named_as_left_out(installed: Install, tmp_path: Path) -> None:
    """A new table is in the archive by itself; one without a model would be missing in silence."""
    installed(tmp_path / "var")
    with places.at(tmp_path / "var") as place:
        found = schema.of_database(place.connection)
        carried = {one.name for one in (*found.tables, *found.left_out)}
        with place.connection.cursor() as cursor:
            there = {one.name for one in place.connection.introspection.get_table_list(cursor)}
        assert there - carried == {"django_migrations"}
        assert {one.label for one in found.left_out} == schema.LEFT_OUT
        assert {one.label for one in found.tables} >= {e.model._meta.label_lower for e in catalog}
