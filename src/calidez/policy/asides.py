"""What the policy check says beside a form while the text is being written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calidez.kit.core.blocks import Values
from calidez.policy import check_panel, selectors, sentences
from calidez.policy.check_panel import AnswerLine, CheckedText, Note
from calidez.policy.measures import Measure, measures_of
from calidez.policy.models import Commitment, Policy
from calidez.policy.rules import Promise, check_commitment, read_text
from calidez.policy.rules.checking import hard_to_read, left_in_draft


@dataclass(frozen=True)
class Beside:
    """`hint` is said while nothing is written yet."""

    text: CheckedText | None
    lines: tuple[AnswerLine, ...] = ()
    hint: str = ""


def commitment(values: Values, record: Commitment | None, user: Any) -> Beside:
    policy = values.get("policy") or (record.policy if record is not None else None)
    language = policy.language if policy is not None else user.language
    owner = values.get("owner")
    measures: tuple[Measure, ...] | None = None
    if record is not None:
        measures = measures_of([record], user)[record.pk]
    promise = Promise(
        key=record.pk if record is not None else 0,
        statement=values.get("statement") or "",
        language=language,
        why=values.get("why") or "",
        remedy=values.get("remedy") or "",
        owner_active=owner.is_active if owner is not None else None,
        process=values.get("process") or "",
        documents=selectors.documents_as_read(values.get("documents") or ()),
        measures=measures,
    )
    check = check_commitment(promise)
    lines = check_panel.answer_lines(check)
    if not promise.statement.strip():
        return Beside(None, lines[1:], _("Write what you promise, and it is checked here as you write."))
    return Beside(check_panel.text_checked(promise.statement, check), lines)


def introduction(values: Values, record: Policy | None, user: Any) -> Beside:
    text = values.get("introduction") or ""
    if not text.strip():
        return Beside(None, hint=_("Write the introduction, and it is checked here as you write."))
    language = values.get("language") or (record.language if record is not None else user.language)
    reading = read_text(text, language)
    notes = [Note(sentences.finding_sentence(finding)) for finding in left_in_draft(reading)]
    notes += [Note(sentences.hint(one)) for one in reading.vague]
    notes += [Note(sentences.finding_sentence(finding)) for finding in hard_to_read(reading)]
    read = reading.readability
    return Beside(
        CheckedText(
            check_panel.marked(text, reading.vague),
            sentences.score_sentence(read),
            sentences.counts_sentence(read),
            tuple(dict.fromkeys(notes)),
        )
    )
