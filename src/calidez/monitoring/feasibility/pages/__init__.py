"""What the figures say of a target before it is promised."""

from calidez.monitoring.feasibility.pages.page import ask, feasibility, link

__all__ = ["ask", "feasibility", "link"]
