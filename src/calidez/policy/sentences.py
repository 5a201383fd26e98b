"""What the policy check says, in sentences: what is found, why it matters, and what to write or do instead."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calidez.kit.platform.formats import with_unit
from calidez.policy.measures import Measure
from calidez.policy.rules import Answer, Contradiction, Finding, Kind, Problem, Vague, Why
from calidez.stats.readability import FEWEST_WORDS, LONG_SENTENCE, Band, Readability

BANDS = {
    Band.VERY_HARD: gettext_lazy("Very hard to read"),
    Band.HARD: gettext_lazy("Hard to read"),
    Band.FAIRLY_HARD: gettext_lazy("Rather hard to read"),
    Band.NORMAL: gettext_lazy("Normal to read"),
    Band.FAIRLY_EASY: gettext_lazy("Rather easy to read"),
    Band.EASY: gettext_lazy("Easy to read"),
    Band.VERY_EASY: gettext_lazy("Very easy to read"),
}
# Why a word promises nothing, and what to write instead.
INSTEAD = {
    Why.WHEN: gettext_lazy(
        "“%(word)s” does not say by when. Write the time: within 20 minutes, the same day."
    ),
    Why.HOW_MUCH: gettext_lazy(
        "“%(word)s” does not say how much or how often. Write the figure: every week, 95 of 100."
    ),
    Why.HOW_GOOD: gettext_lazy(
        "“%(word)s” means something else to everybody. Write what the customer sees or gets."
    ),
    Why.MEASURE: gettext_lazy(
        "“%(word)s” does not say compared with what. Write the figure that you will reach."
    ),
    Why.INTENT: gettext_lazy(
        "“%(word)s” is a wish, not a promise. Write what you do: “we answer”, not “we try to answer”."
    ),
    Why.CONDITION: gettext_lazy("“%(word)s” leaves a way out. Say when it does not hold, or leave it out."),
    Why.MANNER: gettext_lazy(
        "“%(word)s” cannot be checked. Write what people do: we greet you and say our name."
    ),
}
ANSWERS = {
    ("clear", Answer.YES): gettext_lazy("Clear"),
    ("clear", Answer.NO): gettext_lazy("Not clear yet"),
    ("clear", Answer.UNKNOWN): gettext_lazy("Nothing written yet"),
    ("operable", Answer.YES): gettext_lazy("Can be put into practice"),
    ("operable", Answer.NO): gettext_lazy("Cannot be put into practice yet"),
    ("measurable", Answer.YES): gettext_lazy("Measurable"),
    ("measurable", Answer.NO): gettext_lazy("Not measurable yet"),
    ("measurable", Answer.UNKNOWN): gettext_lazy("Not enough data"),
}
# Nothing of a draft holds, so what it lacks is still to come.
ANSWERS_OF_A_DRAFT = {
    ("operable", Answer.NO): gettext_lazy("Still to be put into practice"),
    ("measurable", Answer.NO): gettext_lazy("Still without measure"),
    ("measurable", Answer.UNKNOWN): gettext_lazy("Still without data"),
}
QUESTIONS = {
    "clear": gettext_lazy("Clear"),
    "operable": gettext_lazy("In practice"),
    "measurable": gettext_lazy("Measurable"),
}


def score_sentence(read: Readability | None) -> str:
    """“Easy to read: 81 on the INFLESZ scale”, or why there is no score."""
    if read is None:
        return _("There is no readability formula here for the language of the policy.")
    if read.score is None or read.band is None:
        return _("Too short for a readability score: it takes %(count)s words.") % {"count": FEWEST_WORDS}
    values = {"band": BANDS[read.band], "score": number_format(round(read.score))}
    if read.language == "es":
        return _("%(band)s: %(score)s on the INFLESZ scale") % values
    return _("%(band)s: %(score)s on Flesch’s scale") % values


def counts_sentence(read: Readability | None) -> str:
    """What was counted, for whoever asks where the score comes from."""
    if read is None or not read.words:
        return ""
    words = ngettext("%(count)s word", "%(count)s words", read.words) % {"count": read.words}
    sentences = ngettext("%(count)s sentence", "%(count)s sentences", read.sentences) % {
        "count": read.sentences
    }
    told = _("%(words)s, %(sentences)s, %(syllables)s syllables") % {
        "words": words,
        "sentences": sentences,
        "syllables": read.syllables,
    }
    if read.fernandez_huerta is None:
        return told
    return _("%(counts)s; %(score)s by Fernández Huerta") % {
        "counts": told,
        "score": number_format(round(read.fernandez_huerta)),
    }


def hint(vague: Vague) -> str:
    return str(INSTEAD[vague.why] % {"word": vague.word})


def finding_sentence(finding: Finding) -> str:
    """One problem as a sentence that says how it is mended."""
    detail = {"detail": finding.detail}
    match finding.problem:
        case Problem.HARD:
            return _("It is hard to read: use shorter words and sentences.")
        case Problem.DRAFTING_NOTE:
            return note_sentence(finding.detail)
        case Problem.LONG_SENTENCE:
            return _("The sentence “%(start)s…” has %(count)s words: divide it, %(most)s are enough.") % {
                "start": " ".join(finding.detail.split()[:6]),
                "count": number_format(finding.figure or 0),
                "most": LONG_SENTENCE,
            }
        case Problem.NOT_IN_FORCE if finding.detail:
            return _("“%(detail)s”, which says how, is not in force.") % detail
        case Problem.NO_INDICATOR | Problem.NO_DATA:
            return str(_MEASURES[finding.problem]) % detail
        case _:
            return str(_SAID[finding.problem])


def note_sentence(note: str) -> str:
    """The note itself, as far as it is needed to find it."""
    start = " ".join(note.split()[:14])
    return _(
        "A note of the draft is still in it: “%(start)s”. Do what it says and take it away; it cannot be approved before."
    ) % {"start": start if start == note else f"{start}…"}


_SAID = {
    Problem.NOTHING_WRITTEN: gettext_lazy("Write what you promise."),
    Problem.VAGUE: gettext_lazy("It has vague words."),
    Problem.NO_OWNER: gettext_lazy("Nobody answers for it: name an owner."),
    Problem.OWNER_LEFT: gettext_lazy("Its owner can no longer sign in: name somebody else."),
    Problem.NO_PROCESS: gettext_lazy("Say by which process it is kept."),
    Problem.NO_DOCUMENT: gettext_lazy("Name the document that says how it is done."),
    Problem.NOT_IN_FORCE: gettext_lazy("The document that says how is not in force."),
    Problem.NO_MEASURE: gettext_lazy("Nothing measures it: give it a standard or an objective."),
}
_MEASURES = {
    Problem.NO_INDICATOR: gettext_lazy("“%(detail)s” has no indicator that measures it."),
    Problem.NO_DATA: gettext_lazy("“%(detail)s” has an indicator without data so far."),
}


def contradiction_sentence(found: Contradiction, unit_name: str = "") -> str:
    """What cannot hold together, with both figures. `unit_name` is where the measure holds."""
    values = {
        "measure": found.measure.title,
        "target": target_words(found.measure),
        "words": found.words,
        "other": found.other.title if found.other is not None else "",
        "other_target": target_words(found.other) if found.other is not None else "",
        "unit": unit_name,
        "reachable": reachable_words(found.measure),
    }
    return str(_CONTRADICTIONS[found.kind]) % values


_CONTRADICTIONS = {
    Kind.LAXER_THAN_WORDS: gettext_lazy(
        "The commitment says %(words)s; “%(measure)s” asks only for %(target)s. Change the words or the target."
    ),
    Kind.AGAINST_WORDS: gettext_lazy(
        "The commitment says %(words)s; “%(measure)s” asks for %(target)s. Both cannot be kept."
    ),
    Kind.IMPOSSIBLE: gettext_lazy(
        "“%(measure)s” asks for %(target)s and “%(other)s” for %(other_target)s: if they measure the same, both cannot be kept."
    ),
    Kind.DIFFERENT: gettext_lazy(
        "“%(measure)s” has two targets in the same unit: %(target)s and %(other_target)s. Keep one."
    ),
    Kind.LAXER_BELOW: gettext_lazy(
        "“%(measure)s” asks only for %(target)s in %(unit)s, and for %(other_target)s above it. A unit may ask more of itself, not less."
    ),
    Kind.OUT_OF_REACH: gettext_lazy(
        "“%(measure)s” promises %(target)s, above what the data say: 90%% of the periods reached %(reachable)s."
    ),
}


def target_words(measure: Measure) -> str:
    """“at least 95%”."""
    if measure.target is None:
        return ""
    return _side(measure.at_least, measure.target, measure.measured_in)


def reachable_words(measure: Measure) -> str:
    if measure.reachable is None:
        return ""
    return _side(measure.at_least, measure.reachable, measure.measured_in)


def _side(at_least: bool, value: float, measured_in: str) -> str:
    number = number_format(int(value) if value == int(value) else round(value, 1))
    figure = with_unit(number, measured_in)
    return (
        _("at least %(figure)s") % {"figure": figure}
        if at_least
        else _("at most %(figure)s") % {"figure": figure}
    )
