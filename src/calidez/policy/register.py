"""What the policy part adds to the broken links, and what it follows of its documents."""

from __future__ import annotations

from calidez.kit.core.reactions import react_to
from calidez.policy import gaps, services

react_to("documents.documentversion", services.follow_version)
react_to("documents.document", services.follow_document)
gaps.register()
