"""Another name than the source's changes what is said: the shipped judge, by rows.

Nobody trained on these. Names are for the judge: a test of spelling would refuse
"Italians" for "Italy" and "The river" for its name.
"""

import pytest

from qa.schema import Evidence, Source, Strictness
from qa.settings import load_settings
from qa.verification import Support, Verifier
from qa.wiring.models import make_judge

pytestmark = pytest.mark.real

SOURCES = (
    ("Ines Duarte sold the Alvor shipyard to a Danish investor in 2011.",
     "In 2011 {} sold the shipyard at Alvor to an investor.",
     ("Ines Duarte", "Duarte"), ("Marta Lopes", "Per Holm", "Victor Alvor")),
    ("Slovenia and Croatia settled their dispute over the bay of Piran by arbitration.",
     "An arbitration settled the dispute between Slovenia and {} about the bay.",
     ("Croatia",), ("Italy", "Serbia", "Hungary")),
    ("The museum in Tromsø lent its oldest kayak to a school in Alta.",
     "A school in {} got the museum's oldest kayak on loan.",
     ("Alta",), ("Bergen", "Narvik", "Bodø")),
    ("According to Professor Okafor, the dam at Jebba silted up within twelve years.",
     "Within twelve years, says {}, the dam at Jebba had silted up.",
     ("Professor Okafor", "Okafor"), ("Professor Adeyemi", "the government", "Musa")),
    ("Kazakhstan, unlike Uzbekistan, exports most of its grain by rail.",
     "Most of the grain that {} exports goes by rail.",
     ("Kazakhstan",), ("Uzbekistan", "Mongolia", "Russia")),
)  # fmt: skip


@pytest.fixture(scope="module")
def shown():
    verifier = Verifier(make_judge(load_settings()), Strictness.BALANCED)
    source = Source("s", "a.md", "A journey")

    def passes(said, text):
        evidence = Evidence(1, source, "", 0, len(text), text, 1.0)
        return isinstance(verifier.verify(said, [evidence]), Support)

    return [
        (name in names, passes(said.format(name), text), name)
        for text, said, names, others in SOURCES
        for name in (*names, *others)
    ]


def test_hardly_any_other_name_passes(shown):
    others = [(passed, name) for same, passed, name in shown if not same]
    assert sum(passed for passed, _ in others) <= 1, others


def test_sentences_with_the_name_of_their_source_pass_too(shown):
    fair = [(passed, name) for same, passed, name in shown if same]
    assert sum(passed for passed, _ in fair) >= 3, fair
