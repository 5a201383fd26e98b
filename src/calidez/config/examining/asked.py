"""What the operator asked `calidez check` for, and how many things of a kind a sentence names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_NAMED = 5


@dataclass(frozen=True)
class Asked:
    """`deep` reads every byte; a port of 0 and an empty address are not asked for."""

    deep: bool = False
    host: str = "127.0.0.1"
    port: int = 0
    send_to: str = ""


def named(names: Sequence[str]) -> str:
    """The first few: a sentence with a thousand names helps nobody."""
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
