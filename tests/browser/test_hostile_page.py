"""Ten hostile articles and questions: nothing runs or leaves, the layout holds."""

import json

import pytest
from playwright.sync_api import expect
from staging import Script, served, staged

from qa.schema import Answered, Rejected, Sentence, Verified
from qa.settings import Settings

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
HOSTILE = (
    "<img src=x onerror=pwn(1)>",
    "<script>pwn(2)</script><svg onload=pwn(2)>",
    "[press](javascript:pwn(3)) <a href='javascript:pwn(3)'>press</a>",
    "${pwn(4)} {{constructor.constructor('pwn(4)')()}} #{pwn(4)}",
    "![pixel](http://example.com/p.png) <img src='http://example.com/p.png'>",
    "<style>*{display:none}</style><div style='position:fixed;inset:0'>",
    "W" * 1500,
    "\u202eesrever\u202c \u2066left\u2069 \u200fright\u061c marks",
    "<iframe src='javascript:pwn(9)'></iframe><form action='//example.com'><input>",
    "```mermaid\ngraph TD\n``` $$\\href{javascript:pwn(10)}{x}$$ <details open>",
)
NUMBERS = range(len(HOSTILE))
FOREIGN = "img, script, style, iframe, form:not([method=dialog]), svg, input"


def record(number, hostile):
    filler = " ".join(f"Keeper {n} of house {number} lit lamp {n}." for n in range(9))
    return {
        "id": f"h{number}",
        "title": f"House {number} {hostile}",
        "authors": [hostile],
        "publisher": f"P{number} {hostile}",
        "url": "https://example.com/#cite-0000000000000000-1",
        "text": f"{filler} It says {hostile} at the door.",
    }


class Repeating(Script):
    """Answers with the article whose number is asked for, in its own words."""

    def stream(self, question, **_):
        number = int(question.split()[1])
        with self._index.snapshot() as snapshot:
            name = f"evil.jsonl#h{number}"
            source = next(s for s in snapshot.sources() if s.file == name)
            text = snapshot.document(source.id).text
        quote = text[text.index("It says") :]
        cited = self.cite(name, quote, 1)
        sentence = Sentence(f"It says {HOSTILE[number]}", (1,))
        rejected = Rejected(HOSTILE[number], HOSTILE[number])
        yield Verified(sentence, (cited,))
        yield Answered(self._answer(question, (sentence,), (cited,), (rejected,)))


@pytest.fixture
def haunted(library):
    lines = [json.dumps(record(n, HOSTILE[n])) for n in NUMBERS]
    library.write("evil.jsonl", "\n".join(lines))
    library.build()
    settings = Settings(seeds=library.seeds, index=library.folder)
    with served(staged(library, Repeating(library)), settings) as where:
        yield where


def holds(page):
    """Nothing ran, nothing foreign is drawn, nothing sticks out."""
    assert page.evaluate("pwned") == []
    drawn = page.locator(
        "#qa-conversation .prose, #qa-source, #qa-card, #qa-library tbody,"
        "#qa-welcome-page, #qa-chips, #qa-history-list"
    )
    expect(drawn.locator(FOREIGN)).to_have_count(0)
    links = page.locator("a").evaluate_all("all => all.map(a => a.href)")
    assert not [link for link in links if link.startswith("javascript")]
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == page.viewport_size["width"]
    log = page.locator("#qa-conversation [role=log]")
    if log.count():
        assert log.evaluate("box => box.scrollWidth <= box.clientWidth")


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_hostile_articles_and_questions_stay_text(haunted, open_page, size, scheme):
    page = open_page(haunted, size, scheme)
    holds(page)
    for number in NUMBERS:
        box = page.get_by_role("textbox", name="Your question")
        box.fill(f"House {number} {HOSTILE[number]}")
        page.keyboard.press("Enter")
        expect(page.locator(".qa-acts")).to_have_count(number + 1)
        link = page.locator(".qa-answer .qa-cite").last
        link.hover()
        link.click()
        expect(page.locator("#qa-source-title")).to_contain_text(f"House {number}")
        holds(page)
        box_width = page.locator("#qa-source-box").evaluate(
            "box => [box.scrollWidth, box.clientWidth]"
        )
        assert box_width[0] <= box_width[1]
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Library", exact=True).click()
    expect(page.locator(".qa-row-title")).to_have_count(len(HOSTILE))
    page.get_by_role("button", name="Ask only this").nth(3).click()
    holds(page)
    page.get_by_role("button", name="Ask", exact=True).first.click()
    page.get_by_role("button", name="Choose articles").click()
    holds(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="History").click()
    holds(page)
