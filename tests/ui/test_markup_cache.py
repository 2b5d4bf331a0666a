"""Markup is made once for what is finished, and anew for what is not."""

from dataclasses import replace

from qa.ui.page.conversation import Exchange
from qa.ui.page.markup_cache import MarkupCache

OVER = Exchange("a" * 16, "Why?", stage="stopped")


def test_what_is_finished_is_made_once():
    drawn = MarkupCache()
    first = drawn.markup(OVER, ready=True)
    assert drawn.markup(replace(OVER), ready=True) is first
    assert "Stopped" in first[1]


def test_what_is_under_way_is_made_each_time():
    drawn = MarkupCache()
    exchange = replace(OVER, stage="searching")
    assert "Searching" in drawn.markup(exchange, ready=True)[1]
    reading = replace(exchange, stage="reading", passages=3)
    assert "Reading 3" in drawn.markup(reading, ready=True)[1]
    assert "Loading models" in drawn.markup(exchange, ready=False)[1]


def test_the_longest_unused_is_forgotten():
    drawn = MarkupCache(limit=2)
    first = drawn.markup(OVER, ready=True)
    others = [replace(OVER, id=letter * 16) for letter in "bc"]
    second = drawn.markup(others[0], ready=True)
    drawn.markup(OVER, ready=True)
    drawn.markup(others[1], ready=True)
    assert drawn.markup(OVER, ready=True) is first
    assert drawn.markup(others[0], ready=True) is not second
