"""Every shipped pack is in order in both languages, says what it promises plainly, and fits the parts it fills."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from calidez import engine
from calidez.monitoring.models import Indicator
from calidez.policy.rules import drafting_notes
from calidez.samples.emergency import texts as sample_texts
from calidez.samples.packs import checking, format, shelf
from calidez.samples.packs.document import PackRefused
from calidez.samples.packs.schemas import schema_of_entry
from calidez.samples.services import SCHEMA
from calidez.standards.models import Standard, StandardBasis
from calidez.standards.models.dimensions import SHIPPED
from calidez.stats.readability import read

SECTORS = (
    "hotel",
    "clinic",
    "contact-centre",
    "bank",
    "public-office",
    "it-service-desk",
    "restaurant",
    "transport",
)
LANGUAGES = ("es", "en")
every_pack = pytest.mark.parametrize("key", SECTORS)


def test_the_eight_sectors_are_there() -> None:
    assert set(shelf.keys()) == set(SECTORS)


@every_pack
def test_it_holds_what_a_company_begins_from(key: str) -> None:
    counts = shelf.pack_called(key).counts
    assert 5 <= counts["commitments"] <= 7
    assert 10 <= counts["standards"] <= 15
    assert counts["indicators"] >= counts["standards"]
    assert 1 <= counts["datasets"] <= 3
    assert 2 <= counts["objectives"] <= 4


@every_pack
def test_every_text_stands_in_both_languages(key: str) -> None:
    missing = [
        path
        for path, text in _mappings(shelf.pack_called(key).document.values)
        if set(text) != set(LANGUAGES)
    ]
    assert missing == []


@every_pack
def test_every_standard_has_a_basis_an_indicator_and_a_reaction(key: str) -> None:
    pack = shelf.pack_called(key)
    proved = {one.get("standard") for one in pack.entries("indicators", "es")}
    for one in pack.entries("standards", "es"):
        assert one["basis"], one["key"]
        assert all(row.get("reference") for row in one["basis"] if row["kind"] == "norm"), one["key"]
        assert one["key"] in proved
        assert one["reaction"]
        assert one["sampling"]
        assert one["frequency"]
        assert one["dimension"] in SHIPPED


@every_pack
def test_every_norm_says_what_of_it_is_only_a_proposal(key: str) -> None:
    """A number that no norm sets must not look as if it came from one."""
    for language, word in (
        ("es", r"propuesta|proponen|[Vv]ea|[Bb]usque|[Aa]ñada|[Uu]se"),
        ("en", r"propos|[Ss]ee|[Ll]ook|[Aa]dd|[Uu]se"),
    ):
        for one in shelf.pack_called(key).entries("standards", language):
            assert any(re.search(word, row["explanation"], re.IGNORECASE) for row in one["basis"]), one["key"]


@every_pack
@pytest.mark.parametrize("language", LANGUAGES)
def test_promises_are_read_without_effort(key: str, language: str) -> None:
    pack = shelf.pack_called(key)
    texts = [pack.entries("policy", language)[0]["introduction"]]
    texts += [
        "\n\n".join((one["statement"], one["why"], one["remedy"]))
        for one in pack.entries("commitments", language)
    ]
    for text in texts:
        found = read(text, language)
        assert found.band is not None, text
        assert found.band.readable, (found.score, text)
        assert not found.long_sentences, text


@every_pack
@pytest.mark.parametrize("language", LANGUAGES)
def test_promises_have_no_vague_words(key: str, language: str) -> None:
    vagueness = pytest.importorskip("calidez.policy.rules.vagueness")
    pack = shelf.pack_called(key)
    for one in pack.entries("commitments", language):
        for name in ("statement", "remedy", "why"):
            assert not vagueness.vague_words(one[name], language), one[name]
    for one in pack.entries("standards", language):
        assert not vagueness.vague_words(one["requirement"], language), one["requirement"]


@every_pack
def test_targets_leave_room_before_the_unacceptable(key: str) -> None:
    for one in shelf.pack_called(key).entries("standards", "en"):
        worse = 1 if one["direction"] == "at_most" else -1
        assert worse * (one["unacceptable"] - one["target"]) >= one["tolerance"], one["key"]


@every_pack
def test_the_icon_is_in_the_sprite(key: str) -> None:
    source = Path(__file__).resolve().parents[4] / "scripts" / "assets.py"
    listed = re.search(r'ICONS = """(.*?)"""', source.read_text(encoding="utf-8"), re.DOTALL)
    assert listed
    assert shelf.pack_called(key).icon in listed.group(1).split()


def test_the_words_of_the_format_are_those_of_the_parts() -> None:
    def choices(items: Any, name: str) -> set[str]:
        return set(items[name].choices)

    assert choices(format.STANDARD, "kind") == set(Standard.Kind.values)
    assert choices(format.STANDARD, "direction") == set(Standard.Direction.values)
    assert choices(format.STANDARD, "frequency") == set(Standard.Frequency.values)
    assert choices(format.BASIS, "kind") == set(StandardBasis.Kind.values)
    assert choices(format.INDICATOR, "measure") == set(Indicator.Measure.values)
    assert choices(format.INDICATOR, "period") == set(Indicator.Period.values)
    assert choices(format.INDICATOR, "better") == set(Indicator.Better.values)
    assert choices(format.COLUMN, "type") == {str(one) for one in engine.ColumnType}
    assert choices(format.COLUMN, "role") == {str(one) for one in engine.Role} - {"ignore"}


def test_the_file_of_the_sample_fits_the_clinic() -> None:
    """The same columns, types and roles: the shipped file loads into the pack's dataset."""
    entry = next(
        one for one in shelf.pack_called("clinic").entries("datasets", "es") if one["key"] == "attendances"
    )
    said = {(c.name, c.source, c.type, c.role, c.is_key) for c in schema_of_entry(entry).stored}
    assert said == {(c.name, c.source, c.type, c.role, c.is_key) for c in SCHEMA.stored}
    assert set(sample_texts.TEXTS) == set(LANGUAGES)


def _mappings(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], dict[str, str]]]:
    """Every text that stands in languages, with its place."""
    if isinstance(value, list):
        return [one for place, row in enumerate(value) for one in _mappings(row, (*path, place))]
    if not isinstance(value, dict):
        return []
    if value and set(value) <= {"es", "en", "fr", "pt", "de"}:
        return [(path, value)]
    return [one for name, row in value.items() for one in _mappings(row, (*path, name))]


def test_what_belongs_in_two_languages_is_found() -> None:
    values = shelf.pack_called("hotel").document.values
    assert len(_mappings(values)) > 100
    assert checking.rows_of(values, "commitments")[0]["key"] == "arrival"


def test_the_pack_of_the_guide_is_in_order() -> None:
    """The page promises that its example is complete and that its refusal reads so."""
    guide = (Path(__file__).resolve().parents[4] / "docs" / "how-to" / "starter-packs.md").read_text(
        encoding="utf-8"
    )
    example = re.search(r"```yaml\n(.*?)```", guide, re.DOTALL)
    assert example
    assert shelf.read_pack(example.group(1), "helpdesk.yaml").counts["objectives"] == 1
    with pytest.raises(PackRefused) as refused:
        shelf.read_pack(example.group(1).replace("target: 80", "target: many"), "helpdesk.yaml")
    assert str(refused.value) in guide


def test_the_guide_names_every_word_of_the_format() -> None:
    guide = (Path(__file__).resolve().parents[4] / "docs" / "how-to" / "starter-packs.md").read_text(
        encoding="utf-8"
    )
    tables = (format.PACK, format.POLICY, format.COMMITMENT, format.DATASET, format.COLUMN, format.STANDARD)
    words = {
        word
        for table in (*tables, format.BASIS, format.CASE, format.INDICATOR, format.OBJECTIVE)
        for word in table
    }
    assert [word for word in sorted(words) if not re.search(rf"\b{word}\b", guide)] == []


@every_pack
def test_what_a_pack_proposes_says_so_where_the_check_finds_it(key: str) -> None:
    for language in LANGUAGES:
        (policy,) = shelf.pack_called(key).entries("policy", language)
        assert len(drafting_notes(policy["introduction"])) == 1, language
