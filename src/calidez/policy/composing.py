"""The text of a policy's document, written out of its introduction and commitments in the policy's language."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from calidez.policy.models import Commitment, Policy


def compose(policy: Policy) -> str:
    """Markdown: the introduction, then every commitment with for whom, why and what happens when it is broken."""
    commitments = policy.commitments.filter(state=Commitment.State.STANDING).order_by("place", "pk")
    with translation.override(policy.language):
        heading = _("Our commitments")
        blocks = [policy.introduction.strip(), f"## {heading}"]
        for number, commitment in enumerate(commitments, start=1):
            blocks += _commitment(number, commitment)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _commitment(number: int, commitment: Commitment) -> Iterator[str]:
    yield f"### {number}. {' '.join(commitment.statement.split())}"
    told = (
        (_("For whom"), commitment.for_whom),
        (_("Why"), commitment.why),
        (_("When we do not keep it"), commitment.remedy),
    )
    for label, text in told:
        if text.strip():
            yield f"**{label}:** {text.strip()}"
