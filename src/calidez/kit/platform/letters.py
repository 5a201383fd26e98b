"""The letters that a text of people may hold: none that a reader cannot see, or that make them read something else.

A name stands in mails, logs, files and beside other names. What comes along when text is copied from Word or from a
telephone (a no-break space, a soft hyphen, a mark of direction) is put right in silence. What makes a text look like
another one, or moves a terminal's cursor, is refused with a sentence that says where it stands.
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from calidez.kit.platform.errors import RuleBroken

# UAX 9: embeddings, overrides and isolates. Marks (U+200E, U+200F, U+061C) move nothing but themselves.
_OVERRIDES = "\u202d\u202e"
_TURNING = "\u202a-\u202e\u2066-\u2069"
# C0 and C1 but blanks and ends of lines, halves of pairs, and what is no character and never will be.
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
# Word's line break inside a paragraph, and what other systems end a line with.
_ENDS = "\x0b\x0c\x85\u2028\u2029"
_BLANKS = "\t\n\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = (
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffc\U000e0000-\U000e007f"
)
_JOINERS = "\u200c\u200d"

_REFUSED_IN_LINE, _REFUSED_IN_LINES = (
    re.compile(f"[{_CONTROL}{_TURNING}]"),
    re.compile(f"[{_CONTROL}{_OVERRIDES}]"),
)
_ODD_IN_LINE = re.compile(f"[{_ENDS}{_BLANKS}{_UNSEEN}{_JOINERS}]")
_BLANK_RUN = re.compile(f"[ {_ENDS}{_BLANKS}]*[{_ENDS}{_BLANKS}][ {_ENDS}{_BLANKS}]*")
_ENDS_AND_MARK = re.compile(f"[{_ENDS}\ufeff]")
# The flag of a region is written with letters that show nothing, after a black flag.
_SHOWN_UNSEEN = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
_UNSEEN_LETTER = re.compile(f"[{_UNSEEN}]")
# Joiners belong to scripts that join their letters, from Arabic onwards, and to emoji; elsewhere they only make a double.
_IDLE_JOINER = re.compile(f"(?<![\u0600-\U0010ffff])[{_JOINERS}]+")
_QUOTED = 20


def harmless(text: str) -> bool:
    """Whether it would be kept: for what people did not type, and what is left out rather than refused."""
    return not _REFUSED_IN_LINE.search(text)


def line(text: str) -> str:
    """A name or another text of one line as it is kept; raises ValidationError with the reason why it is not."""
    _refuse(text, _REFUSED_IN_LINE)
    if _ODD_IN_LINE.search(text):
        text = _without_unseen(_BLANK_RUN.sub(" ", text))
    return unicodedata.normalize("NFC", text).strip()


def lines(text: str) -> str:
    """A text of any length as it is kept; only what harms every reader is refused."""
    _refuse(text, _REFUSED_IN_LINES)
    text = _ENDS_AND_MARK.sub(lambda found: "" if found[0] == "\ufeff" else "\n", text)
    return unicodedata.normalize("NFC", text)


def note(text: str, *, field: str = "") -> str:
    """`lines` for a service that keeps a reason or a remark."""
    try:
        return lines(text)
    except ValidationError as error:
        raise RuleBroken(error.messages[0], field=field) from None


def name(text: str, *, field: str = "") -> str:
    """`line` for a service that keeps a name."""
    try:
        return line(text)
    except ValidationError as error:
        raise RuleBroken(error.messages[0], field=field) from None


def _refuse(text: str, refused: re.Pattern[str]) -> None:
    found = refused.search(text)
    if found is None:
        return
    words = {"code": f"U+{ord(found[0]):04X}", "before": _shown(text[: found.start()])[-_QUOTED:]}
    if re.match(f"[{_TURNING}]", found[0]):
        if words["before"]:
            sentence = _(
                "After “%(before)s” stands a character that nobody sees and that turns the direction of writing "
                "(%(code)s): people would read something else. Write the text anew there."
            )
        else:
            sentence = _(
                "At the beginning stands a character that nobody sees and that turns the direction of writing "
                "(%(code)s): people would read something else. Write the text anew there."
            )
    elif words["before"]:
        sentence = _(
            "After “%(before)s” stands a control character (%(code)s), which is no part of a text. Write the text anew there."
        )
    else:
        sentence = _(
            "At the beginning stands a control character (%(code)s), which is no part of a text. Write the text anew there."
        )
    raise ValidationError(sentence % words, code="letter")


def _shown(text: str) -> str:
    return " ".join(_without_unseen(_BLANK_RUN.sub(" ", text)).split())


def _without_unseen(text: str) -> str:
    flags = [found.span() for found in _SHOWN_UNSEEN.finditer(text)]
    text = _UNSEEN_LETTER.sub(
        lambda found: found[0] if any(start <= found.start() < end for start, end in flags) else "", text
    )
    return _IDLE_JOINER.sub("", text)
