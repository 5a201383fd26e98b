"""Facts where they live, and one indicator definition computed on any engine; imported without Django, piece by piece."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

_PLACES = {
    "errors": ("CODES", "EngineError", "ExpressionError"),
    "schema": ("Column", "ColumnType", "Role", "Schema", "safe_name"),
    "report": ("Interval", "LoadReport", "Progress"),
    "sources": ("ReadOptions",),
    "profile": ("ColumnProfile", "FileProfile", "Problem"),
    "inspection": ("inspect_file",),
    "store": ("Batch", "DataFile", "Dataset", "Store"),
    "expressions": ("Node", "ValueType", "columns_of", "parse_expression"),
    "definitions": (
        "Count",
        "Exactness",
        "IndicatorDefinition",
        "Mean",
        "Measure",
        "Nps",
        "Percentile",
        "Period",
        "Proportion",
        "Rate",
        "Ratio",
        "measure_from_json",
        "measure_to_json",
    ),
    "compiling": ("compile_sql",),
    "periods": ("next_start", "period_start", "touched_periods"),
    "aggregation": ("aggregate",),
    "statistics": ("Statistics", "merge", "percentile", "roll_up", "value_of", "values_of"),
    "loading": ("load_file", "validate_file"),
    "rejects": ("neutral",),
}
_MODULE = {name: module for module, names in _PLACES.items() for name in names}

__all__ = sorted(_MODULE)  # noqa: PLE0605


def __getattr__(name: str) -> object:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_MODULE]
