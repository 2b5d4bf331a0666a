"""From an empty folder to a checked citation, in the browser alone."""

import threading

import pytest
from playwright.sync_api import expect
from staging import QUOTE, Script, served, staged

from qa.build import Progress
from qa.errors import ModelError
from qa.settings import Settings

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
ARTICLE = {
    "name": "lantern.md",
    "mimeType": "text/markdown",
    "buffer": f"# The lantern law\n\n{QUOTE} It was repealed in 1934 after the "
    "electric lights came.".encode(),
}
SIZES = pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("phone", "dark")]
)


def settings_of(library):
    return Settings(seeds=library.seeds, index=library.folder)


@pytest.fixture
def empty(library):
    library.seeds.mkdir()
    parts = staged(library, Script(library))
    with served(parts, settings_of(library), library.rebuild) as where:
        yield where


@SIZES
def test_three_actions_lead_to_the_first_checked_citation(
    empty, open_page, size, scheme
):
    page = open_page(empty, size, scheme)
    expect(page.get_by_role("heading", name="Begin with your articles")).to_be_visible()
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Add articles").click()
    choosing.value.set_files([ARTICLE])  # one
    page.get_by_role("button", name="What is “The lantern law” about?").click()  # two
    page.locator(".qa-answer .qa-cite").first.click()  # three
    expect(page.locator("#qa-source mark:not(.qa-other)")).to_have_text(QUOTE)


def test_what_cannot_be_read_is_told_where_it_was_added(empty, open_page):
    page = open_page(empty)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Add articles").click()
    bad = {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"none"}
    choosing.value.set_files([bad])
    problem = page.locator("#qa-welcome-problem")
    expect(problem).to_contain_text("bad.pdf: is damaged or no PDF")


def test_while_the_first_index_is_built_the_page_says_how_far_it_is(library, open_page):
    library.write("lantern.md", ARTICLE["buffer"])
    go_on = threading.Event()

    def build(progress):
        progress(Progress("reading", 1, 4))
        go_on.wait(20)
        return library.rebuild(progress)

    parts = staged(library, Script(library))
    with served(parts, settings_of(library), build) as address:
        page = open_page(address, ready="Indexing the articles…")
        ask = page.get_by_role("textbox", name="Your question")
        stage = page.locator("#qa-welcome-stage")
        expect(stage).to_have_text("Reading files: 1 of 4")
        ask.fill("Too early?")
        ask.press("Enter")
        expect(page.locator(".qa-failure")).to_contain_text("No article is indexed yet")
        go_on.set()
        expect(page.locator("#qa-status-line")).to_contain_text("Ready · 1 article")
        page.get_by_role("button", name="New").click()
        expect(page.get_by_text("What would you like to know?")).to_be_visible()


def test_a_missing_model_is_told_with_what_to_do(library, open_page):
    library.write("lantern.md", ARTICLE["buffer"])
    library.build()
    parts = staged(library, Script(library))
    problem = "no such model; install it again"

    def missing(_texts):
        raise ModelError(problem)

    parts.embedder.encode_queries = missing
    with served(parts, settings_of(library)) as address:
        page = open_page(address, ready=problem)
        expect(page.locator("#qa-welcome-problem")).to_have_text(problem)
