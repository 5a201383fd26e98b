"""The life of documents: written, approved, in force, read, reviewed, disposed of."""

from calidez.documents.services.approving import approve, send_back, submit, take_back
from calidez.documents.services.effect import bring_into_force, plan, put_in_force, retire
from calidez.documents.services.issuing import end, hand_on, issue, write_out
from calidez.documents.services.reading import acknowledge, follow_readers
from calidez.documents.services.reviewing import confirm_review, dispose
from calidez.documents.services.writing import (
    discard,
    document_saved,
    prepare_document,
    prepare_version,
    refuse_restricted,
    replace_approver,
    version_saved,
)

__all__ = [
    "acknowledge",
    "approve",
    "bring_into_force",
    "confirm_review",
    "discard",
    "dispose",
    "document_saved",
    "end",
    "follow_readers",
    "hand_on",
    "issue",
    "plan",
    "prepare_document",
    "prepare_version",
    "put_in_force",
    "refuse_restricted",
    "replace_approver",
    "retire",
    "send_back",
    "submit",
    "take_back",
    "version_saved",
    "write_out",
]
