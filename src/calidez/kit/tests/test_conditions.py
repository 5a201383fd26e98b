"""A field that is not asked cannot be wrong, and what it held is emptied or kept, by every door."""

from __future__ import annotations

import pytest

from calidez.kit.catalog import catalog
from calidez.kit.core.conditions import OnlyIf
from calidez.kit.desk.forms import record_form
from calidez.kit.platform.errors import RuleBroken
from calidez.monitoring.models import Indicator
from calidez.monitoring.tests.factories import indicator

pytestmark = pytest.mark.django_db


def form_of(found, admin, **values):
    entity = catalog.of(Indicator)
    whole = record_form(entity, entity.edition.fields, admin, instance=found)
    data = {n: whole.get_initial_for_field(f, n) for n, f in whole.fields.items()}
    data = {n: v for n, v in data.items() if v is not None} | values
    return record_form(entity, entity.edition.fields, admin, instance=found, data=data)


def test_what_is_not_asked_is_not_checked_and_is_emptied(world):
    found = indicator(world, world.north, 1)
    form = form_of(found, world.admin, measure="counted", quantile="ninety", value="x" * 900)
    assert form.is_valid(), form.errors
    assert "quantile" not in form.cleaned_data
    Indicator.objects.filter(pk=found.pk).update(value="left over", quantile=90)
    saved = catalog.of(Indicator).edition(found, by=world.admin, name="Renamed", quantile=None)
    assert (saved.value, saved.quantile, saved.numerator) == ("", None, "visits - late")


def test_an_answer_to_what_is_not_asked_is_refused_where_answers_are_needed(world):
    found = indicator(world, world.north, 1)
    for values in ({"quantile": 50}, {"measure": "count", "numerator": "late"}):
        with pytest.raises(RuleBroken) as refusal:
            catalog.of(Indicator).edition(found, by=world.admin, **values)
        assert refusal.value.field == list(values)[-1]


def test_what_is_asked_is_checked_and_needed(world):
    form = form_of(indicator(world, world.north, 1), world.admin, measure="percentile", quantile="ninety")
    assert not form.is_valid()
    assert list(form.errors) == ["quantile", "value"]
    assert form.fields["value"].demanded


def test_a_value_may_be_kept_while_it_is_not_asked(world, monkeypatch):
    entity = catalog.of(Indicator)
    monkeypatch.setattr(
        type(entity), "conditions", {"quantile": OnlyIf("measure", ("percentile",), keep=True)}
    )
    found = indicator(world, world.north, 1)
    Indicator.objects.filter(pk=found.pk).update(quantile=90)
    assert entity.edition(found, by=world.admin, name="Renamed").quantile == 90


def test_the_page_says_the_condition_for_those_without_script(world):
    entity = catalog.of(Indicator)
    form = record_form(entity, entity.all_fields, world.admin)
    said = form.fields["quantile"].only_if
    assert (said.field, said.values) == ("measure", '["percentile"]')
    assert "Percentile of a value" in said.words


def test_a_field_may_be_asked_wherever_another_says_anything():
    condition = OnlyIf("threshold", filled=True)
    assert [condition.asked(value) for value in (None, "", 0, 0.0, 80, "x")] == [
        *(False, False),
        *(True, True, True, True),
    ]


def test_the_page_says_so_for_those_without_script(world, monkeypatch):
    entity = catalog.of(Indicator)
    monkeypatch.setattr(type(entity), "conditions", {"condition": OnlyIf("segments", filled=True)})
    said = record_form(entity, entity.all_fields, world.admin).fields["condition"].only_if
    assert (said.field, said.values) == ("segments", '"filled"')
    assert "“Segments” is filled in" in said.words
