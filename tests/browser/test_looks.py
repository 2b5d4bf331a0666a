"""Each part of the page walked through in all four looks, as a person sees it.

Wide and on a phone, light and dark: what is there stands on the screen, whole and
under nothing else, and axe finds no serious barrier in any state.
"""

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from fakes import article
from playwright.sync_api import expect
from staging import DRAFT, QUOTE, SECOND, Script, served, staged, stock

from qa.build import Progress
from qa.errors import ModelError
from qa.settings import Settings

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
LAW = "What did the lantern law ask of keepers?"
MARK = "#qa-source mark:not(.qa-other)"
PATIENCE = 30
BAD = {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"none"}
GROUND = {"light": "rgb(247, 245, 240)", "dark": "rgb(22, 24, 26)"}
STANDING = """selectors => selectors.flatMap(selector => {
  const all = [...document.querySelectorAll(selector)];
  const element = all.find(one => one.checkVisibility({visibilityProperty: true}));
  if (!element) return [`${selector}: is not there`];
  element.scrollIntoView({block: "nearest"});
  const {left, right, top, bottom, width, height} = element.getBoundingClientRect();
  const told = `${selector}: ${[left, top, right, bottom].map(Math.round)}`;
  if (!width || !height) return [`${told} is empty`];
  if (left < -1 || right > innerWidth + 1) return [`${told} is cut`];
  if (height < innerHeight && (top < -1 || bottom > innerHeight + 1)) {
    return [`${told} is off the screen`];
  }
  const middle = [left + width / 2, Math.min(top + height / 2, innerHeight - 1)];
  const hit = document.elementFromPoint(...middle);
  const free = hit && (element.contains(hit) || hit.contains(element));
  return free ? [] : [`${told} is under ${hit?.id || hit?.className}`];
})"""


@pytest.fixture(
    params=[
        (size, scheme) for size in ("wide", "phone") for scheme in ("light", "dark")
    ],
    ids="-".join,
)
def look(request):
    return request.param


def sound(page, *selectors):
    """What a person and axe make of the page as it stands."""
    wrong = ["not looked at yet"]
    for _ in range(PATIENCE):
        wrong = page.evaluate(STANDING, list(selectors))
        if not wrong:
            break
        page.wait_for_timeout(100)
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Colours in the middle of a transition are not what anybody reads.
    page.wait_for_timeout(250)
    found = Axe().run(page).response["violations"]
    assert [
        (v["id"], node["target"], node["failureSummary"][:300])
        for v in found
        if v["impact"] in {"serious", "critical"}
        for node in v["nodes"]
    ] == []


def ask(page, question, done=".qa-acts"):
    before = page.locator(done).count()
    page.get_by_role("textbox", name="Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(done)).to_have_count(before + 1)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_reading_and_checking(address, open_page, look):
    page = open_page(address, *look)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == GROUND[look[1]]
    sound(page, "#qa-welcome h2", ".qa-example", "#qa-question textarea", "#qa-send")
    page.get_by_role("textbox", name="Your question").fill("An endless answer")
    page.keyboard.press("Enter")
    page.get_by_text("Lamp number 2 was lit").wait_for()
    sound(page, ".qa-answer .qa-cite", ".qa-wait", "#qa-stop")
    press(page, "Stop")
    page.get_by_text("Stopped.").wait_for()
    ask(page, LAW)
    expect(page.locator(".qa-answer").last).to_contain_text(DRAFT)
    page.locator(".qa-left-out summary").last.click()
    sound(page, ".qa-left-out li", ".qa-sources li", ".qa-acts a")
    page.locator(".qa-answer").last.locator(".qa-cite").first.click()
    expect(page.locator(MARK)).to_have_text(QUOTE)
    page.keyboard.press("n")
    expect(page.locator(MARK)).to_have_text(SECOND)
    page.wait_for_timeout(200)
    sound(page, MARK, "#qa-source-title", "#qa-source-byline")
    if look[0] == "phone":
        press(page, "Close the source")
    ask(page, "An unknown thing?")
    ask(page, "Please fail", ".qa-failure")
    sound(page, ".qa-failure", ".qa-abstained", ".qa-nearest li")


def test_the_library(address, open_page, look):
    page = open_page(address, *look)
    press(page, "Library")
    page.set_input_files("#qa-files", [BAD])
    expect(page.locator("#qa-table")).to_contain_text("bad.pdf")
    expect(page.locator("#qa-log")).to_contain_text("is damaged or no PDF")
    sound(
        page, "#qa-library-title", "#qa-drop", "#qa-log li", "#qa-table th[scope=row]"
    )
    page.get_by_role("button", name="Left out: The lantern law").click()
    page.get_by_text("Nothing is left out of it.").wait_for()
    sound(page, "#qa-left-out h2", "#qa-left-out-line")
    press(page, "Close")
    page.get_by_role("button", name="Ask only this: The lantern law").click()
    press(page, "Ask")
    sound(page, "#qa-terms-lines li", "#qa-question textarea")
    press(page, "Choose articles")
    sound(page, "#qa-choose h2", "#qa-choose-files label", "#qa-choose-none")


def test_the_conversation(address, open_page, look):
    page = open_page(address, *look)
    ask(page, LAW)
    ask(page, "And why?")
    page.wait_for_function("localStorage['qa-history']?.includes('And why') ?? false")
    page.get_by_role("button", name="Good answer").last.click()
    expect(page.locator("#qa-announcer")).to_contain_text("feedback.jsonl")
    page.get_by_role("button", name="Edit question").last.click()
    sound(page, "#qa-editing", "#qa-question textarea")
    press(page, "Keep the old one")
    press(page, "History")
    sound(page, "#qa-history h2", "#qa-export a", "#qa-history-list li button")
    page.get_by_role("dialog").get_by_role("button", name=LAW).first.click()
    expect(page.locator(".user-row")).to_have_count(2)
    page.get_by_role("button", name="Ask again").last.click()
    expect(page.locator(".qa-acts")).to_have_count(2)
    press(page, "Settings")
    page.wait_for_timeout(100)
    sound(page, "#qa-settings h2", "#qa-sources", "#qa-generators li", "#qa-keys")


def test_the_first_run(library, open_page, look):
    library.seeds.mkdir()
    go_on = threading.Event()

    def build(progress):
        if not any(library.seeds.iterdir()):
            return library.rebuild(progress)
        progress(Progress("embedding", 3, 8))
        go_on.wait(20)
        return library.rebuild(progress)

    settings = Settings(seeds=library.seeds, index=library.folder)
    with served(staged(library, Script(library)), settings, build) as address:
        page = open_page(address, *look)
        sound(page, "#qa-welcome-empty h2", "#qa-first-files", "#qa-question textarea")
        law = f"# The lantern law\n\n{QUOTE} {SECOND}".encode()
        page.set_input_files(
            "#qa-files", [{"name": "a.md", "mimeType": "text/plain", "buffer": law}]
        )
        expect(page.locator("#qa-welcome-stage")).to_contain_text("3 of 8")
        sound(page, "#qa-welcome-building h2", "#qa-welcome-progress")
        go_on.set()
        page.get_by_role("button", name="What is “The lantern law” about?").wait_for()


def test_a_missing_model(library, open_page, look):
    # Long examples: on a phone the last is reached by scrolling.
    for number in range(4):
        title = f"Of the lamp and its keeper, part {number}, " + "by night " * 6
        library.write(f"a{number}.md", f"# {title}\n\n" + article(f"lamp{number}"))
    stock(library)
    parts = staged(library, Script(library))
    problem = "/models/embedder: is no model; install it again, or set another"

    def missing(_texts):
        raise ModelError(problem)

    parts.embedder.encode_queries = missing
    settings = Settings(seeds=library.seeds, index=library.folder)
    with served(parts, settings) as address:
        page = open_page(address, *look, ready=problem)
        expect(page.locator("#qa-welcome-problem")).to_have_text(problem)
        sound(page, "#qa-welcome-problem", ".qa-example:last-child", "#qa-status-line")


def test_several_readers(address, open_page, look):
    first, second = open_page(address), open_page(address, *look)
    first.get_by_role("textbox", name="Your question").fill("An endless answer")
    first.keyboard.press("Enter")
    first.get_by_text("Lamp number 1 was lit").wait_for()
    second.get_by_role("textbox", name="Your question").fill(LAW)
    second.keyboard.press("Enter")
    waiting = "Waiting: 1 question before this one…"
    expect(second.locator(".qa-wait")).to_have_text(waiting)
    sound(second, ".qa-wait", ".user-row", "#qa-stop")
    first.get_by_role("button", name="Stop").click()
    expect(second.locator(".qa-answer")).to_contain_text(DRAFT)
    expect(second.get_by_text("Lamp number")).to_have_count(0)
