"""Policies and commitments, declared."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calidez.documents.models import DocumentVersion
from calidez.kit.catalog import Entity, catalog
from calidez.kit.core.blocks import Aside
from calidez.kit.core.cells import Column
from calidez.kit.core.held import Held
from calidez.kit.core.lifecycle import Move
from calidez.kit.core.links import Link
from calidez.kit.core.operations import Operation, unless
from calidez.kit.desk.panels import Custom, Fields
from calidez.kit.desk.related import Related
from calidez.policy import asides as beside
from calidez.policy import gaps, panels, services
from calidez.policy.models import ENDED_STATES, OPEN_STATES, Commitment, Policy

State = Policy.State


@catalog.register
class Policies(Entity):
    model = Policy
    slug = "policies"
    section = "promise"
    icon = "heart-handshake"
    code = "POL-{n:02}"
    inherited = True
    columns = ("code", "title", "state", "owner", "unit", "in_force_from")
    filters = ("state", "language", "owner", "unit")
    search = ("code", "title", "introduction")
    ordering = ("code",)
    sections = (
        (_("The policy"), ("title", "introduction", "language")),
        (_("Who and where"), ("owner", "unit")),
    )
    shown = ("language", "owner", "unit", "document", "in_force_from", "in_force_until")
    links = (Link("document", up=_("publishes"), down=_("is published as"), below=True),)
    asides = (
        Aside(
            "check",
            _("How it reads"),
            "policy/_beside.html",
            beside.introduction,
            watches=("introduction", "language"),
        ),
    )
    panels = (
        Custom("introduction", _("Introduction"), "policy/panels/introduction.html", panels.introduction),
        Custom("commitments", _("Commitments"), "policy/panels/check.html", panels.policy_check),
        Related(
            DocumentVersion,
            by="document__policy",
            columns=(
                Column("edition", _("Edition"), panels.edition_name),
                "state",
                "approved_by",
                "effective_on",
            ),
            title=_("Editions"),
            order=("-number",),
            most=10,
            later=True,
        ),
        Fields(filled=True),
    )
    steps = (services.submit, services.revise, services.end_revision, services.retire)
    moves = (
        Move("put_in_force", _("Its document comes into force"), State.IN_REVIEW, State.IN_FORCE),
        Move("send_back", _("Its document is sent back"), State.IN_REVIEW, State.DRAFT),
        Move("send_back", _("Its document is sent back"), State.IN_REVIEW, State.REVISING),
        Move("supersede", _("Another policy takes its place"), State.IN_FORCE, State.SUPERSEDED),
    )
    verbs = {
        "put_in_force": _("came into force with its document"),
        "send_back": _("is being written again"),
        "supersede": _("was superseded by another policy"),
    }
    held = (Held(gone=_("Policy whose owner has left"), where=~Q(state__in=ENDED_STATES)),)
    edit_states = OPEN_STATES
    saved = services.move_commitments
    help = _("What you promise your customers, as commitments that everybody can act on.")
    empty = _("No policy yet. Write down what you promise to your customers, one commitment at a time.")

    def proposed(self, user: Any) -> dict[str, Any]:
        """People mostly write in the language that they read."""
        return super().proposed(user) | {"language": user.language}


@catalog.register
class Commitments(Entity):
    model = Commitment
    slug = "commitments"
    section = "promise"
    icon = "checks"
    code = "COM-{n:03}"
    inherited = True
    columns = ("code", "statement", "policy", "state", "owner", "unit")
    filters = ("state", "policy", "owner", "unit")
    search = ("code", "statement", "for_whom", "why", "remedy")
    ordering = ("policy", "place", "pk")
    sections = (
        (_("The promise"), ("policy", "statement", "for_whom", "why", "remedy")),
        (_("How it is kept"), ("owner", "process", "documents", "place")),
    )
    shown = ("policy", "for_whom", "why", "remedy", "owner", "process", "documents", "unit")
    links = (
        Link(
            "policy",
            up=_("is part of"),
            down=_("promises"),
            where=Q(state=Commitment.State.STANDING),
            missing_there=_("It has no commitment yet."),
            new=_("Add a commitment"),
            new_for=lambda policy: policy.is_open,
        ),
        Link(
            "documents",
            up=_("says how to keep"),
            down=_("is done as written in"),
            below=True,
            where=Q(state=Commitment.State.STANDING),
            missing=gaps.WITHOUT_DOCUMENT,
        ),
    )
    asides = (
        Aside(
            "check",
            _("Policy check"),
            "policy/_beside.html",
            beside.commitment,
            watches=("statement", "why", "remedy", "owner", "process", "documents", "policy"),
        ),
    )
    panels = (
        Fields(filled=True),
        Custom(
            "check", _("Policy check"), "policy/panels/commitment.html", panels.commitment_check, later=True
        ),
    )
    held = (
        Held(
            gone=_("Commitment whose owner has left"),
            where=Q(state=Commitment.State.STANDING) & ~Q(policy__state__in=ENDED_STATES),
        ),
    )
    steps = (services.withdraw, services.take_back)
    edit_states = (Commitment.State.STANDING,)
    prepare = services.follow_policy
    saved = services.check_documents
    help = _("One promise: what, for whom, why, and what the customer gets when it is broken.")
    empty = _("No commitments yet. Write one sentence that a customer can check.")

    def __init__(self) -> None:
        super().__init__()
        assert self.edition is not None
        self.edition.blocked = unless(services.may_be_written)

    def closed_sentence(self, operation: Operation, record: Any) -> str:
        return services.closed_sentence(record.policy) or super().closed_sentence(operation, record)
