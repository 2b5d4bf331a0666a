"""The page in a real browser, with scripted answers."""

import time

import pytest
from playwright.sync_api import expect
from staging import DRAFT, FAILURE, HOSTILE, QUOTE, SECOND

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
LAW = "What did the lantern law ask of keepers?"
PRESS_MS = 90
WATCH = """([first, second]) => {
  window.wasSeenStreaming = false;
  const look = () => {
    const said = document.querySelector(".qa-answer")?.textContent ?? "";
    window.wasSeenStreaming ||= said.includes(first) && !said.includes(second)
      && document.querySelector(".qa-wait") !== null;
  };
  const all = {childList: true, subtree: true, characterData: true};
  new MutationObserver(look).observe(document.body, all);
}"""
"""Sees the first sentence alone with the sign of more to come, however short a time."""
MARK = "#qa-source mark:not(.qa-other)"


def ask(page, question):
    page.get_by_role("textbox", name="Your question").fill(question)
    page.keyboard.press("Enter")


def is_in_view(page, selector):
    """Whether an element lies within the box that scrolls it."""
    return page.evaluate(
        """selector => {
          const box = name => document.querySelector(name).getBoundingClientRect();
          const inner = box(selector), outer = box("#qa-source-box");
          return inner.top >= outer.top && inner.bottom <= outer.bottom;
        }""",
        selector,
    )


def test_an_answer_streams_in_as_sentences_with_their_citations(address, open_page):
    page = open_page(address)
    page.evaluate(WATCH, [DRAFT, SECOND])
    ask(page, LAW)
    expect(page.locator(".qa-answer")).to_contain_text(f"“{SECOND}”")
    expect(page.locator(".qa-wait")).to_have_count(0)
    assert page.evaluate("window.wasSeenStreaming")
    expect(page.locator(".qa-answer .qa-cite")).to_have_text(["[1]", "[2]"])
    expect(page.locator(".qa-sources li")).to_have_text(
        "[1] [2] The lantern law — "
        "Ada Brink and Tom Ruyter, Harbour Review, 3 February 2017"
    )


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_press_on_a_citation_opens_the_article_at_the_quote(address, open_page, size):
    page = open_page(address, size)
    ask(page, LAW)
    page.locator(".qa-sources").wait_for()
    page.locator(".qa-answer .qa-cite").first.click(delay=PRESS_MS)
    expect(page.locator(MARK)).to_have_text(QUOTE)
    expect(page.locator("#qa-source-title")).to_have_text("The lantern law")
    expect(page.locator("#qa-source-byline")).to_contain_text("Harbour Review")
    expect(page.get_by_role("heading", name="How it began")).to_be_attached()
    link = page.get_by_role("link", name="Original")
    expect(link).to_have_attribute("href", "https://example.com/lantern-law")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('#qa-source-box').scrollTop") > 0
    assert is_in_view(page, MARK)
    assert page.evaluate("scrollY") == 0


def test_a_press_while_the_answer_is_redrawn_is_not_lost(address, open_page):
    page = open_page(address)
    ask(page, "An endless answer, please")
    citation = page.locator(".qa-answer .qa-cite").first
    citation.wait_for()
    # The number may be redrawn between finding and measuring it.
    box = page.evaluate(
        "document.querySelector('.qa-answer .qa-cite').getBoundingClientRect().toJSON()"
    )
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    for _ in range(5):
        page.evaluate("document.querySelector('#qa-source-box').replaceChildren()")
        page.mouse.down()
        page.wait_for_timeout(PRESS_MS)
        page.mouse.up()
        expect(page.locator(MARK)).to_have_text(QUOTE)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_keyboard_opens_a_citation_and_comes_back_to_it(address, open_page, size):
    page = open_page(address, size)
    ask(page, LAW)
    page.locator(".qa-sources").wait_for()
    citation = page.locator(".qa-answer .qa-cite").last
    citation.focus()
    page.keyboard.press("Enter")
    expect(page.locator(MARK)).to_have_text(SECOND)
    expect(page.locator("#qa-source-box")).to_be_focused()
    expect(page.locator("#qa-announcer")).to_contain_text(
        "Opened The lantern law at quote 2."
    )
    page.keyboard.press("Escape")
    expect(citation).to_be_focused()


def test_on_a_phone_the_source_is_a_sheet_that_closes(address, open_page):
    page = open_page(address, "phone")
    expect(page.locator("#qa-source")).to_be_hidden()
    ask(page, LAW)
    page.locator(".qa-sources").wait_for()
    page.locator(".qa-answer .qa-cite").first.tap()
    expect(page.locator(MARK)).to_be_visible()
    page.get_by_role("button", name="Close the source").click()
    expect(page.locator("#qa-source")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_stop_ends_the_answer_with_what_was_verified(address, open_page, script):
    page = open_page(address)
    ask(page, "An endless answer, please")
    page.get_by_text("Lamp number 2 was lit").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()
    assert script.cancelled.wait(2)
    expect(page.locator(".qa-answer")).to_contain_text("Lamp number 1 was lit")
    ask(page, LAW)
    expect(page.locator(".qa-answer").last).to_contain_text(DRAFT)


def test_a_question_sent_twice_is_asked_once_and_what_is_typed_meanwhile_stays(
    address, open_page
):
    page = open_page(address)
    box = page.get_by_role("textbox", name="Your question")
    box.fill("An endless answer, please")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_text("Lamp number 1 was lit").wait_for()
    expect(box).to_have_value("")
    expect(page.locator(".user-row")).to_have_count(1)
    ask(page, LAW)
    page.get_by_text("Lamp number 4 was lit").wait_for()
    expect(page.locator(".user-row")).to_have_count(1)
    expect(box).to_have_value(LAW)


def test_closing_the_tab_ends_the_answer(address, open_page, script):
    page = open_page(address)
    ask(page, "An endless answer, please")
    page.get_by_text("Lamp number 1 was lit").wait_for()
    page.close()
    assert script.cancelled.wait(10)


def test_a_question_outside_the_articles_gets_the_nearest_passages(address, open_page):
    page = open_page(address)
    ask(page, "An unknown thing?")
    expect(page.locator(".qa-abstained")).to_have_text(
        "No sentence was found in the articles that answers this."
    )
    page.locator(".qa-nearest .qa-quote").first.click(delay=PRESS_MS)
    expect(page.locator(MARK)).to_have_text(QUOTE)


@pytest.mark.parametrize(
    ("question", "line"),
    [("Please fail", FAILURE), ("A bug", "Unexpected ZeroDivisionError")],
)
def test_a_failure_is_one_line_and_the_next_question_is_answered(
    address, open_page, question, line
):
    page = open_page(address)
    ask(page, question)
    expect(page.locator(".qa-failure")).to_contain_text(line)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    ask(page, LAW)
    expect(page.locator(".qa-answer")).to_contain_text(DRAFT)


def test_hostile_text_stays_text(address, open_page):
    page = open_page(address)
    ask(page, f"hostile {HOSTILE}")
    page.locator(".qa-sources").wait_for()
    expect(page.locator(".user-row")).to_contain_text(HOSTILE)
    expect(page.locator(".qa-answer")).to_contain_text(HOSTILE)
    page.locator(".qa-left-out summary").click()
    expect(page.locator(".qa-left-out li")).to_contain_text(HOSTILE)
    page.locator(".qa-answer .qa-cite").first.click(delay=PRESS_MS)
    expect(page.locator(MARK)).to_have_text(HOSTILE)
    expect(page.locator("#qa-source-title")).to_contain_text("${pwn(1)} <img src=x")
    ask(page, f"fail {HOSTILE}")
    expect(page.locator(".qa-failure")).to_contain_text(HOSTILE)
    page.wait_for_timeout(300)
    assert page.evaluate("pwned") == []
    room = page.locator("#qa-conversation .prose, #qa-source")
    expect(room.locator("img, script, style, form, iframe")).to_have_count(0)
    links = room.locator("a").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    assert links
    assert all(link.startswith(("#cite-", "#do-")) for link in links)


def test_examples_come_from_the_articles_and_leave_once_one_is_asked(
    address, open_page, script
):
    page = open_page(address)
    example = page.get_by_role("button", name="What does Ada Brink say about")
    question = example.inner_text()
    example.click()
    expect(page.locator(".qa-answer")).to_contain_text(DRAFT)
    expect(page.locator(".user-row")).to_contain_text(question)
    expect(example).to_be_hidden()


def test_a_follow_up_knows_what_was_said_and_a_new_conversation_does_not(
    address, open_page, script
):
    page = open_page(address)
    ask(page, LAW)
    page.locator(".qa-sources").wait_for()
    ask(page, "And why?")
    expect(page.locator(".qa-sources")).to_have_count(2)
    page.get_by_role("button", name="New conversation").click()
    page.get_by_text("What would you like to know?").wait_for()
    ask(page, "And who?")
    page.locator(".qa-sources").wait_for()
    first, second, third = script.histories
    assert first == third == ()
    assert second == ((LAW, f"{DRAFT} {SECOND}"),)


def test_two_readers_do_not_see_each_other(address, open_page, script):
    one, other = open_page(address), open_page(address)
    ask(one, LAW)
    one.locator(".qa-sources").wait_for()
    ask(other, "And why?")
    other.locator(".qa-sources").wait_for()
    expect(other.locator(".user-row")).to_have_count(1)
    assert script.histories == [(), ()]


def test_enter_sends_and_shift_enter_makes_a_line(address, open_page):
    page = open_page(address)
    box = page.get_by_role("textbox", name="Your question")
    box.fill("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    expect(box).to_have_value("First line\nsecond line")
    page.keyboard.press("Enter")
    expect(page.locator(".user-row")).to_contain_text("second line")
    expect(box).to_have_value("")


def test_what_is_typed_while_an_answer_comes_is_kept(address, open_page):
    page = open_page(address)
    box = page.get_by_role("textbox", name="Your question")
    ask(page, "An endless answer, please")
    page.get_by_text("Lamp number 1 was lit").wait_for()
    ask(page, "The next question")
    page.wait_for_timeout(500)
    expect(box).to_have_value("The next question")
    expect(page.locator(".user-row")).to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()


def test_reading_back_is_not_disturbed_by_what_streams_in(address, open_page):
    page = open_page(address, "phone")
    for count in range(1, 5):
        ask(page, LAW)
        expect(page.locator(".qa-sources")).to_have_count(count)
    ask(page, "An endless answer, please")
    page.get_by_text("Lamp number 2 was lit").wait_for()
    log = page.locator("#qa-conversation [role=log]")
    log.evaluate("box => { box.scrollTop = 0; }")
    page.get_by_text("Lamp number 6 was lit").wait_for()
    assert log.evaluate("box => box.scrollTop") == 0
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system(address, open_page, scheme):
    page = open_page(address, scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(247, 245, 240)", "dark": "rgb(22, 24, 26)"}[scheme]


def test_the_first_lines_stay_where_they_are_while_more_comes(address, open_page):
    page = open_page(address)
    ask(page, LAW)
    page.get_by_text(DRAFT).wait_for()
    before = page.locator(".qa-answer").bounding_box()
    page.locator(".qa-sources").wait_for()
    after = page.locator(".qa-answer").bounding_box()
    assert (before["x"], before["y"]) == (after["x"], after["y"])


def test_updates_stay_below_ten_a_second(address, open_page):
    page = open_page(address)
    page.evaluate(
        """() => {
          window.drawn = 0;
          new MutationObserver(() => (window.drawn += 1)).observe(
            document.querySelector("#qa-desk"),
            {childList: true, subtree: true, characterData: true});
        }"""
    )
    ask(page, "An endless answer, please")
    page.get_by_text("Lamp number 1 was lit").wait_for()
    before, start = page.evaluate("drawn"), time.monotonic()
    page.wait_for_timeout(2000)
    drawn = page.evaluate("drawn") - before
    assert drawn <= 10 * (time.monotonic() - start)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()
