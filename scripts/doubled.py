"""What the tests cost with the kinds of record that there are, and with twice as many: `python scripts/doubled.py [pytest's arguments]`.

The second half are those of tests/doubles, generated: plain ones and ones with owner, links, life and rows. A suite that
grows faster than the product is found here before the product has grown.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PART = "doubles"
GOAL_KINDS, GOAL_SECONDS = 64, 300
PROCESSORS = 2
# What tells of the shipped kinds alone: what is stored of them, what an installation has, their words in Spanish, and how
# many of them point at a standard.
OF_THE_SHIPPED = (
    "tests/test_access_matrix.py::test_the_matrix_is_as_stored",
    "tests/test_openapi.py",
    "tests/test_migrations.py",
    "src/calidez/kit/tests/test_links.py::test_every_link_of_the_parts_names_a_field_and_is_said_in_spanish",
    "src/calidez/kit/tests/test_thread.py::test_many_are_named_by_the_first_and_a_way_to_all_with_the_same_queries",
)


@dataclass(frozen=True)
class Run:
    kinds: int
    passed: int
    code: int
    seconds: float
    work: float


def main() -> int:
    chosen = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="calidez-doubles-") as folder:
        place = Path(folder)
        shutil.copytree(ROOT / "tests" / PART, place / PART, ignore=shutil.ignore_patterns("__pycache__"))
        alone = _environment(place)
        doubled = alone | {"CALIDEZ_PARTS": PART, "DOUBLES": str(_kinds(alone))}
        _python(doubled, "-m", "django", "makemigrations", PART)
        runs = [_run(alone, chosen), _run(doubled, chosen)]
    now, twice = runs
    for run in runs:
        print(
            f"{run.kinds} kinds: {run.passed} passed, {run.work:.0f} s of work, {run.seconds:.0f} s"
            f"{'' if run.code == 0 else ', and some failed'}"
        )
    each = (twice.work - now.work) / (twice.kinds - now.kinds)
    then = (now.work + each * (GOAL_KINDS - now.kinds)) / PROCESSORS
    print(
        f"Each kind adds {each:.1f} s of work; {GOAL_KINDS} kinds would take {then:.0f} s on"
        f" {PROCESSORS} processors (goal: {GOAL_SECONDS} s)."
    )
    return 0 if then <= GOAL_SECONDS and not any(run.code for run in runs) else 1


def _environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CALIDEZ_")}
    path = [str(place), str(ROOT / "src")]
    return kept | {
        "PYTHONPATH": os.pathsep.join(path),
        "DJANGO_SETTINGS_MODULE": "calidez.config.settings",
        "CALIDEZ_DATA": str(place / "data"),
    }


def _kinds(environment: dict[str, str]) -> int:
    said = _python(
        environment,
        "-c",
        "import django; django.setup(); from calidez.kit.catalog import catalog; print(len(list(catalog.records())))",
    )
    return int(said.split()[-1])


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def _run(environment: dict[str, str], chosen: list[str]) -> Run:
    began, worked = time.monotonic(), _work()
    command = [sys.executable, "-m", "pytest", "-m", "not browser", "-p", "no:cacheprovider"]
    command += [
        "-n",
        str(PROCESSORS),
        "--dist",
        "worksteal",
        *(f"--deselect={name}" for name in OF_THE_SHIPPED),
        *chosen,
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(done.stdout[-3000:])
    passed = re.search(r"(\d+) passed", done.stdout)
    took = time.monotonic() - began, _work() - worked
    return Run(_kinds(environment), int(passed.group(1)) if passed else 0, done.returncode, *took)


def _work() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
