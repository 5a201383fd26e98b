"""Calidez: an open-source service quality management system."""

__version__ = "0.1.0"
