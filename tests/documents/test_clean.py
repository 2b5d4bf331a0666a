"""Of clean articles not one sentence is lost, whatever words it has."""

import random

import pytest
from rendering import as_docx, as_epub, as_html, as_pdf, make_article

from qa.documents import SeedFile
from qa.documents.load import parse_seed

TRICKY = [
    "You may also cross the strait on foot when it freezes.",
    "More on the matter was said by the mayor in May.",
    "Recommended by nobody, the book sold well.",
    "Sign up, said the poster in the harbour office.",
    "Its funding sources are named by the editorial team.",
    "The society accepts funding from the coastal council.",
    "We use cookies to pay the pilots, said the baker.",
    "The town paid the ferry company £14.",
    "He read it aloud: »It is closed«",
    "Subscribe to the paper, they told him.",
    "Share on the profit was refused to the crew.",
    "Print was dear in those days.",
    "Comments were few.",
    "All rights reserved by the crown were sold.",
    "About us they knew nothing.",
    "Photo: that is what the sign at the pier says.",
    "The prices rose (see page 3) by 4.5 %.",
    "Read more than you write, she said.",
    "Follow us, cried the pilots.",
    "Related articles of trade were banned.",
]
RENDERINGS = {
    "txt": lambda a: plain(a, "{}").encode(),
    "md": lambda a: plain(a, "## {}").encode(),
    "pdf": lambda a: as_pdf(a)[0],
    "docx": as_docx,
    "epub": as_epub,
    "html": as_html,
}


def plain(article, heading):
    parts = [article.title]
    for name, texts in article.sections:
        parts += [heading.format(name), *texts]
    return "\n\n".join(parts)


def tricky_article(number):
    chance = random.Random(number)
    article = make_article(seed=number, sections=2, paragraphs=3)
    for _, texts in article.sections:
        for sentence in chance.sample(TRICKY, 3):
            place = chance.randrange(len(texts))
            texts[place] = f"{texts[place]} {sentence}"
        texts.insert(chance.randrange(1, len(texts) + 1), chance.choice(TRICKY))
    return article


@pytest.mark.parametrize("kind", RENDERINGS)
def test_no_sentence_of_a_clean_article_is_lost(kind):
    lost = []
    for number in range(35):
        article = tricky_article(number)
        data = RENDERINGS[kind](article)
        (document,) = parse_seed(SeedFile(f"a.{kind}", data, "unused")).documents
        said = " ".join(document.text.split())
        paragraphs = [text for _, texts in article.sections for text in texts]
        lost += [(number, text) for text in paragraphs if text not in said]
    assert lost == []
