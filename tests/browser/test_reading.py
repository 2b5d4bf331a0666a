"""Reading and checking in a real browser: cards, quotes in turn, taking along."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect
from staging import DRAFT, QUOTE, SECOND, Script, served, staged, stock

from qa.schema import Answered, Sentence, Span, Verified
from qa.settings import Settings

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
LAW = "What did the lantern law ask of keepers?"


@pytest.fixture
def answered(address, open_page):
    """Opens the page with an answer on it."""

    def opened(size="wide", scheme="light"):
        page = open_page(address, size, scheme)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("textbox", name="Your question").fill(LAW)
        page.keyboard.press("Enter")
        page.locator(".qa-acts").wait_for()
        return page

    return opened


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_pointing_at_a_number_shows_the_quote_and_its_source(answered):
    page = answered()
    page.locator(".qa-answer .qa-cite").first.hover()
    card = page.get_by_role("tooltip")
    expect(card).to_contain_text(f"“{QUOTE}”")
    expect(card).to_contain_text("Harbour Review, 3 February 2017")
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_the_card_stays_while_it_is_pointed_at(answered):
    page = answered()
    page.locator(".qa-answer .qa-cite").first.hover()
    card = page.get_by_role("tooltip")
    expect(card).to_be_visible()
    box = card.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 20, steps=8)
    page.wait_for_timeout(400)
    expect(card).to_be_visible()


def test_the_keyboard_shows_the_card_and_escape_hides_it(answered):
    page = answered()
    page.locator("#qa-question textarea").focus()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.qa-answer .qa-cite')"):
            break
    card = page.get_by_role("tooltip")
    expect(card).to_contain_text(SECOND)
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert described == "qa-card"
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_the_quotes_of_an_answer_are_gone_through_by_keyboard(answered, size, scheme):
    page = answered(size, scheme)
    page.locator(".qa-answer .qa-cite").first.click()
    current = page.locator("#qa-source mark:not(.qa-other)")
    expect(current).to_have_text(QUOTE)
    expect(page.locator("#qa-source mark.qa-other")).to_have_text(SECOND)
    expect(page.locator("#qa-quote-place")).to_have_text("Quote 1 of 2")
    page.keyboard.press("n")
    expect(current).to_have_text(SECOND)
    page.keyboard.press("n")
    expect(page.locator("#qa-quote-place")).to_have_text("Quote 2 of 2")
    page.keyboard.press("p")
    expect(current).to_have_text(QUOTE)


def test_the_letters_are_only_letters_in_the_question(answered):
    page = answered()
    page.locator(".qa-answer .qa-cite").first.click()
    expect(page.locator("#qa-source mark").first).to_be_visible()
    box = page.get_by_role("textbox", name="Your question")
    box.press_sequentially("napping")
    expect(box).to_have_value("napping")
    expect(page.locator("#qa-quote-place")).to_have_text("Quote 1 of 2")


def test_the_rail_shows_where_the_quotes_stand_and_leads_there(answered):
    page = answered()
    page.locator(".qa-answer .qa-cite").first.click()
    ticks = page.locator("#qa-rail button")
    expect(ticks).to_have_count(2)
    page.evaluate("document.querySelector('#qa-source-box').scrollTop = 0")
    ticks.nth(1).click()
    expect(page.locator("#qa-quote-place")).to_have_text("Quote 2 of 2")
    expect(page.locator("#qa-source mark:not(.qa-other)")).to_be_in_viewport()
    page.get_by_role("button", name="Quote 1, The lantern law").click()
    expect(page.locator("#qa-quote-place")).to_have_text("Quote 1 of 2")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Copy", f"{DRAFT} [1] “{SECOND}” [2]\n\n[1] Ada Brink and Tom Ruyter"),
        ("Markdown", f"{DRAFT} \\[1\\]"),
        ("BibTeX", f"% {DRAFT} \\cite{{ruyter"[:40]),
        ("Link", "http://127.0.0.1:"),
    ],
)
def test_an_answer_is_copied_with_its_references(answered, name, start):
    page = answered()
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_text("Copied").first.wait_for(state="attached")
    assert clipboard(page).startswith(start)


def test_what_is_copied_is_announced(answered):
    page = answered()
    page.get_by_role("button", name="BibTeX", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#qa-announcer")).to_have_text("Copied as BibTeX.")


class Tabled(Script):
    """Answers with one cell of a row of a table."""

    def _ordinary(self, question):
        quote = "Port: Ostrel; 2019: 12; 2020: 9"
        cited = self.cite("landings.md", quote, 1)
        cited = replace(cited, answer=Span(cited.end - 1, cited.end))
        sentence = Sentence(quote, (1,))
        yield Verified(sentence, (cited,))
        yield Answered(self._answer(question, (sentence,), (cited,)))


@pytest.fixture
def tabled(library):
    """The page of an article with a table that is wider than a phone."""
    more = " | ".join(f"{year}" for year in range(1990, 2010))
    library.write(
        "landings.md",
        "# Landings\n\nFish in tonnes.\n\n| Port | 2019 | 2020 |\n|--|--|--|\n"
        "| Velmar | 38 | 41 |\n| Ostrel | 12 | 9 |\n\nAll of it cod.\n\n"
        f"| {more} |\n{'|--' * 20}|\n| {more.replace('19', 'x')} |\n",
    )
    stock(library)
    settings = Settings(seeds=library.seeds, index=library.folder)
    with served(staged(library, Tabled(library)), settings) as where:
        yield where


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_a_table_is_drawn_with_the_cells_of_the_row_marked(
    tabled, open_page, size, scheme
):
    page = open_page(tabled, size, scheme)
    page.get_by_role("textbox", name="Your question").fill(LAW)
    page.keyboard.press("Enter")
    page.locator(".qa-answer .qa-cite").click()
    table = page.locator("#qa-source table").first
    expect(table.locator("thead th")).to_have_text(["Port", "2019", "2020"])
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table.locator("mark")).to_have_text(["Ostrel", "12", "9"])
    expect(table.locator("mark strong")).to_have_text("9")
    numbers = table.locator("mark").evaluate_all(
        "all => all.map(one => getComputedStyle(one, '::before').content)"
    )
    assert [number == "none" for number in numbers] == [False, True, True]
    expect(page.locator("#qa-source")).to_contain_text("All of it cod.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
