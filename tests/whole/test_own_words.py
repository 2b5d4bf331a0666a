# ruff: noqa: E501 - the sentences of a case stand under each other
"""A capable writer's own words through the whole product, over the real articles.

A server of the OpenAI shape stands in for the writer: it gives one sentence a
question, fair or with one subtle falsehood. The sentences are ours, the articles
lie beside the repository.
"""

import json
import os
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qa.settings import load_settings
from qa.wiring import assemble, run_build

FOLDER = Path(__file__).parents[3] / "shared" / "seeds"
SAID = [
    (
        "What binds China and Russia together in the 21st century?",
        (
            "What holds the two together is above all a common dislike of American "
            "dominance and of particular policies such as missile defence."
        ),
        (
            "What holds the two together is above all a common dislike of European "
            "dominance and of particular policies such as missile defence."
        ),
    ),
    (
        "Why do close ties with China help Russia at the UN Security Council?",
        (
            "Working together, in the Security Council above all, lets both "
            "counterbalance the United States."
        ),
        (
            "Working together, in the Security Council above all, lets both "
            "do without the United Nations."
        ),
    ),
    (
        "Why are energy ties so important?",
        (
            "Energy matters so much because it weighs heavily in Russian politics at home "
            "and in the country's foreign policy."
        ),
        (
            "Energy matters so much because it weighs heavily in Chinese politics at home "
            "and in the country's foreign policy."
        ),
    ),
    (
        "What loans did China give to Russian energy companies?",
        (
            "Rosneft and Novatek were among the Russian firms that received loans and "
            "prepayments worth tens of billions of dollars from China."
        ),
        (
            "Rosneft and Novatek were among the Russian firms that granted loans and "
            "prepayments worth tens of billions of dollars to China."
        ),
    ),
    (
        "How do the two countries differ on economic globalization?",
        (
            "China depends on exports, so a retreat of globalization would hurt it more, "
            "while Russia appears to profit from events such as Brexit."
        ),
        (
            "Russia depends on exports, so a retreat of globalization would hurt it more, "
            "while China appears to profit from events such as Brexit."
        ),
    ),
    (
        "What happens to the power gap up to 2030?",
        (
            "The imbalance of power between the two is most likely to widen in the years "
            "to 2030."
        ),
        (
            "The imbalance of power between the two is most likely to narrow in the years "
            "to 2030."
        ),
    ),
    (
        "Why could regime change in Moscow weaken links with Beijing?",
        (
            "A change of the ruling elite could weaken the informal lobby in Russia that "
            "favours China."
        ),
        (
            "A change of the ruling elite could strengthen the informal lobby in Russia "
            "that favours China."
        ),
    ),
    (
        "On what did US policy towards China rest after the Cold War?",
        (
            "Washington assumed that China could be drawn into the liberal order and "
            "would in the end share the burden of global governance."
        ),
        (
            "Washington feared that China could not be drawn into the liberal order and "
            "would never share the burden of global governance."
        ),
    ),
    (
        "How did the 2017 US National Security Strategy describe China?",
        (
            "The American security strategy of 2017 named China a strategic competitor, "
            "just as it did Russia."
        ),
        (
            "The American security strategy of 2017 named China a strategic competitor, "
            "but not Russia."
        ),
    ),
    (
        (
            "Why did the EU refuse to sign the trade statement at the Belt and Road "
            "summit?"
        ),
        (
            "The EU declined to sign the trade statement because it lacked commitments to "
            "transparency and a sustainable environment."
        ),
        (
            "The EU declined to sign the trade statement because it contained too many "
            "commitments to transparency and a sustainable environment."
        ),
    ),
    (
        "How does China approach Russia according to Yun Sun?",
        "China deals with Russia in a calculating and very pragmatic way.",
        "China deals with Russia in a trusting and very idealistic way.",
    ),
    (
        "Which threat do both nations feel on their spheres of influence?",
        (
            "Russia feels threatened by NATO's enlargement in Eastern Europe, and China by "
            "the American turn towards Asia."
        ),
        (
            "China feels threatened by NATO's enlargement in Eastern Europe, and Russia by "
            "the American turn towards Asia."
        ),
    ),
    (
        "What did China gain by staying out of Western sanctions?",
        (
            "By keeping out of the sanctions, China can get better terms when it buys "
            "Russian weapons."
        ),
        (
            "By joining the sanctions, China can get better terms when it buys "
            "Russian weapons."
        ),
    ),
    (
        "Why do many Chinese hold a grudge against Russia?",
        (
            "Many Chinese resent that Russia took Chinese land from the time of the Qing "
            "dynasty on."
        ),
        (
            "Most Russians resent that China took Russian land from the time of the Qing "
            "dynasty on."
        ),
    ),
    (
        "What has Russia gained economically from China?",
        (
            "Russia gains a rich partner that is willing to trade while the country "
            "becomes ever more isolated."
        ),
        (
            "Russia gains a rich partner that is unwilling to trade while the country "
            "becomes ever more isolated."
        ),
    ),
    (
        "What lesson did they learn from the Sino-Soviet split?",
        (
            "From the split both learned to keep ideology out of their relations and to "
            "settle disputes over territory."
        ),
        (
            "From the split both learned to build their relations on ideology and to "
            "settle disputes over territory."
        ),
    ),
    (
        "When was the border between China and Russia settled?",
        (
            "Agreements reached in the 1990s and the 2000s settled the border between the "
            "two countries."
        ),
        "Agreements reached in the 1960s settled the border between the two countries.",
    ),
    (
        "How do Russia and China divide labour in Central Asia?",
        (
            "In Central Asia Russia looks after security while China attends to economic "
            "development."
        ),
        (
            "In Central Asia China looks after security while Russia attends to economic "
            "development."
        ),
    ),
    (
        "What does the government-commissioned blue book advocate?",
        (
            "A security blue book ordered by the Chinese government recommends an "
            "alliance with Russia."
        ),
        (
            "A security blue book ordered by the Chinese government warns against an "
            "alliance with Russia."
        ),
    ),
    (
        "Who enacted China's non-alliance policy?",
        (
            "It was Deng Xiaoping who first adopted the policy of non-alliance, to keep "
            "China free to act abroad."
        ),
        (
            "It was Xi Jinping who first adopted the policy of non-alliance, to keep "
            "China free to act abroad."
        ),
    ),
]

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not FOLDER.is_dir() and os.environ.get("CI") != "true",
        reason=f"{FOLDER} is not there",
    ),
]


class Writer(BaseHTTPRequestHandler):
    """Answers with the sentence it was given."""

    sentence = ""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        event = json.dumps({"choices": [{"delta": {"content": Writer.sentence}}]})
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(f"data: {event}\n\ndata: [DONE]\n\n".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Writer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_fair_sentences_are_shown_and_subtly_false_ones_are_not(
    address, tmp_path, monkeypatch
):
    settings = load_settings().model_copy(
        update={
            "seeds": FOLDER,
            "index": tmp_path / "index",
            "generator": f"openai:{address}#stub",
        }
    )
    run_build(settings)
    parts = assemble(settings)
    # Each question is asked twice, and what the articles say to it is the same.
    monkeypatch.setattr(parts.finder, "find", cache(parts.finder.find))
    answerer = parts.answerer
    fair = [said for question, said, _ in SAID if shows(answerer, question, said)]
    false = [said for question, _, said in SAID if shows(answerer, question, said)]
    assert len(fair) >= 0.4 * len(SAID), fair
    assert len(false) <= 0.1 * len(SAID), false


def shows(answerer, question, said):
    """Whether the answer has it; "According to …" may stand in front."""
    Writer.sentence = said
    return any(said[1:] in s.text for s in answerer.answer(question).sentences)
