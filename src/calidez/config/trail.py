"""What an operator does with the audit trail: have it walked, and say once that its end was cut off for a known reason."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

from calidez.config import accounts
from calidez.config.speech import gettext as _
from calidez.config.starting import Sentence
from calidez.config.terminal import number
from calidez.kit.core import audit, heads, verification
from calidez.kit.core.events import AuditSeal
from calidez.kit.core.following import noted
from calidez.kit.core.verification import Gap, Verification
from calidez.kit.desk.background.trail import broken
from calidez.people import selectors


def told(found: Verification) -> list[str]:
    """What there is to say of an intact trail; a broken one is said as the command's mistake."""
    if not found.intact:
        acceptable = {"unkept", "unreadable", "missing", "truncated"}
        way = [
            _(
                "Where the reason is known, as that an older copy was put back: calidez verify --accept “the reason”"
            )
        ]
        raise Sentence(" ".join([broken(found), *(way if found.reason in acceptable else [])]))
    lines = [_("The audit trail is intact: %(count)s events.") % {"count": number(found.events)}]
    if found.waiting:
        lines.append(
            _("%(count)s more were written a moment ago; the worker has yet to seal them.")
            % {"count": number(found.waiting)}
        )
    if found.gaps:
        lines.append(
            _("%(count)s events are missing for a reason that the trail itself gives.")
            % {"count": number(found.gaps)}
        )
    lines.append(_("Head, to be noted outside this computer: %(head)s") % {"head": found.head})
    return lines


def need_noted(head: str, events: int | None) -> None:
    """A slip of the pen is no forgery."""
    if head and not re.fullmatch("[0-9a-f]{64}", head):
        raise Sentence(
            _("A head has 64 digits and letters from a to f; this is none: %(head)s") % {"head": head[:80]}
        )
    if events is not None and events < 1:
        raise Sentence(_("The number of events noted with a head is at least 1."))


def accept(reason: str, acting: str | None) -> str:
    """Say why events are missing, or the head kept outside is; the trail goes on with that in it.

    What was changed or put there cannot be explained away: only what is missing can.
    """
    if not reason.strip():
        raise Sentence(_("Say why, for those who read the trail later: calidez verify --accept “the reason”"))
    by = accounts.find(acting) if acting else accounts.administrator()
    found = verification.verify()
    if found.intact:
        raise Sentence(_("The audit trail is intact; there is nothing to accept."))
    gap = None
    if found.reason in {"unkept", "unreadable"} and found.place == str(heads.beside_key()):
        _keep_anew(Path(found.place))
    elif found.reason in {"missing", "truncated"}:
        gap = _gap(found)
    else:
        raise Sentence(" ".join([broken(found), _("Only missing events can be explained.")]))
    after = {"gap": asdict(gap)} if gap else {"head": found.place}
    noted(
        selectors.organisation(),
        verification.EXPLAINED,
        by=by,
        after=after,
        note=f"{reason}\n\n{broken(found)}",
    )
    audit.seal_waiting()
    return " ".join([_("Noted in the trail:"), broken(found), reason])


def _keep_anew(place: Path) -> None:
    chain = verification.verify_chain()
    if not chain.intact:
        raise Sentence(broken(chain))
    if place.exists():
        place.rename(place.with_suffix(".unreadable"))
    heads.keep(heads.now(chain.events, chain.head))


def _gap(found: Verification) -> Gap:
    first, last = found.broken_at or 1, found.until
    follower = AuditSeal.objects.filter(position__gt=last).order_by("position").first()
    if follower is not None:
        return Gap(first, last, follower.previous)
    furthest = verification.furthest_noted()
    heads.keep(furthest)  # the next seal goes behind it
    return Gap(first, last, furthest.digest)
