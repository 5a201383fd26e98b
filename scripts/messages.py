"""Collects the interface's sentences, compiles the Spanish ones and refuses gaps, without GNU gettext installed."""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "calidez"
LOCALE = PACKAGE / "locale"


def translated() -> tuple[str, ...]:
    """Every language that has a folder; a new one begins with an empty folder."""
    return tuple(sorted({"es", *(path.name for path in LOCALE.glob("*") if path.is_dir())}))


KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Tables of sentences kept by a layer that knows no Django: the pages translate them when they show them.
TABLES = {"engine/errors.py": ("CODES",)}
# What django's templatize leaves of a template: gettext calls between blanked-out text.
_TEXT = r"""u?((?:"(?:[^"\\]|\\.)*")|(?:'(?:[^'\\]|\\.)*'))"""
_TEMPLATE_CALL = re.compile(
    rf"\b(npgettext|pgettext|ngettext|gettext|_)\({_TEXT}(?:\s*,\s*{_TEXT})?(?:\s*,\s*{_TEXT})?"
)
# A component's `:attribute="_('…')"` is an expression that only the component library reads.
_ATTRIBUTE = re.compile(r""":[\w-]+=(?:"_\('((?:[^'\\]|\\.)*)'\)"|'_\("((?:[^"\\]|\\.)*)"\)')""")
_NAMED = re.compile(r"%\((\w+)\)")

Message = tuple[str | None, str, str | None]  # context, sentence, plural


def main() -> int:
    actions = {"extract": extract, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        print("usage: scripts/messages.py extract|compile|check", file=sys.stderr)
        return 2
    return actions[sys.argv[1]]()


def extract() -> int:
    """Bring the catalogues in line with the sources; what is new arrives empty, what is gone leaves."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    found = _sources()
    for language in translated():
        old = _read(language)
        new = Catalog(locale=language, project="Calidez", charset="utf-8", fuzzy=False)
        for (context, sentence, plural), places in sorted(found.items(), key=_order):
            known = old.get(sentence, context) if old is not None else None
            ids = (sentence, plural) if plural else sentence
            new.add(
                ids,
                string=_kept(known, plural, new.num_plurals),
                locations=[(place, 0) for place in sorted(places)],
                flags=sorted((known.flags if known else set()) - {"python-format"})
                + (["python-format"] if _NAMED.search(sentence + (plural or "")) else []),
                user_comments=known.user_comments if known else (),
                context=context,
            )
        path = _path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, new, width=110, include_lineno=False, omit_header=True)
        body = path.read_text(encoding="utf-8")
        path.write_text(_header(new) + body, encoding="utf-8")
        empty = sum(1 for message in new if message.id and not _filled(message))
        print(f"{path.relative_to(ROOT)}: {len(new)} sentences, {empty} to translate")
    return 0


def compile_all() -> int:
    from babel.messages.mofile import write_mo

    for language in translated():
        catalogue = _read(language)
        if catalogue is None:
            continue
        target = _path(language).with_suffix(".mo")
        temporary = target.with_suffix(".mo.new")
        with temporary.open("wb") as file:
            write_mo(file, catalogue)
        temporary.replace(target)
    return 0


def check() -> int:
    """Stale, missing, empty, fuzzy or wrongly named: each is a screen that half speaks English."""
    found = _sources()
    problems: list[str] = []
    for language in translated():
        catalogue = _read(language)
        if catalogue is None:
            problems.append(f"{_path(language).relative_to(ROOT)} does not exist")
            continue
        held = {(m.context, _singular(m)): m for m in catalogue if m.id}
        wanted = {(context, sentence): places for (context, sentence, _plural), places in found.items()}
        problems += [
            f"{language}: missing: {s!r} ({', '.join(sorted(wanted[c, s]))})"
            for c, s in wanted
            if (c, s) not in held
        ]
        problems += [f"{language}: no longer used: {s!r}" for c, s in held if (c, s) not in wanted]
        for message in held.values():
            problems += [f"{language}: {problem}: {_singular(message)!r}" for problem in _faults(message)]
    for problem in problems:
        print(problem)
    if problems:
        print(
            f"{len(problems)} problems. `make messages` collects; translate what is empty, then run it again."
        )
    return 1 if problems else 0


def _sources() -> dict[Message, set[str]]:
    found: dict[Message, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*")):
        place = str(path.relative_to(ROOT))
        if {"tests", "migrations", "vendor", "node_modules"} & set(
            path.relative_to(PACKAGE).parts
        ) or path.stem == "conftest":
            continue
        if path.suffix == ".py":
            tables = TABLES.get(path.relative_to(PACKAGE).as_posix(), ())
            messages = itertools.chain(_python(path), _tables(path, tables))
        elif path.suffix in {".html", ".txt", ".svg"} and "templates" in path.parts:
            messages = _template(path)
        else:
            continue
        for message in messages:
            found.setdefault(message, set()).add(place)
    return found


def _python(path: Path) -> Iterator[Message]:
    from babel.messages.extract import extract_from_file

    for _line, ids, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
        sentence, plural = ids if isinstance(ids, tuple) else (ids, None)
        if sentence:
            yield context, sentence, plural


def _tables(path: Path, names: tuple[str, ...]) -> Iterator[Message]:
    """Every value of the module's dictionaries of these names."""
    body = ast.parse(path.read_text(encoding="utf-8")).body if names else []
    for statement in body:
        target = getattr(statement, "target", None) or next(iter(getattr(statement, "targets", ())), None)
        if isinstance(target, ast.Name) and target.id in names:
            for sentence in ast.literal_eval(statement.value).values():
                yield None, sentence, None


def _template(path: Path) -> Iterator[Message]:
    # The template language is django's own business; its lexer needs settings, but no project.
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    source = path.read_text(encoding="utf-8")
    for match in _TEMPLATE_CALL.finditer(templatize(source, origin=str(path))):
        texts = [_unescaped(ast.literal_eval(text)) for text in match.groups()[1:] if text]
        match match.group(1):
            case "npgettext":
                yield texts[0], texts[1], texts[2]
            case "pgettext":
                yield texts[0], texts[1], None
            case "ngettext":
                yield None, texts[0], texts[1]
            case _:
                yield None, texts[0], None
    for match in _ATTRIBUTE.finditer(source):
        yield None, match.group(1) or match.group(2), None


def _unescaped(text: str) -> str:
    """templatize doubles every percent sign; the running template does so only beside placeholders."""
    return text if _NAMED.search(text) else text.replace("%%", "%")


def _faults(message) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    if not _filled(message):
        yield "empty"
        return
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    names = {name for text in ids for name in _NAMED.findall(text)}
    for text in strings:
        if not set(_NAMED.findall(text)) <= names:
            yield "placeholder that the English sentence does not have"
    if not isinstance(message.id, tuple) and set(_NAMED.findall(strings[0])) != names:
        yield "placeholder lost in translation"


def _filled(message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)


def _kept(known, plural: str | None, forms: int):
    if known is None:
        return ("",) * forms if plural else ""
    if plural and not isinstance(known.string, tuple):
        return (known.string,) * forms
    if not plural and isinstance(known.string, tuple):
        return known.string[0]
    return known.string


def _singular(message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


def _order(item: tuple[Message, set[str]]) -> tuple[str, str, str]:
    (context, sentence, _plural), places = item
    return min(places), sentence, context or ""


def _header(catalogue) -> str:
    """No dates: two people who collect on the same day must not get a conflict."""
    return (
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: Calidez\\n"\n'
        f'"Language: {catalogue.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _read(language: str):
    from babel.messages.pofile import read_po

    path = _path(language)
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)


if __name__ == "__main__":
    raise SystemExit(main())
