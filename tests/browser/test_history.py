"""Conversations in a real browser: kept, restored, addressed, asked again, judged."""

import pytest
from playwright.sync_api import expect
from staging import DRAFT, QUOTE, Script, served, staged, stock

from qa.schema import Strictness
from qa.settings import Settings

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
LAW = "What did the lantern law ask of keepers?"
MARK = "#qa-source mark:not(.qa-other)"
SIZES = pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("phone", "dark")]
)


def ask(page, question):
    before = page.locator(".qa-acts").count()
    page.get_by_role("textbox", name="Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".qa-acts")).to_have_count(before + 1)


def kept(page):
    return page.evaluate("JSON.parse(localStorage.getItem('qa-history') ?? '[]')")


def wait_until_kept(page, answers):
    page.wait_for_function(
        "count => JSON.parse(localStorage.getItem('qa-history') ?? '[]')[0]"
        "?.answers.length === count",
        arg=answers,
    )


def test_a_reload_brings_the_conversation_back_with_its_sources(
    address, open_page, script
):
    page = open_page(address)
    ask(page, LAW)
    wait_until_kept(page, 1)
    page.reload()
    expect(page.locator(".qa-answer")).to_contain_text(DRAFT)
    page.locator(".qa-answer .qa-cite").first.click()
    expect(page.locator(MARK)).to_have_text(QUOTE)
    ask(page, "And why?")
    assert script.histories[-1][0][0] == LAW


@SIZES
def test_earlier_conversations_are_listed_and_come_back(
    address, open_page, size, scheme
):
    page = open_page(address, size, scheme)
    ask(page, LAW)
    wait_until_kept(page, 1)
    page.get_by_role("button", name="New").click()
    page.get_by_text("What would you like to know?").wait_for()
    ask(page, "An unknown thing?")
    page.wait_for_function("JSON.parse(localStorage['qa-history']).length === 2")
    page.get_by_role("button", name="History").click()
    page.get_by_role("dialog").get_by_role("button", name=LAW).first.click()
    expect(page.locator(".qa-answer")).to_contain_text(DRAFT)
    expect(page.locator(".user-row")).to_have_count(1)


def test_history_outlives_a_restart_of_the_server(library, open_page):
    stock(library)
    settings = Settings(seeds=library.seeds, index=library.folder)
    parts = staged(library, Script(library))
    with served(parts, settings) as first:
        page = open_page(first)
        ask(page, LAW)
        wait_until_kept(page, 1)
        history = page.evaluate("localStorage.getItem('qa-history')")
    with served(staged(library, Script(library)), settings) as second:
        page = open_page(second)
        page.evaluate("text => localStorage.setItem('qa-history', text)", history)
        page.get_by_role("button", name="History").click()
        page.get_by_role("dialog").get_by_role("button", name=LAW).first.click()
        expect(page.locator(".qa-answer")).to_contain_text(DRAFT)
        page.locator(".qa-answer .qa-cite").first.click()
        expect(page.locator(MARK)).to_have_text(QUOTE)


def test_an_answer_altered_in_the_browser_does_not_come_back(address, open_page):
    page = open_page(address)
    ask(page, LAW)
    wait_until_kept(page, 1)
    page.evaluate(
        "localStorage['qa-history'] = localStorage['qa-history'].replaceAll("
        "'at dusk under', 'at dawn under')"
    )
    page.reload()
    page.get_by_text("Ready · ").wait_for()
    page.wait_for_timeout(800)
    expect(page.locator(".qa-answer")).to_have_count(0)


def test_an_answer_has_an_address_that_leads_others_to_it(address, open_page):
    page = open_page(address)
    ask(page, LAW)
    wait_until_kept(page, 1)
    (answer,) = kept(page)[0]["answers"]
    other = open_page(f"{address}/?answer={answer}")
    expect(other.locator(".qa-answer")).to_contain_text(DRAFT)
    ask(other, "And why?")
    expect(page.locator(".user-row")).to_have_count(1)


def test_a_question_is_asked_again_in_its_place(address, open_page, script):
    page = open_page(address)
    ask(page, LAW)
    ask(page, "And why?")
    page.get_by_role("button", name="Ask again").first.click()
    expect(page.locator(".user-row")).to_have_count(1)
    expect(page.locator(".qa-acts")).to_have_count(1)
    assert len(script.histories) == 3
    assert script.histories[-1] == ()


@SIZES
def test_an_edited_question_replaces_what_follows(address, open_page, size, scheme):
    page = open_page(address, size, scheme)
    ask(page, LAW)
    ask(page, "And why?")
    page.get_by_role("button", name="Edit question").first.click()
    box = page.get_by_role("textbox", name="Your question")
    expect(box).to_have_value(LAW)
    expect(page.locator("#qa-editing")).to_be_visible()
    box.fill("An unknown thing?")
    page.keyboard.press("Enter")
    expect(page.locator(".qa-abstained")).to_be_visible()
    expect(page.locator(".user-row")).to_have_count(1)
    expect(page.locator("#qa-editing")).to_be_hidden()


def test_an_edit_may_be_given_up(address, open_page):
    page = open_page(address)
    ask(page, LAW)
    page.get_by_role("button", name="Edit question").click()
    page.get_by_role("button", name="Keep the old one").click()
    expect(page.get_by_role("textbox", name="Your question")).to_have_value("")
    ask(page, "And why?")
    expect(page.locator(".user-row")).to_have_count(2)


def test_a_judgement_is_written_down(address, open_page, library):
    page = open_page(address)
    ask(page, LAW)
    page.get_by_role("button", name="Good answer").click()
    expect(page.locator("#qa-announcer")).to_contain_text("feedback.jsonl")
    written = (library.home / "feedback.jsonl").read_text(encoding="utf-8")
    assert LAW in written


@pytest.mark.parametrize(("name", "start"), [("md", "# "), ("html", "<!doctype html>")])
def test_a_conversation_is_saved_as_a_file(address, open_page, name, start):
    page = open_page(address)
    ask(page, LAW)
    ask(page, "And why?")
    page.get_by_role("button", name="History").click()
    with page.expect_download() as saving:
        page.locator(f"#qa-export-{name}").click()
    text = saving.value.path().read_text(encoding="utf-8")
    assert saving.value.suggested_filename == f"conversation.{name}"
    assert text.startswith(start)
    assert "And why?" in text


@SIZES
def test_what_is_set_goes_with_the_question_and_stays(
    address, open_page, script, size, scheme
):
    page = open_page(address, size, scheme)
    page.get_by_role("button", name="Settings").click()
    dialog = page.get_by_role("dialog", name="Settings")
    expect(dialog.get_by_label("Balanced")).to_be_checked()
    expect(dialog.locator("#qa-models")).to_contain_text("scripted")
    dialog.get_by_label("Strict:").check()
    dialog.get_by_label("Sentences of the articles").fill("3")
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_text("Ready · ").wait_for()
    ask(page, LAW)
    assert script.terms[-1][1:] == (Strictness.STRICT, 3)


def test_colours_can_be_chosen(address, open_page):
    page = open_page(address)
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Dark").check()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(22, 24, 26)"
