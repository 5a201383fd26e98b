"""What the strict content security policy would refuse, and what would draw nothing, is found before a browser does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "calidez"
TEMPLATES = sorted(SOURCE.rglob("*.html"))
TOKEN = re.compile(r"--c-[a-z0-9-]+")

REFUSED = {
    "a style attribute": re.compile(r"<[^>]*\sstyle="),
    "a style element": re.compile(r"<style"),
    "a script in the page": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)"),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+="),
    "code in an htmx attribute": re.compile(r"hx-(on|vals=[\"']js)"),
    "an address of another machine": re.compile(r"(?:src|href|action)=\"(?:https?:)?//"),
}


# What nobody reads, or what is translated: the rest of a template is words in one language alone.
NOT_READ = re.compile(
    r"{#.*?#}|{% comment.*?{% endcomment %}|{% blocktranslate.*?{% endblocktranslate %}"
    r"|<(script|style|code|kbd)\b.*?</\1>|{{.*?}}|{%.*?%}|<!--.*?-->|&\w+;",
    re.DOTALL,
)
SAID_IN_ATTRIBUTES = re.compile(r"\s(?:aria-label|title|placeholder|alt|label|text|help)=\"([^\"]*)\"")
NAMES = {"Calidez", "CSV", "OpenAPI"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_every_word_of_a_template_is_translated(template: Path) -> None:
    text = NOT_READ.sub(" ", template.read_text(encoding="utf-8"))
    said = re.sub(r"<[^>]*>", " ", text) + " ".join(SAID_IN_ATTRIBUTES.findall(text))
    assert set(re.findall(r"[^\W\d_]{2,}", said)) - NAMES == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_template_holds_nothing_that_the_policy_refuses(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert [what for what, pattern in REFUSED.items() if pattern.search(text)] == []


def test_every_icon_named_is_in_the_sprite() -> None:
    listed = set(re.search(r'ICONS = """(.*?)"""', _read("scripts/assets.py"), re.DOTALL).group(1).split())
    unknown = {name for name in _icons() if name not in listed}
    assert not unknown, f"add to ICONS in scripts/assets.py: {sorted(unknown)}"


def test_styles_and_charts_name_only_tokens_that_exist() -> None:
    defined = set(
        re.findall(r"^\s*(--c-[a-z0-9-]+):", _read("src/calidez/static/css/tokens.css"), re.MULTILINE)
    )
    files = [*(SOURCE / "static" / "css").glob("*.css"), SOURCE / "static" / "charts" / "theme.json"]
    used = {token for file in files for token in TOKEN.findall(file.read_text(encoding="utf-8"))}
    assert used <= defined


def test_chart_theme_is_json() -> None:
    assert (
        json.loads(_read("src/calidez/static/charts/theme.json"))["style"]["target"]["color"] == "--c-target"
    )


def _icons() -> Iterator[str]:
    for template in TEMPLATES:
        yield from re.findall(r'<c-icon name="([a-z0-9-]+)"', template.read_text(encoding="utf-8"))
    for module in SOURCE.rglob("*.py"):
        yield from re.findall(r'\bicon="([a-z0-9-]+)"', module.read_text(encoding="utf-8"))


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_icon_that_pages_name_is_among_those_fetched() -> None:
    """An icon that is not in the sprite is a hole that no other test sees."""
    source = (ROOT / "scripts" / "assets.py").read_text(encoding="utf-8")
    listed = re.search(r'ICONS = """(.*?)"""', source, re.DOTALL)
    assert listed
    fetched = set(listed.group(1).split())
    named = re.compile(r"""\bicon(?: ?= ?|=)"([a-z0-9-]+)"|<c-icon name="([a-z0-9-]+)\"""")
    used = {
        a or b
        for pattern in ("*.py", "*.html")
        for path in SOURCE.rglob(pattern)
        for a, b in named.findall(path.read_text(encoding="utf-8"))
    }
    assert len(used) > 40
    assert sorted(used - fetched) == []
