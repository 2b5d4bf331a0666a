"""What the page greets with: the library's size and its examples."""

from fakes import article

from qa.ui.panels.welcome import summarise_library


def test_a_library_offers_a_few_examples_from_different_articles(library):
    for number in range(9):
        library.write(f"a{number}.md", f"# Title {number}\n\n" + article(f"x{number}"))
    library.build()
    found = summarise_library(library.open())
    assert found.articles == 9
    assert found.problem == ""
    assert len(set(found.examples)) == 4


def test_without_an_index_the_problem_says_what_to_run(library):
    found = summarise_library(library.open())
    assert (found.articles, found.examples) == (0, ())
    assert "qa build" in found.problem
