"""How the page is made: accessible, still, quick, and on this machine only."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
LAW = "What did the lantern law ask of keepers?"


def violations(page):
    # Colours in the middle of a transition are not what anybody reads.
    page.wait_for_timeout(350)
    found = Axe().run(page).response["violations"]
    return [
        (v["id"], node["target"], node["failureSummary"][:300])
        for v in found
        if v["impact"] in {"serious", "critical"}
        for node in v["nodes"]
    ]


def ask(page, question, done=".qa-acts"):
    before = page.locator(done).count()
    page.get_by_role("textbox", name="Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(done)).to_have_count(before + 1)


def test_the_card_has_no_serious_barrier(address, open_page):
    page = open_page(address)
    ask(page, LAW)
    page.locator(".qa-answer .qa-cite").first.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_nothing_shifts_while_an_answer_streams_in(address, open_page, size):
    page = open_page(address, size)
    page.evaluate(
        """() => {
          window.shift = 0;
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) {
              if (!entry.hadRecentInput) window.shift += entry.value;
            }
          }).observe({type: "layout-shift"});
        }"""
    )
    ask(page, LAW)
    page.wait_for_timeout(300)
    page.evaluate("window.first = window.shift")
    ask(page, LAW)
    page.wait_for_timeout(300)
    # The limit that browsers' makers call good is 0.1.
    assert page.evaluate("shift") < 0.05


def test_the_first_paint_comes_within_a_second(address, open_page):
    page = open_page(address)
    paints = []
    for _ in range(3):
        page.reload()
        page.get_by_text("Ready · ").wait_for()
        paints.append(
            page.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0].startTime"
            )
        )
    assert min(paints) < 1000, paints


def test_with_the_network_cut_off_all_of_it_works(address, browser):
    context = browser.new_context()
    refused = []

    def only_here(route):
        if route.request.url.startswith(f"{address}/"):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    page = context.new_page()
    page.goto(address)
    page.get_by_text("Ready · ").wait_for()
    ask(page, LAW)
    page.locator(".qa-answer .qa-cite").first.click()
    expect(page.locator("#qa-source mark").first).to_be_visible()
    page.get_by_role("button", name="Library", exact=True).click()
    expect(page.locator("#qa-table")).to_contain_text("The lantern law")
    context.close()
    assert refused == []


def test_everything_is_reached_by_keyboard_alone(address, open_page):
    page = open_page(address)
    ask(page, LAW)
    page.keyboard.press("Tab")
    reached = set()
    for _ in range(60):
        name = page.evaluate(
            "(e => e.id || e.className || e.textContent.trim())(document.activeElement)"
        )
        reached.add(name)
        page.keyboard.press("Tab")
    for wanted in ("qa-to-library", "qa-to-history", "qa-to-settings", "qa-new"):
        assert wanted in reached
    for kind in ("qa-cite", "qa-act", "qa-choose-open", "qa-source-box"):
        assert any(kind in name for name in reached), kind
