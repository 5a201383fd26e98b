"""Writes the lock files from pyproject.toml: versions and hashes, no addresses, so any index can serve them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# In the package: `calidez check` compares what is installed with it.
CONSTRAINTS = ROOT / "src" / "calidez" / "config" / "constraints.txt"
COMMON = ["--universal", "--python-version=3.11", "--generate-hashes", "--quiet"]
COMMON += ["--no-header", "--no-annotate", "--no-emit-index-url"]
# Earlier files bind later ones, so the same package has one version everywhere.
LOCKS = {
    "base.txt": [],
    "setup.txt": ["--group", "setup"],
    "dev.txt": ["--extra", "dev"],
    "node.txt": ["--group", "node"],
}


def main() -> int:
    folder = ROOT / "requirements"
    environment = dict(os.environ, UV_SYSTEM_CERTS="1")
    bound: list[str] = []
    for name, options in LOCKS.items():
        target = folder / name
        source = [] if options[:1] == ["--group"] else ["pyproject.toml"]
        command = [
            str(ROOT / ".venv/bin/uv"), "pip", "compile", *source, *options, *COMMON, *sys.argv[1:],
            "--output-file", str(target), *(f"--constraint={path}" for path in bound),
        ]  # fmt: skip
        if done := subprocess.run(command, cwd=ROOT, env=environment).returncode:
            return done
        bound.append(str(target))
        print(f"requirements/{name}")
    CONSTRAINTS.write_text(constraints((folder / "base.txt").read_text()))
    print(CONSTRAINTS.relative_to(ROOT))
    return 0


def constraints(lock: str) -> str:
    """The versions of a lock without their hashes, for who installs the wheel beside packages of their own."""
    lines = (line.removesuffix("\\").strip() for line in lock.splitlines())
    return "".join(f"{line}\n" for line in lines if "==" in line and not line.startswith(("#", "--hash")))


if __name__ == "__main__":
    raise SystemExit(main())
