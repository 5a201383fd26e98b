"""What happens to documents by the clock and when people move."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calidez.documents import services
from calidez.documents.content import files
from calidez.kit.platform.jobs import job
from calidez.kit.platform.kept_files import store


@job(title=_("Putting documents in force on their day"), every="5 * * * *")
def take_effect() -> None:
    services.bring_into_force(on=timezone.localdate())


@job(title=_("Asking new readers of documents"), every="15 4 * * *")
def ask_new_readers() -> None:
    """People, positions, units or roles changed, and with them who must read what; a role may begin or end by its day."""
    services.follow_readers()


@job(title=_("Reading a long document"), one_per=("sha256",))
def read_long_file(*, sha256: str, media_type: str) -> None:
    """Only what takes longer than a page may."""
    files.prepare(store.path_of(sha256), sha256, media_type)
