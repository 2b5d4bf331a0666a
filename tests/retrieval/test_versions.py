"""Versions of an article: the newest answers, unless another is asked for."""

from dataclasses import replace

import pytest
from fakes import understood

from qa.retrieval.versions import of_one_version, of_year
from qa.schema import Filters, Hit, Passage, Signal, Source, Span


def hit(file, title, published, score=0.5):
    source = Source(file, file, title, ("Ann Oake",), published=published)
    passage = Passage(file, file, 0, 2, "It", "", (Span(0, 2),))
    signal = Signal(score, 1)
    return Hit(passage, source, score, signal, signal, (score,))


OLD, NEW = hit("old", "The Fleet", "2020-02-01", 0.6), hit("new", "The fleet", "2024")
OTHER = hit("other", "The Pier", "1990")


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("How many ships has the fleet?", ["new", "other"]),
        ("How many ships had it in 2020?", ["old", "other"]),
        ("How many ships had it in 1999?", ["new", "other"]),
        ("How has it changed?", ["old", "new", "other"]),
        ("What has come since 2020?", ["old", "new", "other"]),
    ],
)
def test_one_version_answers(question, kept):
    hits, notes = of_one_version(question, [OLD, NEW, OTHER])
    assert [h.source.id for h in hits] == kept
    assert bool(notes) == (len(kept) == 2)
    assert all("2 versions" in note for note in notes)


def test_versions_of_what_another_article_answers_do_not_count():
    best = hit("other", "The Pier", "1990", 0.9)
    hits = (best, OLD, NEW)
    assert of_one_version("How long is the pier?", hits) == (hits, ())
    question = understood("Who closed the pier in 2020?")
    assert of_year(question, hits) == (question, ())


def test_dates_tell_the_newest_and_authors_whose_it_is():
    hits, _ = of_one_version("Who built it?", [NEW, OLD])
    assert hits == (NEW,)
    another = replace(OLD, source=replace(OLD.source, authors=("Bo Lind",)))
    assert of_one_version("Who built it?", [another, NEW]) == ((another, NEW), ())


@pytest.mark.parametrize(
    ("old", "new", "date"),
    [
        ("The fleet (March 2020)", "The fleet (April 2024)", "2024-04"),
        ("The fleet (3 May 2024)", "The fleet (12 May 2024)", "2024-05-12"),
        ("The Fleet [2020]", "The fleet (2024 update)", "2024"),
        ("The fleet (rules of 2020)", "The fleet (new, from 4 May 2024)", "2024-05-04"),
        ("The fleet", "The fleet (edition of 2024)", ""),
        ("The fleet of 2020", "The fleet of 2024", ""),
        ("The fleet, 2020", "The fleet, 2024", ""),
        ("The fleet (2020)", "The pier (2024)", ""),
        ("The Thing (1982 film)", "The Thing (2011 film)", ""),
        ("The war (1914-1918)", "The war (1939-1945)", ""),
        ("The fleet (maybe 2020)", "The fleet (with 2024 ships)", ""),
    ],
)
def test_a_date_in_brackets_behind_a_title_tells_versions_apart(old, new, date):
    hits = [hit("old", old, ""), hit("new", new, "")]
    kept, notes = of_one_version("Who built it?", hits)
    assert kept == tuple(hits[1:] if date else hits)
    told = (f"“The fleet” is there in 2 versions; this is that of {date}.",)
    assert notes == (told if date else ())


def test_the_date_of_a_title_goes_before_that_of_publication():
    old = hit("old", "Report (2022)", "2023-03-01")
    new = hit("new", "Report (2023)", "2024-03-01")
    kept, _ = of_one_version("What profit did it make in 2023?", [old, new])
    assert kept == (new,)
    dated, _ = of_year(understood("Who led it in 2022?"), [old, new])
    assert (dated.search, dated.filters) == ("Who led it?", Filters(files=["old"]))


def test_articles_of_one_title_that_say_other_things_are_no_versions():
    def minutes(date, text):
        found = hit(date, f"Minutes ({date})", "")
        return replace(found, passage=replace(found.passage, text=text))

    hits = (
        minutes("March 2021", "Ann Oake proposed a new roof for the ferry house."),
        minutes("May 2021", "Bo Lind asked who pays for the lamps of the pier."),
    )
    assert of_one_version("Who proposed the roof?", hits) == (hits, ())
    again = minutes("May 2021", "Ann Oake proposed an old roof for the ferry house.")
    assert of_one_version("Who proposed it?", (hits[0], again))[0] == (again,)


def test_what_only_the_older_version_tells_is_told_from_it():
    weak = hit("new", "The Fleet", "2024", 0.2)
    hits, notes = of_one_version("Who built it?", [OLD, weak])
    assert len(hits) == 2
    assert notes == ("“The Fleet” is there in 2 versions; the newest is that of 2024.",)


@pytest.mark.parametrize(
    ("asked", "put", "file"),
    [
        ("Who led it in 2020?", "Who led it?", "old"),
        ("Who led the fleet of 2024?", "Who led the fleet?", "new"),
        ("Who led it in 1999?", "Who led it in 1999?", ""),
        ("Who was its previous admiral?", "Who was its admiral?", "old"),
        ("Who was the former admiral?", "Who was the admiral?", "old"),
        ("What has come since 2020?", "What has come since 2020?", ""),
    ],
)
def test_a_question_for_a_year_is_put_to_its_version_without_it(asked, put, file):
    question = understood(asked)
    dated, notes = of_year(question, [OLD, NEW, OTHER])
    assert dated.search == put
    assert dated.filters == (Filters(files=[file]) if file else None)
    assert bool(notes) == bool(file)


def test_a_year_that_the_version_speaks_of_stays_in_the_question():
    passage = replace(OLD.passage, text="In 2020")
    question = understood("Who led it in 2020?")
    assert of_year(question, [replace(OLD, passage=passage), NEW])[0] is question


def test_the_previous_version_is_the_one_before_the_newest():
    between = hit("between", "The Fleet", "2022")
    dated, _ = of_year(understood("Who was the former admiral?"), [OLD, between, NEW])
    assert dated.filters == Filters(files=["between"])


def test_a_question_put_to_chosen_articles_stays_as_it_is():
    question = replace(
        understood("Who led it in 2020?"), filters=Filters(files=["new"])
    )
    assert of_year(question, [OLD, NEW]) == (question, ())
