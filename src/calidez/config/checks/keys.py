"""The keys of seals and sessions: there, long enough and nobody else's to read."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping

from calidez.config import environment
from calidez.config.findings import Finding, data_folder
from calidez.config.speech import gettext as _

KEY_LENGTH = 32


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    if not environ.get("CALIDEZ_AUDIT_KEY") and environment.trail_without_key(data_folder(environ)):
        yield Finding(
            _(
                "The key of the audit trail, %(path)s, is missing. Restore it from a backup, or set CALIDEZ_AUDIT_KEY; with a new key all that was sealed would look forged."
            )
            % {"path": data_folder(environ) / "audit.key"}
        )
    for name, file in (("CALIDEZ_SECRET_KEY", "secret.key"), ("CALIDEZ_AUDIT_KEY", "audit.key")):
        given = environ.get(name, "")
        if given and len(given) < KEY_LENGTH:
            yield Finding(
                _("%(name)s is too short to be safe; use at least %(length)s random characters.")
                % {"name": name, "length": KEY_LENGTH}
            )
        kept = data_folder(environ) / file
        if given or not kept.is_file():
            continue
        if kept.stat().st_size == 0:
            yield Finding(
                _(
                    "The key file %(path)s is empty. Restore it from a backup; with a new key the old seals fail."
                )
                % {"path": kept}
            )
        elif stat.S_IMODE(kept.stat().st_mode) & 0o077:
            yield Finding(
                _("Others can read the key file %(path)s; mend it with: chmod 600 %(path)s") % {"path": kept},
                serious=False,
            )
