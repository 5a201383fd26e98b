"""The port that was asked about is free, or it is this very installation that answers on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from calidez.config.examining.asked import Asked
from calidez.config.findings import Finding
from calidez.config.serving import port_is_free
from calidez.config.speech import gettext as _
from calidez.kit.platform import presence


def findings(asked: Asked) -> Iterator[Finding]:
    if not asked.port or port_is_free(asked.host, asked.port):
        return
    ours = presence.present(Path(settings.RUNNING_DIR), presence.SERVER)
    if not any(one.place.endswith(f":{asked.port}") for one in ours):
        yield Finding(
            _("Port %(port)s is in use by another program. Stop it, or serve on another port.")
            % {"port": asked.port}
        )
