"""What the command line does with starter packs; it acts as a person, so that their permissions hold here too."""

from __future__ import annotations

from pathlib import Path

from calidez.config import accounts
from calidez.kit.catalog import catalog
from calidez.samples import pack_cards
from calidez.samples.packs import shelf
from calidez.samples.packs.exporting import export_pack
from calidez.samples.packs.format import SECTIONS
from calidez.samples.packs.loading import MODELS, Loaded, Outcome, load_pack


def shipped() -> list[tuple[str, ...]]:
    """Key, name and what each pack brings."""
    return [(p.key, p.name, pack_cards.brings(p)) for p in shelf.shipped()]


def load(source: str, *, unit: str | None, acting: str | None, language: str) -> Loaded:
    """From a file where there is one of this name, else the shipped pack with this key."""
    path = Path(source)
    pack = shelf.read_file(path) if path.is_file() else shelf.pack_called(source)
    by = accounts.find(acting) if acting else accounts.administrator()
    return load_pack(pack, by=by, unit=accounts.find_unit(unit), language=language)


def rows(done: Loaded) -> list[tuple[str, ...]]:
    """For each kind: created, already there, left out."""
    outcomes = (Outcome.CREATED, Outcome.THERE, Outcome.LEFT_OUT)
    found = []
    for section in SECTIONS:
        label = catalog.of(MODELS[section]).label_plural
        found.append((label[:1].upper() + label[1:], *(str(done.count(section, one)) for one in outcomes)))
    return found


def export(*, unit: str | None, acting: str | None, key: str) -> str:
    by = accounts.find(acting) if acting else accounts.administrator()
    return export_pack(accounts.find_unit(unit), by=by, key=key)
