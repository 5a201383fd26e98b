"""What people and programs write where there is nothing, in columns of numbers, dates and yes or no.

The errors of a spreadsheet (#REF!, #DIV/0!) are none of them: something should have been there.
"""

from __future__ import annotations

WORDS = (
    r"na|n/a|#n/a|n/d|#n/d|n\.? ?[da]\.?|n\.d|s/d|s\. ?d\.?|sin datos?|no data|no aplica|null|nulo|none|nan|"
    r"\?+|[-–—]+|\.+"
)
