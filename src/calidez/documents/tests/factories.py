"""Documents for tests, made by the part's own operations."""

from __future__ import annotations

from typing import Any

from calidez.documents import services
from calidez.documents.models import Acknowledgement, Document, DocumentVersion
from calidez.kit.conformance import World, create, factory_for
from calidez.kit.core.children import Row
from calidez.people.models import Position, User
from calidez.people.tests.factories import person

APPROVERS = "rows_approver"


@factory_for(Document)
def document(world: World, unit: Any, number: int) -> Document:
    return make_document(world.admin, unit, title=f"Admission {number}")


@factory_for(DocumentVersion)
def version(world: World, unit: Any, number: int) -> DocumentVersion:
    return draft(make_document(world.admin, unit, title=f"Admission {number}"), by=world.admin)


@factory_for(Acknowledgement)
def acknowledgement(world: World, unit: Any, number: int) -> Acknowledgement:
    """Asked of one person alone, by a position of their own: a unit would ask everybody made before."""
    position = create(Position, world.admin, name=f"Reader {number}", unit=unit, purpose="Reads.")
    reader = person(
        world.admin,
        unit,
        f"reader{number}.{unit.code.lower()}@example.org",
        f"Reader {number}",
        role="employee",
        position=position,
    )
    boss = approver(world, unit=unit)
    made = make_document(
        world.admin, unit, approvers=[boss], title=f"Admission {number}", readers_positions=[position]
    )
    in_force(made, by=world.admin, approved_by=[boss])
    return Acknowledgement.objects.get(document_version__document=made, person=reader)


def approver(world: World, number: int = 1, unit: Any = None) -> User:
    """The unit's n-th person who may approve."""
    place = unit or world.root
    email = f"boss{number}.{place.code.lower()}@example.org"
    known = User.objects.filter(email=email).first()
    return known or person(world.admin, place, email, f"Boss {number}", role="manager")


def make_document(by: Any, unit: Any, *, approvers: Any = (), **values: Any) -> Document:
    values = {"title": "Admission", "owner": by, "unit": unit, **values}
    return create(Document, by, child_rows={APPROVERS: [Row({"person": p}) for p in approvers]}, **values)


def draft(
    document: Document, *, by: Any, text: str = "# Admission\n\nGreet everybody.", **values: Any
) -> Any:
    return create(DocumentVersion, by, document=document, text=text, **values)


def approved(document: Document, *, by: Any, approved_by: Any, **values: Any) -> DocumentVersion:
    version = services.submit(draft(document, by=by, **values), by=by)
    for one in approved_by:
        version = services.approve(version, by=one)
    return version


def in_force(document: Document, *, by: Any, approved_by: Any, **values: Any) -> DocumentVersion:
    return services.put_in_force(approved(document, by=by, approved_by=approved_by, **values), by=by)
