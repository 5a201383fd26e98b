"""The look of charts outside the browser: the same theme and colour tokens, so that file and page agree."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parents[2] / "static"
_COLOUR = re.compile(r"(--c-[a-z0-9-]+): (#[0-9a-f]{6});")


def themed(spec: dict[str, Any], theme: str = "light", background: str = "--c-surface") -> dict[str, Any]:
    """A Vega-Lite specification that names tokens, as one that any renderer can draw."""
    if theme not in ("light", "dark"):
        raise ValueError("a chart is drawn in the light or in the dark theme")
    config = json.loads((STATIC / "charts" / "theme.json").read_text(encoding="utf-8"))
    config["background"] = background
    named = tokens(theme)
    return {**_coloured(spec, named), "config": _coloured(config, named)}


@cache
def tokens(theme: str) -> dict[str, str]:
    """The colours by token name; the dark theme only says what differs."""
    light, dark = (
        (STATIC / "css" / "tokens.css").read_text(encoding="utf-8").split('[data-bs-theme="dark"]', 1)
    )
    found = dict(_COLOUR.findall(light))
    return found | dict(_COLOUR.findall(dark)) if theme == "dark" else found


def _coloured(value: Any, named: dict[str, str]) -> Any:
    """The browser does the same in static/js/chart.js: every token name but those among the data."""
    if isinstance(value, str):
        return named.get(value, value)
    if isinstance(value, list):
        return [_coloured(one, named) for one in value]
    if isinstance(value, dict):
        return {key: one if key == "data" else _coloured(one, named) for key, one in value.items()}
    return value
