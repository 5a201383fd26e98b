"""Where the datasets lie: the engine's store in the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from calidez import engine


def store() -> Any:
    return engine.Store(Path(settings.DATASETS_DIR))
