"""First come, first served, and so many questions a minute."""

import pytest

from qa.errors import BusyError
from qa.ui.server.request_queue import RequestQueue


def test_one_client_is_answered_so_often_a_minute_and_others_still_are():
    now = [0.0]
    queue = RequestQueue(a_minute=2, clock=lambda: now[0])
    for _ in range(2):
        queue.join("a").leave()
    with pytest.raises(BusyError, match="2 questions a minute"):
        queue.join("a")
    queue.join("b").leave()
    now[0] = 61.0
    queue.join("a").leave()


def test_searches_are_counted_and_do_not_wait():
    queue = RequestQueue(a_minute=1)
    front = queue.join("a")
    queue.count("searching a")
    with pytest.raises(BusyError, match="1 questions a minute"):
        queue.count("searching a")
    assert front.wait(0)


def test_as_many_as_are_set_are_answered_at_once_and_others_wait_their_turn():
    queue = RequestQueue(limit=2, at_once=2)
    first, second, third, fourth = (queue.join(name) for name in "abcd")
    assert first.wait(0)
    assert second.wait(0)
    assert not third.wait(0)
    assert [t.ahead for t in (first, second, third, fourth)] == [0, 0, 1, 2]
    with pytest.raises(BusyError, match="2 questions are waiting"):
        queue.join("e")
    second.leave()
    assert third.wait(0)
    assert not fourth.wait(0)


def test_what_has_to_happen_between_answers_waits_for_all_and_holds_up_the_rest():
    queue = RequestQueue(at_once=2)
    first, second, between = queue.join("a"), queue.join("b"), queue.join_between()
    later = queue.join("c")
    assert [between.ahead, later.ahead] == [2, 3]
    first.leave()
    assert not between.wait(0)
    assert not later.wait(0)
    second.leave()
    assert between.wait(0)
    assert not later.wait(0)
    between.leave()
    assert later.wait(0)


def test_leaving_twice_lets_only_the_next_one_through():
    queue = RequestQueue()
    first, second, third = (queue.join(name) for name in "abc")
    first.leave()
    first.leave()
    assert second.wait(0)
    assert (third.ahead, third.wait(0)) == (1, False)
