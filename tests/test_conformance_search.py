"""Every kind of record is found by the search over everything, by those who may see it and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from calidez.kit.catalog import Entity
from calidez.kit.conformance import World, kinds, load_factories
from calidez.kit.desk.search import finding, indexing
from calidez.kit.desk.search.words import words_of

load_factories()
pytestmark = pytest.mark.django_db
every_kind = pytest.mark.parametrize("entity", kinds(), ids=lambda e: e.key, scope="module")


@every_kind
def test_a_record_is_found_by_the_words_of_its_title(entity: Entity, world: World, record: Any) -> None:
    indexing.index(entity, [record])
    text = " ".join(words_of(entity, record)[:3])
    address = entity.url(record)
    assert address in {hit.url for hit in finding.find(text, world.admin, shown=200)}
    assert finding.find(text, world.outsider) == ()
