"""Copies the built front-end files that pages use from node_modules into the package, so that no page needs a network."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "calidez" / "static" / "vendor"
ICON_DIR = MODULES / "@tabler" / "icons" / "icons" / "outline"

COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "vega/build/vega.min.js": "vega.min.js",
    "vega-lite/build/vega-lite.min.js": "vega-lite.min.js",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui.css",
    "swagger-ui-dist/LICENSE": "licenses/swagger-ui.txt",
    "swagger-ui-dist/NOTICE": "licenses/swagger-ui-notice.txt",
    "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt": "licenses/swagger-ui-bundle.txt",
    "@tabler/icons/LICENSE": "licenses/tabler-icons.txt",
    "htmx.org/LICENSE": "licenses/htmx.txt",
    "vega/LICENSE": "licenses/vega.txt",
    "vega-lite/LICENSE": "licenses/vega-lite.txt",
}
INTERPRETER = "vega-interpreter/build/vega-interpreter.js"

# One name a line would be a hundred lines.
ICONS = """
    activity adjustments adjustments-horizontal alert-circle alert-triangle anchor archive arrow-back-up
    arrow-down arrow-left arrow-right arrow-up ban bed bell book bookmark braces building building-bank
    building-community building-hospital bulb bus calendar calendar-event certificate chart-area-line chart-bar
    chart-dots chart-histogram chart-line check checklist checks chevron-down chevron-left chevron-right
    chevron-up circle-check circle-dashed circle-x clipboard-check clipboard-list clock cloud-upload columns
    compass copy database database-import device-desktop dots download ear edit external-link eye eye-check file
    file-download file-import file-spreadsheet filter flag folder gauge git-compare headset heart-handshake
    help-circle history history-toggle home hourglass id-badge inbox info-circle key language
    layout-sidebar-left-collapse layout-sidebar-left-expand link list loader lock lock-open login logout mail
    map-pin math-function menu-2 message-circle minus moon note package pencil percentage photo pin player-pause
    player-play player-stop plus point power printer puzzle refresh refresh-alert report-analytics rotate route
    ruler ruler-2 scale school search send settings shield shield-check shield-x sitemap slash sort-ascending
    sort-descending sparkles stack-2 star stethoscope sum sun table table-export table-import tag target
    target-arrow target-off thumb-up timeline toggle-right tools-kitchen-2 trash trending-down trending-up
    upload user user-check user-circle user-plus user-x users users-group variable versions wand wave-sine world
    x zoom-in zoom-out
""".split()  # noqa: SIM905


def main() -> int:
    if not MODULES.is_dir():
        print(
            "The front-end packages are not installed: run `npm ci --ignore-scripts` first.", file=sys.stderr
        )
        return 1
    missing = [name for name in (*COPIES, INTERPRETER) if not (MODULES / name).is_file()]
    missing += [f"icon {name}" for name in ICONS if not (ICON_DIR / f"{name}.svg").is_file()]
    if missing:
        print(
            f"These front-end files are missing, run `npm ci --ignore-scripts`: {', '.join(missing)}",
            file=sys.stderr,
        )
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    present = {name: to for name, to in COPIES.items() if (MODULES / name).is_file()}
    for source, target in present.items():
        _write(target, _without_source_map((MODULES / source).read_text(encoding="utf-8")))
    _write("vega-interpreter.js", interpreter((MODULES / INTERPRETER).read_text(encoding="utf-8")))
    _write("icons.svg", sprite(ICONS))
    return 0


def interpreter(module: str) -> str:
    """The interpreter as a browser module that takes what it imports from the vega script already loaded."""
    text, found = re.subn(
        r"^import (\{[^}]*\}) from 'vega-util';",
        r"const \1 = globalThis.vega;",
        module,
        count=1,
        flags=re.MULTILINE,
    )
    if not found:
        raise SystemExit("vega-interpreter no longer imports vega-util as scripts/assets.py expects.")
    return _without_source_map(text)


def sprite(names: list[str]) -> str:
    """One SVG file of the icons in use, each a symbol under its own name."""
    symbols = "\n".join(_symbol(name) for name in sorted(names))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(name: str) -> str:
    drawing = (ICON_DIR / f"{name}.svg").read_text(encoding="utf-8")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    if inside is None:
        raise SystemExit(f"The icon {name} is not a drawing that scripts/assets.py can read.")
    shapes = " ".join(inside.group(1).split())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _without_source_map(text: str) -> str:
    # A manifest storage refuses files that point at a source map which is not shipped.
    text = re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", text)


def _write(name: str, text: str) -> None:
    target = VENDOR / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(f"  {target.relative_to(ROOT)}  {len(text.encode()) / 1024:,.0f} KB")


if __name__ == "__main__":
    raise SystemExit(main())
