"""The page with the embedded models over the shipped seeds, from question to quote."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from staging import served

from qa.settings import Settings
from qa.wiring import assemble, run_build

pytestmark = [
    pytest.mark.browser,
    pytest.mark.real,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
SEEDS = Path(__file__).parents[2] / "seeds"
MODELS_MS = 120_000


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The address of the page, and the index behind it."""
    folder = tmp_path_factory.mktemp("real")
    settings = Settings(seeds=SEEDS, index=folder / "index")
    run_build(settings)
    parts = assemble(settings)
    with served(parts, settings) as address:
        yield address, parts
    parts.generator.close()


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_question_is_answered_and_its_quote_found_in_the_article(
    real, open_page, size
):
    address, parts = real
    page = open_page(address, size)
    page.get_by_role("textbox", name="Your question").fill(
        "Who signed a joint statement in March 2023?"
    )
    page.keyboard.press("Enter")
    page.locator(".qa-sources").wait_for(timeout=MODELS_MS)
    assert "Putin" in page.locator(".qa-answer").inner_text()
    page.locator(".qa-answer .qa-cite").first.click(delay=90)
    mark = page.locator("#qa-source mark:not(.qa-other)")
    expect(mark).to_be_in_viewport()
    title = page.locator("#qa-source-title").inner_text()
    with parts.index.snapshot() as snapshot:
        source = next(s for s in snapshot.sources() if s.title == title)
        assert mark.inner_text() in snapshot.document(source.id).text


def test_every_example_question_is_answered(real, open_page):
    address, _ = real
    page = open_page(address)
    examples = page.locator("button.qa-example:visible").all_inner_texts()
    assert len(examples) == 4
    for number, question in enumerate(examples, 1):
        page.get_by_role("textbox", name="Your question").fill(question)
        page.keyboard.press("Enter")
        expect(page.locator(".qa-sources")).to_have_count(number, timeout=MODELS_MS)


def test_what_the_articles_do_not_say_is_not_answered(real, open_page):
    address, _ = real
    page = open_page(address)
    page.get_by_role("textbox", name="Your question").fill(
        "What is the boiling point of helium?"
    )
    page.keyboard.press("Enter")
    expect(page.locator(".qa-abstained")).to_be_visible(timeout=MODELS_MS)
    expect(page.locator(".qa-nearest li").first).to_be_visible()
