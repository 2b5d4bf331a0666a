"""What a reasoning model thinks aloud never reaches the answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.neural.generation.thinking import opens_thinking, without_thinking


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("The lamp burns.", "The lamp burns."),
        ("<think>Which lamp?</think>The lamp burns.", "The lamp burns."),
        ("<THINKING>a < b</THINKING> It burns.", " It burns."),
        ("[THINK]Hm.[/THINK]It burns [1].", "It burns [1]."),
        ("It <think>never</think>burns.", "It burns."),
        ("<think>The lamp never", ""),
        ("<think>a</think>b<reasoning>c</reasoning>d", "bd"),
        ("1 < 2 [1] and 3 <", "1 < 2 [1] and 3 <"),
        ("It</think> burns.", "It burns."),
        ("<think>a<think>b</think>It</think> burns.", "It burns."),
        ("", ""),
    ],
)
def test_blocks_of_thinking_are_hidden_however_the_draft_is_cut(draft, said):
    for size in (1, 3, 7, 100):
        pieces = [draft[i : i + size] for i in range(0, len(draft), size)]
        assert "".join(without_thinking(pieces)) == said


@given(st.lists(st.text(alphabet="ab <[1].", max_size=8)))
def test_text_without_a_block_comes_through_unchanged(pieces):
    assert "".join(without_thinking(pieces)) == "".join(pieces)


def test_a_piece_is_not_held_back_longer_than_it_must():
    stream = without_thinking(iter(["The lamp ", "burns.", " "]))
    assert next(stream) == "The lamp "


def test_a_template_that_begins_to_think_is_noticed():
    assert opens_thinking("<|im_start|>assistant\n<think>\n")
    assert not opens_thinking("<think></think>\n\n")
    assert not opens_thinking("<|im_start|>assistant\n")
