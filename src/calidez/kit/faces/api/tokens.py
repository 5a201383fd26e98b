"""The life of a token: made by its owner, shown once, used until it expires or somebody revokes it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core.following import created
from calidez.kit.core.operations import transition
from calidez.kit.desk import verbs
from calidez.kit.faces.api.callers import digest_of, unit_kind
from calidez.kit.faces.api.models import ApiToken
from calidez.kit.platform.errors import NotAllowed, RuleBroken

LONGEST = dt.timedelta(days=366)
MOST_LINES = 100
START = "cal_"
State = ApiToken.State


@dataclass(frozen=True)
class Line:
    """One thing that a token may do: this verb on this kind of record, in a unit and below; * and "" stand for all."""

    entity: str = "*"
    verb: str = "*"
    unit: str = ""


@dataclass(frozen=True)
class Issued:
    """A new token with its secret, which nobody can see again."""

    token: ApiToken
    secret: str


def issue(
    *, name: str, lines: Sequence[Line], expires_at: dt.datetime, by: Any, at: dt.datetime | None = None
) -> Issued:
    """Whoever makes a token is its owner: nobody hands out the rights of somebody else."""
    now = at or timezone.now()
    _check(lines, expires_at, now, by)
    secret = START + secrets.token_urlsafe(32)
    token = ApiToken(
        created_by=by,
        owner=by,
        name=name.strip(),
        prefix=secret[: len(START) + 6],
        digest=digest_of(secret),
        lines=[{"entity": line.entity, "verb": line.verb, "unit": line.unit} for line in lines],
        expires_at=expires_at,
    )
    created(token, by=by)
    return Issued(token, secret)


@transition(
    ApiToken,
    source=[State.VALID],
    target=State.REVOKED,
    label=gettext_lazy("Revoke"),
    icon="ban",
    help=gettext_lazy("From this moment on whatever uses the token is refused."),
)
def revoke(token: ApiToken, *, by: Any) -> None:
    """Nothing to look at: a token may always be taken back."""


def revoke_own(token: ApiToken, *, by: Any) -> None:
    """The owner needs no role to take back what is theirs."""
    if token.owner_id != by.pk or getattr(by, "access_limit", None) is not None:
        raise NotAllowed(_("Only the owner of a token and administrators revoke it."))
    if ApiToken.objects.get(pk=token.pk).state == State.VALID:
        revoke.follow(token, by=by)


def own(user: Any) -> list[ApiToken]:
    """The person's tokens, the newest first."""
    return list(ApiToken.objects.filter(owner=user).order_by("-created_at"))


def _check(lines: Sequence[Line], expires_at: dt.datetime, now: dt.datetime, by: Any) -> None:
    if getattr(by, "access_limit", None) is not None:
        raise NotAllowed(_("A token cannot make tokens."))
    if not lines:
        raise RuleBroken(_("Say at least one thing that the token may do."), field="lines")
    if len(lines) > MOST_LINES:
        raise RuleBroken(_("A token has at most %(count)s lines.") % {"count": MOST_LINES}, field="lines")
    if not now < expires_at <= now + LONGEST:
        raise RuleBroken(
            _("A token ends in the future and within a year: make a new one then."), field="expires_at"
        )
    known = verbs.known()
    everywhere = {verb for _kind, verb in known}
    for line in lines:
        if (line.entity, line.verb) not in known and not (line.entity == "*" and line.verb in everywhere):
            raise RuleBroken(
                _("“%(line)s” is nothing that can be done.")
                % {"line": verbs.words_of(line.entity, line.verb)},
                field="lines",
            )
        if line.unit and not _visible_unit(line.unit, by):
            raise RuleBroken(_("You cannot see one of these units."), field="lines")


def _visible_unit(uid: str, by: Any) -> bool:
    kind = unit_kind()
    return kind is not None and kind.queryset(by).filter(uid=uid).exists()
