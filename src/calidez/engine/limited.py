"""A process of its own for what a hostile file could do to its reader: it can neither take the memory nor go on for ever."""

from __future__ import annotations

import subprocess
import sys
import threading

MEMORY = 3 << 30

# Each may take that much memory, so they come one after the other.
_one_at_a_time = threading.Lock()


def limit(*, seconds: int, memory: int) -> None:
    """For the process itself, before it opens the file; `seconds` are the processor's."""
    try:
        import resource
    except ImportError:  # not on Windows; there only the wait is limited
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(module: str, *arguments: str, wait: float) -> subprocess.CompletedProcess[bytes] | None:
    """What a module of ours said as a process; None where it took longer than `wait`."""
    command = [sys.executable, "-m", module, *arguments]
    with _one_at_a_time:
        try:
            return subprocess.run(command, capture_output=True, timeout=wait, check=False)
        except subprocess.TimeoutExpired:
            return None
