"""Writes docs/reference from the declarations: kinds of record, life cycles, roles, settings, background work.

Pages of their own (as that of the programming interface) join PAGES: a file name and a function that gives the text.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
SNAPSHOT = ROOT / "tests" / "snapshots" / "openapi.json"
REMARK = "<!-- Written by scripts/reference.py from the declarations: change those, then run `make reference`. -->\n"


def main() -> int:
    if sys.argv[1:] not in (["write"], ["check"]):
        print("usage: scripts/reference.py write|check", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as data:
        _start(data)
        pages = {FOLDER / name: REMARK + "\n" + make().rstrip() + "\n" for name, make in PAGES.items()}
        pages[SNAPSHOT] = snapshot()
    if sys.argv[1] == "write":
        for path, text in pages.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))
        return 0
    stale = [path for path, text in pages.items() if kept(path) != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not what the declarations say: run `make reference`.")
    return 1 if stale else 0


def records() -> str:
    from calidez.kit.catalog import catalog

    lines = [
        "# Kinds of record",
        "",
        "Each has a list, a page, forms, history, comments, files, exchange by file and the programming interface.",
        "",
        "| Kind | Address | Part | Code |",
        "|---|---|---|---|",
    ]
    for entity in catalog:
        link = f"[{_capital(entity.label)}](#{entity.key})"
        lines.append(
            f"| {link} | `/{entity.slug}/` | {entity.part} | {f'`{entity.code}`' if entity.code else ''} |"
        )
    for entity in catalog:
        lines += ["", *_record(entity)]
    return "\n".join(lines)


def permissions() -> str:
    from calidez.kit.desk import verbs
    from calidez.people.models import ROLE_NAMES
    from calidez.people.rules import SHIPPED_ROLES, allows

    roles = list(SHIPPED_ROLES)
    lines = [
        "# Roles as shipped",
        "",
        "What each shipped role may do, by kind of record. An organisation changes all of it on the page of its roles;",
        "a role holds at the unit where it is granted and in every unit below.",
    ]
    for group in verbs.groups():
        lines += ["", f"## {_capital(group.title)}", ""]
        lines.append("| | | " + " | ".join(str(ROLE_NAMES[role]) for role in roles) + " |")
        lines.append("|---|---|" + "---|" * len(roles))
        for subject in group.subjects:
            for place, verb in enumerate(subject.verbs):
                marks = ("•" if allows(SHIPPED_ROLES[role], subject.key, verb.name) else "" for role in roles)
                name = subject.label if place == 0 else ""
                lines.append(f"| {name} | {verb.label} | " + " | ".join(marks) + " |")
    return "\n".join(lines)


def settings() -> str:
    from calidez.config.environment import VARIABLES

    lines = [
        "# Settings",
        "",
        "Read once at the start, from environment variables; `calidez check` says what is wrong with them.",
        "",
        "| Variable | What it means |",
        "|---|---|",
    ]
    return "\n".join([*lines, *(f"| `{name}` | {meaning} |" for name, meaning in VARIABLES.items())])


def background() -> str:
    from calidez.kit.platform.jobs.declare import kinds

    lines = ["# Background work", "", "| Work | Name | When it starts by itself |", "|---|---|---|"]
    rows = (f"| {k.title} | `{k.name}` | {f'`{k.every}`' if k.every else ''} |" for k in kinds())
    return "\n".join([*lines, *rows])


def interface() -> str:
    from calidez.kit.faces.api.site import description

    described = description()
    lines = [
        "# The programming interface",
        "",
        described["info"]["description"],
        "",
        "How to use it: [how-to/api.md](../how-to/api.md). Fields of each kind: [records.md](records.md). Try it at `/api/v1/docs`.",
    ]
    by_tag: dict[str, list[str]] = {tag["name"]: [] for tag in described["tags"]}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            asked = [f"`{p['name']}`" for p in operation.get("parameters", ()) if p["in"] == "query"]
            row = f"| `{method.upper()} {path}` | {operation['summary']} | {' '.join(asked)} |"
            by_tag.setdefault(operation["tags"][0], []).append(row)
    for tag, rows in by_tag.items():
        lines += ["", f"## {tag}", "", "| Address | What it does | Parameters |", "|---|---|---|", *rows]
    return "\n".join(lines)


def snapshot() -> str:
    """What programs rely on, without the texts: a line for each address and each schema, so that a change shows."""
    from calidez.kit.faces.api.site import description

    described = description()
    groups = {"paths": described["paths"], "schemas": described["components"]["schemas"]}
    blocks = []
    for name, members in groups.items():
        rows = (
            f"{json.dumps(key)}: {json.dumps(_bare(member), sort_keys=True)}"
            for key, member in members.items()
        )
        blocks.append(f"{json.dumps(name)}: {{\n" + ",\n".join(rows) + "\n}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def _bare(part: Any, *, named: bool = False) -> Any:
    """Without titles and descriptions; `named`: the keys are names of fields, which may be called so too."""
    if isinstance(part, list):
        return [_bare(item) for item in part]
    if not isinstance(part, dict):
        return part
    texts = set() if named else {"title", "description", "summary"}
    return {key: _bare(value, named=key == "properties") for key, value in part.items() if key not in texts}


PAGES: dict[str, Callable[[], str]] = {
    "records.md": records,
    "permissions.md": permissions,
    "settings.md": settings,
    "background-work.md": background,
    "api.md": interface,
}


def _record(entity: Any) -> Iterator[str]:
    yield f'## <a id="{entity.key}"></a>{_capital(entity.label)}'
    yield ""
    yield str(entity.help)
    names = dict.fromkeys([*entity.all_fields, *(entity.creation.fields if entity.creation else ())])
    if names:
        yield ""
        yield "| Field | Name in files and the interface | What it holds |"
        yield "|---|---|---|"
    for name in names:
        field: Any = entity.model._meta.get_field(name)
        needed = "" if field.blank or field.null or field.has_default() else " (needed)"
        yield f"| {_capital(str(field.verbose_name))}{needed} | `{name}` | {_holds(field)} |"
    yield from _steps(entity)
    yield from _life(entity)


def _holds(field: Any) -> str:
    if field.is_relation:
        return f"{'several' if field.many_to_many else 'one'}: {field.related_model._meta.verbose_name}"
    if field.choices:
        return ", ".join(f"`{value}` {label}" for value, label in field.flatchoices)
    kind = type(field).__name__.removesuffix("Field")
    words = {
        "Char": "text",
        "Text": "long text",
        "Float": "number",
        "Date": "date",
        "DateTime": "date and time",
    }
    words |= {"Boolean": "yes or no", "Email": "e-mail address", "JSON": "structure", "URL": "address"}
    most = f", at most {field.max_length} characters" if getattr(field, "max_length", None) else ""
    return words.get(kind, kind.lower()) + most


def _steps(entity: Any) -> Iterator[str]:
    if not entity.steps:
        return
    yield ""
    yield "| Step | Name | Permission | Asks for |"
    yield "|---|---|---|---|"
    for step in entity.steps:
        asked = [f"`{name}`" for name in step.fields] + (["a reason"] if step.note else [])
        yield f"| {step.label} | `{step.name}` | `{step.verb}` | {', '.join(asked)} |"


def _life(entity: Any) -> Iterator[str]:
    from calidez.kit.core.lifecycle import lifecycle

    life = lifecycle(entity)
    if life is None:
        return
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in life.states:
        yield f"    {state.value} : {state.label}"
        if state.initial:
            yield f"    [*] --> {state.value}"
    for move in life.moves:
        yield f"    {move.source} --> {move.target} : {move.label}"
    yield "```"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def kept(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _start(data: str) -> None:
    """Django over an empty data folder, in English: the pages must not depend on whose machine writes them."""
    for name in [name for name in os.environ if name.startswith("CALIDEZ_") or name == "DATABASE_URL"]:
        del os.environ[name]
    os.environ |= {"CALIDEZ_DATA": data, "CALIDEZ_LANGUAGE": "en"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "calidez.config.settings"
    import django
    from django.utils import translation
    from django.utils.module_loading import autodiscover_modules

    django.setup()
    translation.activate("en")
    autodiscover_modules("jobs")


if __name__ == "__main__":
    raise SystemExit(main())
