"""What browsers keep is signed: altered, it is not taken."""

from dataclasses import replace

import pytest

from qa.errors import SettingsError
from qa.schema import Citation, Filters, Models, Sentence, Source, Span, Strictness
from qa.ui.page.conversation import Exchange, Terms
from qa.ui.server.signing import ExchangeSigner, load_key

SOURCE = Source("d", "a.md", "A title", ("Ann Lee",))
CITATION = Citation(
    1, SOURCE, "", 0, 12, "Words were so", "supported", 0.9, Span(0, 5), 4
)
DONE = Exchange(
    "00ff" * 4,
    "Why?",
    Terms(Filters(("a.md",)), Strictness.STRICT),
    earlier=("Who?",),
    stage="answered",
    sentences=(Sentence("So it was.", (1,)),),
    citations=(CITATION,),
    models=Models("e", "g"),
)


def test_what_was_signed_comes_back_as_it_was():
    signer = ExchangeSigner(b"key")
    found = signer.read(signer.sign(DONE))
    assert replace(found, terms=DONE.terms) == DONE
    assert tuple(found.terms.filters.files) == ("a.md",)
    assert found.terms.strictness is Strictness.STRICT


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.replace("So it was", "So it is."),
        lambda s: s[:-1],
        lambda s: "0" * 64 + s[64:],
        lambda s: s.split(" ", 1)[1],
        lambda _: "",
        lambda _: "é",
        lambda s: ExchangeSigner(b"other").sign(DONE),
    ],
)
def test_what_was_altered_is_not_read(change):
    signer = ExchangeSigner(b"key")
    assert signer.read(change(signer.sign(DONE))) is None


def test_the_key_is_made_once_and_is_nobody_elses_to_read(tmp_path):
    key = load_key(tmp_path)
    assert len(key) == 32
    assert load_key(tmp_path) == key
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_a_key_that_cannot_be_kept_is_told_with_its_file(tmp_path):
    with pytest.raises(SettingsError, match=r"\.page-key.*permissions"):
        load_key(tmp_path / "missing")
