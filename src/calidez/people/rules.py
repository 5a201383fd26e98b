"""Decisions about people and units: which roles there are and what must hold in the tree."""

from __future__ import annotations

from collections.abc import Mapping

SEPARATOR = "/"

# role: {entity: verbs}; "*" stands for all. Shipped as data, editable afterwards.
ALL = "*"
READ = ("view", "export")
SHIPPED_ROLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "administrator": {ALL: (ALL,)},
    "quality_manager": {
        ALL: READ,
        "unit": ("view", "export", "create", "edit"),
        "position": ("view", "export", "create", "edit"),
        "standard": (ALL,),
        "dataset": (ALL,),
        "import": (ALL,),
        "indicator": (ALL,),
        "baseline": (ALL,),
        "signal": (ALL,),
        "annotation": (ALL,),
    },
    "process_owner": {
        ALL: READ,
        "standard": ("create", "edit"),
        "indicator": ("create", "edit"),
        "signal": ("acknowledge",),
        "annotation": ("create", "edit"),
        "import": ("create",),
    },
    "manager": {ALL: READ, "signal": ("acknowledge",), "annotation": ("create", "edit")},
    "inspector": {ALL: READ, "annotation": ("create",)},
    "employee": {
        "unit": ("view",),
        "standard": ("view",),
        "indicator": ("view",),
        "signal": ("view",),
        "annotation": ("view",),
    },
    "auditor": {ALL: READ},
}


def child_path(parent_path: str, uid_hex: str) -> str:
    """The materialised path: twelve hexadecimal digits of each unit from the root down."""
    return f"{parent_path or SEPARATOR}{uid_hex[:12]}{SEPARATOR}"


def would_loop(unit_path: str, parent_path: str) -> bool:
    """A unit cannot hang below itself."""
    return bool(unit_path) and parent_path.startswith(unit_path)


def allows(permissions: Mapping[str, tuple[str, ...]], entity: str, verb: str) -> bool:
    """Whether a role's table allows `verb` on `entity`: the entity's own row adds to the row for all."""
    verbs = (*permissions.get(entity, ()), *permissions.get(ALL, ()))
    return ALL in verbs or verb in verbs
