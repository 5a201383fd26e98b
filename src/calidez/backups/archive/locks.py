"""Encryption by age: to public keys, or by a passphrase; the bytes flow through and are never whole in memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage
from django.utils.translation import gettext as _

from calidez.backups.archive import tar
from calidez.backups.archive.manifest import damaged
from calidez.kit.platform.errors import RuleBroken

AGE = b"age-encryption.org/v1"
# age protects a whole file by a passphrase only in memory. So the passphrase protects a key of one use, and the key
# the archive; both stand in a tar, which `tar` and `age` open.
KEY, INSIDE = "identity.age", "archive.age"
_KEY_BYTES = 64 << 10


@dataclass(frozen=True)
class Recipients:
    """Public keys, as `age1…`; any one of their private keys opens the archive."""

    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        self.opened()

    def opened(self) -> list[Any]:
        found = []
        for key in self.keys:
            try:
                found.append(pyrage.x25519.Recipient.from_str(key.strip()))
            except pyrage.RecipientError:
                raise RuleBroken(
                    _("“%(key)s” is no public key of age; it begins with age1.") % {"key": key[:20]}
                ) from None
        return found


@dataclass(frozen=True)
class Passphrase:
    words: str


Lock = Recipients | Passphrase | None


@dataclass(frozen=True)
class Keys:
    """What whoever reads has: private keys, a passphrase, or nothing."""

    identities: tuple[str, ...] = ()
    passphrase: str = ""

    @classmethod
    def of_file(cls, path: Path) -> Keys:
        """An identity file as `age-keygen` writes it."""
        try:
            lines = [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
        except (OSError, UnicodeDecodeError):
            raise RuleBroken(_("The key file %(path)s cannot be read.") % {"path": path}) from None
        found = tuple(line for line in lines if line and not line.startswith("#"))
        for line in found:
            _identity(line)
        if not found:
            raise RuleBroken(_("The key file %(path)s holds no key.") % {"path": path})
        return cls(found)


def kind_of(path: Path) -> str:
    """How the archive is locked: "keys", "passphrase" or not at all."""
    with path.open("rb") as file:
        begins = file.read(tar.BLOCK)
    if begins.startswith(AGE):
        return "keys"
    return "passphrase" if begins.startswith(KEY.encode() + b"\0") else ""


@contextmanager
def writing(file: IO[bytes], lock: Lock) -> Iterator[IO[bytes]]:
    """What is written to the result lands in `file`, encrypted where there is a lock."""
    if lock is None:
        yield file
    elif isinstance(lock, Recipients):
        with _encrypted(file, lock.opened()) as inside:
            yield inside
    else:
        key = pyrage.x25519.Identity.generate()
        wrapped = pyrage.passphrase.encrypt(str(key).encode(), lock.words)
        file.write(tar.header(KEY, len(wrapped)) + wrapped + tar.padding(len(wrapped)))
        heading = file.tell()
        file.write(tar.header(INSIDE, 0))
        with _encrypted(file, [key.to_public()]) as inside:
            yield inside
        size = file.tell() - heading - tar.BLOCK
        file.write(tar.padding(size) + tar.END)
        file.seek(heading)
        file.write(tar.header(INSIDE, size))
        file.seek(0, os.SEEK_END)


@contextmanager
def reading(path: Path, keys: Keys) -> Iterator[IO[bytes]]:
    """The plain archive as a stream; refuses at once what these keys do not open."""
    kind = kind_of(path)
    with path.open("rb") as file:
        if not kind:
            yield file
            return
        if kind == "keys":
            if not keys.identities:
                raise RuleBroken(
                    _("This archive is encrypted: name the file with its private key, with --identity FILE.")
                )
            source: Any = file
            identities = [_identity(line) for line in keys.identities]
        else:
            source, identities = _unwrapped(file, path.stat().st_size, keys.passphrase)
        with _decrypted(source, identities) as inside:
            yield inside


def _unwrapped(file: IO[bytes], whole: int, passphrase: str) -> tuple[Any, list[Any]]:
    if not passphrase:
        raise RuleBroken(
            _(
                "This archive is protected by a passphrase: give it with --passphrase or --passphrase-file FILE."
            )
        )
    _name, size = tar.read_header(file.read(tar.BLOCK)) or ("", 0)
    if size > _KEY_BYTES:
        raise damaged(_("its key cannot be read"))
    wrapped = file.read(size)
    file.read(len(tar.padding(size)))
    found = tar.read_header(file.read(tar.BLOCK))
    if found is None or found[0] != INSIDE:
        raise damaged(_("its key is there, and its content is not"))
    if file.tell() + found[1] + len(tar.padding(found[1])) + len(tar.END) != whole:
        raise damaged(_("it is longer or shorter than it says"))
    try:
        key = pyrage.passphrase.decrypt(wrapped, passphrase).decode()
    except pyrage.DecryptError:
        raise RuleBroken(_("The passphrase does not open this archive. Nothing was touched.")) from None
    except UnicodeDecodeError:
        raise damaged(_("its key cannot be read")) from None
    return _Limited(file, found[1]), [_identity(key)]


class _Limited:
    """A piece of a file as a file of its own."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        return piece


@contextmanager
def _encrypted(file: IO[bytes], recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    """Age pulls and we push: a pipe lies between, and a thread at its other end."""
    come, go = os.pipe()
    incoming, target = os.fdopen(come, "rb"), _Target(file)
    with _beside(lambda: pyrage.encrypt_io(incoming, target, recipients), incoming) as failed:
        try:
            with os.fdopen(go, "wb", buffering=1 << 20) as outgoing:
                yield outgoing
        except BrokenPipeError:
            if not failed:
                raise
    if failed:
        raise target.failed or failed[0]


class _Target:
    """Age tells that writing failed, not how; a full disk is worth its own sentence."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failed: OSError | None = None

    def write(self, piece: bytes) -> int:
        try:
            return self._file.write(piece)
        except OSError as error:
            self.failed = error
            raise

    def flush(self) -> None:
        self._file.flush()


@contextmanager
def _decrypted(source: Any, identities: Sequence[Any]) -> Iterator[IO[bytes]]:
    come, go = os.pipe()
    outgoing = os.fdopen(go, "wb", buffering=1 << 20)
    with (
        _beside(lambda: pyrage.decrypt_io(source, outgoing, identities), outgoing) as failed,
        os.fdopen(come, "rb", buffering=1 << 20) as incoming,
    ):
        yield _Decrypted(incoming, failed)  # type: ignore[misc]


class _Decrypted:
    """Its end is an end only when age says that nothing is missing."""

    def __init__(self, file: IO[bytes], failed: list[BaseException]) -> None:
        self._file, self._failed = file, failed
        self._none_yet = True

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        if len(piece) < size or size < 0:
            self._judge()
        self._none_yet = self._none_yet and not piece
        return piece

    def _judge(self) -> None:
        if not self._failed:
            return
        error = self._failed[0]
        if isinstance(error, pyrage.DecryptError) and self._none_yet:
            raise RuleBroken(_("The given key does not open this archive. Nothing was touched.")) from None
        if isinstance(error, (pyrage.DecryptError, OSError, ValueError)):
            raise damaged(_("what is encrypted was changed or cut short")) from None
        raise error


@contextmanager
def _beside(work: Callable[[], None], end: IO[bytes]) -> Iterator[list[BaseException]]:
    """Run `work` in a thread until it is through; its end of the pipe is closed whatever happens to it."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # told by whoever holds the other end
            failed.append(error)
        finally:
            try:
                end.close()
            except OSError as error:
                failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield failed
    finally:
        thread.join()


def _identity(line: str) -> Any:
    try:
        return pyrage.x25519.Identity.from_str(line)
    except pyrage.IdentityError:
        raise RuleBroken(
            _("The key file holds a line that is no private key of age; it begins with AGE-SECRET-KEY-1.")
        ) from None
