"""Loading the sample from a page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from calidez.kit.platform.jobs import job
from calidez.people.models import User
from calidez.samples.services import load_sample_into


@job(title=_("Loading the sample"), one_per=())
def load_sample_here(*, by: int, language: str) -> None:
    load_sample_into(User.objects.get(pk=by), language)
