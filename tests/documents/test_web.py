"""Pages saved from the browser: their article, and what they state about it."""

import pytest

from qa.documents.tree import blocks_in, parse_html
from qa.documents.web import parse_page
from qa.documents.webmeta import page_metadata
from qa.documents.webparts import rows_of_values

PROSE = (
    "<p>" + "The tower stands in the old town and has stood there long. " * 8 + "</p>"
)


def test_a_charset_that_is_not_the_pages_own_is_passed_over():
    script = '<script src="a.js" charset="koi8-r"></script>'
    page = f'{script}<meta charset="iso-8859-1">{PROSE}<p>It’s “naïve”.</p>'
    found = [b.text for b in parse_page(page.encode("cp1252"), "a.html").blocks]
    assert "It’s “naïve”." in found


MENU = (
    "<ul>" + "".join(f"<li><a href='/{n}'>Part {n}</a></li>" for n in "abcde") + "</ul>"
)


def stated(head, body=""):
    return page_metadata(parse_html(f"<head>{head}</head><body>{body}x</body>", "a"))


def blocks(html):
    return [(b.kind, b.text) for b in blocks_in(parse_html(html, "a"))]


def test_scholarly_tags_win_over_linked_data_and_that_over_social_tags():
    linked = '{"@type": "Article", "headline": "B", "datePublished": "2020-01-02"}'
    found = stated(
        '<meta name="citation_title" content="A"><meta property="og:title" content="C">'
        '<meta name="citation_author" content="Doe, Jane">'
        '<meta property="og:site_name" content="Review">'
        f'<script type="application/ld+json">{linked}</script>'
    )
    assert (found.title, found.authors) == ("A", ("Jane Doe",))
    assert (found.publisher, found.published) == ("Review", "2020-01-02")


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://a.org/b">', "https://a.org/b"),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ('<meta property="og:url" content="http://a.org/c">', "http://a.org/c"),
        ("<!-- saved from url=(0013)https://a.org/d -->", "https://a.org/d"),
        ('<meta property="og:url" content="file:///etc/passwd">', ""),
    ],
)
def test_the_address_is_the_canonical_one_and_http_only(head, url):
    assert stated(head).url == url


def test_the_title_goes_without_the_name_of_the_site():
    site = '<meta property="og:site_name" content="Review">'
    assert stated(f"<title>A Tower | Review</title>{site}").title == "A Tower"
    assert stated("<title>A Tower - x</title>", "<h1>A Tower</h1>").title == "A Tower"


@pytest.mark.parametrize(
    "data",
    [
        "[" * 5000,
        '{"@type": "Article", "author": {"name": {"name": 1}}, "headline": [[]]}',
        '{"@type": ["Article"], "datePublished": "the day before", "url": 5}',
    ],
)
def test_odd_linked_data_states_nothing(data):
    found = stated(f'<script type="application/ld+json">{data}</script>')
    assert (found.title, found.authors, found.published, found.url) == ("", (), "", "")


def test_names_that_are_addresses_are_none():
    head = '<meta name="author" content="https://a.org/jane">'
    assert stated(head).authors == ()


def test_marks_of_notes_go_and_other_raised_numbers_stay():
    assert blocks(
        "<p>An alliance<sup>1</sup> of 5 km<sup>2</sup>.<sup>[3]</sup></p>"
    ) == [("paragraph", "An alliance of 5 km².")]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("800<sup>3</sup> cells", "800³ cells"),
        ("10<sup>-6</sup> m", "10⁻⁶ m"),
        ("CO<sub>2</sub> of H<sub>2</sub>O", "CO₂ of H₂O"),
        ("the 19<sup>th</sup> century", "the 19th century"),
        ("in 1990<sup><a href='#n'>2</a></sup> it", "in 1990 it"),
        ("x<sup>n<b>-</b>1</sup>", "x" + "ⁿ⁻¹"),
    ],
)
def test_powers_and_indices_stay_apart_from_what_they_stand_at(html, said):
    assert blocks(f"<p>{html}</p>") == [("paragraph", said)]


DATA = (
    "<tr><th>Plant</th><th>Capacity (MW)</th><th>Opened</th></tr>"
    "<tr><td>Silk Bay</td><td>1,150</td><td>2016</td></tr>"
    "<tr><td>Old <b>Mill</b></td><td></td><td>1951</td></tr>"
)
SPANS = (
    "<tr><th rowspan=2>Port<th colspan=2>Cargo<tr><th>in<th>out"
    "<tr><td rowspan=2>Velmar<td>5<td>6<tr><td>7<td>8"
)
ROWS = [
    ("row", "Plant: Silk Bay; Capacity (MW): 1,150; Opened: 2016"),
    ("row", "Plant: Old Mill; Opened: 1951"),
]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (DATA, ROWS),
        (DATA.replace("th>", "td>"), ROWS),
        (
            f"<caption>Table 1: plants</caption>{DATA}",
            [("row", "Table 1: plants"), *ROWS],
        ),
        (f"<thead>{DATA.replace('</tr>', '</tr></thead>', 1)}", ROWS),
        (
            SPANS,
            [
                ("row", "Port: Velmar; Cargo in: 5; Cargo out: 6"),
                ("row", "Port: Velmar; Cargo in: 7; Cargo out: 8"),
            ],
        ),
        (
            "<tr><td>Keeper<td>Ann Oake<tr><td>Height<td>20 m",
            [("row", "Keeper; Ann Oake"), ("row", "Height; 20 m")],
        ),
    ],
)
def test_a_row_of_a_table_says_under_which_heads_its_cells_stand(table, rows):
    assert blocks(f"<p>a<table>{table}</table><p>b") == [
        ("paragraph", "a"),
        *rows,
        ("paragraph", "b"),
    ]


def test_a_table_that_lays_out_a_page_is_read_as_text():
    words = "The tower stands in the old town and has stood there long. " * 4
    page = f"<table><tr><td>Menu<td><p>{words}<p>{words}<tr><td>x<td>{words}</table>"
    assert blocks(page).count(("item", words.strip())) == 3


def test_elements_become_headings_items_and_paragraphs():
    html = (
        "<h2>Head <em>line</em></h2>One<br>line<br><br>two<ul><li>a<li>b</ul>"
        "<table><tr><td>c<td>d<tr><td>e<td>f</table><p><b>A bold head</b></p>"
        "<script>x</script>tail"
    )
    assert blocks(html) == [
        ("heading", "Head line"),
        ("paragraph", "One line"),
        ("paragraph", "two"),
        ("item", "a"),
        ("item", "b"),
        ("row", "c; d"),
        ("row", "e; f"),
        ("heading", "A bold head"),
        ("paragraph", "tail"),
    ]


def test_a_page_in_a_declared_encoding_is_read():
    html = f'<meta charset="koi8-r">{PROSE}<p>Башня стоит.</p>'.encode("koi8-r")
    assert "Башня стоит." in [b.text for b in parse_page(html, "a.html").blocks]


def test_a_page_too_short_for_an_article_gives_its_text_without_the_menu():
    read = parse_page(MENU.encode() + b"<p>Short.</p><footer>x</footer>", "a.html")
    assert [block.text for block in read.blocks] == ["Short."]
    assert [part.text for part in read.left_out] == [
        *(f"Part {n}" for n in "abcde"),
        "x",
    ]


@pytest.mark.parametrize("around", ["header", "aside", "nav", "footer", "form", "div"])
def test_an_article_is_read_wherever_on_the_page_it_stands(around):
    page = f"<body>{MENU}<{around}><h1>A Tower</h1>{PROSE}</{around}>{MENU}</body>"
    read = parse_page(page.encode(), "a.html")
    assert "The tower stands" in " ".join(block.text for block in read.blocks)
    assert not any("Part" in block.text for block in read.blocks)


def test_a_title_that_menus_say_too_is_looked_for_after_them():
    menus = "".join(
        f"<h1>Part {n} of the site</h1><p>{'Go on. ' * 40}" for n in range(6)
    )
    page = (
        f"<title>The pier</title><body>{menus}<p>{'And on. ' * 300}</p>"
        "<h1>The pier</h1><p>Jan 18, 2019</p>"
        "<p>The pier of Velmar opened to walkers in the spring.</p>"
    )
    assert parse_page(page.encode(), "a.html").metadata.published == "2019-01-18"


def test_a_few_lines_of_news_come_without_the_menu_which_is_left_out():
    page = f"<body><div>{MENU}</div><h1>News</h1><p>The pier is open.</p>{MENU}</body>"
    read = parse_page(page.encode(), "a.html")
    assert [block.text for block in read.blocks] == ["News", "The pier is open."]
    assert {part.text for part in read.left_out} == {f"Part {n}" for n in "abcde"}


def test_a_last_line_goes_with_the_links_that_it_introduces():
    page = f"<article>{LONG}<p>Top topics</p></article>{MENU}"
    found = parse_page(page.encode(), "a.html")
    assert "Top topics" not in [block.text for block in found.blocks]
    assert "Top topics" in [part.text for part in found.left_out]


@pytest.mark.parametrize(
    ("last", "below"),
    [
        ("Text: Anna Oake", "<p>All rights reserved</p>"),  # introduces no list
        ("The keepers left.", MENU),  # a sentence
        ("„Wir lieben ihn.“", MENU),
        ("The keeper gave all his lamps to the museum", MENU),  # of many words
        ("- The lamp", MENU),
    ],
)
def test_another_last_line_stays(last, below):
    line = f"<ul><li>{last[2:]}</li></ul>" if last[0] == "-" else f"<p>{last}</p>"
    page = f"<article>{LONG}{line}</article><footer>{below}</footer>"
    found = parse_page(page.encode(), "a.html").blocks
    assert found[-1].text == last.removeprefix("- ")


def test_a_paragraph_with_the_words_of_a_notice_stays_in_an_article():
    said = "<p>We use cookies, said the editorial team of its funding sources, £14</p>"
    page = f"<body><article><h1>A</h1>{PROSE}{said}{PROSE}</article></body>"
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    assert said[3:-4] in found


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        (
            '<meta name="date" content="2020-03-04">',
            "<p>4 March 2020</p>",
            "2020-03-04",
        ),
        ('<meta name="date" content="10.12.2022">', "<p>10.12.2022</p>", "2022-12-10"),
        ('<meta name="date" content="3/4/2022">', "<p>x</p>", "2022"),
        ('<meta name="date" content="2020-03-04">', "<p>No day.</p>", ""),
        # Midnight where it was written is another day in the metadata's time.
        (
            '<meta name="date" content="2020-03-04T23:00Z">',
            "<p>5 March 2020",
            "2020-03-05",
        ),
        (
            '<meta name="date" content="2020-03-04T02:00Z">',
            "<p>3.3.2020</p>",
            "2020-03-03",
        ),
        (
            '<meta name="date" content="2020-03-04">',
            "<p>8 March 2020</p>",
            "",
        ),
        ("", "<h1>A Tower</h1><p>Published on 4 March 2020</p>", "2020-03-04"),
        ("", f"<h1>A Tower</h1>{PROSE * 5}<p>A comment, 4 March 2020</p>", ""),
    ],
)
def test_a_date_is_one_that_readers_see_near_the_title(head, body, day):
    found = page_metadata(parse_html(f"<head>{head}</head><body>{body}</body>", "a"))
    assert found.published == day


STATED = '<meta property="article:published_time" content="2020-03-04T10:00Z">'
TITLE = "<title>A Tower | Review</title>"


def listed(tag, inner):
    """Three things alike, each with the same day and something else."""
    return "".join(
        f"<{tag}><b>Part {n} of it</b> {inner}</{tag}><p>{'Go on. ' * 20}</p>"
        for n in range(3)
    )


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        pytest.param(
            STATED,
            f"<h1>A Tower</h1><div>{listed('div', '<i>4 March 2020</i>')}</div>",
            "",
            id="of teasers beside it",
        ),
        pytest.param(
            STATED,
            f"<h1>A Tower</h1>{PROSE}<a href=/b>The bridge that fell into the river "
            "at last, <i>4 March 2020</i></a>",
            "",
            id="within a link that says more",
        ),
        pytest.param(
            "",
            "<article><h1>A Tower</h1><p>It stands.</p></article><ol><li><article>"
            "<time datetime=2020-03-04>4 March 2020</time><p>I liked to read of this "
            "old tower very much, and of all that was said of it.</article></ol>",
            "",
            id="of a comment",
        ),
        pytest.param(
            '<meta name="date" content="2020-03-08">',
            f"<h1>A Tower</h1><p>4 March 2020</p>{PROSE * 5}<p>The radio told of it "
            "on 8 March 2020.</p>",
            "2020-03-04",
            id="at the headline rather than in the text",
        ),
        pytest.param(
            STATED,
            f"<h1>A Tower</h1><p>Updated 6 May 2021</p>{PROSE}",
            "2021-05-06",
            id="shown rather than stated",
        ),
        pytest.param(
            TITLE,
            f"<h1><a href='/'>Review</a></h1><ul>{'<li>A part of the menu' * 60}</ul>"
            f"<h2>A Tower</h2><span>30 septembre 2018</span>{PROSE}",
            "2018-09-30",
            id="below a heading that is no site's name",
        ),
        pytest.param(
            TITLE,
            f"<p>4 March 2020</p><h1>A Tower</h1>{PROSE}<p>5 April 2021</p>",
            "2020-03-04",
            id="above the headline",
        ),
        pytest.param(
            "",
            f"<h1>Minutes of 10 October 2019</h1><p>26.12.2019 by the board</p>{PROSE}",
            "2019-12-26",
            id="not in the headline",
        ),
        pytest.param(
            "",
            "<header><h1>A Tower</h1></header><article><p>26.12.2019</p>"
            f"{PROSE}</article>",
            "2019-12-26",
            id="in the article that follows its headline",
        ),
        pytest.param(
            "",
            f"<h1>A Tower</h1><time datetime='2020-03-04 10:00'>3 hours ago</time>"
            f"{PROSE}",
            "2020-03-04",
            id="marked but said in other words",
        ),
        pytest.param("", "<h1>A Tower</h1><p>26 | 01 | 2022</p>", "", id="no day"),
    ],
)
def test_a_date_is_that_of_the_article_under_the_headline(head, body, day):
    found = page_metadata(parse_html(f"<head>{head}</head><body>{body}</body>", "a"))
    assert found.published == day


@pytest.mark.parametrize(
    ("kind", "day"), [("NewsArticle", "2020-03-04"), ("Recipe", "")]
)
def test_a_date_that_nobody_sees_is_stated_of_an_article(kind, day):
    data = f'{{"@type": "{kind}", "author": "Ann", "datePublished": "2020-03-04"}}'
    script = f'<script type="application/ld+json">{data}</script>'
    assert stated(script).published == day
    assert stated(script, "<p>4 March 2020</p>").published == "2020-03-04"


@pytest.mark.parametrize(
    ("name", "authors"),
    [
        ("admin", ()),
        ("Von Ann Lee", ("Ann Lee",)),
        ("Ann&amp;#32;Lee", ("Ann Lee",)),
        ("review.org", ("Review Org",)),
        ("Review", ()),
    ],
)
def test_accounts_and_the_site_are_no_authors(name, authors):
    site = '<meta property="og:site_name" content="Review">'
    assert stated(f'{site}<meta name="author" content="{name}">').authors == authors


@pytest.mark.parametrize("label", ["Article by", "By", "Text von:"])
def test_what_introduces_a_name_is_none(label):
    line = f"<span class='article-author'>{label}</span>"
    byline = f"<div>{line}<span class='author_single'>Ann Lee</span></div>"
    assert stated("", byline).authors == ("Ann Lee",)
    named = f'<meta name="author" content="{label}">'
    assert stated(named, byline).authors == ("Ann Lee",)


def test_a_label_within_a_line_is_no_other_name():
    byline = '<p class="byline">Written <span>by</span> Ann Lee</p>'
    assert stated("", byline).authors == ("Ann Lee",)


def test_no_word_of_a_sentence_is_lost_on_the_way():
    sentence = (
        "<p>In <time>May</time> a <code>tool</code> called <q>it</q> <kbd>so</kbd>, an"
        " <a href='/b'>article</a><sup><a href='#n1'>1</a></sup> <b>said</b>.</p>"
    )
    page = f"<body><article><h1>A</h1>{PROSE}{sentence}{PROSE}</article></body>"
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    assert "In May a tool called it so, an article said." in found


LONG = "<p>The lamp of the pier is lit by hand at dusk, as it was long ago.</p>" * 8


@pytest.mark.parametrize(
    ("part", "lines"),
    [
        (
            "<pre><code># light it\nlamp --oil 3\n</code></pre>",
            ["# light it", "lamp --oil 3"],
        ),
        ("<pre># light it\n<b>lamp</b> --oil 3</pre>", ["# light it", "lamp --oil 3"]),
        (
            "<dl><dt>Open<dd>on Monday<dt>Who pays?<dd><p>Ann.</p></dl>",
            ["Open: on Monday", "Who pays? Ann."],
        ),
        (
            "<div><pre># light it</pre>Then wait until it burns.</div>",
            ["# light it", "Then wait until it burns."],
        ),
        (
            "<figure><img><figcaption>Bo made it in 1929.</figcaption></figure>",
            ["Bo made it in 1929."],
        ),
        ("<blockquote>It froze.<cite>Ann</cite></blockquote>", ["It froze.", "Ann"]),
    ],
)
def test_what_stands_apart_on_a_page_stands_apart_in_its_text(part, lines):
    page = f"<article><h1>Lamps</h1>{LONG}{part}{LONG}</article>"
    for blocks in (
        parse_page(page.encode(), "a.html").blocks,
        blocks_in(parse_html(page, "a.html")),
    ):
        said = [block.text for block in blocks]
        start = said.index(lines[0])
        assert said[start : start + len(lines)] == lines


def lines(name):
    """Lines that differ; trafilatura leaves out what was said before."""
    return "".join(
        f"<p>Lamp {n} of the {name} is lit by hand at dusk, as it was long ago.</p>"
        for n in range(8)
    )


def parts(*said, inner="<p>", kind="part"):
    """Boxes alike, of which trafilatura takes the first for the article."""
    return "".join(
        f"<div class='{kind if n else 'part'}'>{inner if n else '<p>'}{each}"
        f"<div class='story-content'>{lines(each)}</div></div>"
        for n, each in enumerate(said)
    )


def test_an_article_of_like_parts_does_not_end_after_the_first():
    page = f"<body>{MENU}<div>{parts('1. Oil', '2. Gas', '3. Wax')}</div></body>"
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    assert [line for line in found if line[0].isdigit()] == [
        "1. Oil",
        "2. Gas",
        "3. Wax",
    ]
    assert len(found) == 3 * 9


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param({"inner": "<h1>"}, id="an article of its own"),
        pytest.param({"kind": "comment"}, id="of another make"),
    ],
)
def test_what_stands_beside_an_article_is_no_part_of_it(beside):
    page = f"<body><div>{parts('1. Oil', '2. Gas', **beside)}</div></body>"
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    assert "2. Gas" not in found


def test_what_stands_between_like_parts_is_read_and_asides_are_not():
    first, last = parts("1. Oil"), parts("2. Gas", inner="<aside>Ours</aside><p>")
    page = f"<body><div>{first}<h2>Second half</h2>{last}</div></body>"
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    assert "Second half" in found
    assert "Ours" not in found


def test_boxes_without_a_class_are_not_known_to_be_alike():
    page = f"<body><div>{parts('1. Oil', '2. Gas')}</div></body>"
    page = page.replace(" class='part'", "")
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    assert "2. Gas" not in found


def test_a_few_words_beside_an_article_are_no_part_of_it():
    few = "<div class='part'><div class='story-content'><p>Read on.</p></div></div>"
    page = f"<body><div>{parts('1. Oil')}{few}</div></body>"
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    assert "Read on." not in found


FIRST, LAST = lines("tower"), lines("pier")
CAPTION = "<figcaption class='caption'>Bo made it in 1929.</figcaption>"


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        pytest.param(f"{FIRST}<figure>{CAPTION}</figure>{LAST}", True, id="in it"),
        pytest.param(
            f"{FIRST}<a href='/b'><figure>{CAPTION}</figure></a>{LAST}",
            False,
            id="of a teaser",
        ),
        pytest.param(
            f"{FIRST}<ul><li><figure>{CAPTION}</figure></ul>{LAST}",
            False,
            id="of a gallery",
        ),
        pytest.param(
            f"<h1>Lamps</h1><figure>{CAPTION}</figure><div>{FIRST}</div>",
            False,
            id="apart from its text",
        ),
        pytest.param(
            f"{FIRST}<figure>{CAPTION.replace('Bo', '© Bo')}</figure>{LAST}",
            False,
            id="a mark of whose it is",
        ),
        pytest.param(f"<figure>{CAPTION}</figure>{FIRST}{LAST}", False, id="above"),
        pytest.param(f"{FIRST}{LAST}<figure>{CAPTION}</figure>", False, id="below"),
        pytest.param(
            f"{FIRST}<figure><figcaption>1929</figcaption></figure>{LAST}",
            True,
            id="kept already",
        ),
    ],
)
def test_a_caption_stays_where_it_stands_in_the_text(page, kept):
    page = f"<body><article>{page}</article></body>"
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    assert [n for n, line in enumerate(found) if "1929" in line] == [8] * kept


def values(*rows, more=""):
    cells = "".join(
        f"<div class='row r{n}'><div>{name}</div><div>{value}</div></div>"
        for n, (name, value) in enumerate(rows)
    )
    return f"<div class='box'><div>Facts</div>{cells}{more}</div>"


FACTS = (("Oil", "5 g"), ("Height", "20 m"), ("Lit in", "1929"))


def test_a_table_that_is_made_of_boxes_says_each_value_with_its_name():
    page = f"<article><h1>Lamps</h1>{FIRST}{values(*FACTS)}{LAST}</article>"
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    at = found.index("Oil 5 g")
    assert found[at - 1 : at + 3] == ["Facts", "Oil 5 g", "Height 20 m", "Lit in 1929"]


def test_a_program_in_a_row_of_values_is_no_text():
    box = values(*FACTS).replace("5 g", "<script>var a = 1;</script>5 g")
    page = f"<article><h1>Lamps</h1>{FIRST}{box}{LAST}</article>"
    found = [block.text for block in parse_page(page.encode(), "a.html").blocks]
    assert "Oil 5 g" in found


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(values(*FACTS[:2]), id="two rows"),
        pytest.param(values(*FACTS, more=f"<div>{PROSE}</div>"), id="prose"),
        pytest.param(values(*FACTS, more="<div><a href='/'>b</a></div>"), id="links"),
        pytest.param(values(*((name, "x") for name, _ in FACTS)), id="no figures"),
        pytest.param(values(*((n, "5 g") for n in range(3))), id="no names"),
    ],
)
def test_other_boxes_are_no_table(box):
    tree = parse_html(f"<body>{box}</body>", "a.html")
    assert list(rows_of_values(tree)) == []


def test_a_term_that_nothing_defines_is_read():
    tree = parse_html("<dl><dt>Open</dt><dt>Lit</dt><dd>on Monday</dl>", "a.html")
    assert [block.text for block in blocks_in(tree)] == ["Open", "Lit: on Monday"]


def test_a_cell_that_reaches_below_the_table_adds_no_rows():
    rows = "<tr><th>Lamp<th>Fuel</tr><tr><td>Tower<td>oil</tr>"
    last = "<tr><td>Pier<td rowspan=9>gas</tr>"
    tree = parse_html(f"<table>{rows}{last}</table>", "a.html")
    told = [block.text for block in blocks_in(tree)]
    assert told == ["Lamp: Tower; Fuel: oil", "Lamp: Pier; Fuel: gas"]


def test_a_cell_that_reaches_below_is_told_in_each_row_of_an_article():
    prose = "<p>" + "Lamps burn oil in the harbours of the north. " * 20 + "</p>"
    rows = (
        "<tr><th>Keeper</th><th>Year</th><th>Lamp</th></tr>"
        "<tr><td rowspan=2>Ann Oake</td><td>1997</td><td>the Tower</td></tr>"
        "<tr><td>1998</td><td>the Old Pier</td></tr>"
        "<tr><td>Bo Lind</td><td colspan=2>unknown to us</td></tr>"
    )
    page = f"<article><h1>Lamps</h1>{prose}<table>{rows}</table>{prose}</article>"
    read = parse_page(f"<html><body>{page}</body></html>".encode(), "a.html")
    assert [block.text for block in read.blocks if block.kind == "row"] == [
        "Keeper: Ann Oake; Year: 1997; Lamp: the Tower",
        "Keeper: Ann Oake; Year: 1998; Lamp: the Old Pier",
        "Keeper: Bo Lind; Year: unknown to us",
    ]


@pytest.mark.parametrize("tag", ["b", "em", "strong", "sup", "font"])
def test_a_word_in_bold_in_a_line_that_is_no_paragraph_parts_nothing(tag):
    told = (
        f"The boats lay at Velmar in <{tag}>April</{tag}> and from <{tag}>31 "
        f"January</{tag}> <{tag}>on</{tag}> they waited there for the old man who had "
        "bought them in the autumn and never came again, since he was ill. "
    )
    data = (
        f"<h1>Boats</h1><div><div>Page 1</div>{told * 3}<br><br><strong>A new start"
        f"</strong><br>{'The harbour was full of people who waited. ' * 9}</div>"
    )
    found = parse_page(data.encode(), "a.html").blocks
    said = [block.text for block in found]
    assert any("Velmar in April and from 31 January on they waited" in t for t in said)
    assert "A new start" in said
