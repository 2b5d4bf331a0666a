"""Words: how text is normalised, stemmed, and told apart into content and names.

Shared by retrieval, evidence, verification and evaluation, so that "the same
word" means one thing everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise

import snowballstemmer

from qa.language.inflection import base_form
from qa.language.places import place
from qa.language.word_lists import words

_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-"}
    | {"‐": "-", "‑": "-", "‒": "-", "―": "-", "−": "-"}
)
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Characters of Chinese and Japanese: words are not told apart, each is a token."""
_WORD = re.compile(
    rf"(?:[A-Z]\.){{2,}}|\d[\d,.]*\d|[{_UNSPACED}]"
    rf"|[^\W{_UNSPACED}]+(?:'[^\W{_UNSPACED}]+)?|[,;:()]|--?|/"
)
_LETTERS_OR_FIGURES = re.compile(r"[^\W_]+")
"""As SQLite parts words."""
MARKS = frozenset(", ; : ( ) - -- /".split())
"""What stands between words and is a token of its own."""
_COUNTRY = "US"
"""Written otherwise it is a stop word."""
_EXPONENT = re.compile(r"(?<=\d)(?=[⁰¹²³⁴-⁹₀-₉])")
_STROKES = str.maketrans("øØđĐðÐłŁħĦŧŦıŋŊ", "oOdDdDlLhHtTinN")
_JOINED = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe"}
    | {"Œ": "Oe", "ĳ": "ij"}
)
_SENTENCE = 3
"""Words of which one at least belongs to grammar."""
_AND = r"\s+(?:and|or|nor|&)\s+"
_EXCHANGES = 6
_MISREAD = re.compile(r"\b(?=[lIO.,]*\d)[lIO\d](?:[.,]?[lIO\d])+\b")
_FIGURES = str.maketrans("lIO", "110")
_STEMMER = snowballstemmer.stemmer("english")


def folded(text: str) -> str:
    """Text in compatibility form (NFKC) with plain quotes and dashes; an exponent stays
    apart from its base: "800³" is "800^3", not another number.
    """
    text = _EXPONENT.sub("^", text)
    return unicodedata.normalize("NFKC", text).translate(_PLAIN)


def on_one_line(text: str) -> str:
    """Folded text, hyphens at line breaks joined, white space collapsed."""
    return " ".join(re.sub(r"(\w)-\n\s*(\w)", r"\1\2", folded(text)).split())


def normalise(text: str) -> str:
    """Text for comparison: folded, on one line, lower case."""
    return on_one_line(text).lower()


def written_tokens(text: str) -> list[str]:
    """Words, numbers and the marks between clauses in order, as they are written,
    but "U.S." as "US".
    """
    return [
        token.replace(".", "") if "." in token and token[0].isalpha() else token
        for token in _WORD.findall(folded(text))
    ]


def tokens(text: str) -> list[str]:
    """Words and numbers in order, case kept; "U.S." as "US", "1,200" as "1200", no
    possessive.
    """
    return [
        token.replace(",", "") if token[0].isdigit() else without_possessive(token)
        for token in written_tokens(text)
        if token not in MARKS
    ]


def without_possessive(token: str) -> str:
    """One token of a folded text without its possessive ending."""
    return token.removesuffix("'s").removesuffix("'")


def without_accents(text: str) -> str:
    """Letters without their diacritical marks and strokes, ligatures apart."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text.translate(_STROKES).translate(_JOINED))
    return "".join(part for part in parts if not unicodedata.combining(part))


def searchable(text: str) -> str:
    """A text for full-text search: its tokens parted, its letters without strokes, its
    irregular words in base form.
    """
    if not text.isascii():
        parted = re.sub(f"[{_UNSPACED}]", r" \g<0> ", text)
        text = parted.translate(_STROKES).translate(_JOINED)
    return _LETTERS_OR_FIGURES.sub(lambda m: _in_base_form(m[0]), text)


def _in_base_form(token: str) -> str:
    """The base form of an irregular word, accents and case aside; else as it is."""
    word = without_accents(token).lower()
    base = base_form(word)
    return token if base == word else base


def legibly(text: str) -> str:
    """A text of the same length in letters and figures that models know: "ø" as "o",
    and "6OO" as 600, as it was before it was scanned.
    """
    text = _MISREAD.sub(lambda m: m[0].translate(_FIGURES), text)
    return text if text.isascii() else text.translate(_STROKES)


@lru_cache(maxsize=50_000)
def stem(token: str) -> str:
    """The canonical form of one token: a name's common form, or the stem of a word's
    base form, without accents.
    """
    word = without_accents(token)
    return place(word) or str(_STEMMER.stemWord(base_form(word.lower())))


@cache
def _dictionary() -> frozenset[str]:
    from spellchecker import SpellChecker

    return frozenset(SpellChecker(language="en").word_frequency.words())


def is_english(word: str) -> bool:
    """Whether a lower-case word stands in a dictionary of (American) English."""
    return word in _dictionary()


def reads_as_english(text: str) -> bool:
    """Whether at least half of a text's words, names aside, are English, and where not
    all are, some word of English grammar is among them; also of one or two words.
    """
    said = [word for word in tokens(text) if word.isalpha() and not word[0].isupper()]
    known = sum(map(is_english, said))
    grammar = known == len(said) or len(said) < _SENTENCE
    grammar = grammar or any(not is_content(word) for word in tokens(text))
    return 2 * known >= len(said) and grammar


def is_content(token: str) -> bool:
    """Whether a token carries meaning of its own ("US" does, "us" does not)."""
    return token == _COUNTRY or token.lower() not in words("stop_words")


def content_stems(text: str) -> list[str]:
    """Stems of the content words in order, repeats kept."""
    return [stem(token) for token in tokens(text) if is_content(token)]


def stems(text: str) -> list[str]:
    """Stems of all words in order."""
    return [stem(token) for token in tokens(text)]


def has_negation(token: str) -> bool:
    """Whether a token turns a statement round."""
    return token.lower() in words("negations") or token.lower().endswith("n't")


def full_names(text: str) -> list[str]:
    """Names in order, neighbouring capitalised words as one: stems with a space
    between ("european union").
    """
    known = names(text)
    runs: list[list[str]] = [[]]
    for token in tokens(text):
        if token[:1].isupper() and stem(token) in known:
            runs[-1].append(stem(token))
        elif runs[-1]:
            runs.append([])
    return [" ".join(run) for run in runs if run]


def exchanged(text: str, source: str = "") -> list[str]:
    """The text with two neighbouring names in each other's place, for the first few.

    Args:
        text: A sentence.
        source: What it rests on. Names that it joins, "Iraq and Iran", do the same, and
            stay where they are.
    """
    spans = _name_spans(text)
    runs = dict.fromkeys(text[start:end] for start, end in spans)
    found = []
    for one, other in pairwise(runs):
        joined = rf"(?:{re.escape(one)},?{_AND}{re.escape(other)})"
        joined += rf"|(?:{re.escape(other)},?{_AND}{re.escape(one)})"
        if re.search(joined, f"{text}\n{source}"):
            continue
        turned = {one: other, other: one}
        said, last = "", 0
        for start, end in spans:
            said += text[last:start] + turned.get(text[start:end], text[start:end])
            last = end
        found.append(said + text[last:])
    return found[:_EXCHANGES]


def _name_spans(text: str) -> list[tuple[int, int]]:
    """Where names stand: neighbouring capitalised words, none of grammar in front."""
    spans: list[tuple[int, int]] = []
    for word in re.finditer(r"[^\W\d_][\w-]*", text):
        if not word[0][0].isupper():
            continue
        beside = bool(spans) and text[spans[-1][1] : word.start()] == " "
        if beside:
            spans[-1] = (spans[-1][0], word.end())
        elif is_content(word[0]):
            spans.append(word.span())
    return spans


def numbers(text: str) -> set[str]:
    """Numbers in digits, thousands separators dropped; "2005-06" is 2005 and 2006."""
    plain = folded(text)
    found = set()
    for century, start, end in re.findall(r"\b(\d\d)(\d\d)-(\d\d)\b", plain):
        found |= {century + start, century + end}
    without_ranges = re.sub(r"\b(\d{4})-(\d\d)\b", " ", plain)
    for number in re.findall(r"\d[\d,.]*", without_ranges):
        found.add(number.rstrip(".,").replace(",", ""))
    return found


def names(text: str) -> set[str]:
    """Stems of capitalised words, the first word of the text only if it is one
    that is capitalised again later or is an acronym.
    """
    found = tokens(text)
    capital = [token for token in found[1:] if token[:1].isupper()]
    if found and (found[0] in capital or (found[0].isupper() and len(found[0]) > 1)):
        capital.append(found[0])
    return {stem(token) for token in capital if is_content(token)}
