"""What waits for a person: each part registers where its pending work comes from; one list, one count, one daily mail.

inbox.add_source(signals_waiting, key="signals", label=_("Signals"), verb="acknowledge")
"""

from calidez.kit.desk.inbox.sources import Pending, Source, add_source
from calidez.kit.desk.inbox.waiting import count, pending

__all__ = ["Pending", "Source", "add_source", "count", "pending"]
