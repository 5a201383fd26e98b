"""Charts as Vega-Lite specifications: plain values in, plain dictionaries out, drawn alike in page and file.

Colours are names of tokens and looks are styles of static/charts/theme.json, as docs/how-to/charts.md says.
"""

from calidez.monitoring.vega.compare import Branch, FunnelLine, bars, funnel
from calidez.monitoring.vega.control import NOTE_LETTERS, Event, Point, control_chart
from calidez.monitoring.vega.feasible import Answer, Line, Past, curve, history
from calidez.monitoring.vega.parts import Spec, Words, moment, titled

__all__ = [
    "NOTE_LETTERS",
    "Answer",
    "Branch",
    "Event",
    "FunnelLine",
    "Line",
    "Past",
    "Point",
    "Spec",
    "Words",
    "bars",
    "control_chart",
    "curve",
    "funnel",
    "history",
    "moment",
    "titled",
]
