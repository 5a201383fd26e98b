"""Reads the reference results, which number positions from 1 as statisticians do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FOLDER = Path(__file__).parent / "spc"


class Oracle:
    """One file: its input, what is expected, and comparison within the tolerance that the file states."""

    def __init__(self, name: str) -> None:
        (path,) = FOLDER.glob(f"{name}*.json")
        content = json.loads(path.read_text(encoding="utf-8"))
        self.input: dict[str, Any] = content["input"]
        self.expected: dict[str, Any] = content["expected"]
        self.tolerance: dict[str, Any] = content["tolerance"]

    def agrees(self, actual: Any, expected: Any) -> None:
        """Within tolerance everywhere; null in the file is NaN here, one number there may be a line here."""
        wanted = np.array(expected, dtype=float)
        got = np.asarray(actual, dtype=float)
        np.testing.assert_allclose(
            got,
            np.broadcast_to(wanted, got.shape),
            rtol=self.tolerance.get("rel", 1e-8),
            atol=self.tolerance.get("abs", 0.0),
        )


@pytest.fixture(scope="session")
def oracle() -> Callable[[str], Oracle]:
    return Oracle
