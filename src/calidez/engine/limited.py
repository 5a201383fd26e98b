"""A process of its own for what a hostile file could do to its reader: it can neither take the memory nor go on for ever."""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

MEMORY = 3 << 30
# What a process may say in all: an answer is a description of a file, never the file.
MOST_SAID = 64 << 20
TICK = 0.2
PATIENCE = 10.0
_PLACE = b"\nended at: "
_BEGUN = b"\nbegun\n"  # said before the file is opened: what ends earlier is not the file's doing
OUT_OF_MEMORY = 71  # the exit code by which a process of ours says so
# What native libraries write before they abort.
_NO_MEMORY = (
    b"memory allocation of",
    b"bad_alloc",
    b"Out of memory",
    b"MemoryError",
    b"Cannot allocate memory",
)
# Tests that are not about processes read files where they are; the results and refusals are the same.
APART = True
# By what a process is ended, and the refusal of the file that follows.
CODES = {
    "memory": "too_much_memory",
    "processor": "too_long",
    "time": "too_long",  # by the clock: on a quieter machine it might have come to an end
    "killed": "too_much_memory",  # by the system, which had none left
    "fault": "reader_broke",
    "busy": "reader_busy",  # it never began
}
log = logging.getLogger("calidez.files")


@dataclass(frozen=True)
class Limits:
    """`seconds` are the processor's; `wait` is by the clock, `silence` by the clock without a word of progress.

    At most `patience` seconds are spent waiting for another process to end before this one begins.
    """

    memory: int = MEMORY
    seconds: int = 180
    wait: float | None = None
    silence: float | None = None
    patience: float = PATIENCE


class Ended(Exception):
    """The process gave no answer; `limit` is one of CODES and says why."""

    def __init__(self, limit: str, place: str = "") -> None:
        self.limit, self.place = limit, place
        super().__init__(limit)

    @property
    def code(self) -> str:
        """The refusal of the file, as the engine knows it."""
        return CODES[self.limit]


# Each may take that much memory, so they come one after the other.
_one_at_a_time = threading.BoundedSemaphore(1)
# Who wants to know of each that was ended: called with the work and the limit.
listeners: list[Callable[[str, str], None]] = []


def tell(work: str, limit: str, place: str = "") -> None:
    """Once for each reader that a file ended; says what was being done and where in our program, nothing of the file."""
    log.warning("A file was not read: %s ended by %s%s.", work, limit, f" at {place}" if place else "")
    for listener in listeners:
        listener(work, limit)


def run(
    module: str,
    *arguments: str,
    limits: Limits,
    given: IO[bytes] | bytes = b"",
    heard: Callable[[Any], None] | None = None,
    while_waiting: Callable[[], None] = lambda: None,
    work: str = "",
) -> bytes:
    """What a module of ours answered as a process; Ended where there is no answer.

    A line that the process says before its last is a word of progress, handed to `heard` as read from JSON. Both it
    and `while_waiting` may raise to stop the process.
    """
    try:
        with _turn(limits.patience), _standard_input(given) as file:
            return _Talk(module, arguments, file, limits, heard, while_waiting).answer()
    except Ended as ended:
        tell(work or module.rpartition(".")[2], ended.limit, ended.place)
        raise


@contextmanager
def _turn(patience: float) -> Iterator[None]:
    if not _one_at_a_time.acquire(timeout=patience):
        raise Ended("busy")
    try:
        yield
    finally:
        _one_at_a_time.release()


@contextmanager
def _standard_input(given: IO[bytes] | bytes) -> Iterator[IO[bytes]]:
    if not isinstance(given, bytes):
        yield given
        return
    # A file, not a pipe: nobody need write while the other reads.
    with tempfile.TemporaryFile() as file:
        file.write(given)
        file.seek(0)
        yield file


class _Talk:
    """One process from its start to its answer or its end."""

    def __init__(
        self,
        module: str,
        arguments: tuple[str, ...],
        given: IO[bytes],
        limits: Limits,
        heard: Callable[[Any], None] | None,
        while_waiting: Callable[[], None],
    ) -> None:
        self.command = [sys.executable, "-m", module, *arguments]
        self.given, self.limits, self.heard, self.while_waiting = given, limits, heard, while_waiting
        self.said = bytearray()
        self.words: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def answer(self) -> bytes:
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(
                    self.command, stdin=self.given, stdout=subprocess.PIPE, stderr=errors, env=_environment()
                )
            except OSError as error:  # no memory or no process to be had just now
                raise Ended("busy") from error
            try:
                self._listen(process)
                code = process.wait(timeout=TICK * 50)
            except subprocess.TimeoutExpired:
                raise Ended("time") from None
            finally:
                process.kill()
                process.wait()
            if code != 0:
                raise _ended(code, _ends_of(errors))
            return bytes(self.said)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        threading.Thread(target=self._hear, args=(process.stdout,), daemon=True).start()
        began = last_word = time.monotonic()
        while True:
            try:
                piece = self.words.get(timeout=TICK)
            except queue.Empty:
                self.while_waiting()
            else:
                if not piece:
                    return
                last_word = time.monotonic()
                self._take(piece)
            now = time.monotonic()
            if _passed(self.limits.wait, now - began) or _passed(self.limits.silence, now - last_word):
                raise Ended("time")

    def _hear(self, stream: IO[bytes]) -> None:
        with stream:
            for piece in iter(lambda: stream.read1(1 << 16), b""):  # type: ignore[attr-defined]
                self.words.put(piece)
        self.words.put(b"")

    def _take(self, piece: bytes) -> None:
        self.said += piece
        if self.heard and b"\n" in piece:
            *words, self.said = self.said.split(b"\n")
            for word in words:
                self.heard(json.loads(word))
        if len(self.said) > MOST_SAID:
            raise Ended("memory")


def _passed(limit: float | None, seconds: float) -> bool:
    return limit is not None and seconds > limit


def _environment() -> dict[str, str]:
    # Each thread's arena of the C library counts as memory long before it holds anything.
    return os.environ | {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}


def _ends_of(file: IO[bytes]) -> bytes:
    """What it cried out first and last."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    first = file.read(4000)
    file.seek(max(len(first), size - 4000))
    return first + file.read()


def _ended(code: int, errors: bytes) -> Ended:
    if code == OUT_OF_MEMORY or any(sign in errors for sign in _NO_MEMORY):
        return Ended("memory")
    by_signal = {"SIGXCPU": "processor", "SIGALRM": "time", "SIGKILL": "killed"}
    for name, limit in by_signal.items():
        if -code == getattr(signal, name, None):
            return Ended(limit)
    if _BEGUN not in errors:
        return Ended("busy")
    return Ended(
        "fault", errors.rpartition(_PLACE)[2].decode(errors="replace")[:200] if _PLACE in errors else ""
    )


# Inside the process

Say = Callable[[object], None]


def answer(work: Callable[[Say], Mapping[str, Any]], limits: Limits) -> None:
    """The whole life of such a process: under its limits do the work, say what was found, end."""
    os.write(2, _BEGUN)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    logging.disable()  # a file made to be complained about could fill the disk
    limit(limits)

    def say(word: object) -> None:
        out.write(json.dumps(word).encode() + b"\n")
        out.flush()

    try:
        said = json.dumps(work(say)).encode()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (
        Exception
    ) as error:  # whatever a reader stumbles over; its words may quote the file, its place does not
        os.write(2, _PLACE + _place_of(error).encode())
        os._exit(1)
    out.write(said)
    out.flush()
    os._exit(0)  # there is nothing left to tidy up


def _place_of(error: Exception) -> str:
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{Path(last.filename).name}:{last.lineno} ({type(error).__name__})"


def limit(limits: Limits) -> None:
    """For the process itself, before it opens the file."""
    try:
        import resource
    except ImportError:  # not on Windows; there only the wait is limited
        return
    resource.setrlimit(resource.RLIMIT_CPU, _at_most(resource.RLIMIT_CPU, limits.seconds, limits.seconds + 2))
    resource.setrlimit(resource.RLIMIT_AS, _at_most(resource.RLIMIT_AS, limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limits.wait is not None:
        signal.alarm(int(limits.wait) + 5)  # also where whoever asked was killed
    _fall_first()


def _at_most(kind: int, soft: int, hard: int) -> tuple[int, int]:
    """Nobody may raise what was set from outside, as by `ulimit`."""
    import resource

    highest = resource.getrlimit(kind)[1]
    return (soft, hard) if highest == resource.RLIM_INFINITY else (min(soft, highest), min(hard, highest))


def _fall_first() -> None:
    """Where the machine itself runs out of memory this process goes, and it goes with whoever asked."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")
