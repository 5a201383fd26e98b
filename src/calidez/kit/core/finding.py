"""Records found by what people and files call them, among those that the person can see."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from calidez.kit.core import cells
from calidez.kit.core.any_record import Named
from calidez.kit.core.registry import catalog

LONGEST = 1000
_PAGE = re.compile(r"/([\w-]+)/([0-9a-f]{8}-[0-9a-f-]{27})\b", re.IGNORECASE)


def find(model: Any, text: str, user: Any) -> Any:
    """One record by identifier or by what its kind is known by; ValidationError where there is none or several."""
    entity = catalog.get(model)
    records = entity.queryset(user) if entity is not None else model._default_manager.all()
    kind = entity.label if entity is not None else str(model._meta.verbose_name)
    by = known_by(model)
    try:
        found = records.filter(uid=uuid.UUID(text)).first()
    except ValueError:
        # SQLite compares no pattern of 50,000 letters, and no record is called so.
        named = list(records.filter(**{f"{by}__iexact": text})[:2]) if by and len(text) <= LONGEST else []
        found, *others = [*named, None]
        if found is not None and others and others[0] is not None:
            raise ValidationError(
                _("Several records of the kind “%(kind)s” are called “%(text)s”: give the identifier.")
                % {"kind": kind, "text": text[:60]}
            ) from None
    if found is None:
        raise ValidationError(
            _("“%(text)s” is not known as %(kind)s, or you cannot see it.")
            % {"text": text[:60], "kind": kind}
        )
    return found


def find_any(given: Any, user: Any) -> Named:
    """A record of whatever kind, by its code, the address of its page, or its kind and code or identifier.

    ValidationError where there is none that the person can see, or several.
    """
    text = text_of(given)
    subject, colon, rest = text.partition(":")
    page = _PAGE.search(text)
    if page is not None and (entity := catalog.by_slug(page[1])) is not None:
        found = [find(entity.model, page[2], user)]
    elif colon and (entity := _kind(subject)) is not None:
        found = [find(entity.model, rest.strip(), user)]
    else:
        found = _by_code(text, user)
    if not found:
        raise ValidationError(_("“%(text)s” is not known, or you cannot see it.") % {"text": text[:60]})
    if len(found) > 1:
        raise ValidationError(
            _("Several records are called “%(text)s”: write the kind before it, as in “%(example)s”.")
            % {"text": text[:60], "example": f"{found[0]._meta.label_lower}:{text[:60]}"}
        )
    named = Named.of(found[0])
    named.found = found[0]
    return named


def is_kind(text: str) -> bool:
    """Whether this is the stable name of a kind of record, as “standards.standard”."""
    return _kind(text) is not None


def written(named: Named) -> str:
    """How a form or a file says which record is meant, so that `find_any` finds it again."""
    entity = _kind(named.subject)
    code = getattr(named.found, "code", "") if entity is not None and entity.code else ""
    return str(code or named)


def known_by(model: Any) -> str:
    """The field by which people and files name a record of this kind: as declared, else its code, else its name."""
    entity = catalog.get(model)
    if entity is not None and entity.known_by:
        return str(entity.known_by)
    return next((name for name in ("code", "name") if cells.has_field(model, name)), "")


def key_of(record: Any) -> str:
    """How a file or an API names this record so that `find` finds it again: its code (or e-mail), else its identifier."""
    name = known_by(type(record))
    # A name need not be unique, so only what is unique may stand for the record.
    if name and type(record)._meta.get_field(name).unique:
        return str(getattr(record, name))
    return str(record.uid)


def text_of(given: Any) -> str:
    """What names a record of any kind: text, or an object as the interface gives it."""
    if isinstance(given, models.Model):
        return str(Named.of(given))
    if isinstance(given, Mapping):
        key = given.get("uid") or given.get("code") or ""
        return f"{given['kind']}:{key}" if given.get("kind") else str(key)
    return str(given).strip()


def _kind(subject: str) -> Any:
    """The declaration of this stable name; None for anything else."""
    return next((entity for entity in catalog if entity.model._meta.label_lower == subject), None)


def _by_code(text: str, user: Any) -> list[Any]:
    """Where the code is of a pattern, as STD-001, only its own kinds are asked."""
    coded = [e for e in catalog.records() if e.code and _pattern(e.code).fullmatch(text)]
    if len(text) > LONGEST:
        return []
    asked = coded or [e for e in catalog.records() if not e.code and known_by(e.model) == "code"]
    try:
        uid = uuid.UUID(text)
    except ValueError:
        return [one for e in asked for one in e.queryset(user).filter(code__iexact=text)[:2]]
    return [one for e in catalog.records() for one in e.queryset(user).filter(uid=uid)[:1]]


def _pattern(code: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", code)
    return re.compile(r"\d+".join(re.escape(part) for part in parts), re.IGNORECASE)
