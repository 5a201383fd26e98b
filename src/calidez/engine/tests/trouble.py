"""A reader that does what a hostile file would make it do; a module that is run as a process.

python -m calidez.engine.tests.trouble WHAT
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from calidez.engine import limited

LIMITS = limited.Limits(memory=400 << 20, seconds=1, wait=30)
SECRET = "the words of the file"


def work(what: str, say: limited.Say) -> Mapping[str, Any]:
    if what == "memory":
        return {"size": len(bytearray(1 << 30))}
    if what == "processor":
        while True:
            pass
    if what == "fault":
        raise KeyError(SECRET)
    if what == "abort":
        os.write(2, SECRET.encode())
        os.abort()
    if what == "flood":
        for _ in range(100_000):
            say("x" * 100_000)
    if what == "words":
        for word in ("one", "two"):
            say([word, SECRET])
    if what == "sleep":
        os.write(1, b"what a library prints is no answer")
        time.sleep(60)
    return {"found": what}


if __name__ == "__main__":
    limited.answer(lambda say: work(sys.argv[1], say), LIMITS)
