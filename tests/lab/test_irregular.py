"""The word list of irregular forms, made of a lexicon."""

import pytest

from lab import irregular
from lab.irregular import as_lines, irregular_list
from qa.language.word_lists import FOLDER, table


@pytest.fixture(scope="module")
def forms():
    return irregular.irregular_forms()


def test_the_list_is_what_the_lexicon_gives(forms, tmp_path, monkeypatch):
    monkeypatch.setattr(irregular, "irregular_forms", lambda: forms)
    irregular_list(out=tmp_path / "list.txt")
    made = (tmp_path / "list.txt").read_text(encoding="utf-8")
    assert made == (FOLDER / "base_forms.txt").read_text(encoding="utf-8")


def test_each_form_has_one_base_form_and_none_is_an_adjective(forms):
    assert forms["buy"] == ["bought"]
    assert table("base_forms") == {f: base for base in forms for f in forms[base]}
    ambiguous = {"left", "rose", "found", "better", "oldest", "ships", "analyses"}
    assert not ambiguous & {f for others in forms.values() for f in others}
    assert as_lines({"bus": ["buses"]}).endswith("\nbus: buses\n")
