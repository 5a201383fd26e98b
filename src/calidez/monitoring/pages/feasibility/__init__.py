"""What the figures say of a target before it is promised."""

from calidez.monitoring.pages.feasibility.page import ask, feasibility, link

__all__ = ["ask", "feasibility", "link"]
