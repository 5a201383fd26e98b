"""What the public may read: frozen when it is published, gone when it is withdrawn."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.charter import rules
from calidez.charter.composing import compose
from calidez.charter.models import Charter
from calidez.kit.core import editions
from calidez.kit.core.operations import transition
from calidez.kit.platform.errors import RuleBroken

State = Charter.State


@transition(
    Charter,
    source=[State.DRAFT, State.PUBLISHED, State.WITHDRAWN],
    target=State.PUBLISHED,
    label=gettext_lazy("Publish"),
    icon="world",
    primary=True,
    bulk=False,
    blocked=lambda charter, by: " ".join(compose(charter).problems),
    help=gettext_lazy("From now on everybody who has the address reads it as it stands now."),
)
def publish(charter: Charter, *, by: Any) -> None:
    composed = compose(charter)
    digest = rules.digest_of(composed.content)
    last = editions.of(charter).first()
    if last is not None and last.digest == digest and charter.state == State.PUBLISHED:
        raise RuleBroken(
            _("Nothing has changed since version %(number)s, which is what the public reads.")
            % {"number": last.number}
        )
    now = timezone.now()
    if last is None or last.digest != digest:
        editions.fix(charter, composed.content, by=by, made_at=now, digest=digest)
    document = charter.policy.document
    charter.edition = document.current if document is not None else None
    charter.published_on, charter.stale_from = timezone.localdate(now), composed.stale_from


@transition(
    Charter,
    source=[State.PUBLISHED],
    target=State.WITHDRAWN,
    label=gettext_lazy("Withdraw"),
    note=True,
    icon="archive",
    help=gettext_lazy("Nobody finds it at its address any more, nor its older versions."),
)
def withdraw(charter: Charter, *, by: Any) -> None:
    """What was published stays here, for whoever asks later."""
