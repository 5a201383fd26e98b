"""The archive as a file: whole or not there, opened by the right key alone, and refused for every damage before anything is touched."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from calidez.backups.archive import locks, packing, reading, tar
from calidez.backups.archive.manifest import Manifest, Table
from calidez.backups.archive.writing import Writer, new_archive
from calidez.backups.tests.forging import members_of, remade, write
from calidez.kit.platform.errors import RuleBroken

NOBODY = locks.Keys()
ROWS = [b'[1,"one"]', b'[2,"two"]', b'[3,"three"]']
PARQUET = os.urandom(3000)
WORDS = locks.Passphrase("correct horse battery staple")
Damage = Callable[[Path], object]


def written(folder: Path, lock: locks.Lock = None, name: str = "a.tar", **options: Any) -> Path:
    """A small archive with a member of each kind."""
    source = folder / "source.parquet"
    source.write_bytes(PARQUET)
    with new_archive(folder / name, lock, **options) as writer:
        fill(writer, source)
    return folder / name


def fill(writer: Writer, source: Path) -> Manifest:
    writer.begin("0.1.0", "2026-11-28T02:35:00+00:00")
    writer.add("keys/audit.key", b"a key")
    assert list(writer.add_rows("database/a.one", ROWS)) == [3]
    writer.add_file("datasets/visits/x.parquet", source)
    writer.add_file("uploads/0a/Año 2026 (final).csv", source)
    manifest = Manifest(
        program="0.1.0",
        made_at="2026-11-28T02:35:00+00:00",
        database="sqlite",
        migrations=(("a", "0001_initial"),),
        keys={},
        tables=(Table("a.one", "a_one", ("id", "name"), 3, "0"), Table("a.two", "a_two", ("id",), 0, "0")),
        left_out=(),
        datasets=(),
        missing=(),
        members=tuple(writer.members),
    ).sealed()
    writer.finish(manifest)
    return manifest


def contents(path: Path, keys: locks.Keys = NOBODY) -> dict[str, bytes]:
    manifest = reading.judge(path, keys)
    return {
        member.place or member.name: content.read()
        for member, content in reading.contents(path, keys, manifest)
    }


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    found = contents(path)
    assert packing.lines_of(found["database/a.one/000001.jsonl.gz"]) == ROWS
    assert found["datasets/visits/x.parquet"] == found["uploads/0a/Año 2026 (final).csv"] == PARQUET
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".*"))


def test_usual_tools_open_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    done = subprocess.run(["tar", "xf", path, "-C", tmp_path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "datasets" / "visits" / "x.parquet").read_bytes() == PARQUET
    packed = (tmp_path / "database" / "a.one" / "000001.jsonl.gz").read_bytes()
    assert gzip.decompress(packed).splitlines() == ROWS


def test_a_member_beyond_eight_gigabytes_has_a_heading_that_tar_reads() -> None:
    for size in (8**11 - 1, 8**11, 9 << 40):
        block = tar.header("datasets/large.parquet", size)
        assert tarfile.TarInfo.frombuf(block, "utf-8", "strict").size == size
        assert tar.read_header(block) == ("datasets/large.parquet", size)


def test_it_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        broken_off(tmp_path / "a.tar")
    assert list(tmp_path.iterdir()) == []
    for lock in (None, locks.Recipients((str(pyrage.x25519.Identity.generate().to_public()),))):
        with pytest.raises(OSError, match="No space left"), new_archive(tmp_path / "a.tar", None):
            fill_up(lock)
        assert list(tmp_path.iterdir()) == []


def broken_off(path: Path) -> None:
    with new_archive(path, None) as writer:
        writer.begin("0.1.0", "")
        raise KeyboardInterrupt


def fill_up(lock: locks.Lock) -> None:
    """Onto a device that is full."""
    full = open("/dev/full", "wb", buffering=0)  # noqa: SIM115 - closed with the block
    with full, locks.writing(full, lock) as inside:
        inside.write(b"x" * (4 << 20))
        inside.flush()


def test_what_a_killed_backup_left_goes_with_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".a.tar.0123abcd.part"
    left.write_bytes(b"half")
    another = tmp_path / ".b.tar.0123abcd.part"
    another.write_bytes(b"half of another")
    written(tmp_path)
    assert not left.exists()
    assert another.exists()


def test_another_file_is_only_replaced_on_demand(tmp_path: Path) -> None:
    path = written(tmp_path)
    before = path.read_bytes()
    with pytest.raises(RuleBroken, match="--force"):
        written(tmp_path)
    assert path.read_bytes() == before
    written(tmp_path, replace=True)
    with pytest.raises(RuleBroken, match="There is no folder"), new_archive(tmp_path / "no" / "a.tar", None):
        pass


# Encryption


@pytest.fixture(scope="module")
def by_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Protected by a passphrase: to make one takes as long as to guess one should."""
    return written(tmp_path_factory.mktemp("words"), WORDS)


KINDS = ["keys", pytest.param("passphrase", marks=pytest.mark.slow)]


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_right_key_opens_it(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    spare = pyrage.x25519.Identity.generate()
    public = (str(mine.to_public()), str(spare.to_public()))
    path = (
        written(tmp_path, locks.Recipients(public)) if kind == "keys" else request.getfixturevalue("by_words")
    )
    assert locks.kind_of(path) == kind
    assert PARQUET[:32] not in path.read_bytes()
    if kind == "keys":
        right = [locks.Keys((str(mine),)), locks.Keys((str(other), str(spare)))]
        wrong = [
            (locks.Keys((str(other),)), "does not open"),
            (NOBODY, "--identity"),
            (locks.Keys(passphrase="x" * 20), "--identity"),
        ]
    else:
        right = [locks.Keys(passphrase=WORDS.words)]
        wrong = [(locks.Keys(passphrase="incorrect horse"), "does not open"), (NOBODY, "--passphrase")]
    for keys in right:
        assert contents(path, keys)["datasets/visits/x.parquet"] == PARQUET
    for keys, said in wrong:
        with pytest.raises(RuleBroken, match=said):
            reading.judge(path, keys)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("damage", ["cut", "flipped", "longer", "heading"])
def test_what_is_encrypted_is_refused_when_damaged(
    kind: str, damage: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    mine = pyrage.x25519.Identity.generate()
    if kind == "keys":
        path = written(tmp_path, locks.Recipients((str(mine.to_public()),)))
    else:
        path = Path(shutil.copy(request.getfixturevalue("by_words"), tmp_path))
    text = bytearray(path.read_bytes())
    if damage == "cut":
        del text[-600 if kind == "keys" else -2000 :]
    elif damage == "flipped":
        text[len(text) - 3000] ^= 1
    elif damage == "longer":
        text += b"more"
    else:
        text[60] ^= 1
    path.write_bytes(text)
    with pytest.raises(RuleBroken):
        reading.judge(
            path,
            locks.Keys((str(mine),), WORDS.words) if kind == "keys" else locks.Keys(passphrase=WORDS.words),
        )


def test_age_itself_reads_what_is_encrypted_to_keys(tmp_path: Path) -> None:
    mine = pyrage.x25519.Identity.generate()
    plain, locked = (
        written(tmp_path),
        written(tmp_path, locks.Recipients((str(mine.to_public()),)), "b.tar.age"),
    )
    assert pyrage.decrypt(locked.read_bytes(), [mine]) == plain.read_bytes()


@pytest.mark.slow
def test_the_passphrase_opens_a_key_and_the_key_the_archive(by_words: Path) -> None:
    inside = members_of(by_words)
    key = pyrage.x25519.Identity.from_str(
        pyrage.passphrase.decrypt(inside["identity.age"], WORDS.words).decode()
    )
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(inside["archive.age"], [key]))) as archive:
        assert "manifest.json" in archive.getnames()


def test_keys_are_looked_at_before_they_are_needed(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="no public key"):
        locks.Recipients(("age1nothing",))
    (tmp_path / "key.txt").write_text(f"# created today\n{pyrage.x25519.Identity.generate()}\n")
    assert len(locks.Keys.of_file(tmp_path / "key.txt").identities) == 1
    (tmp_path / "wrong.txt").write_text("age1public\n")
    (tmp_path / "empty.txt").write_text("# nothing\n")
    for name, said in (("wrong", "no private key"), ("empty", "holds no key"), ("none", "cannot be read")):
        with pytest.raises(RuleBroken, match=said):
            locks.Keys.of_file(tmp_path / f"{name}.txt")


# Damage


def flipped(name: str) -> Damage:
    """One bit of one member, as an ageing disk does it."""

    def damage(path: Path) -> None:
        text = bytearray(path.read_bytes())
        with tarfile.open(path) as archive:
            info = archive.getmember(name)
        text[info.offset_data + info.size // 2] ^= 4
        path.write_bytes(text)

    return damage


def cut(at: Callable[[int], int]) -> Damage:
    return lambda path: path.write_bytes(path.read_bytes()[: at(path.stat().st_size)])


def changed(change: Callable[[dict[str, bytes]], object]) -> Damage:
    def damage(path: Path) -> None:
        members = members_of(path)
        change(members)
        write(path, members)

    return damage


def manifest(change: Callable[[dict[str, Any]], object], *, seal: bool = True) -> Damage:
    return lambda path: remade(path, change, seal=seal)


def forged(name: str, content: bytes, **said: Any) -> Damage:
    """A member that the manifest knows, with right digest and size: only what it is can give it away."""

    def damage(path: Path) -> None:
        members = members_of(path)
        told = json.loads(members.pop("manifest.json"))
        members.pop(name, None)
        told["members"] = [one for one in told["members"] if one["name"] != name]
        told["members"].append(
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **said}
        )
        members |= {name: content, "manifest.json": json.dumps(told).encode()}
        write(path, members)
        remade(path, lambda told: None)

    return damage


def linked(path: Path) -> None:
    """A link where a file should be, which would lead a careless reader elsewhere."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo("calidez-backup.json")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)


BOMB = gzip.compress(b"0" * (64 << 20))
BOMB_OF_LINES = gzip.compress(b"[1]\n" * (4 << 20))
DAMAGES: dict[str, tuple[Damage, str]] = {
    **{
        f"a bit flipped in {name}": (flipped(name), "damaged|no backup")
        for name in (
            "calidez-backup.json",
            "keys/audit.key",
            "database/a.one/000001.jsonl.gz",
            "datasets/visits/x.parquet",
            "uploads/by-number/00000004",
            "manifest.json",
        )
    },
    "cut in the middle": (cut(lambda size: size // 2), "ends too early"),
    "cut by its last block": (cut(lambda size: size - 512), "its end is missing"),
    "cut before the table of contents": (
        changed(lambda m: m.pop("manifest.json")),
        "table of contents is missing",
    ),
    "empty": (lambda path: path.write_bytes(b""), "no backup"),
    "a picture": (lambda path: path.write_bytes(b"\x89PNG" + os.urandom(4000)), "no backup"),
    "another tar": (lambda path: write(path, {"README": b"hello"}), "no backup"),
    "a member missing": (changed(lambda m: m.pop("datasets/visits/x.parquet")), "a file is missing"),
    "a member too many": (
        changed(lambda m: m.update({"files/more": b"x", "manifest.json": m.pop("manifest.json")})),
        "a file too many",
    ),
    "something behind the table of contents": (
        changed(lambda m: m.update({"files/more": b"x"})),
        "behind its table",
    ),
    "something behind the end": (
        lambda path: path.write_bytes(path.read_bytes() + b"x" * 512),
        "behind its end",
    ),
    "members in another order": (
        changed(
            lambda m: m.update(
                {"keys/audit.key": m.pop("keys/audit.key"), "manifest.json": m.pop("manifest.json")}
            )
        ),
        "another order",
    ),
    "table of contents edited": (
        manifest(lambda m: m.update(made_at="2020-01-01"), seal=False),
        "was changed",
    ),
    "table of contents of another kind": (
        changed(lambda m: m.update({"manifest.json": b"[]"})),
        "cannot be read",
    ),
    "a table of contents too deep": (
        changed(lambda m: m.update({"manifest.json": b"[" * 100_000})),
        "cannot be read",
    ),
    "a size that lies": (manifest(lambda m: m["members"][3].update(size=5)), "not what was written"),
    "rows that lie": (manifest(lambda m: m["members"][2].update(rows=5)), "not what was written"),
    "a table that says more rows": (manifest(lambda m: m["tables"][0].update(rows=5)), "more or fewer rows"),
    "a name that leaves its place": (forged("../../evil", b"x"), "outside its place"),
    "an absolute name": (forged("/etc/evil", b"x"), "outside its place"),
    "a place that leaves its place": (
        manifest(lambda m: m["members"][4].update(place="uploads/../../evil")),
        "outside its place",
    ),
    "a place with a name that no disk takes": (
        manifest(lambda m: m["members"][4].update(place=f"uploads/{'x' * 400}")),
        "outside its place",
    ),
    "a place in the root": (
        manifest(lambda m: m["members"][4].update(place="calidez.sqlite3")),
        "outside its place",
    ),
    "a place of a key": (
        manifest(lambda m: m["members"][4].update(place="keys/audit.key")),
        "outside its place",
    ),
    "a key that is none": (forged("keys/calidez.sqlite3", b"x"), "a file too many"),
    "a file that is a link": (linked, "no plain file"),
    "rows that unpack into far too much": (
        forged("database/a.one/000001.jsonl.gz", BOMB_OF_LINES, rows=4 << 20, unpacked=16 << 20),
        "far more than was packed",
    ),
    "rows that are not packed": (
        forged("database/a.one/000001.jsonl.gz", b"[1]\n" * 9, rows=1, unpacked=1),
        "cannot be unpacked",
    ),
    "rows with something behind": (
        forged("database/a.one/000001.jsonl.gz", gzip.compress(b"[1]\n") + b"more", rows=1, unpacked=4),
        "behind packed rows",
    ),
    "rows that end too early": (
        forged("database/a.one/000001.jsonl.gz", gzip.compress(b"[1]\n")[:-6], rows=1, unpacked=4),
        "end too early",
    ),
    "a newer format": (
        changed(lambda m: m.update({"calidez-backup.json": b'{"format": 2, "program": "9.0"}'})),
        r"newer version of Calidez \(9.0\)",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_archive_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    damage, said = DAMAGES[name]
    path = written(tmp_path)
    reading.judge(path, NOBODY)
    damage(path)
    with pytest.raises(RuleBroken, match=said):
        reading.judge(path, NOBODY)


def test_a_row_may_be_large_and_a_bomb_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row beyond the size of a part is carried; what only pretends to be one stops at the largest row."""
    long = b"x" * (9 << 20)
    (first, second, third) = packing.parts([b"a", long, b"b"])
    assert [part.rows for part in (first, second, third)] == [1, 1, 1]
    measure = packing.Measure()
    measure.take(second.packed)
    measure.finish()
    assert (measure.rows, measure.unpacked) == (1, len(long) + 1)
    monkeypatch.setattr(packing, "ROW_BYTES", 16 << 20)
    with pytest.raises(RuleBroken, match="far more"):
        packing.Measure().take(BOMB)


def test_one_that_changes_between_judging_and_taking_out_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path)
    judged = reading.judge(path, NOBODY)
    flipped("datasets/visits/x.parquet")(path)
    with pytest.raises(RuleBroken, match="changed while it was read"):
        [content.read() for _member, content in reading.contents(path, NOBODY, judged)]


def test_a_file_that_shrinks_while_it_is_copied_ends_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fstat

    def longer(descriptor: int) -> Any:
        found = list(real(descriptor))
        found[6] += 1
        return os.stat_result(found)

    (tmp_path / "x").write_bytes(b"abc")
    with pytest.raises(OSError, match="became shorter"), new_archive(tmp_path / "a.tar", None) as writer:  # noqa: PT012
        monkeypatch.setattr(os, "fstat", longer)
        writer.add_file("files/x", tmp_path / "x")
    monkeypatch.undo()
    assert not (tmp_path / "a.tar").exists()
