"""Everything about the code that a machine can judge, in one run: all findings at once, quiet where all is well."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# Lock files and settings must work behind any company's mirror.
# The names are put together here, so that this file itself holds none.
_NAMES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "(?:org|com)"),
    ("yarnpkg", "com"),
    (r"deb\.debian", "org"),
)
REGISTRIES = re.compile("|".join(rf"\b{name}\.{ending}\b" for name, ending in _NAMES))
NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")


def main() -> int:
    checks: dict[str, Callable[[], str]] = {
        "code style": lambda: _run("ruff", "check", "--quiet", "--output-format=concise", "."),
        "code format": lambda: _run("ruff", "format", "--check", "--output-format=concise", "."),
        "types": lambda: _run("mypy", "--no-error-summary"),
        "layers": lambda: _run("lint-imports", "--no-cache"),
        "templates": templates,
        "migrations": lambda: _django("makemigrations", "--check", "--dry-run"),
        "translations": lambda: _run("python", "scripts/messages.py", "check"),
        "reference": lambda: _run("python", "scripts/reference.py", "check"),
        "deployment": lambda: _django("check", "--deploy", "--fail-level", "WARNING"),
        "no registry addresses": addresses,
        "lock files": locks,
    }
    wanted = sys.argv[1:]
    if unknown := [name for name in wanted if name not in checks]:
        print(f"There is no check called {unknown[0]!r}; there are: {', '.join(checks)}.")
        return 2
    began = time.monotonic()
    failed = [
        name for name, check in checks.items() if (not wanted or name in wanted) and not _passes(name, check)
    ]
    print(f"  {'in all':24}{'':8}{time.monotonic() - began:5.1f} s")
    if failed:
        print(f"\nTo mend: {', '.join(failed)}.")
    return 1 if failed else 0


def templates() -> str:
    """djade would rewrite what it dislikes, so it works on copies."""
    with tempfile.TemporaryDirectory() as folder:
        copies = {}
        for path in sorted((ROOT / "src").rglob("templates/**/*.html")):
            copy = Path(folder) / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
            copies[copy] = path
        if not copies:
            return ""
        _run("djade", "--target-version", "5.2", *map(str, copies))
        changed = [path for copy, path in copies.items() if copy.read_bytes() != path.read_bytes()]
    names = "\n".join(str(path.relative_to(ROOT)) for path in changed)
    return f"djade --target-version 5.2 would change:\n{names}" if changed else ""


def addresses() -> str:
    found = []
    for name in _tracked():
        path = ROOT / name
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{name}: {match.group()}" for match in REGISTRIES.finditer(text)]
    return "\n".join(found)


def locks() -> str:
    """Whether each package that pyproject.toml names is in the lock made from it; `make lock` renews them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    base = project["project"]["dependencies"]
    groups = project["dependency-groups"]
    wanted = {
        "base.txt": base,
        "dev.txt": base + project["project"]["optional-dependencies"]["dev"],
        "setup.txt": groups["setup"],
        "node.txt": groups["node"],
    }
    problems = []
    for lock, requirements in wanted.items():
        lines = (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines()
        pinned = {_canonical(line) for line in lines if "==" in line and not line.startswith("#")}
        missing = [r for r in requirements if _canonical(r) not in pinned]
        problems += [f"requirements/{lock} lacks {requirement}" for requirement in missing]
        if any("://" in line for line in lines):
            problems.append(f"requirements/{lock} holds an address")
    return "\n".join(problems)


def _canonical(requirement: str) -> str:
    match = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", match.group(1)).lower() if match else ""


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name]


def _passes(name: str, check: Callable[[], str]) -> bool:
    started = time.monotonic()
    complaint = check()
    state = "FAILED" if complaint else "ok"
    print(f"  {name:24}{state:8}{time.monotonic() - started:5.1f} s", flush=True)
    if complaint:
        print("\n".join("      " + line for line in complaint.strip().splitlines()), flush=True)
    return not complaint


def _django(*arguments: str) -> str:
    """As in production: a site behind HTTPS with a name of its own, and nothing from this machine's settings."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            n: v for n, v in os.environ.items() if n != "DATABASE_URL" and not n.startswith("CALIDEZ_")
        }
        environment |= {
            "DJANGO_SETTINGS_MODULE": "calidez.config.settings",
            "CALIDEZ_DATA": folder,
            "CALIDEZ_HTTPS": "1",
            "CALIDEZ_ALLOWED_HOSTS": "calidez.example.org",
        }
        return _run("python", "-m", "django", *arguments, environment=environment)


def _run(program: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """What the program complains about; empty when it is content."""
    done = subprocess.run(
        [str(BIN / program), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr) or f"{program} ended with code {done.returncode}"


if __name__ == "__main__":
    raise SystemExit(main())
