"""The tool that keeps the Spanish complete: it must find every sentence, and every gap."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
title = gettext_lazy("Signals")
text = _("%(count)s of 100 %% open") % {"count": 1}
long = _(
    "One sentence "
    "in two pieces"
)
many = ngettext("%(count)s case", "%(count)s cases", 2)
may = pgettext("month", "May")
"""
TEMPLATE = """{% load i18n %}<h1>{% translate "Home" %}</h1>
{% blocktranslate count n=3 trimmed %}
  {{ n }} step
{% plural %}
  {{ n }} steps
{% endblocktranslate %}
<c-button label="{% translate 'Save' %}" :help="_('What happens then')" />
{{ _("Never mind") }}
"""
FOUND = {
    (None, "Signals", None),
    (None, "%(count)s of 100 %% open", None),
    (None, "One sentence in two pieces", None),
    (None, "%(count)s case", "%(count)s cases"),
    ("month", "May", None),
    (None, "Home", None),
    (None, "%(n)s step", "%(n)s steps"),
    (None, "Save", None),
    (None, "What happens then", None),
    (None, "Never mind", None),
}


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    path = Path(__file__).resolve().parent.parent / "scripts" / "messages.py"
    specification = importlib.util.spec_from_file_location("messages_tool", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    package = tmp_path / "package"
    (package / "templates").mkdir(parents=True)
    (package / "code.py").write_text(PYTHON)
    (package / "templates" / "page.html").write_text(TEMPLATE)
    for name, value in {"ROOT": tmp_path, "PACKAGE": package, "LOCALE": package / "locale"}.items():
        monkeypatch.setattr(module, name, value)
    return module


def catalogue(tool: ModuleType) -> Path:
    return tool.LOCALE / "es" / "LC_MESSAGES" / "django.po"


def translate_all(tool: ModuleType) -> None:
    """Fill each empty translation with its own English: the names stay right."""
    path, lines, last, plural = catalogue(tool), [], "", ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("msgid "):
            last = line.removeprefix("msgid ")
        elif line.startswith("msgid_plural "):
            plural = line.removeprefix("msgid_plural ")
        if last != '""':
            line = {
                "msgstr": f"msgstr {last}",
                "msgstr[0]": f"msgstr[0] {last}",
                "msgstr[1]": f"msgstr[1] {plural}",
            }.get(line.removesuffix(' ""'), line)
        lines.append(line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_finds_every_sentence(tool: ModuleType) -> None:
    assert set(tool._sources()) == FOUND


def test_new_sentences_arrive_empty_and_the_check_says_so(
    tool: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tool.check() == 1, "no catalogue yet"
    tool.extract()
    assert tool.check() == 1
    assert "es: empty: 'Home'" in capsys.readouterr().out


def test_a_complete_catalogue_passes_and_compiles(tool: ModuleType) -> None:
    import gettext

    tool.extract()
    path = catalogue(tool)
    translate_all(tool)
    path.write_text(path.read_text().replace('msgstr "Home"', 'msgstr "Inicio"'))
    assert tool.check() == 0
    tool.compile_all()
    compiled = gettext.translation("django", str(tool.LOCALE), ["es"])
    assert compiled.gettext("Home") == "Inicio"
    assert compiled.ngettext("%(count)s case", "%(count)s cases", 2) == "%(count)s cases"


def test_collecting_again_keeps_translations_and_changes_nothing_else(tool: ModuleType) -> None:
    tool.extract()
    translate_all(tool)
    before = catalogue(tool).read_text()
    tool.extract()
    assert catalogue(tool).read_text() == before


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('msgstr "Home"', 'msgstr ""', "empty: 'Home'"),
        ('msgid "Home"\nmsgstr "Home"', 'msgid "House"\nmsgstr "Casa"', "missing: 'Home'"),
        ('msgid "Home"\nmsgstr "Home"', 'msgid "House"\nmsgstr "Casa"', "no longer used: 'House'"),
        ('msgid "Home"', '#, fuzzy\nmsgid "Home"', "fuzzy: 'Home'"),
        ('msgstr[1] "%(count)s cases"', 'msgstr[1] "%(cuenta)s casos"', "does not have: '%(count)s case'"),
        ('msgstr "%(count)s of', 'msgstr "algunos de', "placeholder lost in translation"),
    ],
)
def test_each_gap_is_found(
    tool: ModuleType, capsys: pytest.CaptureFixture[str], old: str, new: str, complaint: str
) -> None:
    tool.extract()
    translate_all(tool)
    path = catalogue(tool)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert tool.check() == 1
    assert complaint in capsys.readouterr().out


def test_no_sentence_hides_behind_another_name(tool: ModuleType) -> None:
    """A function that is imported under a name which the tool does not know would leave its sentences English."""
    renamed = re.compile(r"translation import (?:np|n|p)?gettext(?:_lazy|_noop)? as (\w+)")
    package = Path(__file__).resolve().parent.parent / "src" / "calidez"
    hidden = [
        f"{path.relative_to(package)}: {name}"
        for path in sorted(package.rglob("*.py"))
        for name in renamed.findall(path.read_text(encoding="utf-8"))
        if name not in tool.KEYWORDS
    ]
    assert hidden == []


def test_a_language_writes_percentages_in_one_way() -> None:
    """English as "95%", Spanish as "95 %" that never breaks; figures with a unit come from `with_unit`."""
    from babel.messages.pofile import read_po

    apart = re.compile(r"(?:\d|\)s)[ \N{NO-BREAK SPACE}]%(?![(\w])")
    breaking = re.compile(r"(?:\d|\)s) ?%(?![(\w])")
    with Path("src/calidez/locale/es/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    for message in filter(lambda one: one.id, catalogue):
        for english in message.id if isinstance(message.id, tuple) else (message.id,):
            assert not apart.search(english), english
        for spanish in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not breaking.search(spanish), spanish
