"""Facts where they live, and one indicator definition computed on any engine; imported without Django, piece by piece."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calidez.engine.aggregation import aggregate as aggregate
    from calidez.engine.compiling import compile_sql as compile_sql
    from calidez.engine.definitions import Count as Count
    from calidez.engine.definitions import Exactness as Exactness
    from calidez.engine.definitions import IndicatorDefinition as IndicatorDefinition
    from calidez.engine.definitions import Mean as Mean
    from calidez.engine.definitions import Measure as Measure
    from calidez.engine.definitions import Nps as Nps
    from calidez.engine.definitions import Percentile as Percentile
    from calidez.engine.definitions import Period as Period
    from calidez.engine.definitions import Proportion as Proportion
    from calidez.engine.definitions import Rate as Rate
    from calidez.engine.definitions import Ratio as Ratio
    from calidez.engine.definitions import measure_from_json as measure_from_json
    from calidez.engine.definitions import measure_to_json as measure_to_json
    from calidez.engine.delta import DataFile as DataFile
    from calidez.engine.errors import CODES as CODES
    from calidez.engine.errors import EngineError as EngineError
    from calidez.engine.errors import ExpressionError as ExpressionError
    from calidez.engine.expressions import Node as Node
    from calidez.engine.expressions import ValueType as ValueType
    from calidez.engine.expressions import columns_of as columns_of
    from calidez.engine.expressions import parse_expression as parse_expression
    from calidez.engine.inspection import inspect_file as inspect_file
    from calidez.engine.loading import load_file as load_file
    from calidez.engine.loading import validate_file as validate_file
    from calidez.engine.pairs import PairBin as PairBin
    from calidez.engine.pairs import Pairing as Pairing
    from calidez.engine.pairs import compile_pairs as compile_pairs
    from calidez.engine.pairs import equal_bins as equal_bins
    from calidez.engine.pairs import read_pairs as read_pairs
    from calidez.engine.periods import next_start as next_start
    from calidez.engine.periods import period_start as period_start
    from calidez.engine.periods import touched_periods as touched_periods
    from calidez.engine.profile import ColumnProfile as ColumnProfile
    from calidez.engine.profile import FileProfile as FileProfile
    from calidez.engine.profile import Problem as Problem
    from calidez.engine.rejects import neutral as neutral
    from calidez.engine.report import Interval as Interval
    from calidez.engine.report import LoadReport as LoadReport
    from calidez.engine.report import Progress as Progress
    from calidez.engine.schema import Column as Column
    from calidez.engine.schema import ColumnType as ColumnType
    from calidez.engine.schema import Role as Role
    from calidez.engine.schema import Schema as Schema
    from calidez.engine.schema import safe_name as safe_name
    from calidez.engine.sources import ReadOptions as ReadOptions
    from calidez.engine.statistics import Statistics as Statistics
    from calidez.engine.statistics import merge as merge
    from calidez.engine.statistics import percentile as percentile
    from calidez.engine.statistics import roll_up as roll_up
    from calidez.engine.statistics import value_of as value_of
    from calidez.engine.statistics import values_of as values_of
    from calidez.engine.store import Batch as Batch
    from calidez.engine.store import Dataset as Dataset
    from calidez.engine.store import Store as Store

_PLACES = {
    "errors": ("CODES", "EngineError", "ExpressionError"),
    "schema": ("Column", "ColumnType", "Role", "Schema", "safe_name"),
    "report": ("Interval", "LoadReport", "Progress"),
    "sources": ("ReadOptions",),
    "profile": ("ColumnProfile", "FileProfile", "Problem"),
    "inspection": ("inspect_file",),
    "store": ("Batch", "Dataset", "Store"),
    "delta": ("DataFile",),
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
    "pairs": ("PairBin", "Pairing", "compile_pairs", "equal_bins", "read_pairs"),
    "periods": ("next_start", "period_start", "touched_periods"),
    "aggregation": ("aggregate",),
    "statistics": ("Statistics", "merge", "percentile", "roll_up", "value_of", "values_of"),
    "loading": ("load_file", "validate_file"),
    "rejects": ("neutral",),
}
_MODULE = {name: module for module, names in _PLACES.items() for name in names}

__all__ = sorted(_MODULE)


def __getattr__(name: str) -> object:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_MODULE]
