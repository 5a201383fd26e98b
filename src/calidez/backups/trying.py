"""Restores an archive into the place of the environment and tells what came of it, as one line of JSON.

    python -m calidez.backups.trying ARCHIVE [IDENTITY-FILE]

A process of its own, since settings are read once; it gives way to everything else on the machine.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def main(archive: str, identity: str = "") -> dict[str, Any]:
    from django.conf import settings
    from django.utils import translation

    from calidez.backups import place, restoring
    from calidez.backups.archive import locks
    from calidez.engine.errors import EngineError
    from calidez.kit.core import verification
    from calidez.kit.platform.errors import RuleBroken

    translation.activate(settings.LANGUAGE_CODE)
    here = place.here()
    try:
        keys = locks.Keys.of_file(Path(identity)) if identity else locks.Keys()
        done = restoring.restore(here, Path(archive), keys)
    except (RuleBroken, EngineError) as refusal:
        return {"refused": str(refusal)}
    return {
        "different": [one.name for one in done.different],
        "intact": done.equal and verification.verify().intact,
        "rows": done.manifest.rows,
        "facts": sum(one.rows for one in done.manifest.datasets),
        "files": len(done.manifest.files),
    }


if __name__ == "__main__":
    import django

    os.umask(0o077)
    os.nice(10)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calidez.config.settings")
    django.setup()
    print(json.dumps(main(*sys.argv[1:3])))
