"""Where a sentence ends: everywhere decided by the same rule."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.sentences import paragraph_spans, sentence_spans, split_sentences


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_sentences_leave_out_nothing_but_white_space(text):
    spans = sentence_spans(text)
    joined = "".join(text[span.start : span.end] for span in spans)
    assert re.sub(r"\s", "", joined) == re.sub(r"\s", "", text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert [text[span.start : span.end] for span in spans] == split_sentences(text)


def test_paragraphs_and_sentences_are_counted_from_an_offset():
    text = "# A\n\nIt froze. It sank.\n\n \n\nIt rose."
    paragraphs = list(paragraph_spans(text[3:], 3))
    told = ["It froze. It sank.", "It rose."]
    assert [text[p.start : p.end] for p in paragraphs] == told
    sentences = sentence_spans(told[0], paragraphs[0].start)
    assert [text[s.start : s.end] for s in sentences] == ["It froze.", "It sank."]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Dr. Smith of the U.S. paid 3.14 dollars.", "He left."],
        ["Is it frozen?", "Yes!", "It is."],
        ["The pier, e.g. at Lindesund, froze."],
        [
            "It is approx. 40 m long.",
            "It stands at No. 7, under Art. 12.",
            "No.",
            "Yes.",
        ],
        ["2. Staff left.", "IV. The year was mild.", "(a) The lamp; (b) oil."],
        ["2.1. Oil is dear.", "ii. So is the wick."],
        ["So was I.", "He left in 1921.", "CIVIL.", "The war began."],
        ["How many run?", "3.", "They leave at noon.", "Who?", "B.", "It is red."],
        ["Built ca. 1910, see Vol. 2 and Fig. 3.", "It costs approx. EUR 40."],
        [],
    ],
)
def test_abbreviations_and_decimals_do_not_end_sentences(sentences):
    assert split_sentences("  ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Die Tagung ist am 11. und 12. Mai in Velmar.", "Danach ist Schluss."],
        ["Das regelt § 9 Abs. 1 der Hafenordnung.", "Er gilt bzw. galt nicht immer."],
        ["M. Dupont est parti hier.", "Il vit av. de la Mer, no 3.", "Elle reste."],
        ["La Sra. Pérez habló en la pág. 3.", "Luego se fue."],
        ["В 1990 г. порт замёрз.", "Он открылся снова."],
        ["港口结冰了。", "它又开了。"],
        ["Vlmr xqzt.", "Brkl wqst."],
    ],
)
def test_sentences_of_other_languages_end_where_theirs_do(sentences):
    between = "" if "。" in sentences[0] else " "
    assert split_sentences(between.join(sentences)) == sentences


def test_the_next_cell_of_a_row_begins_no_sentence():
    row = "Figure 4. | Ships by month. | Source: the port"
    assert split_sentences(row) == [row]
