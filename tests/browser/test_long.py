"""A long conversation: still while it grows, whole after a reload, mended early on."""

import pytest
from playwright.sync_api import expect
from staging import DRAFT, QUOTE, Script, served, staged, stock

from qa.settings import Settings

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
EXCHANGES = 20
LOG = "#qa-conversation [role=log]"


@pytest.fixture
def quick(library):
    """The page with answers that come at once."""
    stock(library)
    script = Script(library, pause=0.05)
    settings = Settings(seeds=library.seeds, index=library.folder)
    with served(staged(library, script), settings) as address:
        yield address, script


def question(number):
    return f"What did keepers do in year {number}?"


def ask(page, asked):
    before = page.locator(".qa-acts").count()
    page.get_by_role("textbox", name="Your question").fill(asked)
    page.keyboard.press("Enter")
    expect(page.locator(".qa-acts")).to_have_count(before + 1)


def watch_shifts(page):
    page.evaluate(
        """() => {
          window.shifts = [];
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) {
              if (!entry.hadRecentInput) window.shifts.push(entry.value);
            }
          }).observe({type: "layout-shift"});
        }"""
    )


def wait_until_kept(page, answers):
    page.wait_for_function(
        "count => JSON.parse(localStorage.getItem('qa-history') ?? '[]')[0]"
        "?.answers.length === count",
        arg=answers,
    )


@pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("phone", "dark")], ids=["wide", "phone"]
)
def test_twenty_exchanges_hold_still_come_back_and_can_be_mended(
    quick, open_page, size, scheme
):
    address, script = quick
    page = open_page(address, size, scheme)
    for number in range(EXCHANGES - 1):
        ask(page, question(number))
    # The end of a long conversation: what stands there does not move.
    watch_shifts(page)
    ask(page, question(EXCHANGES - 1))
    page.wait_for_timeout(300)
    assert sum(page.evaluate("shifts")) < 0.05
    last = page.locator(".qa-acts").last
    expect(last).to_be_in_viewport()
    assert len(script.histories[-1]) == EXCHANGES - 1

    wait_until_kept(page, EXCHANGES)
    page.reload()
    expect(page.locator(".user-row")).to_have_count(EXCHANGES)
    expect(page.locator(".user-row").first).to_contain_text(question(0))
    first = page.locator(".qa-answer").first
    first.scroll_into_view_if_needed()
    first.locator(".qa-cite").first.click()
    expect(page.locator("#qa-source mark:not(.qa-other)")).to_have_text(QUOTE)
    if size == "phone":
        page.get_by_role("button", name="Close the source").click()

    page.get_by_role("button", name="History").click()
    with page.expect_download() as saving:
        page.locator("#qa-export-md").click()
    text = saving.value.path().read_text(encoding="utf-8")
    asked = [text.index(question(number)) for number in range(EXCHANGES)]
    assert asked == sorted(asked)
    assert text.count(DRAFT) == EXCHANGES
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Edit question").nth(2).click()
    box = page.get_by_role("textbox", name="Your question")
    expect(box).to_have_value(question(2))
    box.fill("An unknown thing?")
    page.keyboard.press("Enter")
    expect(page.locator(".qa-abstained")).to_be_visible()
    expect(page.locator(".user-row")).to_have_count(3)
    assert [asked for asked, _ in script.histories[-1]] == [question(0), question(1)]


def test_an_old_conversation_is_restored_after_a_reload_and_goes_on(quick, open_page):
    address, script = quick
    page = open_page(address)
    for number in range(3):
        ask(page, question(number))
    wait_until_kept(page, 3)
    page.get_by_role("button", name="New").click()
    page.get_by_text("What would you like to know?").wait_for()
    ask(page, "An unknown thing?")
    page.wait_for_function("JSON.parse(localStorage['qa-history']).length === 2")
    page.reload()
    expect(page.locator(".qa-abstained")).to_be_visible()
    page.get_by_role("button", name="History").click()
    page.get_by_role("dialog").get_by_role("button", name=question(0)).first.click()
    expect(page.locator(".user-row")).to_have_count(3)
    ask(page, "And why?")
    assert [asked for asked, _ in script.histories[-1]] == [
        question(number) for number in range(3)
    ]


def test_a_question_and_its_answer_are_one_event(quick, open_page):
    """News of a second event can be lost on a busy machine: see DECISIONS.md."""
    address, _ = quick
    page = open_page(address)
    joined = []
    page.on("request", lambda sent: joined.append("/queue/join" in sent.url))
    for number in range(3):
        ask(page, question(number))
    page.wait_for_timeout(300)
    assert sum(joined) == 3
    page.get_by_role("button", name="Ask again").last.click()
    expect(page.locator(".user-row")).to_have_count(3)
    expect(page.locator(".qa-acts")).to_have_count(3)
    page.wait_for_timeout(300)
    assert sum(joined) == 4
