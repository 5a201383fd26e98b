"""The page of one indicator: is it changing, is the promise kept, where, and what stands behind it."""

from calidez.monitoring.pages.indicator.downloads import download
from calidez.monitoring.pages.indicator.page import indicator

__all__ = ["download", "indicator"]
