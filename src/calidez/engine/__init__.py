"""Facts where they live, and one indicator definition computed on any engine; imported without Django, piece by piece."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calidez.engine.aggregation import *
    from calidez.engine.apart import *
    from calidez.engine.compiling import *
    from calidez.engine.copying import *
    from calidez.engine.date_forms import *
    from calidez.engine.day_times import *
    from calidez.engine.definitions import *
    from calidez.engine.delta import *
    from calidez.engine.errors import *
    from calidez.engine.expressions import *
    from calidez.engine.expressions.clauses import *
    from calidez.engine.formulas import *
    from calidez.engine.inspection import *
    from calidez.engine.loading import *
    from calidez.engine.mapping_file import *
    from calidez.engine.pairs import *
    from calidez.engine.periods import *
    from calidez.engine.profile import *
    from calidez.engine.report import *
    from calidez.engine.rereading import *
    from calidez.engine.rows import *
    from calidez.engine.samples import *
    from calidez.engine.schema import *
    from calidez.engine.sources import *
    from calidez.engine.statistics import *
    from calidez.engine.store import *
    from calidez.engine.turning import *

# A name is looked for when it is first asked for: whoever parses an expression loads no database engine.
_PLACES = {
    "errors": "CODES EngineError ExpressionError",
    "schema": "Column ColumnType Role Schema safe_name",
    "report": "Interval LoadReport Progress",
    "sources": "ReadOptions Turn",
    "turning": "turned_headings",
    "profile": "ColumnProfile FileProfile Problem",
    "date_forms": "day_in whole_year",
    "inspection": "inspect_file",
    "apart": "CHECKING_AT_ONCE LOOKING LOOKING_AT_ONCE STAGING inspect_apart looking stage_apart",
    "store": "Batch Dataset Store",
    "samples": "Seen sample_of",
    "day_times": "DayTimes HourSeen branches_in times_of_day",
    "delta": "DataFile",
    "copying": "Copy copy_of newest_with version_of",
    "expressions.clauses": "OFFERED WITHOUT_VALUE Clause Clauses Is clauses_of written",
    "expressions": "Node ValueType canonical columns_of parse_expression",
    "definitions": (
        "Count Exactness IndicatorDefinition Mean Measure Nps Percentile Period Proportion "
        "Rate Ratio measure_from_json measure_to_json"
    ),
    "compiling": "compile_sql",
    "pairs": "PairBin Pairing compile_pairs equal_bins read_pairs",
    "periods": "next_start period_start touched_periods",
    "aggregation": "aggregate",
    "statistics": "Statistics merge percentile roll_up value_of values_of",
    "mapping_file": "MappingFile PlaceError",
    "rows": "RowsFound Wanted all_rows newest_rows",
    "rereading": "FileAgain read_again",
    "loading": "load_file validate_file",
    "formulas": "neutral original",
}
_MODULE = {name: module for module, names in _PLACES.items() for name in names.split()}

__all__ = sorted(_MODULE)


def __getattr__(name: str) -> object:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_MODULE]
