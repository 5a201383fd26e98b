"""The policy check as pages show it: answers as badges, findings as sentences with the way to mend them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from calidez.kit.catalog import catalog
from calidez.kit.desk.made_from import forms_from
from calidez.kit.platform.display import Badge, Link, Tone
from calidez.policy import sentences
from calidez.policy.measures import Measure
from calidez.policy.models import Commitment, Policy
from calidez.policy.rules import Answer, CommitmentCheck, Contradiction, Finding, Problem, Vague, Verdict

TONES = {Answer.YES: Tone.GOOD, Answer.NO: Tone.CONCERN, Answer.UNKNOWN: Tone.UNKNOWN}
_FIELDS = {
    Problem.NOTHING_WRITTEN: "statement",
    Problem.DRAFTING_NOTE: "statement",
    Problem.HARD: "statement",
    Problem.LONG_SENTENCE: "statement",
    Problem.VAGUE: "statement",
    Problem.NO_OWNER: "owner",
    Problem.OWNER_LEFT: "owner",
    Problem.NO_PROCESS: "process",
    Problem.NO_DOCUMENT: "documents",
    Problem.NOT_IN_FORCE: "documents",
}


@dataclass(frozen=True)
class Note:
    """One finding: a sentence, and where it is mended."""

    text: str
    mend: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; one with a hint is a vague word."""

    text: str
    hint: str = ""


@dataclass(frozen=True)
class AnswerLine:
    """One question of the check with its answer."""

    question: str
    badge: Badge
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class CheckedText:
    """A text with its vague words marked, and how it reads."""

    pieces: tuple[Piece, ...]
    score: str
    counts: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class CheckedCommitment:
    code: str
    url: str
    statement: str
    for_whom: str
    owner: str
    text: CheckedText | None
    lines: tuple[AnswerLine, ...]
    notes: tuple[Note, ...] = ()  # contradictions
    draft: bool = False  # nothing of it holds so far, so nothing is to be mended

    @property
    def to_mend(self) -> int:
        return sum(len(line.notes) for line in self.lines) + len(self.notes)


def marked(text: str, vague: tuple[Vague, ...]) -> tuple[Piece, ...]:
    """The text in pieces, its vague words with their hints; nothing where it has none."""
    if not vague:
        return ()
    pieces, at = [], 0
    for one in vague:
        pieces += [Piece(text[at : one.start]), Piece(one.word, sentences.hint(one))]
        at = one.end
    return tuple(piece for piece in (*pieces, Piece(text[at:])) if piece.text)


def text_checked(text: str, check: CommitmentCheck) -> CheckedText:
    read = check.reading.readability
    return CheckedText(
        marked(text, check.reading.vague), sentences.score_sentence(read), sentences.counts_sentence(read)
    )


def answer_lines(
    check: CommitmentCheck, mends: Mends | None = None, *, draft: bool = False
) -> tuple[AnswerLine, ...]:
    """The three questions with their answers; with `mends`, each finding leads to where it is mended.

    In a draft that nobody has submitted, what is not there yet is still to come and no cause for concern.
    """
    vague = [*check.reading.vague, *check.remedy_vague]
    named = {"clear": check.clear, "operable": check.operable, "measurable": check.measurable}
    return tuple(
        AnswerLine(
            str(sentences.QUESTIONS[name]),
            _answer(name, verdict.answer, draft=draft),
            tuple(_notes(verdict, vague, mends)),
        )
        for name, verdict in named.items()
        if verdict is not None
    )


def _answer(name: str, answer: Answer, *, draft: bool) -> Badge:
    if draft and (name, answer) in sentences.ANSWERS_OF_A_DRAFT:
        return Badge(str(sentences.ANSWERS_OF_A_DRAFT[name, answer]), Tone.QUIET)
    return Badge(str(sentences.ANSWERS[name, answer]), TONES[answer])


def _notes(verdict: Verdict, vague: list[Vague], mends: Mends | None) -> Iterator[Note]:
    told = set()
    for finding in verdict.findings:
        if finding.problem != Problem.VAGUE:
            yield Note(sentences.finding_sentence(finding), mends.of(finding) if mends is not None else ())
            continue
        one = next(v for v in vague if v.word == finding.detail)
        if one.word.casefold() not in told:
            told.add(one.word.casefold())
            yield Note(sentences.hint(one), mends.of(finding) if mends is not None and len(told) == 1 else ())


def contradiction_note(
    found: Contradiction, names: dict[str, str], commitments: dict[int, Commitment] | None = None
) -> Note:
    """The sentence and the way to both sides of it."""
    text = sentences.contradiction_sentence(found, names.get(found.measure.unit_path, ""))
    links = [_to(found.measure)]
    if found.other is not None:
        links.append(_to(found.other))
    if commitments is not None and found.commitment in commitments:
        one = commitments[found.commitment]
        links.insert(0, Link(one.code, catalog.of(Commitment).url(one)))
    return Note(text, tuple(dict.fromkeys(link for link in links if link.url)))


def _to(measure: Measure) -> Link:
    return Link(f"{measure.kind}: {measure.title}", measure.url)


class Mends:
    """Where each finding of one commitment is mended, for one reader."""

    def __init__(self, commitment: Commitment, measures: tuple[Measure, ...], user: Any) -> None:
        self.commitment = commitment
        self.measures = {measure.title: measure for measure in measures}
        self.user = user

    def of(self, finding: Finding) -> tuple[Link, ...]:
        if finding.problem in _FIELDS:
            return self._form(_FIELDS[finding.problem])
        if finding.problem == Problem.NO_MEASURE:
            # The kinds of upper parts, which this one does not know, say that they are made from a commitment.
            return tuple(forms_from(self.commitment, self.user))
        measure = self.measures.get(finding.detail)
        return (_to(measure),) if measure is not None and measure.url else ()

    def _form(self, field: str) -> tuple[Link, ...]:
        """The field itself while the policy is written, else the step that opens the policy."""
        entity, policy = catalog.of(Commitment), self.commitment.policy
        if policy.is_open:
            if entity.edition is not None and entity.edition.permitted(self.commitment, self.user):
                return (Link(_("Mend it"), f"{entity.url(self.commitment)}edit/#id_{field}"),)
            return ()
        policies = catalog.of(Policy)
        revise = policies.step("revise")
        if (
            revise is None
            or not revise.open_for(policy, self.user)
            or not revise.permitted(policy, self.user)
        ):
            return ()
        return (Link(str(revise.label), reverse("kit:step", args=[policies.slug, policy.uid, revise.name])),)
