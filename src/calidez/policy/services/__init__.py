"""The life of policies and commitments: written, submitted, in force by their document, revised, ended."""

from calidez.policy.services.following import follow_document, follow_version
from calidez.policy.services.life import end_revision, retire, revise, submit
from calidez.policy.services.writing import (
    check_documents,
    closed_sentence,
    follow_policy,
    may_be_written,
    move_commitments,
    take_back,
    withdraw,
)

__all__ = [
    "check_documents",
    "closed_sentence",
    "end_revision",
    "follow_document",
    "follow_policy",
    "follow_version",
    "may_be_written",
    "move_commitments",
    "retire",
    "revise",
    "submit",
    "take_back",
    "withdraw",
]
