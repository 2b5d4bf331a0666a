"""What answers a question: the same for an answer, an evaluation and a search."""

from typing import ClassVar

import pytest
from fakes import GATE, BagOfWordsEmbedder, Library, WordJudge, WordReader

from qa.answering import Answerer, Finder, Limits
from qa.answering.gate import LogisticGate, Weights
from qa.evaluation.collecting import ask, find
from qa.evaluation.questions import Question
from qa.language.text import reads_as_english
from qa.retrieval.retriever import Retriever
from qa.schema import Filters, Intent, Models, Turn

SEEDS = {
    "oake.md": (
        "---\nauthors: [Ann Oake]\npublisher: The Pier Press\ndate: 2016-03-22\n---\n"
        "# Winter ferries\n\nThe ferry left the southern pier in 1987. "
        "Ann Oake saw the copper lamp of the tower."
    ),
    "lind.md": (
        "---\nauthors: [Bo Lind]\ndate: 2018\n---\n# Summer ferries\n\n"
        "The ferry came to the southern pier in 1988 with thirty lamps."
    ),
}
QUESTIONS = [
    "When did the ferry leave the southern pier?",
    "What does Ann Oake say about the pier?",
    "According to Bo Lind, how many lamps came?",
    "Compare what Oake and Lind say about the ferry",
    "Who wrote Winter ferries?",
    "Which article is the newest?",
    "How many articles are there?",
    "Which articles discuss the ferry?",
    "Summarise the Pier Press document",
    "Hi! Could you tell me when the ferry came to the pier? Thanks.",
    "When did the ferry leave the pier? Who wrote Summer ferries?",
    "Does a zebra yodel about quantum bagels?",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    library = Library(tmp_path_factory.mktemp("pier"))
    for file, content in SEEDS.items():
        library.write(file, content)
    library.build(size=20)
    return library


@pytest.fixture
def finder(library):
    index = library.open()
    return Finder(
        Retriever(index, library.embedder, reader=None, k=10), index, gate=GATE
    )


@pytest.fixture
def answerer(library, finder):
    return Answerer(
        finder,
        index=library.open(),
        judge=WordJudge(),
        drafter=None,
        models=Models(library.embedder.id, "none"),
        limits=Limits(),
    )


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_an_evaluation_and_a_search_mean_the_same(question, finder, answerer):
    answer = answerer.answer(question)
    searched = finder.search(question)
    assert answer.understood == finder.understand(question)
    assert answer.answerability == searched.answerability
    same = {hit.passage.id for hit in answer.hits}
    assert {hit.passage.id for hit in searched.hits} == same
    asked = Question("1", question, True)
    (alone,) = find([asked], finder.search)
    (with_answer,) = ask([asked], answerer)
    assert alone.answerability == with_answer.found.answerability
    assert alone.answerability == searched.answerability
    assert alone.hits == searched.hits


def test_what_the_catalogue_knows_is_not_searched_for(finder, monkeypatch):
    monkeypatch.setattr(finder, "_retriever", None)
    for question in ("Who wrote Winter ferries?", "How many articles are there?"):
        found = finder.search(question)
        assert (found.answerability, bool(found.facts)) == (1.0, True)
    (hit,) = finder.search("Who wrote Winter ferries?").hits
    assert hit.source.file == "oake.md"


def test_the_choice_of_the_reader_holds_for_the_catalogue_too(finder):
    chosen = Filters(files=("oake.md",))
    (fact,) = finder.search("Which article is the newest?", filters=chosen).facts
    assert fact.source.file == "oake.md"


def test_a_heading_that_a_question_quotes_is_its_section(finder):
    (question,) = finder.understand("What does Ann Oake say about “Winter Ferries”?")
    assert (question.intent, question.section) == (Intent.SUMMARY, "Winter Ferries")
    assert [source.file for source in question.articles] == ["oake.md"]
    assert finder.find(question).answerability == 1.0


@pytest.mark.parametrize(("articles", "summed"), [(20, True), (21, False)])
def test_a_heading_of_too_many_articles_is_no_section(tmp_path, articles, summed):
    seed = "---\nauthors: Ann Oake\n---\n# Day {}\n\n## Ice\n\nIce was {} inches.\n"
    seeds = {f"{n}.md": seed.format(n, n) for n in range(articles)}
    finder = finder_of(tmp_path, seeds)
    (question,) = finder.understand("What does Ann Oake say about “Ice”?")
    assert (question.intent is Intent.SUMMARY) == summed


@pytest.mark.parametrize(
    "asked",
    [
        "What does Ann Oake say about winter ferries?",
        "What does Ann Oake say about “summer ferries”?",
        "What does Ann Oake say about “end”?",
        "What is said about “winter ferries”?",
        "What do Oake and Lind say about “Winter ferries”?",
    ],
)
def test_words_that_are_no_heading_of_the_article_are_searched_for(asked, finder):
    (question,) = finder.understand(asked)
    assert question.intent is not Intent.SUMMARY


def test_a_follow_up_is_found_with_what_it_refers_to(finder):
    before = [Turn("What does Bo Lind say about the ferry?")]
    (question,) = finder.understand("And the lamps?", before)
    assert question.context == before[0].question
    assert finder.search("And the lamps?", before).hits[0].source.file == "lind.md"


def finder_of(home, seeds, **settings):
    library = Library(home)
    for file, content in seeds.items():
        library.write(file, content)
    library.build()
    index = library.open()
    retriever = Retriever(index, library.embedder, reader=None, k=10)
    return Finder(retriever, index, gate=GATE, **settings)


def found(home, seeds, question, *history, filters=None, **settings):
    finder = finder_of(home, seeds, **settings)
    return finder.search(question, [Turn(asked) for asked in history], filters)


PIER = "# The pier of Velt\n\nThe pier of Velt has nine lamps and a gate of oak.\n"
CHEESE = "# The cheese of Norr\n\nA wheel of the cheese weighs six pounds.\n"


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Who wrote The pier of Velt?", "who wrote it"),
        ("When was The pier of Velt published?", "when it was published"),
        ("Who published The pier of Velt?", "by whom or where it was published"),
    ],
)
def test_what_an_article_does_not_state_of_itself_is_said_so(
    tmp_path, question, missing
):
    result = found(tmp_path, {"pier.md": PIER}, question)
    assert (result.answerability, result.facts) == (0.0, ())
    assert result.notes == (f"“The pier of Velt” does not state {missing}.",)


@pytest.mark.parametrize("told", ["Ann wrote to the mayor.", "A law was published."])
def test_what_somebody_wrote_of_other_things_tells_nothing_of_the_article(
    tmp_path, told
):
    seeds = {"pier.md": f"{PIER}\nThe lamps burn all night. {told}\n"}
    result = found(tmp_path, seeds, "Who wrote The pier of Velt?")
    assert result.notes == ("“The pier of Velt” does not state who wrote it.",)


def test_a_passage_may_tell_what_the_catalogue_does_not(tmp_path):
    for told in (
        "The page on the pier of Velt was written by the keeper.",
        "These papers are old. They were written by the keeper.",
        "First written by the keeper.",
        "This interview was written by the keeper.",
    ):
        seeds = {"pier.md": f"{PIER}\n{told}\n"}
        result = found(tmp_path / told[:3], seeds, "Who wrote The pier of Velt?")
        assert result.answerability > 0
        assert result.notes == ()


def test_what_no_article_says_of_a_year_is_not_drawn_from_another(tmp_path):
    seeds = {"pier.md": f"{PIER}\nIn 2022 the pier had 1,960 visitors.\n"}
    result = found(tmp_path, seeds, "How many visitors had the pier in 2021?")
    assert result.answerability == 0.0
    assert result.hits  # the nearest there is
    assert result.notes == ("What was found tells of other years, not of 2021.",)
    result = found(tmp_path, seeds, "How many visitors had the pier in 2022?")
    assert result.answerability > 0
    assert result.hits


def test_a_mistyped_word_is_found_and_said(tmp_path):
    result = found(tmp_path, {"pier.md": PIER}, "How many lammps has the peir?")
    well = found(tmp_path, {"pier.md": PIER}, "How many lamps has the pier?")
    assert result.answerability == well.answerability
    assert (len(result.notes), well.notes) == (2, ())
    assert "“peir” occurs nowhere" in result.notes[1]


@pytest.mark.parametrize("question", ["why", "When?", "who"])
def test_a_question_that_names_nothing_finds_nothing(tmp_path, question):
    result = found(tmp_path, {"pier.md": PIER}, question)
    assert (result.hits, result.answerability) == ((), 0.0)
    assert "names nothing" in result.notes[0]


def test_who_an_author_is_the_articles_of_others_tell_better(tmp_path):
    by = "---\nauthor: Ann Oake\n---\n# Winter ferries\n\nThe ferry froze.\n"
    alone = found(tmp_path / "alone", {"oake.md": by}, "Who is Ann Oake?")
    assert [fact.text for fact in alone.facts] == ["“Winter ferries” is by Ann Oake."]
    seeds = {"oake.md": by, "b.md": "# Lamps\n\nThe keeper Ann Oake lit the lamp.\n"}
    told = found(tmp_path / "told", seeds, "Who is Ann Oake?")
    assert told.facts == ()
    assert told.hits[0].source.file == "b.md"


def test_a_row_of_a_table_is_stated(tmp_path):
    rows = ("| Pier | Lamps | Built |", "|--|--|--|", "| Velt | 9 | 1904 |")
    table = "\n".join(["", *rows, "| Norr | 7 | 1911 |", ""])
    result = found(
        tmp_path, {"a.md": PIER + table}, "How many lamps has the pier Norr?"
    )
    (fact,) = result.facts
    assert (fact.text, result.answerability) == ("Pier: Norr; Lamps: 7; Built: 1911", 1)


def test_a_year_that_the_heads_of_a_table_lack_is_not_answered(tmp_path):
    rows = ("| Port | 2019 | 2020 |", "|--|--|--|", "| Velmar | 38 | 40 |")
    seeds = {"a.md": "\n".join(["# Cargo", "", *rows, "| Norr | 7 | 9 |", ""])}
    asked = "How much cargo did Velmar handle in {}?"
    assert len(found(tmp_path, seeds, asked.format(2019)).facts) == 1
    result = found(tmp_path, seeds, asked.format(2018))
    assert (result.facts, result.hits) == ((), ())
    assert result.answerability < 0.1


def test_a_row_is_that_of_the_newest_version(tmp_path):
    head = "---\ntitle: Piers\ndate: {}\n---\n# Piers\n\n"
    table = "| Pier | Lamps | Built |\n|--|--|--|\n| Velt | 9 | 1904 |\n"
    table += "| Norr | {} | 1911 |\n"
    seeds = {
        f"{n}.md": head.format(y) + table.format(n) for n, y in ((7, 2019), (8, 2021))
    }
    result = found(tmp_path, seeds, "How many lamps has the pier Norr?")
    assert [fact.text for fact in result.facts] == ["Pier: Norr; Lamps: 8; Built: 1911"]
    assert "2 versions" in result.notes[0]


def test_sentences_of_many_articles_are_stated_with_what_was_looked_at(tmp_path):
    seeds = {
        f"{town}.md": f"# News of {town}\n\nThe bakers of {town} went on strike.\n"
        for town in ("Velt", "Norr", "Hald")
    }
    result = found(tmp_path, seeds, "In which towns did bakers strike?")
    assert {fact.source.file for fact in result.facts} == set(seeds)
    assert "Found 3 sentences" in result.notes[0]
    assert len(result.notes) == 1


def test_of_many_sentences_the_first_ten_are_shown(tmp_path):
    said = "".join(f"The bakers strike at {n} ovens.\n\n" for n in range(4))
    seeds = {f"{town}.md": f"# News of {town}\n\n{said}" for town in "ABC"}
    result = found(tmp_path, seeds, "Which ovens did bakers strike?")
    assert len(result.facts) == 10
    assert "Found 12 sentences" in result.notes[0]
    assert result.notes[1] == "The first 10 are shown."


def test_a_choice_of_articles_is_not_asked_across(tmp_path):
    said = "The bakers strike at the ovens of"
    seeds = {f"{town}.md": f"# News\n\n{said} {town}.\n" for town in "ABCD"}
    question = "Which ovens did bakers strike?"
    assert len(found(tmp_path, seeds, question).facts) == 4
    chosen = Filters(files=["A.md", "B.md", "C.md"])
    assert found(tmp_path, seeds, question, filters=chosen).facts == ()


def test_a_new_topic_leaves_the_old_one(tmp_path):
    seeds = {"pier.md": PIER, "cheese.md": CHEESE}
    before = "Who keeps the pier of Velt?"
    result = found(tmp_path, seeds, "How much does a wheel weigh?", before)
    assert result.hits[0].source.file == "cheese.md"
    result = found(tmp_path, seeds, "How many lamps are there?", before)
    assert result.hits[0].source.file == "pier.md"


@pytest.mark.parametrize(
    ("question", "reads", "said"),
    [
        ("Сколько стоит дизельное топливо?", "English", True),
        ("Сколько стоит дизельное топливо?", "", False),
        ("How much does the diesel cost?", "English", False),
    ],
)
def test_what_the_models_do_not_read_is_said(tmp_path, question, reads, said):
    result = found(tmp_path, {"pier.md": PIER}, question, reads=reads)
    assert ("`embedder`" in result.unread) == said


def test_chapters_are_counted_and_cited(tmp_path):
    book = "# The saw\n\n## Chapter 1\n\nIt cut oak.\n\n## Chapter 2\n\nIt broke.\n"
    result = found(tmp_path, {"saw.md": book}, "How many chapters are there?")
    (fact,) = result.facts
    assert fact.text == "“The saw” has 2 chapters: “Chapter 1”, “Chapter 2”."
    assert len(fact.places) == 2


class TwoTongues(BagOfWordsEmbedder):
    """Reads a few words of German as the English ones that they mean."""

    MEANT: ClassVar = {"wann": "when", "verließ": "left", "die": "the"} | {
        "fähre": "ferry",
        "den": "the",
        "südlichen": "southern",
        "anleger": "pier",
    }

    def encode_queries(self, texts):
        meant = [
            " ".join(self.MEANT.get(w.strip("?").lower(), w) for w in text.split())
            for text in texts
        ]
        return super().encode_queries(meant)


def test_with_an_embedder_that_reads_more_an_english_reader_does_not_refuse(tmp_path):
    library = Library(tmp_path, TwoTongues())
    for file, content in SEEDS.items():
        library.write(file, content)
    library.build(size=20)
    index = library.open()

    def found(**options):
        reader = WordReader()
        retriever = Retriever(index, library.embedder, reader=reader, k=10, **options)
        cosine = LogisticGate(
            GATE.read, Weights(-4.0, cosine=8, words=0, names=0, kind=0)
        )
        finder = Finder(retriever, index, gate=cosine)
        return finder.search("Wann verließ die Fähre den südlichen Anleger?")

    assert found().answerability < 0.5
    read = found(reads=reads_as_english)
    assert read.answerability > 0.5
    assert "left the southern pier in 1987" in read.hits[0].passage.text
    assert not read.unread


BODIES = "The Coastal Safety Agency, or CSA, licenses pilots.\n\nThe PSC was shut.\n"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "What does CSA stand for?",
            "The Coastal Safety Agency, or CSA, licenses pilots.",
        ),
        ("What does PSC stand for?", None),
    ],
)
def test_what_an_acronym_stands_for_is_looked_up(tmp_path, question, told):
    result = found(tmp_path, {"bodies.md": BODIES}, question)
    assert [fact.text for fact in result.facts] == [told] * (told is not None)
    note = "The articles do not say what PSC stands for."
    assert (result.answerability == 0.0, note in result.notes) == (told is None,) * 2


@pytest.mark.parametrize(
    "told", ["The XYZ (Xanten Yards) is", "Eine Werft (XYZ) ist", "XYZ is short for"]
)
def test_an_acronym_that_may_be_spelt_out_is_left_to_the_reader(tmp_path, told):
    seeds = {"bodies.md": f"{told} a firm.\n"}
    result = found(tmp_path, seeds, "What does XYZ stand for?")
    assert (result.facts, result.notes) == ((), ())


def test_an_acronym_is_looked_up_in_the_articles_that_are_asked(tmp_path):
    seeds = {"bodies.md": BODIES, "other.md": "# Other\n\nThe CSA is a body.\n"}
    only = Filters(files=["other.md"])
    result = found(tmp_path, seeds, "What does CSA stand for?", filters=only)
    assert result.notes == ("The articles do not say what CSA stands for.",)


@pytest.mark.parametrize(
    ("name", "sure", "asked"),
    [
        ("Coastal Safety Agency", 0.4, 2),
        ("Coastal Safety Agency", 0.6, 1),
        ("Central Shipping Archive", 0.4, 1),
    ],
)
def test_only_a_known_name_in_doubt_is_looked_for_as_its_acronym(
    tmp_path, name, sure, asked
):
    library = Library(tmp_path)
    library.write("a.md", BODIES)
    library.build()
    index = library.open()
    retriever = Retriever(index, library.embedder, reader=None, k=10)
    seen = []
    finder = Finder(retriever, index, gate=lambda found: seen.append(found) or sure)
    finder.search(f"Which town did the {name} visit?")
    assert len(seen) == asked


def test_a_name_is_looked_for_as_its_acronym_too(tmp_path):
    told = "# Quarrels\n\nThe CSA visited the town of Rosby.\n"
    library = Library(tmp_path)
    library.write("a.md", BODIES)
    library.write("b.md", told)
    library.build()
    index = library.open()
    retriever = Retriever(index, library.embedder, reader=None, k=10)
    finder = Finder(retriever, index, gate=lambda coverage: coverage.words**4)
    result = finder.search("Which town did the Coastal Safety Agency visit?")
    assert result.hits[0].source.file == "b.md"
    assert result.answerability == 1.0


def test_an_answer_is_as_probable_as_the_passage_that_most_probably_gives_it(tmp_path):
    library = Library(tmp_path)
    library.write("a.md", "# A\n\nThe ferry to Rosby left.\n")
    library.write("b.md", "# B\n\nThe ferry burned.\n")
    library.build()
    retriever = Retriever(library.open(), library.embedder, reader=None, k=10)
    finder = Finder(retriever, library.open(), gate=lambda coverage: coverage.words)
    assert finder.search("Which ferry left Rosby?").answerability == 1.0
    assert 0.0 < finder.search("Which ferry burned in Rosby?").answerability < 1.0


def test_a_list_is_looked_up_by_what_stands_above_it(tmp_path):
    seed = {"bath.md": "# The bath\n\n## Rules\n\n- No dogs\n- No glass\n"}
    (fact,) = found(tmp_path, seed, "What is the second rule?").facts
    assert fact.text == "No glass"


SWIM = "---\nauthors: Ann Oake\ndate: {}\n---\n# The bath\n\nA swim costs {} crowns.\n"
SWIMS = {f"{year}.md": SWIM.format(year, year - 2010) for year in (2018, 2022)}


def test_changes_between_versions_are_looked_up(tmp_path):
    result = found(tmp_path, SWIMS, "How has the price of a swim changed?")
    assert [fact.text for fact in result.facts] == [
        "In 2018: A swim costs 8 crowns.",
        "In 2022: A swim costs 12 crowns.",
    ]


def test_a_year_chooses_its_version_and_the_answer_says_so(tmp_path):
    result = found(tmp_path, SWIMS, "What does a swim cost in 2018?")
    assert {hit.source.file for hit in result.hits} == {"2018.md"}
    assert result.notes == ("“The bath” is there in 2 versions; this is that of 2018.",)
