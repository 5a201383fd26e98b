"""Builds the wheel, and beside it the versions that were tested with it: for pip as they are, and with their hashes.

pip install --require-hashes -r dist/locked.txt            exactly what was tested, each package by its hash
pip install dist/calidez-*.whl -c dist/constraints.txt     the same versions, beside packages of one's own
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

EXTRA = re.compile(r"([A-Za-z0-9._-]+)\[[^]]+\]")
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    target = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "dist"
    shutil.rmtree(target, ignore_errors=True)
    command = [str(ROOT / ".venv/bin/uv"), "build", "--wheel", "--no-build-isolation", "--quiet"]
    if done := subprocess.run([*command, "--out-dir", str(target)], cwd=ROOT).returncode:
        return done
    (wheel,) = target.glob("*.whl")
    shutil.copy(ROOT / "src" / "calidez" / "config" / "constraints.txt", target)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements" / "base.txt").read_text()
    (target / "locked.txt").write_text(locked(wheel, lock, project["dependencies"]))
    for path in (wheel, target / "constraints.txt", target / "locked.txt"):
        print(path)
    return 0


def locked(wheel: Path, lock: str, dependencies: list[str]) -> str:
    """The lock with the wheel in it, which lies beside: pip takes nothing without a hash then."""
    for extra in filter(None, map(EXTRA.match, dependencies)):
        # By its name alone pip would not know the package that the wheel asks for with something more.
        lock = re.sub(rf"(?m)^{re.escape(extra[1])}==", f"{extra[0]}==", lock)
    name, version = wheel.name.split("-")[:2]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"--find-links .\n{name}=={version} \\\n    --hash=sha256:{digest}\n{lock}"


if __name__ == "__main__":
    raise SystemExit(main())
