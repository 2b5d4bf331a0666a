"""Splitting: provenance is an invariant, and no sentence is cut without need."""

import re

from fakes import BagOfWordsEmbedder, article
from hypothesis import given
from hypothesis import strategies as st

from qa.documents.blocks import Block, Metadata, Row
from qa.documents.composing import compose
from qa.documents.passages import context, split
from qa.language.sentences import sentence_spans

count_tokens = BagOfWordsEmbedder().count_tokens
WINDOW = 120
_SPECIAL = 2  # tokens that the embedder adds to every text
_CONTEXT = 48  # of the heading or title in front

_WORDS = st.sampled_from(
    [
        "tower",
        "Dr.",
        "U.S.",
        "3.14",
        "naïve",
        "„so“",
        "(see",
        "2)",
        "🙂",
        "e.g.",
        "x" * 30,
    ]
)
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=14).map(
    lambda words: " ".join(words).capitalize() + "."
)
_PARAGRAPHS = st.lists(_SENTENCES, min_size=1, max_size=8).map(" ".join)
_ROWS = [Row(("Port", "2020"), labelled=False), Row(("Port",)), None]
_BLOCKS = st.lists(
    st.builds(Block, st.just("paragraph"), _PARAGRAPHS)
    | st.builds(Block, st.just("heading"), _WORDS, st.integers(1, 3))
    | st.builds(Block, st.just("item"), _SENTENCES)
    | st.builds(Block, st.just("row"), _SENTENCES, row=st.sampled_from(_ROWS)),
    min_size=1,
    max_size=8,
)
_ANY_TEXT = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: re.search(r"\w", text))
)


def document_of(blocks):
    return compose("a.txt", blocks, Metadata())


def cut(document, size=40):
    return split(document, count_tokens=count_tokens, size=size, window=WINDOW)


@given(blocks=_BLOCKS, size=st.integers(5, 80))
def test_passages_are_ordered_spans_of_the_document_that_do_not_overlap(blocks, size):
    document = document_of(blocks)
    end = 0
    for passage in cut(document, size):
        assert document.text[passage.start : passage.end] == passage.text
        assert end <= passage.start < passage.end
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        for sentence in passage.sentences:
            assert end <= sentence.start < sentence.end
            assert document.text[sentence.start : sentence.end].strip()
            end = sentence.end


@given(blocks=_BLOCKS, size=st.integers(5, 80))
def test_passages_cover_all_text_below_headings_and_no_heading(blocks, size):
    document = document_of(blocks)
    left = list(document.text)
    for passage in cut(document, size):
        for sentence in passage.sentences:
            left[sentence.start : sentence.end] = " " * (sentence.end - sentence.start)
    for heading in document.headings:
        span = slice(heading.start, heading.end)
        assert "".join(left[span]) == document.text[span]
        left[span] = " " * (heading.end - heading.start)
    assert "".join(left).strip() == ""


@given(blocks=_BLOCKS, size=st.integers(5, 200))
def test_passages_fit_the_size_and_the_window(blocks, size):
    for passage in cut(document_of(blocks), size):
        room = _CONTEXT if passage.heading else 0
        limit = min(size, WINDOW - _SPECIAL - room)
        assert count_tokens([passage.text])[0] <= limit


@given(blocks=_BLOCKS, size=st.integers(5, 200), title=_PARAGRAPHS)
def test_what_is_embedded_fits_the_window_with_heading_or_title(blocks, size, title):
    before_sentence = context(title, count_tokens)
    for passage in cut(document_of(blocks), size):
        sentences = map(passage.sentence, range(len(passage.sentences)))
        embedded = [context(passage.heading, count_tokens) + passage.text]
        embedded += (before_sentence + sentence for sentence in sentences)
        assert max(count_tokens(embedded)) + _SPECIAL <= WINDOW


def test_room_for_a_heading_is_kept_only_where_there_is_one():
    paragraph = Block("paragraph", article("x", 7).replace("\n\n", " "))
    plain = cut(document_of([paragraph]), 200)
    headed = cut(document_of([Block("heading", "Towers", 2), paragraph]), 200)
    assert [len(p.sentences) for p in plain] == [7]
    assert len(headed) == 1 + (count_tokens([paragraph.text])[0] > WINDOW - 50)


@given(blocks=_BLOCKS)
def test_a_passage_knows_the_heading_it_stands_under(blocks):
    document = document_of(blocks)
    for passage in cut(document):
        above = [h for h in document.headings if h.end <= passage.start]
        name = document.text[above[-1].start : above[-1].end] if above else ""
        tables = [t for t in document.tables if t.start <= passage.start < t.end]
        if tables and not tables[0].labelled:
            assert passage.heading in {f"{name} · Port | 2020", "Port | 2020"}
        else:
            assert passage.heading == name


@given(blocks=_BLOCKS, size=st.integers(5, 80))
def test_no_sentence_that_fits_is_cut(blocks, size):
    document = document_of(blocks)
    sentences = {s for passage in cut(document, size) for s in passage.sentences}
    for block in blocks:
        if block.kind == "heading":
            continue
        start = document.text.index(block.text)
        for span in sentence_spans(block.text):
            sentence = block.text[span.start : span.end]
            if count_tokens([sentence])[0] <= min(size, WINDOW - _SPECIAL - _CONTEXT):
                texts = {document.text[s.start : s.end] for s in sentences}
                assert any(sentence in text for text in texts), (start, sentence)


@given(blocks=_BLOCKS)
def test_ids_are_unique_and_the_same_each_time(blocks):
    first, second = cut(document_of(blocks)), cut(document_of(blocks))
    assert first == second
    assert len({passage.id for passage in first}) == len(first)


@given(text=_ANY_TEXT)
def test_any_text_at_all_keeps_the_invariants(text):
    document = document_of([Block("paragraph", text)])
    passages = cut(document, 5)
    assert all(document.text[p.start : p.end] == p.text for p in passages)
    covered = "".join(p.text for p in passages)
    assert covered.replace(" ", "") == text.replace(" ", "")


def test_a_sentence_too_long_for_the_window_is_cut_between_words():
    words = [f"word{number}" for number in range(300)]
    document = document_of([Block("paragraph", " ".join(words) + ".")])
    passages = cut(document)
    assert len(passages) > 1
    found = [word for p in passages for word in p.text.rstrip(".").split()]
    assert found == words


def test_paragraphs_of_one_section_share_a_passage_only_when_they_fit_whole():
    document = document_of(
        [Block("paragraph", p) for p in article("x", 6).split("\n\n")]
    )
    assert [p.text.count("\n\n") for p in cut(document, 24)] == [2, 2]
    assert len(cut(document, 8)) == 6


def test_a_long_paragraph_is_cut_into_parts_of_like_length():
    text = article("x", 12).replace("\n\n", " ")
    sizes = [len(p.sentences) for p in cut(document_of([Block("paragraph", text)]), 40)]
    assert sum(sizes) == 12
    assert max(sizes) - min(sizes) <= 1


def test_a_document_of_headings_alone_has_no_passages():
    assert cut(document_of([Block("heading", "Alone", 1)])) == ()


def test_context_names_title_and_heading_and_is_cut_to_its_share():
    assert context("Title", count_tokens) == "Title: "
    assert context("", count_tokens) == ""
    long = context("word " * 500, count_tokens)
    assert count_tokens([long])[0] <= _CONTEXT


def test_a_paragraph_in_which_the_embedder_sees_no_token_is_no_error():
    # The bullet of many PDFs is a private-use character, which BERT drops.
    def blind(texts):
        return [len(re.findall(r"\w+", text)) for text in texts]

    document = document_of([Block("paragraph", "\uf0b7"), Block("paragraph", "One.")])
    passages = split(document, count_tokens=blind, size=20, window=WINDOW)
    assert passages[-1].text.endswith("One.")


def test_rows_that_do_not_say_their_heads_stand_under_them():
    row = Row(("", "2019", "2020"), labelled=False)
    said = Row(("Port", "2020"))
    document = document_of(
        [
            Block("heading", "Landings", level=2),
            Block("paragraph", "Fish is landed in two ports."),
            Block("row", "Velmar | 38 | 41", row=row),
            Block("row", "Ostrel | 12 | 9", row=row),
            Block("paragraph", "None is landed elsewhere."),
            Block("row", "Port: Maar; 2020: 3", row=said),
        ]
    )
    found = [(passage.heading, passage.text) for passage in cut(document)]
    assert found == [
        ("Landings", "Fish is landed in two ports."),
        ("Landings ·  | 2019 | 2020", "Velmar | 38 | 41\n\nOstrel | 12 | 9"),
        ("Landings", "None is landed elsewhere.\n\nPort: Maar; 2020: 3"),
    ]


def test_heads_of_a_table_take_the_place_of_the_title():
    row = Row(("Port", "2020"), labelled=False)
    blocks = [Block("heading", "Fish", level=1), Block("row", "Velmar | 41", row=row)]
    document = compose("a.pdf", blocks, Metadata(title="Fish"))
    assert [passage.heading for passage in cut(document)] == ["Port | 2020"]
