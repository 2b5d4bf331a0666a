"""The same words in two articles count once; other words are never taken for them."""

import pytest
from fakes import WordReader, article
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.copies import Repeat, Told, find_repeats, tell_once
from qa.retrieval.retriever import Retriever
from qa.schema import Filters, Source
from qa.wiring.overview import repeats_after_build


def words(*sentences):
    return tuple(tuple(sentence.split()) for sentence in sentences)


FERRY = words(
    "the ferry crosses the sound each hour of the day",
    "it was built at the karlsen yard in 1931",
    "its crews are paid by the county of agder",
)
LAMP = words("the lamp of the tower is made of copper from falun")


def repeats_in(articles, **options):
    return find_repeats(
        [(name, map(" ".join, sentences)) for name, sentences in articles], **options
    )


def test_a_copy_names_the_first_article_that_has_its_words():
    articles = [("a.md", FERRY), ("b.md", FERRY), ("c.md", FERRY + LAMP)]
    repeats = repeats_in(articles)
    assert repeats[0] == Repeat("b.md", "a.md", 1.0)
    assert (repeats[1].file, repeats[1].of) == ("c.md", "a.md")
    assert repeats[1].share == pytest.approx(28 / 39)


def test_an_article_that_quotes_another_is_no_copy_of_it():
    longer = tuple(words(f"sentence number {n} has seven words here") for n in range(9))
    assert repeats_in([("a.md", FERRY), ("b.md", FERRY + sum(longer, ()))]) == ()


def test_a_number_or_a_not_makes_another_statement():
    other = words("the ferry crosses the sound each hour of the night")
    assert repeats_in([("a.md", FERRY[:1]), ("b.md", other)]) == ()


def test_short_sentences_are_the_same_by_chance():
    short = words("read more here", "by our correspondent")
    assert repeats_in([("a.md", short), ("b.md", short)]) == ()


def test_a_sample_of_the_sentences_finds_copies_too():
    many = words(*(f"sentence number {n} has seven words here" for n in range(400)))
    other = words(*(f"other number {n} has seven words here" for n in range(400)))
    articles = [("a.md", many), ("b.md", many[:300] + other[:100]), ("c.md", other)]
    (repeat,) = repeats_in(articles, one_in=4)
    assert (repeat.file, repeat.of) == ("b.md", "a.md")
    assert repeat.share == pytest.approx(0.75, abs=0.1)


def tell(scores, sentences):
    """Passage 1 is of the oldest document, and so on; each has its own."""

    def sources_of(keys):
        return {key: Source(id=f"{key}", file=f"{key}.md", title="") for key in keys}

    return tell_once(scores, sentences, sources_of)


def test_of_two_equal_passages_the_original_is_kept_and_takes_the_place():
    scores = {1: 0.78, 2: 0.8, 3: 0.79}
    told = tell(scores, {1: FERRY, 2: FERRY, 3: LAMP})
    assert told == [Told(1, 0.8, (0, 1, 2)), Told(3, 0.79, (0,))]


def test_a_copy_that_is_found_far_better_is_kept():
    told = tell({1: 0.3, 2: 0.8}, {1: FERRY, 2: FERRY})
    assert told == [Told(2, 0.8, (0, 1, 2))]


def test_of_passages_that_overlap_the_worse_keeps_what_is_its_own():
    told = tell({1: 0.5, 2: 0.9}, {1: FERRY[1:] + LAMP, 2: FERRY})
    assert told == [Told(2, 0.9, (0, 1, 2)), Told(1, 0.5, (2,))]


def test_what_is_short_goes_with_what_it_stands_beside():
    aside = words("so it is")
    told = tell({1: 0.9, 2: 0.5}, {1: FERRY, 2: FERRY[:1] + aside})
    assert told[1] == Told(2, 0.5, (1,))
    both = {1: FERRY + aside, 2: FERRY[:1] + aside}
    assert len(tell({1: 0.9, 2: 0.5}, both)) == 1


def test_a_document_may_say_a_thing_twice():
    same = Source(id="same", file="a.md", title="")
    passages = {1: FERRY, 2: FERRY}
    told = tell_once({1: 0.5, 2: 0.4}, passages, lambda keys: dict.fromkeys(keys, same))
    assert [t.key for t in told] == [1, 2]


SENTENCE = st.sampled_from([*FERRY, *LAMP, ("short",), ("brief", "too")])


@given(
    st.dictionaries(
        st.integers(1, 9),
        st.tuples(st.floats(0, 1), st.lists(SENTENCE, min_size=1, max_size=4)),
    )
)
def test_everything_is_told_and_by_one_document_only(passages):
    scores = {key: score for key, (score, _) in passages.items()}
    sentences = {key: tuple(said) for key, (_, said) in passages.items()}
    told = tell(scores, sentences)
    tellers = {}
    for passage in told:
        assert passage.sentences
        for number in passage.sentences:
            said = sentences[passage.key][number]
            if len(said) > 5:
                assert tellers.setdefault(said, passage.key) == passage.key
    everything = {said for of in sentences.values() for said in of if len(said) > 5}
    assert set(tellers) == everything
    assert [t.score for t in told] == sorted((t.score for t in told), reverse=True)


PRESS = (
    "The ferry of Lindesund will cross the sound each hour from May."
    "\n\nThe county of Agder pays for twelve new crews of the ferry."
)


@pytest.fixture
def press(library):
    for day, file in (("2016-03-02", "a-late.md"), ("2016-03-01", "b-early.md")):
        library.write(file, f"---\ntitle: The ferry\ndate: {day}\n---\n\n{PRESS}")
    library.write("c-own.md", f"# Notes\n\n{PRESS}\n\nThe mayor of Maarheim objects.")
    library.build(size=80)
    return library


def said(hits):
    return [
        (hit.source.file, hit.passage.sentence(number))
        for hit in hits
        for number in range(len(hit.passage.sentences))
    ]


QUESTION = "Who pays for the crews of the Lindesund ferry, and does the mayor object?"


@pytest.mark.parametrize("reader", [None, WordReader("county of Agder")])
def test_the_same_press_text_is_found_once_in_the_earliest_article(press, reader):
    retriever = Retriever(press.open(), press.embedder, reader=reader, k=10)
    found = said(retriever.retrieve("Who pays for the crews of the Lindesund ferry?"))
    texts = [text for _, text in found]
    assert len(texts) == len(set(texts))
    paid = [file for file, text in found if "pays for twelve" in text]
    assert paid == ["b-early.md"]
    assert ("c-own.md", "The mayor of Maarheim objects.") in found


def test_quotas_are_not_spent_on_copies(press):
    retriever = Retriever(press.open(), press.embedder, reader=None, k=10)
    hits = retriever.retrieve(QUESTION, per_document=1)
    assert "a-late.md" not in {hit.source.file for hit in hits}


def test_a_copy_that_alone_was_asked_for_answers(press):
    retriever = Retriever(press.open(), press.embedder, reader=None, k=10)
    hits = retriever.retrieve(QUESTION, filters=Filters(files=("a-late.md",)))
    assert {hit.source.file for hit in hits} == {"a-late.md"}


def test_a_cut_passage_keeps_its_text_and_its_offsets(press):
    retriever = Retriever(press.open(), press.embedder, reader=None, k=10)
    (hit,) = (
        hit
        for hit in retriever.retrieve(QUESTION)
        if hit.source.file == "c-own.md" and "mayor" in hit.passage.text
    )
    assert len(hit.sentence_scores) == len(hit.passage.sentences)
    with press.open().snapshot() as snapshot:
        text = snapshot.document(hit.source.id).text
    assert text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_a_build_of_a_large_library_does_not_read_all_of_it_for_copies(library):
    library.write("a.txt", article("tower", 9))
    library.write("b.txt", article("tower", 9) + "\n\nOne more stands here.")
    library.build()
    with library.open().snapshot() as snapshot:
        (repeat,) = repeats_after_build(snapshot)
        assert repeat.file == "b.txt"
        assert repeats_after_build(snapshot, most=1) == ()
