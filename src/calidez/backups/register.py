"""What the backups add elsewhere: their page among those of the administration, and figures for whoever watches."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.backups import shelf
from calidez.kit.desk.background.operators import may_operate
from calidez.kit.desk.navigation import ADMINISTRATION, PageEntry, add_page
from calidez.kit.platform import meters

TITLE = _("Backups")

add_page(
    ADMINISTRATION,
    PageEntry(
        TITLE,
        lambda: str(reverse_lazy("backups:backups")),
        may_operate,
        icon="archive",
        help=_("When the last copy of everything was made, and whether it can be brought back."),
    ),
)


def _age() -> Iterator[tuple[dict[str, str], float]]:
    """Nothing where there is no backup: whoever watches asks whether the figure is there."""
    _place, _there, kept = shelf.seen()
    if kept:
        yield {}, (timezone.now() - kept[0].made_at).total_seconds()


def _proved() -> Iterator[tuple[dict[str, str], float]]:
    _place, _there, kept = shelf.seen()
    tried = [one.trial for one in kept if one.trial is not None and one.trial.equal]
    if tried:
        yield {}, (timezone.now() - max(trial.at for trial in tried)).total_seconds()


meters.gauge("calidez_backup_age_seconds", "Seconds since the newest scheduled backup was made.", _age)
meters.gauge(
    "calidez_backup_proved_seconds", "Seconds since a backup was last restored and was equal.", _proved
)
