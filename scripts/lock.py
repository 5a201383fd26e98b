"""Writes the lock files from pyproject.toml: versions and hashes, no addresses, so any index can serve them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
