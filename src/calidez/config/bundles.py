"""The styles and scripts of the frame as one file each, put together where they are collected to be served.

In the package they stay separate and readable, and while one works on them each is linked by itself; whoever serves
pages makes a reader ask for a handful of files instead of thirty.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = "css/frame.css"
SCRIPTS = "js/frame.js"
# In the order in which they count; those of single pages are linked by these pages.
BUNDLES: dict[str, tuple[str, ...]] = {
    STYLES: (
        "vendor/tabler.min.css",
        "css/tokens.css",
        "css/shell.css",
        "css/parts.css",
        "css/forms.css",
        "css/details.css",
        "css/lists.css",
        "css/charts.css",
        "css/inbox.css",
        "css/access.css",
        "css/search.css",
        "css/documents.css",
        "css/packs.css",
        "css/policy.css",
    ),
    SCRIPTS: (
        "vendor/htmx.min.js",
        "js/shell.js",
        "js/forms.js",
        "js/search.js",
        "js/inbox.js",
        "js/lists.js",
        "js/comments.js",
        "js/rows.js",
        "js/drafts.js",
        "js/twins.js",
        "js/later.js",
    ),
}


class BundledStorage(CompressedManifestStaticFilesStorage):
    """Served under names that change with their content, so that browsers keep them for ever."""

    bundled = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            for name, parts in BUNDLES.items():
                whole = "\n".join(self._text(part) for part in parts)
                Path(self.path(name)).write_text(whole, encoding="utf-8")
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    def _text(self, name: str) -> str:
        text = Path(self.path(name)).read_text(encoding="utf-8")
        return f"{text}\n;" if name.endswith(".js") else text


def files(bundle: str, storage: Any) -> tuple[str, ...]:
    """What a page links: the bundle where it was made, else what it is made of."""
    return (bundle,) if getattr(storage, "bundled", False) else BUNDLES[bundle]
