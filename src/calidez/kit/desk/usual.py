"""What stands on the page of a record when its declaration does not say otherwise."""

from __future__ import annotations

from calidez.kit.catalog import Entity
from calidez.kit.desk.comments.panel import Comments
from calidez.kit.desk.files.panel import Files
from calidez.kit.desk.panels import Fields, History
from calidez.kit.desk.thread import Thread


def furnish() -> None:
    """The declaration lies below the desk and cannot name its panels; so the desk puts them there, once, at the start."""
    Entity.panels = (Fields(),)
    Entity.closing = (Thread(), Comments(), Files(), History())
