"""Roles and who holds them: nobody hands out more than they have, and somebody can always do everything."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calidez.kit.core import access
from calidez.kit.core.following import created, following
from calidez.kit.core.operations import Operation, operation, unless
from calidez.kit.desk import verbs
from calidez.kit.platform.errors import RuleBroken
from calidez.people import rules, selectors
from calidez.people.models import Grant, Role, User


def check_new_role(role: Role, *, by: Any) -> None:
    """A new role begins as a copy of another, or empty."""
    if not role.name.strip():
        raise RuleBroken(_("Give the role a name, so that people can tell it from the others."), field="name")
    role.code = _free_code(role.name)
    if role.basis is not None and not role.table:
        role.table = role.basis.table
    _check_words(role, {})
    _no_more_than_own({}, role.table, selectors.permissions_everywhere(by))


def check_role(role: Role, *, by: Any) -> None:
    """What is added must be the editor's own to give; a table edited by several versions keeps what this one ignores."""
    before = Role.objects.get(pk=role.pk)
    if not role.name.strip() and role.code not in rules.SHIPPED_ROLES:
        raise RuleBroken(_("Give the role a name, so that people can tell it from the others."), field="name")
    foreign = rules.lines(before.table) - verbs.known()
    role.table = rules.merged([role.table, *({entity: [verb]} for entity, verb in foreign)])
    _check_words(role, before.table)
    _no_more_than_own(before.table, role.table, selectors.permissions_everywhere(by))


def after_role(role: Role, *, by: Any) -> None:
    """Checked on the saved table, in the same transaction: a refusal undoes the change."""
    keep_an_administrator()
    _keep_own_hand(by, "role", _("change roles"))


def check_grant(grant: Grant, *, by: Any) -> None:
    """A grant holds at most what its giver holds at that unit, before and after the change."""
    verb = access.EDIT if grant.pk else access.CREATE
    if not access.scope(by, "grant", verb).covers(grant.unit.path):
        return  # the operation refuses, and says which permission is missing
    held = selectors.permissions_at(by, grant.unit)
    _no_more_than_own({}, grant.role.table, held, field="role")
    if grant.pk:
        before = Grant.objects.select_related("role", "unit").get(pk=grant.pk)
        _no_more_than_own({}, before.role.table, selectors.permissions_at(by, before.unit), field="role")
    if grant.role.for_a_time and grant.ends is None:
        raise RuleBroken(
            _("The role “%(role)s” is for a time: say until when it holds.") % {"role": grant.role},
            field="ends",
        )


def after_grant(grant: Grant, *, by: Any) -> None:
    keep_an_administrator()
    _keep_own_hand(by, "grant", _("grant roles"))


def _differs(role: Role) -> bool:
    return bool(role.shipped) and (rules.tidy(role.table) != rules.tidy(role.shipped))


@operation(
    Role,
    label=gettext_lazy("Reset to the shipped role"),
    verb=access.EDIT,
    icon="refresh",
    help=gettext_lazy("Takes back what your organisation changed in this role's permissions."),
    blocked=unless(_differs),
    after=after_role,
)
def reset(role: Role, *, by: Any) -> None:
    before, role.table = role.table, role.shipped
    _no_more_than_own(before, role.table, selectors.permissions_everywhere(by))


def _may_end(grant: Grant) -> bool:
    return grant.ends is None or grant.ends >= timezone.localdate()


def end_grant(grant: Grant, *, by: Any) -> None:
    """The role ends yesterday, so that it is over at once; the history keeps that it was held."""
    check_grant(Grant(role=grant.role, unit=grant.unit, ends=grant.ends or dt.date.max), by=by)
    grant.ends = timezone.localdate() - dt.timedelta(days=1)
    if grant.starts is not None and grant.starts > grant.ends:
        grant.starts = grant.ends


end = Operation(
    end_grant,
    Grant,
    label=gettext_lazy("End now"),
    verb=access.EDIT,
    icon="x",
    blocked=unless(_may_end),
    after=after_grant,
)


def ship_roles(**_signal: Any) -> None:
    """Put the shipped roles in place; what an organisation edited stays, what a new version brings is added."""
    there = {role.code: role for role in Role.objects.filter(code__in=rules.SHIPPED_ROLES)}
    for code, verbs_by_kind in rules.SHIPPED_ROLES.items():
        shipped = rules.tidy(verbs_by_kind)
        role = there.get(code)
        if role is None:
            new = Role(code=code, table=shipped, shipped=shipped, for_a_time=code in rules.FOR_A_TIME)
            if selectors.organisation() is not None:
                created(new, by=None)
            else:
                new.save()  # comes with the tables, before there is anybody whose trail would tell of it
        elif role.shipped != shipped:
            with following(role, "ship", by=None) as held:
                held.table = rules.follow(held.table, held.shipped, shipped)
                held.shipped = shipped


def _free_code(name: str) -> str:
    wanted = slugify(name)[:36] or "role"
    taken = set(Role.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    return next(c for c in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if c not in taken)


def _check_words(role: Role, before: rules.Table) -> None:
    unknown = rules.lines(role.table) - rules.lines(before) - verbs.known() - rules.lines(role.shipped)
    if role.basis is not None:
        unknown -= rules.lines(role.basis.table)
    if unknown:
        entity, verb = min(unknown)
        raise RuleBroken(
            _("There is no permission “%(verb)s” on “%(kind)s”.") % {"verb": verb, "kind": entity},
            field="table",
        )


def _no_more_than_own(
    before: rules.Table, after: rules.Table, held: rules.Table, *, field: str = "table"
) -> None:
    added = {e: [v for v in vs if not rules.allows(before, e, v)] for e, vs in after.items()}
    exceeding = rules.exceeding(rules.tidy(added), held)
    if exceeding:
        raise RuleBroken(
            _("You cannot give more than you may do yourself there, such as “%(permission)s”.")
            % {"permission": verbs.words_of(*exceeding[0])},
            field=field,
        )


def keep_an_administrator() -> None:
    """Somebody must be able to do everything everywhere, without an end: else nobody can mend a mistake."""
    grants = Grant.objects.in_force().filter(unit__parent=None, ends=None, user__is_active=True)
    if any(rules.allows(grant.role.table, access.ALL, access.ALL) for grant in grants.select_related("role")):
        return
    raise RuleBroken(
        _(
            "Then nobody could administer the organisation any more. First give somebody else the role of administrator for the whole organisation, without an end."
        )
    )


def _keep_own_hand(by: User, kind: str, deed: str) -> None:
    """Who takes their own rights away cannot give them back: another administrator does it."""
    before = access.scope(by, kind, access.EDIT)  # as it was when the request began
    now = selectors.granted_scope(User.objects.get(pk=by.pk), kind, access.EDIT)
    if set(before.paths) - set(now.paths):
        raise RuleBroken(
            _("With this you would no longer be able to %(deed)s. Ask another administrator to do it.")
            % {"deed": deed}
        )
