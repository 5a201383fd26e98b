"""The page of one indicator: is it changing, is the promise kept, where, and what stands behind it."""

from calidez.monitoring.indicator_pages.downloads import download
from calidez.monitoring.indicator_pages.opening import calendar_form
from calidez.monitoring.indicator_pages.page import indicator

__all__ = ["calendar_form", "download", "indicator"]
