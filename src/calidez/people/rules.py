"""Decisions about people and units: which roles there are and what must hold in the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

SEPARATOR = "/"

# role: {entity: verbs}; "*" stands for all. Shipped as data, editable afterwards.
ALL = "*"
READ = ("view", "export")
# Who works with a record may talk about it and add evidence; an auditor reads and leaves no word.
SHARE = (*READ, "comment", "attach")
# What decides about access itself: a role that may see “everything” does not see these unless its table names them.
APART = frozenset({"role", "grant", "invitation", "apitoken", "webhookendpoint"})
SHIPPED_ROLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "administrator": {ALL: (ALL,)},
    "quality_manager": {
        ALL: SHARE,
        "role": READ,
        "grant": READ,
        "invitation": READ,
        "unit": ("view", "export", "create", "edit"),
        "position": ("view", "export", "create", "edit"),
        "servicecalendar": ("view", "export", "create", "edit"),
        "closedday": ("view", "export", "create", "edit"),
        "policy": (ALL,),
        "commitment": (ALL,),
        "objective": (ALL,),
        "charter": (ALL,),
        "document": (ALL,),
        "documentversion": (ALL,),
        "acknowledgement": (ALL,),
        "standard": (ALL,),
        "qualitydimension": (ALL,),
        "dataset": (ALL,),
        "import": (ALL,),
        "indicator": (ALL,),
        "baseline": (ALL,),
        "exclusion": (ALL,),
        "signal": (ALL,),
        "annotation": (ALL,),
    },
    "process_owner": {
        ALL: SHARE,
        "commitment": ("create", "edit"),
        "objective": ("create", "edit"),
        "standard": ("create", "edit", "propose", "revise", "drop_revision"),
        "qualitydimension": ("create",),
        "document": ("create", "edit", "confirm_review"),
        "documentversion": ("create", "edit", "submit"),
        "acknowledgement": ("acknowledge",),
        "indicator": ("create", "edit"),
        "signal": ("acknowledge",),
        "annotation": ("create", "edit"),
        "import": ("create",),
    },
    "manager": {
        ALL: SHARE,
        "objective": ("create", "edit"),
        "grant": READ,
        "standard": ("put_in_force", "send_back"),
        "documentversion": ("approve",),
        "acknowledgement": ("acknowledge", "view_others"),
        "signal": ("acknowledge",),
        "annotation": ("create", "edit"),
    },
    "inspector": {ALL: SHARE, "acknowledgement": ("acknowledge",), "annotation": ("create",)},
    "employee": {
        "unit": ("view",),
        "servicecalendar": ("view",),
        "closedday": ("view",),
        "policy": ("view", "comment"),
        "commitment": ("view", "comment"),
        "objective": ("view", "comment"),
        "charter": ("view", "comment"),
        "document": ("view", "comment"),
        "acknowledgement": ("view", "acknowledge"),
        "standard": ("view", "comment"),
        "qualitydimension": ("view",),
        "indicator": ("view", "comment"),
        "signal": ("view", "comment"),
        "annotation": ("view", "comment"),
    },
    "auditor": {
        ALL: READ,
        "acknowledgement": ("view_others",),
        **dict.fromkeys(sorted(APART), READ),
    },
}
# Roles for a visit: whoever grants one says until when.
FOR_A_TIME = frozenset({"auditor"})


def child_path(parent_path: str, uid_hex: str) -> str:
    """The materialised path: twelve hexadecimal digits of each unit from the root down."""
    return f"{parent_path or SEPARATOR}{uid_hex[:12]}{SEPARATOR}"


def would_loop(unit_path: str, parent_path: str) -> bool:
    """A unit cannot hang below itself."""
    return bool(unit_path) and parent_path.startswith(unit_path)


Table = Mapping[str, Sequence[str]]


def allows(permissions: Table, entity: str, verb: str) -> bool:
    """Whether a role's table allows `verb` on `entity`: the entity's own row adds to the row for all.

    What decides about access itself is covered by the row for all only where that row says everything.
    """
    own, general = permissions.get(entity, ()), permissions.get(ALL, ())
    if ALL in own or verb in own or ALL in general:
        return True
    return verb in general and entity not in APART


def tidy(table: Table) -> dict[str, list[str]]:
    """One way to write a role's table, so that equal tables are equal: sorted, without empty rows."""
    return {entity: sorted(set(verbs)) for entity, verbs in sorted(table.items()) if verbs}


def merged(tables: Iterable[Table]) -> dict[str, list[str]]:
    """What several roles allow together."""
    together: dict[str, set[str]] = {}
    for table in tables:
        for entity, verbs in table.items():
            together.setdefault(entity, set()).update(verbs)
    return tidy({entity: sorted(verbs) for entity, verbs in together.items()})


def lines(table: Table) -> set[tuple[str, str]]:
    return {(entity, verb) for entity, verbs in table.items() for verb in verbs}


def exceeding(wanted: Table, held: Table) -> list[tuple[str, str]]:
    """The lines of `wanted` that somebody with `held` does not hold: nobody hands out more than they have."""
    return sorted((e, v) for e, v in lines(wanted) if not allows(held, e, v))


def follow(table: Table, shipped_before: Table, shipped_now: Table) -> dict[str, list[str]]:
    """A role as an organisation edited it, brought to a new version: only what the version itself changed changes."""
    added = lines(shipped_now) - lines(shipped_before)
    dropped = lines(shipped_before) - lines(shipped_now)
    kept: dict[str, list[str]] = {}
    for entity, verb in (lines(table) | added) - dropped:
        kept.setdefault(entity, []).append(verb)
    return tidy(kept)
