"""The library in a real browser: look, add, remove, build, choose."""

import re
import threading

import pytest
from playwright.sync_api import expect
from staging import DRAFT, Script, served, staged, stock

from qa.build import Progress
from qa.settings import Settings

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
LAW = "What did the lantern law ask of keepers?"
GLASS = {
    "name": "glass.md",
    "mimeType": "text/markdown",
    "buffer": b"# Glass harbour\n\nThe glass harbour of 1888 was made by Bo Ek.",
}
PICTURE = {"name": "lamp.gif", "mimeType": "image/gif", "buffer": b"gif"}
DAMAGED = {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"none"}
SIZES = pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("phone", "dark")]
)


def to_library(page):
    page.get_by_role("button", name="Library", exact=True).click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()


def titles(page):
    return page.locator(".qa-row-title")


def row(page, title):
    return page.locator("#qa-table tr", has_text=title)


@SIZES
def test_the_articles_are_listed_with_what_is_known(address, open_page, size, scheme):
    page = open_page(address, size, scheme)
    to_library(page)
    expect(row(page, "The lantern law")).to_contain_text("Harbour Review")
    expect(row(page, "The lantern law")).to_contain_text("2017-02-03")
    expect(row(page, "The lantern law")).to_contain_text("Indexed")
    expect(page.locator("#qa-library-count")).to_contain_text("2 articles")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == page.viewport_size["width"]


def test_the_table_is_sorted_by_any_column_both_ways(address, open_page):
    page = open_page(address)
    to_library(page)
    expect(titles(page)).to_have_count(2)
    first = titles(page).first
    expect(first).to_contain_text("Bridges")
    page.get_by_role("button", name=re.compile("^Title")).click()
    expect(first).to_have_text("The lantern law")
    head = page.get_by_role("columnheader", name="Title")
    expect(head).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Passages").click()
    expect(first).to_contain_text("Bridges")
    page.get_by_role("button", name="Passages").press("Enter")
    expect(first).to_have_text("The lantern law")


@SIZES
def test_added_files_are_indexed_and_others_named_with_the_reason(
    address, open_page, size, scheme
):
    page = open_page(address, size, scheme)
    to_library(page)
    page.set_input_files("#qa-files", [GLASS, PICTURE, DAMAGED])
    expect(row(page, "Glass harbour")).to_contain_text("Indexed")
    expect(row(page, "bad.pdf")).to_contain_text("Skipped")
    expect(page.locator("#qa-library-problem")).to_contain_text(
        "lamp.gif: is a picture"
    )
    expect(page.locator("#qa-log li").first).to_contain_text("bad.pdf")
    expect(page.locator("#qa-status-line")).to_contain_text("3 articles, generation 2")


def test_a_dropped_file_is_added_from_anywhere(address, open_page):
    page = open_page(address)
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          const text = "# Dropped\\n\\nThe dropped lamp was red.";
          data.items.add(new File([text], "d.md"));
          const given = {dataTransfer: data, bubbles: true, cancelable: true};
          document.body.dispatchEvent(new DragEvent("drop", given));
        }"""
    )
    expect(row(page, "Dropped")).to_contain_text("Indexed")


def test_a_removed_article_leaves_the_index_after_a_second_press(
    address, open_page, library
):
    page = open_page(address)
    to_library(page)
    remove = row(page, "The lantern law").get_by_role("button", name="Remove")
    remove.click()
    assert (library.seeds / "lantern.md").exists()
    expect(remove).to_have_text("Really remove?")
    remove.click()
    expect(row(page, "The lantern law")).to_have_count(0)
    expect(page.locator("#qa-status-line")).to_contain_text("1 article, generation 2")
    assert not (library.seeds / "lantern.md").exists()


def test_without_its_last_article_the_page_begins_anew(address, open_page):
    page = open_page(address)
    to_library(page)
    for title in ("The lantern law", "Bridges"):
        remove = row(page, title).get_by_role("button", name="Remove")
        remove.click()
        remove.click()
        expect(row(page, title)).to_have_count(0)
    expect(page.locator("#qa-status-line")).to_have_text("Ready · no articles yet")
    page.get_by_role("button", name="Ask", exact=True).first.click()
    expect(page.get_by_role("heading", name="Begin with your articles")).to_be_visible()
    expect(page.locator("#qa-welcome-problem")).to_be_hidden()


def test_examples_follow_the_articles_without_a_reload(address, open_page):
    page = open_page(address)
    to_library(page)
    page.set_input_files("#qa-files", [GLASS])
    expect(row(page, "Glass harbour")).to_contain_text("Indexed")
    page.get_by_role("button", name="Ask", exact=True).first.click()
    expect(page.get_by_role("button", name="What is “Glass harbour”")).to_be_visible()


@pytest.fixture
def slow(library):
    """A page whose builds, after the first, wait."""
    stock(library)
    go_on = threading.Event()

    def build(progress):
        report = library.rebuild(progress)
        if not (library.seeds / "glass.md").exists():
            return report
        for done in range(4):
            progress(Progress("embedding", done, 8))
        go_on.wait(20)
        return report

    settings = Settings(seeds=library.seeds, index=library.folder)
    parts = staged(library, Script(library))
    with served(parts, settings, build) as where:
        yield where, go_on
        go_on.set()


def test_a_build_shows_its_progress_and_does_not_hold_up_questions(slow, open_page):
    address, go_on = slow
    page = open_page(address)
    to_library(page)
    page.set_input_files("#qa-files", [GLASS])
    expect(page.locator("#qa-building-line")).to_have_text("Embedding: 3 of 8")
    value = page.get_by_role("progressbar").evaluate("bar => bar.value")
    assert value == pytest.approx(3 / 8)
    page.get_by_role("button", name="Ask", exact=True).first.click()
    page.get_by_role("textbox", name="Your question").fill(LAW)
    page.keyboard.press("Enter")
    expect(page.locator(".qa-answer")).to_contain_text(DRAFT)
    go_on.set()
    to_library(page)
    expect(page.locator("#qa-building")).to_be_hidden()


@SIZES
def test_what_is_left_out_of_a_file_is_shown_with_the_reason(
    library, address, open_page, size, scheme
):
    labels = "\n\n".join(["Share on <b>Facebook</b>", "Tweet", "Subscribe now"])
    library.write("page.txt", f"The lamp of Ostrel is red.\n\n{labels}")
    page = open_page(address, size, scheme)
    to_library(page)
    row(page, "The lamp of Ostrel").get_by_role("button", name="Left out").click()
    dialog = page.get_by_role("dialog", name="Left out of this file")
    expect(dialog).to_contain_text("page.txt")
    expect(dialog).to_contain_text("3 parts are not read:")
    expect(dialog.locator("dt")).to_have_text(["a label of the page"])
    expect(dialog.locator("dd")).to_have_text(
        ["Share on <b>Facebook</b>", "Tweet", "Subscribe now"]
    )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    row(page, "The lantern law").get_by_role("button", name="Left out").click()
    expect(dialog).to_contain_text("Nothing is left out of it.")


def test_a_file_that_cannot_be_read_or_is_gone_says_so(library, address, open_page):
    library.write("bad.pdf", "none")
    page = open_page(address)
    to_library(page)
    left_out = row(page, "bad.pdf").get_by_role("button", name="Left out")
    expect(left_out).to_be_visible()
    left_out.click()
    dialog = page.get_by_role("dialog", name="Left out of this file")
    expect(dialog).to_contain_text("is damaged or no PDF")


@SIZES
def test_chosen_articles_are_chips_that_can_be_taken_away(
    address, open_page, script, size, scheme
):
    page = open_page(address, size, scheme)
    page.get_by_role("button", name="Choose articles").click()
    dialog = page.get_by_role("dialog", name="Answer from")
    dialog.get_by_label("Harbour Review").check()
    dialog.get_by_label("The lantern law").check()
    dialog.get_by_label("From").fill("2016")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    chips = page.locator("#qa-chips li")
    expect(chips).to_have_count(3)
    ask = page.get_by_role("textbox", name="Your question")
    ask.fill(LAW)
    ask.press("Enter")
    page.locator(".qa-acts").wait_for()
    filters, _, _ = script.terms[0]
    assert (filters.files, filters.publishers, filters.since) == (
        ("lantern.md",),
        ("Harbour Review",),
        "2016",
    )
    for name in ("The lantern law", "Harbour Review", "from 2016"):
        page.get_by_role("button", name=f"Remove {name}").click()
    expect(chips).to_have_count(0)
    ask.fill(LAW)
    ask.press("Enter")
    expect(page.locator(".qa-acts")).to_have_count(2)
    assert not script.terms[1][0]


def test_the_library_chooses_too_and_what_is_gone_is_not_chosen(address, open_page):
    page = open_page(address)
    to_library(page)
    page.get_by_role("button", name="Ask only this: The lantern law").click()
    expect(page.locator("#qa-chips li")).to_have_count(1)
    remove = row(page, "The lantern law").get_by_role("button", name="Remove")
    remove.click()
    remove.click()
    expect(page.locator("#qa-chips li")).to_have_count(0)
