"""Decisions about a policy: is each commitment clear, operable and measurable, and do its promises contradict each other."""

from calidez.policy.rules.checking import (
    Answer,
    CommitmentCheck,
    Finding,
    PolicyCheck,
    Problem,
    Promise,
    Reading,
    Verdict,
    check_commitment,
    check_policy,
    read_text,
)
from calidez.policy.rules.contradictions import Contradiction, Kind
from calidez.policy.rules.drafting import drafting_notes
from calidez.policy.rules.figures import Dimension, Figure, figures, unit_of
from calidez.policy.rules.vagueness import Vague, Why, vague_words

__all__ = [
    "Answer",
    "CommitmentCheck",
    "Contradiction",
    "Dimension",
    "Figure",
    "Finding",
    "Kind",
    "PolicyCheck",
    "Problem",
    "Promise",
    "Reading",
    "Vague",
    "Verdict",
    "Why",
    "check_commitment",
    "check_policy",
    "drafting_notes",
    "figures",
    "read_text",
    "unit_of",
    "vague_words",
]
