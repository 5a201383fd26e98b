"""Words that promise nothing which anybody could check: found as whole words, with their inflections."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from calidez.policy.rules.letters import folded


class Why(StrEnum):
    """What is missing where such a word stands."""

    WHEN = "when"  # by when
    HOW_MUCH = "how_much"  # how much, how many, how often
    HOW_GOOD = "how_good"  # what the customer can see of it
    MEASURE = "measure"  # compared with what
    INTENT = "intent"  # a wish, no promise
    CONDITION = "condition"  # a way out
    MANNER = "manner"  # what people do


@dataclass(frozen=True)
class Vague:
    """One vague word of a text, from `start` to `end`, as it was written."""

    start: int
    end: int
    word: str
    why: Why


# Written without accents: texts are compared without them. A trailing dash means: and its usual endings.
_SPANISH: dict[Why, tuple[str, ...]] = {
    Why.WHEN: (
        r"oportun(?:[oa]s?|amente)",
        r"a la (?:mayor )?brevedad(?: posible)?",
        r"con la mayor brevedad(?: posible)?",
        r"en (?:el menor|un breve|breve) (?:tiempo|plazo)(?: posible)?",
        r"lo (?:antes|mas pronto|mas rapido) posible",
        r"cuanto antes",
        r"(?:muy )?pronto",
        r"prontitud",
        r"rapid(?:[oa]s?|amente|ez)",
        r"agil(?:es|mente|idad)?",
        r"celeridad",
        r"en tiempo y forma",
        r"inmediat(?:[oa]s?|amente|ez)",
        r"(?:a|en su) debido (?:tiempo|momento)",
        r"sin demoras?(?: injustificadas?)?",
    ),
    Why.HOW_MUCH: (
        r"suficientes?",
        r"frecuente(?:s|mente)?",
        r"regularmente",
        r"periodic(?:[oa]s?|amente)",
        r"algun[oa]s?",
        r"vari[oa]s",
        r"divers[oa]s",
        r"la mayor parte de",
        r"la mayoria de",
        r"habitualmente",
        r"generalmente",
        r"minim[oa]s? posibles?",
        r"maxim[oa]s? posibles?",
    ),
    Why.HOW_GOOD: (
        r"adecuad(?:[oa]s?|amente)",
        r"apropiad(?:[oa]s?|amente)",
        r"de (?:alta |la mas alta |la mayor |maxima )?calidad",
        r"excelen(?:tes?|cia|temente)",
        r"satisfactori(?:[oa]s?|amente)",
        r"razonable(?:s|mente)?",
        r"buen(?:[oa]s?)?(?! (?:aires|dias|tardes|noches))",
        r"clase mundial",
        r"primer nivel",
        r"integral(?:es|mente)?",
        r"innovador(?:a|es|as)?",
        r"competitiv[oa]s?",
        r"confiables?",
        r"impecables?",
        r"optim[oa]s?",
    ),
    Why.MEASURE: (
        r"mejor(?:es|a|as|ar|amos|aremos|ando|amiento)?",
        r"mejora continua",
        r"eficien(?:tes?|temente|cia)",
        r"efic(?:az|aces|azmente|acia)",
        r"efectiv(?:as?|os|amente|idad)",  # “en efectivo” is money
        r"optimiz(?:ar|amos|aremos|ando|acion)",
        r"maximiz(?:ar|amos|aremos|ando)",
        r"minimiz(?:ar|amos|aremos|ando)",
        r"reducir al minimo",
        r"superar (?:las|sus) expectativas",
    ),
    Why.INTENT: (
        r"procur(?:ar|amos|aremos|ara|aran|ando|a|an)",
        r"esforz(?:arse|arnos|aremos|andonos)",
        r"nos esforzamos",
        r"nos esforzaremos",
        r"intent(?:ar|amos|aremos|ando|ara)",
        r"trat(?:ar|amos|aremos|ando) de",
        r"aspir(?:ar|amos|aremos)(?: a)?",
        r"propender",
        r"pretend(?:er|emos|eremos)",
        r"fomentar",
        r"promover",
        r"velar por",
    ),
    Why.CONDITION: (
        r"(?:cuando|siempre que|si|de ser|donde|en lo) (?:sea |fuera |es |fuese )?posible",
        r"en la medida de lo posible",
        r"dentro de lo posible",
        r"segun (?:la )?disponibilidad",
        r"segun corresponda",
        r"segun sea necesario",
        r"cuando (?:corresponda|proceda|aplique)",
        r"salvo imprevistos",
        r"etc(?:etera)?",
        r"entre otr[oa]s",
    ),
    Why.MANNER: (
        r"amab(?:les?|lemente|ilidad)",
        r"cordial(?:es|mente|idad)?",
        r"calid(?:[oa]s?|amente|ez)",
        r"dign[oa]s?",
        r"profesional(?:mente|ismo)",
        r"personalizad[oa]s?",
        r"trato human[oa]",
        r"con (?:empatia|respeto|vocacion)",
        r"clar(?:[oa]s?|amente|idad)",
        r"sencill(?:[oa]s?|amente|ez)",
        r"comod(?:[oa]s?|amente|idad)",
    ),
}
_ENGLISH: dict[Why, tuple[str, ...]] = {
    Why.WHEN: (
        r"as (?:soon|quickly|promptly|fast) as (?:possible|we can|practicable)",
        r"asap",
        r"(?:in a )?timely(?: manner| fashion)?",
        r"prompt(?:ly|ness)?",
        r"quick(?:ly|er|est)?",
        r"fast(?:er|est)?",
        r"rapid(?:ly)?",
        r"soon(?:er|est)?",
        r"immediate(?:ly)?",
        r"in due (?:course|time)",
        r"without (?:undue )?delay",
        r"swift(?:ly)?",
    ),
    Why.HOW_MUCH: (
        r"sufficient(?:ly)?",
        r"enough",
        r"frequent(?:ly)?",
        r"regularly|on a regular basis",
        r"periodic(?:ally)?",
        r"some",
        r"several",
        r"various",
        r"most of",
        r"usually",
        r"generally",
        r"often",
    ),
    Why.HOW_GOOD: (
        r"appropriate(?:ly)?",
        r"adequate(?:ly)?",
        r"suitabl[ey]",
        r"reasonabl[ey]",
        r"high[- ]quality",
        r"quality (?:service|care|products?)",
        r"(?:the )?highest (?:quality|standards?)",
        r"excellen(?:t|ce|tly)",
        r"world[- ]class",
        r"state[- ]of[- ]the[- ]art",
        r"first[- ]class",
        r"outstanding",
        r"exceptional(?:ly)?",
        r"good",
        r"great",
        r"superior",
        r"reliabl[ey]",
        r"seamless(?:ly)?",
        r"satisfactor(?:y|ily)",
    ),
    Why.MEASURE: (
        r"best",
        r"better",
        r"improv(?:e|es|ed|ing|ements?)",
        r"continuous improvement",
        r"efficien(?:t|tly|cy)",
        r"effective(?:ly|ness)?",
        r"optimi[sz](?:e|es|ed|ing|ation)",
        r"maximi[sz](?:e|es|ed|ing)",
        r"minimi[sz](?:e|es|ed|ing)",
        r"exceed(?:s|ing)? expectations",
    ),
    Why.INTENT: (
        r"striv(?:e|es|ing)(?: to| for)?",
        r"aim(?:s|ing)?(?: to)?",
        r"try(?:ing)?(?: to)?",
        r"endeavou?r(?:s|ing)?(?: to)?",
        r"seek(?:s|ing)? to",
        r"hop(?:e|es|ing) to",
        r"(?:do|doing|make) (?:our|their|the) (?:best|utmost)",
        r"(?:best|every|reasonable) efforts?",
        r"(?:we are )?committed to",
        r"promote",
        r"foster",
    ),
    Why.CONDITION: (
        r"(?:where|when|whenever|wherever|if|as) (?:possible|practicable|appropriate|necessary|needed|available)",
        r"as far as possible",
        r"subject to availability",
        r"to the extent possible",
        r"etc",
        r"and so on",
        r"among others",
    ),
    Why.MANNER: (
        r"friendl(?:y|iness)",
        r"courteous(?:ly)?",
        r"polite(?:ly)?",
        r"professional(?:ly|ism)",
        r"warmly|warmth",
        r"dignity",
        r"personali[sz]ed",
        r"caring",
        r"respectful(?:ly)?",
        r"clear(?:ly)?",
        r"simple|simply",
        r"easy|easily",
        r"convenient(?:ly)?",
    ),
}
_WORDS = {"es": _SPANISH, "en": _ENGLISH}


def vague_words(text: str, language: str) -> tuple[Vague, ...]:
    """The vague words of a text in their order; none in a language that has no list."""
    plain = folded(text)
    found = [
        Vague(match.start(), match.end(), text[match.start() : match.end()], why)
        for why, pattern in _patterns(language)
        for match in pattern.finditer(plain)
    ]
    kept: list[Vague] = []
    for one in sorted(found, key=lambda v: (v.start, -v.end)):
        # “as soon as possible” is one finding, not also “soon”.
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


@cache
def _patterns(language: str) -> tuple[tuple[Why, re.Pattern[str]], ...]:
    return tuple(
        (why, re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(words, key=len, reverse=True))})(?![\w-])"))
        for why, words in _WORDS.get(language, {}).items()
    )
