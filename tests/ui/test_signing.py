"""What browsers keep is signed: altered, it is not taken."""

import subprocess
import sys
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
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0


def test_an_empty_key_seals_nothing_and_is_made_again(tmp_path):
    (tmp_path / ".page-key").touch()
    assert len(load_key(tmp_path)) == 32


_STARTING = """
import sys
from pathlib import Path
from qa.ui.server.signing import load_key
for home in sys.stdin:
    print(load_key(Path(home.strip())).hex(), flush=True)
"""


def test_servers_that_start_at_once_on_one_home_have_one_key(tmp_path):
    def start():
        command = [sys.executable, "-c", _STARTING]
        return subprocess.Popen(command, stdin=-1, stdout=-1, text=True)

    homes = [tmp_path / str(number) for number in range(40)]
    with start() as one, start() as other:
        for home in homes:
            home.mkdir()
            keys = set()
            for server in (one, other):
                server.stdin.write(f"{home}\n")
                server.stdin.flush()
            keys |= {server.stdout.readline().strip() for server in (one, other)}
            assert {len(key) for key in keys} == {64}
            assert len(keys) == 1
        one.stdin.close()
        other.stdin.close()


def test_a_key_that_cannot_be_kept_is_told_with_its_file(tmp_path):
    with pytest.raises(SettingsError, match=r"\.page-key.*permissions"):
        load_key(tmp_path / "missing")
