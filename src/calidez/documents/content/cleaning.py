"""The second wall: whatever drew the HTML of a document, only what is listed here reaches a page."""

from __future__ import annotations

import re

import nh3

TAGS = {
    *("p", "br", "hr", "strong", "b", "em", "i", "u", "s", "sup", "sub", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "img", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
CLASSES = {"td": {"right", "center"}, "th": {"right", "center"}}
SCHEMES = {"http", "https", "mailto", "data"}
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")
MOST_CELLS = 50  # a cell that claims to span more would tear the page
_HEADING = re.compile(r"<(/?)h([1-6])(?=[ >])")


def clean(html: str, *, shift: int = 0) -> str:
    """Harmless HTML with headings from `shift` levels below the first, and tables able to scroll by themselves."""
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    if shift:
        cleaned = _below(cleaned, shift)
    # In cleaned HTML “<table>” is always the tag: in text the sign is written as an entity.
    return cleaned.replace("<table>", '<div class="d-wide" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )


def _below(html: str, shift: int) -> str:
    """Headings as they stand under the page's own: whoever listens to a page takes a level left out for a lost part."""
    above: list[tuple[int, int]] = []  # of the headings around: their level in the text and on the page

    def moved(found: re.Match[str]) -> str:
        level = int(found[2])
        if not found[1]:
            while above and above[-1][0] >= level:
                above.pop()
            above.append((level, min(6, above[-1][1] + 1 if above else shift + 1)))
        return f"<{found[1]}h{above[-1][1] if above else min(6, level + shift)}"

    return _HEADING.sub(moved, html)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href" and (value.strip().lower().startswith("data:") or outside_in_disguise(value)):
        return None
    if name == "src" and value.strip().lower().startswith("data:"):
        return value if PICTURE.match(value) else None
    if name == "src":
        # What lies elsewhere would tell others who reads what, and when.
        return None if ":" in value.split("/")[0] or outside_in_disguise(value) else value
    if name in {"colspan", "rowspan", "start"}:
        most = MOST_CELLS if name != "start" else 1_000_000
        return value if value.isdecimal() and int(value) <= most else None
    if name == "id":
        return value if value.startswith("s-") else None
    return value


def outside_in_disguise(address: str) -> bool:
    """`//elsewhere` reads like an address of this site and is none; browsers take backslashes for slashes."""
    return re.sub(r"[\s\x00-\x1f]", "", address).replace("\\", "/").startswith("//")
