"""What is wrong with an installation, one sentence for each thing; needs no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """`serious` findings keep the program from starting, or mean that something is lost."""

    sentence: str
    serious: bool = True


def data_folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("CALIDEZ_DATA") or "var").resolve()
