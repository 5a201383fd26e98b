"""Readability: syllables against hand counts, scores against published and hand-computed examples."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calidez.stats import readability
from calidez.stats.readability import Band, texts

modest = settings(max_examples=60, derandomize=True)
counted = st.tuples(st.integers(1, 200), st.integers(1, 40), st.integers(0, 400)).map(
    lambda t: (t[0] + t[1], t[1], t[0] + t[1] + t[2])
)

# Divided by hand after the Ortografía of 2010: a|é|re|o, bu|ho, cons|truí, prohi|bir, a|ve|ri|guáis, pa|ra|no|ia.
SPANISH = {
    1: "y muy hoy ley rey buey yo ya quien guion miau sr kg",
    2: "leyes agua guerra queso aquí río país baúl leer aire causa peine deuda ciudad viuda día construí limpiáis "
    "prohibir búho ahumar hielo huevo queja mayo cuatro cliente estoy argüir güero",
    3: "guitarra pingüino vergüenza héroe poeta cuidado uruguay ahora servicio respuesta minutos usuario ayuda "
    "desahucio calidad actúa rehúsa oeste línea áreas cigüeña oíais caíais vivíais continua atención",
    4: "aéreo cooperar averiguáis jesuítico energía satisfacción teléfono compromiso continúa evalúan paranoia",
    5: "economía aeropuerto idiosincrasia",
    8: "institucionalización",
}
# Divided by hand as dictionaries of American English do, of two ways of speaking the shorter.
ENGLISH = {
    1: "the cat called asked makes don't hours days time we your judged house nurse style please used strive pier",
    2: "hybrid mammal creature table little promise service answer wanted needed handled matches changes boxes "
    "complaints safely statement careful apply reply moment helpful special social million question value doing "
    "trying buying didn't minutes receive people always police player nurses nurse's quiet patients useful every",
    3: "platypus seemingly customers completely management carefully document happiness radio period various "
    "opinion champion annual continue video earlier easier hospital department theory museum telephone",
    4: "satisfaction material actually situation mechanism available appropriate information reasonable emergency",
    5: "organisation immediately",
    6: "responsibility",
}


@pytest.mark.parametrize(("language", "counts"), [("es", SPANISH), ("en", ENGLISH)])
def test_syllables_are_those_that_are_spoken(language, counts):
    wrong = {
        word: (readability.syllables(word, language), number)
        for number, listed in counts.items()
        for word in listed.split()
        if readability.syllables(word, language) != number
    }
    assert wrong == {}


def test_figures_and_capitals_and_hyphens():
    assert readability.syllables("95 %", "es") == readability.syllables("20", "en") == 1
    assert readability.syllables("follow-up", "en") == 3
    assert readability.syllables("RÍO", "es") == readability.syllables("ri\u0301o", "es") == 2
    assert readability.spanish_syllables("quórum") == 2
    with pytest.raises(ValueError, match="'fr'"):
        readability.syllables("bonjour", "fr")


def test_flesch_of_a_published_example():
    """13 words, 24 syllables, one sentence: 37.5 is the score commonly published for this sentence."""
    found = readability.read(
        "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", "en"
    )
    assert (found.words, found.sentences, found.syllables) == (13, 1, 24)
    assert found.score == pytest.approx(37.5, abs=0.05)
    assert found.band == Band.HARD
    assert found.fernandez_huerta is None


def test_flesch_has_no_upper_bound_at_one_hundred():
    """Two sentences of six words of one syllable: 206.835 - 1.015·6 - 84.6 = 116.145, as published for such texts."""
    found = readability.read("The cat sat on the mat. The dog lay by the door.", "en")
    assert found.score == pytest.approx(116.145)
    assert found.band == Band.VERY_EASY


def test_spanish_counted_by_hand():
    """El|clien-te|re-ci-be|u-na|res-pues-ta|en|un|pla-zo|de|24|ho-ras: 11 words, 19 syllables (24 counts as one);
    siem-pre|por|es-cri-to: 3 words, 6 syllables. S/P = 25/14, P/F = 7.

    INFLESZ 206.835 - 62.3·25/14 - 7 = 88.585; Fernández Huerta 206.84 - 60·25/14 - 1.02·7 = 92.557.
    """
    found = readability.read(
        "El cliente recibe una respuesta en un plazo de 24 horas. Siempre por escrito.", "es"
    )
    assert (found.words, found.sentences, found.syllables) == (14, 2, 25)
    assert found.score == pytest.approx(88.585)
    assert found.fernandez_huerta == pytest.approx(92.557, abs=0.0005)
    assert found.band == Band.VERY_EASY


def test_a_hard_sentence_in_spanish_counted_by_hand():
    """La|or-ga-ni-za-ción|pro-cu-ra-rá|la|sa-tis-fac-ción|de|las|ne-ce-si-da-des|y|ex-pec-ta-ti-vas|
    de|los|u-sua-rios: 1+5+4+1+4+1+1+5+1+5+1+1+3 = 33 syllables in 13 words.

    INFLESZ 206.835 - 62.3·33/13 - 13 = 35.689: muy difícil.
    """
    found = readability.read(
        "La organización procurará la satisfacción de las necesidades y expectativas de los usuarios.", "es"
    )
    assert (found.words, found.sentences, found.syllables) == (13, 1, 33)
    assert found.score == pytest.approx(35.689, abs=0.0005)
    assert found.band == Band.VERY_HARD
    assert not found.band.readable


def test_the_corrected_formula_prefers_short_sentences():
    """Law (2011): with F as sentences per 100 words the same words in shorter sentences would read worse."""
    assert readability.fernandez_huerta(100, 10, 180) > readability.fernandez_huerta(100, 5, 180)


@pytest.mark.parametrize(
    "text", ["", "…", "We answer within 20 seconds.", "uno dos tres cuatro cinco seis siete"]
)
@pytest.mark.parametrize("language", ["es", "en"])
def test_too_little_text_has_counts_and_no_score(text, language):
    found = readability.read(text, language)
    assert (found.score, found.band, found.fernandez_huerta) == (None, None, None)
    assert found.words < readability.FEWEST_WORDS


def test_long_sentences_are_named():
    short, long = "We answer.", "Word " + " ".join(["word"] * 25) + "."
    found = readability.read(f"{short} {long}", "en")
    assert [(s.text, s.words) for s in found.long_sentences] == [(long, 26)]
    assert not readability.read(" ".join(["word"] * 25) + ".", "en").long_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Llame al Sr. Pérez. Contestamos.", ["Llame al Sr. Pérez.", "Contestamos."]),
        ("Cuesta 1.500 pesos. Se paga al final.", ["Cuesta 1.500 pesos.", "Se paga al final."]),
        ("We open at 8 a.m. every day! Do you?", ["We open at 8 a.m. every day!", "Do you?"]),
        ("¿Espera? Le avisamos; siempre.", ["¿Espera?", "Le avisamos;", "siempre."]),
        ("# Promise\n\n- We **answer**\n- We [listen](https://example.org)", ["Promise", "We answer", "We listen"]),
        ("One line\nthat goes on.\n\nAnother", ["One line that goes on.", "Another"]),
        ("", []),
    ],
)  # fmt: skip
def test_where_sentences_end(text, expected):
    assert [sentence.text for sentence in readability.sentences(text)] == expected


@modest
@given(counted, st.sampled_from(["flesch", "inflesz", "fernandez_huerta"]))
def test_more_syllables_or_longer_sentences_never_read_easier(counts, formula):
    words, sentences, syllables = counts
    score = getattr(readability, formula)
    assert score(words, sentences, syllables + 1) < score(words, sentences, syllables)
    if sentences > 1:
        assert score(words, sentences - 1, syllables) < score(words, sentences, syllables)
    # Twice the same text reads as easily as once.
    assert score(2 * words, 2 * sentences, 2 * syllables) == pytest.approx(score(*counts))


@modest
@given(st.floats(-50, 130), st.floats(0, 60), st.sampled_from(["flesch_band", "inflesz_band"]))
def test_a_higher_score_is_never_in_a_harder_band(score, more, scale):
    band, order = getattr(readability, scale), list(Band)
    assert order.index(band(score + more)) >= order.index(band(score))


@modest
@given(st.text(alphabet="aeiouáéíóúüyhqgñbcdr", min_size=1, max_size=15), st.sampled_from(["es", "en"]))
def test_every_word_has_at_least_one_syllable_and_at_most_one_a_letter(word, language):
    assert 1 <= readability.syllables(word, language) <= max(1, len(word))


@pytest.mark.slow
@modest
@given(st.text(max_size=200), st.sampled_from(["es", "en"]))
def test_any_text_can_be_read(text, language):
    found = readability.read(text, language)
    assert found.syllables >= found.words >= found.sentences
    assert (found.score is None) == (found.words < readability.FEWEST_WORDS)


def test_the_bands_of_inflesz():
    assert [readability.inflesz_band(s) for s in (39.9, 40, 55, 65, 80)] == [
        Band.VERY_HARD, Band.FAIRLY_HARD, Band.NORMAL, Band.FAIRLY_EASY, Band.VERY_EASY,
    ]  # fmt: skip


@pytest.mark.parametrize("counts", [(0, 0, 0), (5, 0, 5), (5, 6, 9), (5, 1, 4)])
def test_impossible_counts_are_refused(counts):
    for formula in (readability.flesch, readability.inflesz, readability.fernandez_huerta):
        with pytest.raises(ValueError, match="at least one"):
            formula(*counts)


@pytest.mark.parametrize("mark", ["[", "![", "[a](", "[a](b", "\n", "#\n", "- "])
def test_a_text_of_nothing_but_marks_is_read_in_no_time(mark: str) -> None:
    began = time.process_time()
    texts.sentences(mark * 50_000)
    assert time.process_time() - began < 3
