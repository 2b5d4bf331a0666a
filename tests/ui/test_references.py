"""Answers taken along: plain, Markdown, BibTeX, and whole conversations."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.schema import Citation, Models, Rejected, Sentence, Source
from qa.ui.page.conversation import Exchange
from qa.ui.page.markup import render_exchange
from qa.ui.page.references import as_bibtex, as_markdown, as_plain, escape_markdown
from qa.ui.page.transcript import export_html, export_markdown

SOURCE = Source(
    "d",
    "a.md",
    "The harbour & its lamps",
    ("Ann Lee", "Bo Ek"),
    "The Review",
    "2017-02-03",
    "https://x.example/a",
)
OTHER = Source("e", "b.md", "Another")
FIRST = Citation(1, SOURCE, "", 0, 12, "Words were so", "supported", 0.9, page=4)
SECOND = Citation(2, OTHER, "", 3, 9, "They stood.", "quoted", 1.0)
DONE = Exchange(
    "00ff" * 4,
    "Why 50%?",
    stage="answered",
    sentences=(Sentence("So it was.", (1,)), Sentence("They stood.", (2,))),
    citations=(FIRST, SECOND),
)
EVIL = "<img src=x onerror=pwn(1)> [x](javascript:pwn(1)) **b** `c` \\end{x} } % $"


def evil():
    source = replace(SOURCE, title=EVIL, authors=(EVIL,), publisher=EVIL, url=EVIL)
    return replace(
        DONE,
        question=EVIL,
        sentences=(Sentence(EVIL, (1,)),),
        citations=(replace(FIRST, document=source, quote=EVIL),),
        rejected=(Rejected(EVIL, EVIL),),
        unanswered=(EVIL,),
        draft_lost=EVIL,
    )


def test_plain_text_has_the_answer_with_numbers_and_a_reference_to_each():
    assert as_plain(DONE) == (
        "So it was. [1] “They stood.” [2]\n"
        "\n"
        "[1] Ann Lee and Bo Ek, “The harbour & its lamps”, The Review, 2017-02-03, "
        "p. 4, https://x.example/a\n"
        "    “Words were so”\n"
        "[2] “Another”\n"
        "    “They stood.”\n"
    )


def test_an_abstention_is_taken_along_as_one():
    text = as_plain(replace(DONE, stage="abstained", sentences=()))
    assert text.startswith(
        "No sentence was found in the articles that answers this. The nearest passages:"
    )


def test_markdown_renders_to_the_answer_its_references_and_nothing_else():
    rendered = MarkdownIt("commonmark").render(as_markdown(DONE))
    assert "So it was. [1] “They stood.” [2]</p>" in rendered
    assert '<a href="https://x.example/a">' in rendered
    assert rendered.count("<blockquote>") == 2


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_escaped_markdown_renders_to_the_text_itself(text):
    shown = MarkdownIt("commonmark").render("x " + escape_markdown(text))
    parser = _Text()
    parser.feed(shown)
    assert "".join(parser.text).strip() == " ".join(f"x {text}".split())
    assert set(parser.tags) <= {"p"}


class _Text(HTMLParser):
    """The text of a page and its tags."""

    def __init__(self):
        super().__init__()
        self.text, self.tags, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.text.append(data)


def test_bibtex_has_an_entry_for_each_article_and_an_answer_that_cites_them():
    text = as_bibtex(DONE)
    assert text.startswith("% So it was. \\cite{lee2017harbour}\n% They stood. \\cite{")
    assert "@misc{lee2017harbour,\n  author = {{Ann Lee} and {Bo Ek}}," in text
    assert "title = {{The harbour \\& its lamps}}," in text
    assert "month = feb," in text
    assert "note = {Quoted from p. 4}" in text
    assert text.count("@misc{") == 2


def test_articles_of_one_author_year_and_word_get_keys_of_their_own():
    twin = replace(SOURCE, id="f", file="c.md")
    cited = (FIRST, replace(SECOND, document=twin))
    keys = re.findall(r"@misc\{(\w+),", as_bibtex(replace(DONE, citations=cited)))
    assert keys == ["lee2017harbour", "lee2017harbourb"]


def test_hostile_text_ends_no_field_of_an_entry():
    depth = 0
    for line in as_bibtex(evil()).splitlines():
        if line.startswith("%"):
            continue
        for character in re.sub(r"\\.", "", line):
            depth += {"{": 1, "}": -1}.get(character, 0)
            assert depth >= 0
    assert depth == 0


def test_an_exported_conversation_has_every_question_answer_and_what_was_left_out():
    rejected = (Rejected("In 1950.", "no 1950 there"),)
    last = replace(DONE, rejected=rejected, models=Models("e@1", "small", "sharp"))
    text = export_markdown([DONE, last])
    assert text.count("## Why 50%?") == 2
    assert "*Left out: In 1950. \\(no 1950 there\\)*" in text
    assert "*Answered by small, judged by none, read by sharp, found by e.*" in text


@pytest.mark.parametrize("stage", ["answered", "abstained", "failed", "stopped"])
def test_an_exported_page_holds_only_our_own_tags_and_needs_no_network(stage):
    parser = _Text()
    parser.feed(export_html([replace(evil(), stage=stage, failure=EVIL)]))
    assert not {"img", "script", "link", "iframe"} & set(parser.tags)
    assert all(link.startswith("#00ff") for link in parser.links)
    assert EVIL.split(">", maxsplit=1)[0] in "".join(parser.text)


def test_numbers_in_an_exported_page_lead_to_their_references():
    page = export_html([DONE])
    assert f'<a href="#{DONE.id}-2">[2]</a>' in page
    assert f'id="{DONE.id}-2"' in page


def test_a_question_left_open_is_named_wherever_the_answer_goes():
    some = replace(DONE, unanswered=("Why not?",))
    line = "No sentence was found that answers: “Why not?”"
    assert as_plain(some).splitlines()[:3] == [as_plain(DONE).splitlines()[0], line, ""]
    for text in (as_markdown(some), export_markdown([some]), export_html([some])):
        assert line in text
    assert line not in export_html([DONE])


def test_an_export_tells_that_a_draft_was_lost():
    lost = replace(DONE, draft_lost="no server answers there")
    for text in (export_markdown([lost]), export_html([lost])):
        assert "no server answers there" in text


def test_a_list_has_a_line_for_each_sentence_everywhere():
    listed = replace(DONE, shape="list")
    assert as_plain(listed).startswith("- So it was. [1]\n- “They stood.” [2]\n")
    rendered = MarkdownIt("commonmark").render(as_markdown(listed))
    assert rendered.startswith("<ul>\n<li>So it was. [1]</li>")
    assert "• So it was." in export_html([listed])
    assert '<ul class="qa-answer"><li>So it was' in render_exchange(listed, ready=True)
