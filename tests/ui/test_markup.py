"""What the page shows of an exchange: our own tags and links, the rest as text."""

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.schema import Citation, Rejected, Sentence, Source, Span
from qa.ui.page.conversation import Exchange
from qa.ui.page.markup import (
    byline,
    inert,
    readable,
    render_exchange,
    render_question,
    safe_url,
    waiting,
)

ID = "00ff" * 4
SOURCE = Source(
    "d", "a.md", "A title", ("Ann Lee", "Bo Ek"), "The Review", "2017-02-03"
)
OTHER = Source("e", "b.md", "Another")
FIRST = Citation(1, SOURCE, "", 0, 12, "Words were so", "supported", 0.9)
SECOND = Citation(2, OTHER, "", 3, 9, "They stood.", "quoted", 1.0)
THIRD = Citation(3, SOURCE, "", 20, 29, "More of it.", "quoted", 1.0)
DONE = Exchange(
    ID,
    "Why?",
    stage="answered",
    sentences=(Sentence("So it was.", (1,)), Sentence("They stood.", (2, 3))),
    citations=(FIRST, SECOND, THIRD),
)
EVIL = "<img src=x onerror=pwn(1)> ${pwn(1)} {{x}} [x](javascript:pwn(1)) **b** `c`"


def text_of(markup):
    return unescape(re.sub(r"<[^>]+>", "", markup))


@given(st.text())
def test_inert_text_holds_nothing_that_markdown_or_html_reads(text):
    markup = inert(text)
    assert re.fullmatch(r"(?:&#\d+;|[^!-/:-@\[-`{-~\x00-\x1f])*", markup)
    assert "\u202e" not in markup


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_inert_text_still_says_the_same(text):
    assert unescape(inert(text)) == " ".join(text.split())


def test_each_sentence_is_followed_by_links_to_its_citations():
    markup = render_exchange(DONE, ready=True)
    assert text_of(markup).startswith("So it was.\u00a0[1] “They stood.”\u00a0[2][3]")
    hrefs = re.findall(r'class="qa-cite" href="([^"]+)"', markup)
    assert hrefs[:3] == [f"#cite-{ID}-{number}" for number in (1, 2, 3)]


def test_only_a_sentence_that_is_the_quote_itself_gets_quotation_marks():
    assert "“So it was" not in text_of(render_exchange(DONE, ready=True))


def test_the_words_that_answer_are_bold_in_a_quoted_sentence():
    pointed = replace(SECOND, answer=Span(8, 13))
    exchange = replace(DONE, citations=(FIRST, pointed, THIRD))
    markup = render_exchange(exchange, ready=True)
    assert "“They <strong>stood</strong>&#46;”" in markup
    assert "<strong>" not in render_exchange(DONE, ready=True)


def test_sources_are_listed_once_each_with_the_numbers_of_their_citations():
    markup = render_exchange(DONE, ready=True)
    items = [text_of(item) for item in re.findall(r"<li>(.*?)</li>", markup)]
    assert items == [
        "[1] [3] A title — Ann Lee and Bo Ek, The Review, 3 February 2017",
        "[2] Another",
    ]


def test_what_was_left_out_is_counted_and_told_with_its_reason():
    rejected = (Rejected("In 1950.", "no 1950 there"), Rejected("No.", "negated"))
    markup = render_exchange(replace(DONE, rejected=rejected), ready=True)
    assert "<summary>Left out: 2 sentences</summary>" in markup
    assert "In 1950.no 1950 there" in text_of(markup)


def test_a_question_left_open_is_named_below_the_answer():
    markup = render_exchange(replace(DONE, unanswered=("Why not?",)), ready=True)
    assert "No sentence was found that answers: “Why not?”" in text_of(markup)
    assert "No sentence was found" not in render_exchange(DONE, ready=True)


@pytest.mark.parametrize("stage", ["answered", "abstained"])
def test_a_draft_that_was_lost_is_told_below_the_answer(stage):
    lost = replace(DONE, stage=stage, draft_lost="no server answers there")
    line = "The generator did not finish; without it only quotes are shown (no server"
    assert line in text_of(render_exchange(lost, ready=True))
    assert line[:20] not in render_exchange(DONE, ready=True)


@pytest.mark.parametrize("stage", ["answered", "abstained"])
def test_what_else_a_reader_should_know_is_below_the_answer(stage):
    note = "Searched for “pier”: “peir” occurs nowhere."
    markup = render_exchange(replace(DONE, stage=stage, notes=(note,)), ready=True)
    assert note in text_of(markup)


def test_an_abstention_says_so_and_links_the_nearest_passages():
    exchange = Exchange(ID, "Why?", stage="abstained", citations=(FIRST, SECOND))
    markup = render_exchange(exchange, ready=True)
    assert "No sentence was found in the articles that answers this." in markup
    assert f'href="#cite-{ID}-2"' in markup
    assert "“Words were so”A title" in text_of(markup)


def test_an_abstention_without_any_passage_is_only_the_line():
    markup = render_exchange(Exchange(ID, "Why?", stage="abstained"), ready=True)
    assert text_of(markup).startswith(
        "No sentence was found in the articles that answers this.Ask again"
    )


def test_hostile_text_leaves_no_tag_or_link_but_ours():
    source = replace(SOURCE, title=EVIL, authors=(EVIL,), publisher=EVIL)
    citation = replace(FIRST, document=source, quote=EVIL)
    exchange = replace(
        DONE,
        sentences=(Sentence(EVIL, (1,)),),
        citations=(citation,),
        rejected=(Rejected(EVIL, EVIL),),
        unanswered=(EVIL,),
        draft_lost=EVIL,
    )
    for stage in ("answered", "abstained", "failed", "stopped", "reading"):
        shown = replace(exchange, stage=stage, failure=EVIL)
        markup = render_exchange(shown, ready=True)
        tags = set(re.findall(r"<(\w+)", markup))
        assert tags <= {"a", "p", "ul", "li", "span", "details", "summary"}
        ours = re.compile(rf"#cite-{ID}-1|#do-[a-z]+-{ID}")
        assert all(map(ours.fullmatch, re.findall(r'href="([^"]*)"', markup)))
        assert "${" not in markup
        assert "{{" not in markup
        assert "](" not in markup


def test_a_question_keeps_its_lines_and_nothing_else():
    markup = render_question(f"One\n\n{EVIL}")
    assert set(re.findall(r"<(\w+)", markup)) == {"br"}


@pytest.mark.parametrize(
    ("stage", "ready", "passages", "line"),
    [
        ("queued", True, 0, "Waiting for its turn…"),
        ("searching", False, 0, "Loading models…"),
        ("searching", True, 0, "Searching…"),
        ("reading", True, 6, "Reading 6 passages…"),
        ("reading", True, 1, "Reading 1 passage…"),
    ],
)
def test_the_waiting_line_says_what_is_done(stage, ready, passages, line):
    exchange = Exchange(ID, "Why?", stage=stage, passages=passages)
    assert waiting(exchange, ready=ready) == line


def test_the_waiting_line_says_how_many_are_before():
    exchange = Exchange(ID, "Why?", stage="waiting", ahead=2)
    assert waiting(exchange, ready=True) == "Waiting: 2 questions before this one…"


def test_only_a_finished_answer_can_be_copied_and_asked_again():
    assert "#do-bibtex" in render_exchange(DONE, ready=True)
    assert "#do-" not in render_exchange(replace(DONE, stage="reading"), ready=True)
    failed = render_exchange(Exchange(ID, "Why?", stage="failed"), ready=True)
    assert "#do-retry" in failed
    assert "#do-plain" not in failed


def test_once_a_sentence_came_the_waiting_line_says_that_more_is_checked():
    exchange = replace(DONE, stage="reading")
    assert waiting(exchange, ready=True) == "Drafting and checking…"


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2017", "2017"),
        ("2017-02", "February 2017"),
        ("2017-02-03", "3 February 2017"),
        ("", ""),
        ("2017-13", "2017-13"),
        ("2017-02-03-04", "2017-02-03-04"),
        ("spring 2017", "spring 2017"),
    ],
)
def test_dates_are_written_as_people_do(published, shown):
    assert readable(published) == shown


def test_a_byline_names_only_what_is_stated():
    assert byline(OTHER) == ""
    assert byline(replace(OTHER, publisher="P")) == "P"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("http://example.com", "http://example.com"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https:", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url, safe):
    assert safe_url(url) == safe


def test_sources_and_nearest_passages_name_their_pages():
    cited = (replace(FIRST, page=7), replace(THIRD, page=3), SECOND)
    markup = text_of(render_exchange(replace(DONE, citations=cited), ready=True))
    assert "February 2017, pp. 3, 7" in markup
    nearest = Exchange(ID, "Why?", stage="abstained", citations=cited)
    assert "A title, p. 7" in text_of(render_exchange(nearest, ready=True))
