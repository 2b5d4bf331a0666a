"""Several parsers side by side: results in order, and an end at any time."""

import threading
import time

import pytest
from rendering import as_pdf, make_article

from qa.documents import Parser, Parsers, SeedFile
from qa.errors import SeedError


def test_results_come_in_the_order_of_the_items_however_long_each_takes():
    def work(_parser, number):
        time.sleep(0.02 * (number % 3 == 0))
        return number

    with Parsers(3) as parsers:
        assert list(parsers.each(work, range(50))) == list(range(50))


def test_as_many_are_at_work_as_there_are_parsers_and_each_has_one_of_its_own():
    both = threading.Barrier(2, timeout=20)

    def work(parser, _number):
        both.wait()
        return id(parser)

    with Parsers(2) as parsers:
        assert len(set(parsers.each(work, range(2)))) == 2


def test_only_some_items_are_taken_ahead_of_the_result_that_is_waited_for():
    taken = []

    def items():
        for number in range(100):
            taken.append(number)
            yield number

    with Parsers(2) as parsers:
        results = parsers.each(lambda _, number: number, items())
        next(results)
        assert len(taken) == 8


def test_an_error_is_raised_where_its_turn_is():
    def work(_parser, number):
        if number == 1:
            raise ValueError(number)
        return number

    with Parsers(2) as parsers:
        results = parsers.each(work, range(3))
        assert next(results) == 0
        with pytest.raises(ValueError, match="1"):
            next(results)


def test_while_a_long_file_is_read_the_caller_is_called_and_may_end_it():
    asked = threading.Event()

    class StopError(Exception):
        pass

    def stop():
        if asked.is_set():
            raise StopError

    def work(parser, _):
        # A child that never answers: it waits for bytes that do not come.
        parser._child = parser._start()
        asked.set()
        return parser._child.stdout.readline()

    began = time.monotonic()
    with pytest.raises(StopError), Parsers(1) as parsers:
        list(parsers.each(work, [0], waiting=stop))
    assert time.monotonic() - began < 30


def test_a_closed_parser_reads_nothing_more():
    parser = Parser()
    parser.close()
    with pytest.raises(SeedError, match="is not read any more"):
        parser.parse(SeedFile("a.html", b"<p>The tower stood.", ""))


def test_pages_are_counted_while_they_are_read():
    data, _ = as_pdf(make_article(sections=6, paragraphs=20))
    with Parsers(1) as parsers:
        file = SeedFile("a.pdf", data, "")
        (parsed,) = parsers.each(lambda parser, _: parser.parse(file), [0])
        assert parsers.pages == len(parsed.documents[0].pages) > 5
