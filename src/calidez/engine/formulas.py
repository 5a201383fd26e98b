"""Texts that a spreadsheet would run as a formula get an apostrophe, and lose it again when our own file comes back.

Excel, LibreOffice and their kin read a cell that begins with =, +, - or @ as a formula, whatever stood before it that
they trim, and some also when the sign is a full-width one (OWASP, “CSV Injection”). Where semicolons separate cells, as
in Spanish, a semicolon or a line break inside a text of a file with commas begins a cell of its own.
"""

from __future__ import annotations

import re

# What is equal to = + - @ | % once its width and height are taken away (Unicode NFKC), and the sign minus.
_SIGNS = "=＝﹦⁼₌+＋﹢⁺₊\ufb29@＠﹫|｜%％﹪"
_MINUS = "\\-－﹣−⁻₋"
# Blanks and letters that show nothing: a spreadsheet trims some of them, a reader sees none. All that Unicode calls
# separators, ignorable (Default_Ignorable_Code_Point) or format, with the controls above ASCII and the blank of Braille.
_UNSEEN = (
    " \x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5"
    "\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INNER_UNSEEN = rf"[\x00-\x09\x0b\x0c\x0e-\x1f{_UNSEEN}]*"

RISKY = rf"^[\x00-\x1f{_UNSEEN}]*[{_SIGNS}{_MINUS}\t\r]"
PLAIN_NUMBER = r"[ \t\r\n\f]*[+-]?[0-9][0-9.,]*([eE][+-]?[0-9]+)?%?[ \t\r\n\f]*"
# One more apostrophe before those that stand there, so that what is taken away again is ours. A dash and a blank at the
# beginning of a line are an item of a list.
FIRST = rf"^('*{RISKY[1:]})"
INNER = rf"([;\r\n])('*{_INNER_UNSEEN}(?:[{_SIGNS}]|[{_MINUS}][^ \t\r\n;{_MINUS}]))"


def neutral(text: str) -> str:
    """A cell that no spreadsheet runs; a plain number stays one."""
    if re.fullmatch(PLAIN_NUMBER, text):
        return text
    return re.sub(FIRST, r"'\1", re.sub(INNER, r"\1'\2", text), count=1)


def original(text: str) -> str:
    """The text of which `neutral` made this."""
    return re.sub(INNER.replace("('*", "'('*"), r"\1\2", re.sub("^'" + FIRST[1:], r"\1", text, count=1))
