"""The check of a policy: for each commitment whether it is clear, operable and measurable, with what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from calidez.policy.measures import Measure
from calidez.policy.rules.contradictions import Contradiction, Held, contradictions
from calidez.policy.rules.drafting import drafting_notes
from calidez.policy.rules.figures import Figure, figures
from calidez.policy.rules.vagueness import Vague, vague_words
from calidez.stats import readability
from calidez.stats.readability import Readability


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # not enough data, or nothing written yet


class Problem(StrEnum):
    """What keeps a commitment from being clear, operable or measurable."""

    NOTHING_WRITTEN = "nothing_written"
    DRAFTING_NOTE = "drafting_note"
    HARD = "hard"
    LONG_SENTENCE = "long_sentence"
    VAGUE = "vague"
    NO_OWNER = "no_owner"
    OWNER_LEFT = "owner_left"
    NO_PROCESS = "no_process"
    NO_DOCUMENT = "no_document"
    NOT_IN_FORCE = "not_in_force"
    NO_MEASURE = "no_measure"
    NO_INDICATOR = "no_indicator"
    NO_DATA = "no_data"


@dataclass(frozen=True)
class Finding:
    """One problem; `detail` is the word, sentence, document or measure it is about, `figure` its count or score."""

    problem: Problem
    detail: str = ""
    figure: float | None = None


@dataclass(frozen=True)
class Verdict:
    answer: Answer
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A text as it reads; `readability` is None in a language for which there is no formula.

    `notes` are notes to whoever finishes the draft, still in it.
    """

    readability: Readability | None
    vague: tuple[Vague, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Promise:
    """A commitment as far as the check needs it. `documents` are their titles, each with whether it is in force.

    `owner_active` is None where nobody answers for it. `measures` is None where they are not known yet, as while the
    commitment is being written for the first time.
    """

    key: int
    statement: str
    language: str
    why: str = ""
    remedy: str = ""
    owner_active: bool | None = None
    process: str = ""
    documents: tuple[tuple[str, bool], ...] = ()
    measures: tuple[Measure, ...] | None = ()


@dataclass(frozen=True)
class CommitmentCheck:
    """`vague` are the vague words of the statement, `remedy_vague` those of the remedy."""

    key: int
    reading: Reading
    remedy_vague: tuple[Vague, ...]
    figures: tuple[Figure, ...]
    clear: Verdict
    operable: Verdict
    measurable: Verdict | None

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(v for v in (self.clear, self.operable, self.measurable) if v is not None)

    @property
    def good(self) -> bool:
        return all(verdict.answer == Answer.YES for verdict in self.verdicts)


@dataclass(frozen=True)
class PolicyCheck:
    """`introduction` is None where none is written."""

    introduction: Reading | None
    commitments: tuple[CommitmentCheck, ...]
    contradictions: tuple[Contradiction, ...]


def check_policy(introduction: str, language: str, promises: Sequence[Promise]) -> PolicyCheck:
    checked = tuple(check_commitment(promise) for promise in promises)
    held = [
        Held(promise.key, one.figures, promise.measures or ())
        for promise, one in zip(promises, checked, strict=True)
    ]
    read = read_text(introduction, language) if introduction.strip() else None
    return PolicyCheck(read, checked, contradictions(held))


def check_commitment(promise: Promise) -> CommitmentCheck:
    whole = "\n\n".join(
        text.strip() for text in (promise.statement, promise.why, promise.remedy) if text.strip()
    )
    reading = Reading(
        _readability(whole, promise.language),
        vague_words(promise.statement, promise.language),
        drafting_notes("\n\n".join((promise.statement, promise.why, promise.remedy))),
    )
    remedy = vague_words(promise.remedy, promise.language)
    return CommitmentCheck(
        key=promise.key,
        reading=reading,
        remedy_vague=remedy,
        figures=figures(promise.statement),
        clear=_clear(promise, reading, remedy),
        operable=_operable(promise),
        measurable=_measurable(promise.measures) if promise.measures is not None else None,
    )


def read_text(text: str, language: str) -> Reading:
    return Reading(_readability(text, language), vague_words(text, language), drafting_notes(text))


def left_in_draft(reading: Reading) -> tuple[Finding, ...]:
    """Each note that must be gone before anybody approves the text."""
    return tuple(Finding(Problem.DRAFTING_NOTE, note) for note in reading.notes)


def hard_to_read(reading: Reading) -> tuple[Finding, ...]:
    """What makes a text hard to follow: its band, and each sentence that is too long."""
    counted = reading.readability
    if counted is None:
        return ()
    findings = []
    if counted.band is not None and not counted.band.readable:
        findings.append(Finding(Problem.HARD, counted.band, counted.score))
    findings += [Finding(Problem.LONG_SENTENCE, s.text, s.words) for s in counted.long_sentences]
    return tuple(findings)


def _readability(text: str, language: str) -> Readability | None:
    short = language.split("-")[0]
    return readability.read(text, short) if short in readability.LANGUAGES else None


def _clear(promise: Promise, reading: Reading, remedy: tuple[Vague, ...]) -> Verdict:
    if not promise.statement.strip():
        return Verdict(Answer.UNKNOWN, (Finding(Problem.NOTHING_WRITTEN),))
    vague = [Finding(Problem.VAGUE, one.word) for one in (*reading.vague, *remedy)]
    return _verdict((*left_in_draft(reading), *vague, *hard_to_read(reading)))


def _operable(promise: Promise) -> Verdict:
    findings = []
    if promise.owner_active is None:
        findings.append(Finding(Problem.NO_OWNER))
    elif not promise.owner_active:
        findings.append(Finding(Problem.OWNER_LEFT))
    if not promise.process.strip():
        findings.append(Finding(Problem.NO_PROCESS))
    if not promise.documents:
        findings.append(Finding(Problem.NO_DOCUMENT))
    elif not any(in_force for _title, in_force in promise.documents):
        findings += [Finding(Problem.NOT_IN_FORCE, title) for title, _in_force in promise.documents]
    return _verdict(tuple(findings))


def _measurable(measures: Sequence[Measure]) -> Verdict:
    """One measure with data is enough; otherwise what the nearest of them lacks."""
    if not measures:
        return Verdict(Answer.NO, (Finding(Problem.NO_MEASURE),))
    if any(measure.has_indicator and measure.has_data for measure in measures):
        return Verdict(Answer.YES)
    empty = [measure for measure in measures if measure.has_indicator]
    if empty:
        return Verdict(Answer.UNKNOWN, tuple(Finding(Problem.NO_DATA, m.title) for m in empty))
    return Verdict(Answer.NO, tuple(Finding(Problem.NO_INDICATOR, m.title) for m in measures))


def _verdict(findings: tuple[Finding, ...]) -> Verdict:
    return Verdict(Answer.NO if findings else Answer.YES, findings)
