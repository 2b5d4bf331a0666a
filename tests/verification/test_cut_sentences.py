"""Leaving words out must not change what is said: the shipped judge, by rows.

A stranger wrote most of these; nobody trained on them. Single rows may pass where the
judge errs; what is counted is how many.
"""

import pytest

from qa.schema import Evidence, Source, Strictness
from qa.settings import load_settings
from qa.verification import Support, Verifier
from qa.wiring.models import make_judge

pytestmark = pytest.mark.real

FAIR = [
    (
        "The strike closed the port for three weeks.",
        "The strike, which nobody had expected, closed the port for three weeks.",
    ),
    (
        "The town has more to lose from the tax.",
        "The town, due to its many ships, has much more to lose from the tax.",
    ),
    (
        "The company moved its timetable.",
        "However, the large company moved its new timetable, although it was old.",
    ),
    (
        "The port and the town may avoid a quarrel and sell the pier.",
        "Still, the port and the town might avoid a quarrel, and sell the pier.",
    ),
    ("The port is poor.", "Although the town is rich, the port is poor."),
    ("The port is poor.", "The town grew rich, but the port is poor."),
    ("The port is poor.", "The port is poor; the town, however, grew rich."),
    ("The port sold ships.", "By cutting its prices, the port sold ships."),
    ("The port may sell ships and make its pier safe.",
     "The port may sell ships, making its pier safe."),
    ("The port's sale of the pier angered the town.",
     "The port's 1987 sale of the pier angered the town."),
    ("It benefited from Europe's firms.", "It benefitted from European firms."),
    ("The U.S. fleet paid 1,200 dollars.", "America's fleet paid 1200 dollars."),
]  # fmt: skip
UNFAIR = {
    "amount": (
        "The town council regards the pier as lost.",
        "Growing parts of the town council regard the pier as lost.",
    ),
    "less": (
        "A new tunnel is likely to be built.",
        "A new tunnel is less likely to be built than a bridge.",
    ),
    "expected": (
        "The gap between the two ports should grow.",
        "The gap between the two ports should be expected to grow.",
    ),
    "perspective": (
        "The strike enhanced the value of the pier.",
        "From the mayor's perspective, the strike enhanced the value of the pier.",
    ),
    "condition": (
        "The town sells the pier.",
        "The town sells the pier if the tax is lifted.",
    ),
    "than": (
        "The plan stems from greed and need.",
        "The plan stems from greed rather than need.",
    ),
    "scope": (
        "There are twelve ferries with more than 200 berths.",
        "In Norland there are twelve ferries with more than 200 berths.",
    ),
    "number": (
        "The firm runs 12 large lighthouses.",
        "The firm runs 12 large piers and 113 lighthouses.",
    ),
    "negation": (
        "The firm cannot save its face but can withstand the strike.",
        "The firm can save its face but cannot withstand the strike.",
    ),
    "pronoun": (
        "The lamps draw oil out of the tank to reduce their weight.",
        "The lamps draw oil out of the tank to reduce its weight.",
    ),
    "time": (
        "The council has already sold the pier to the firm.",
        "The council is already selling the pier to the firm.",
    ),
    "subject": (
        "The ruling council may have large effects for the town.",
        "Changes in the ruling council may have large effects for the town.",
    ),
    "object as subject": (
        "The firm regards the firm as a rival of the town.",
        "Both ports regard the firm as a rival of the town.",
    ),
    "owner": (
        "The town has changed much over the decade.",
        "The town's fear of the tax has changed much over the decade.",
    ),
    "inserted": (
        "As a result of the gap between the ports, should be expected to grow.",
        "As a result, the gap between the ports should be expected to grow.",
    ),
    "when": (
        "Ferries have run under hard conditions.",
        "For the last decade, ferries have run under hard conditions.",
    ),
    "attachment": (
        "It will speed the ruin of trade between town and isles.",
        "It will speed the ruin of trade by forcing a choice between town and isles.",
    ),
    "head": (
        "They fear the sale of Lindesund or Maarheim too.",
        "They fear the sale of Lindesund or the loss of Norland and Maarheim too.",
    ),
    "patchwork": (
        "The company is the pier of the winter.",
        "The company moved its timetable to the pier because of the winter.",
    ),
    "comparison": (
        "The town's need is more than the town's.",
        "The port needed the town's help more than the town needed the port's.",
    ),
    "year": ("The firm sold ships.", "In 1987 the firm sold ships."),
    "perfect": ("The firm sold ships.", "The firm has sold ships."),
    "passive": ("The mayor attacked the crew.", "The mayor was attacked by the crew."),
    "direction": ("It sailed to Oslo.", "It sailed from Oslo."),
    "scale": ("It sold five ships.", "It sold five million ships."),
    "currency": ("It paid €500 for ships.", "It paid $500 for ships."),
    "per cent": ("It fell by 5 in May.", "It fell by 5% in May."),
    "sign": ("It had 5 degrees.", "It had -5 degrees."),
    "modal": ("The town should sell ships.", "The town may sell ships."),
    "denied": ("The firm sold ships.", "He denied that the firm sold ships."),
    "myth": ("The firm sold ships.", "The myth that the firm sold ships spread."),
    "forbidden": ("The firm sold ships.", "A court forbade that the firm sold ships."),
    "accused": ("He killed the crew.", "He was accused of having killed the crew."),
    "because": ("It froze because he left.", "It froze and he left."),
    "so-called": ("The victory helped.", "The so-called victory helped."),
    "anything but": ("The firm is rich.", "The firm is anything but rich."),
    "far from": ("The plan is complete.", "The plan is far from complete."),
    "once": ("The town sells it.", "The town sells it once the tax is lifted."),
    "as long as": ("The town sells it.", "The town sells it as long as it can."),
    "up to": ("It carried 500 men.", "It carried up to 500 men."),
    "but two": ("All ferries sank.", "All ferries but two sank."),
    "but two, aside": ("All ferries sank.", "All ferries, but two, sank."),
    "all added": ("All ferries sank.", "Ferries sank."),
    "only added": ("Only ferries sank.", "Ferries sank."),
    "every": ("Every ferry sank.", "Every second ferry sank."),
    "all old": ("All the ferries sank.", "All the old ferries sank."),
    "not here": ("He did not sell ships.", "He did not sell ships in 1987."),
    "largest": ("It is the largest port.", "It is the largest port in Asia."),
    "theory": ("The drug cured them.", "In theory, the drug cured them."),
    "mice": ("The drug cured them.", "In mice, the drug cured them."),
    "or so": ("He sold ships.", "He sold ships, or so the mayor lied."),
    "he claims": ("He sold ships.", "He sold ships, the mayor claims."),
    "owned": ("It helps the firm in May.", "It helps the firm's rivals in May."),
    "fire at": ("It may fire workers.", "It may fire at pirates and help workers."),
    "apart from": ("It suits women.", "It suits all apart from women."),
    "excluding": ("It suits women.", "It suits adults, excluding women."),
    "excepted": ("It suits women.", "It suits women, except in May."),
    "very": ("It is not rich.", "It is not very rich."),
    "not only": ("It is not rich.", "It is not only rich."),
    "cost of doing": (
        "It bears the cost of ships.",
        "It bears the cost of selling ships.",
    ),
    "between": ("A choice between ships.", "A choice between ships, and trains."),
    "breaks off": ("It sold ships to.", "It sold ships to, and for, the town."),
    "he hoped": (
        "Trains would run.",
        "He hoped that ships sail, and trains would run.",
    ),
    "it": ("It fears war.", "The old town grew rich, but it fears war."),
    "stem": ("The organ met in May.", "The organization met in May."),
    "the name": ("The China fears war.", "China fears war."),
    "untrue": ("He took bribes.", "He took bribes, which is untrue."),
    "denied by": ("He took bribes.", "He took bribes, which the mayor denied."),
    "so runs": ("He took bribes.", "He took bribes; so runs the tale."),
    "satire": ("He took bribes.", "He took bribes (source: satire)."),
    "pending": ("It raises taxes.", "It raises taxes, pending approval by the court."),
    "not as": ("It employs crews.", "It employs crews, but not as teachers."),
    "but for": ("But the tax, it sank.", "But for the tax, it sank."),
    "for the": ("For the tax, it sank.", "But for the tax, it sank."),
    "anti": ("It fears the pact.", "It fears the anti-Oslo pact."),
    "dwindling": ("It notes the support.", "It notes the dwindling support."),
    "a few": ("A few crews support it.", "Few crews support it."),
    "few": ("Few crews support it.", "A few crews support it."),
    "second": ("World War began.", "Second World War began."),
    "so far": ("Far the plan works.", "So far the plan works."),
    "short": ("Fuel is supply now.", "Fuel is in short supply now."),
    "that": ("Ships sank were sold.", "Ships that sank were sold."),
    "worst": ("It is the worst storm.", "It is the worst storm, as in Asia."),
    "in public": ("He backs the tax.", "He backs the tax in public."),
    "with help": ("The town can win.", "The town can win with American help."),
    "in schools": ("The law bans smoking.", "The law bans smoking in schools."),
    "on paper": ("It is a success.", "It is a success, at least on paper."),
    "exception": ("It took the terms.", "It took the terms, with one exception."),
    "as put": ("The town won.", "The town won, as its papers put it."),
    "toy": ("He saw the ship.", "He saw the toy ship."),
    "rival": ("It helps the firm.", "It helps the rival firm."),
    "failed": ("It was the coup of May.", "It was the failed coup of May."),
    "countries": (
        "The country has shown patience.",
        "Both countries have shown patience.",
    ),
    "aircraft": ("The aircraft has been lost.", "Both aircraft have been lost."),
    "Russian": (
        "Russia has been arrested in China.",
        "The Russian has been arrested in China.",
    ),
    "members": ("The member's votes were sold.", "The members' votes were sold."),
    "while": ("Peace helps.", "Peace helps while both sides keep the truce."),
    "failing": ("The pact will hold.", "The pact will hold, failing a crisis."),
    "not in force": (
        "The law bans ships.",
        "The law bans ships, although it is not in force.",
    ),
    "suppose": ("Trade ends.", "Suppose there is war; trade ends."),
    "ferry": ("The ferry sank in May.", "The ferries sank in May."),
    "informal": ("It joined the pact.", "It joined the informal pact."),
    "list": (
        "It fears issues trains, and tax.",
        "It fears issues, including ships, trains, and tax.",
    ),
    "main clause": (
        "Although the town is rich such as the tax.",
        "Although the town is rich, selling piers cuts old issues, such as the tax.",
    ),
    "list breaks off": (
        "It likes ships, trains.",
        "It likes ships, trains, and taxes.",
    ),
    "fragment": ("Although it is rich.", "Although it is rich, the port is poor."),
    "modal cause": ("The firm can win.", "By cheating, the firm can win."),
}


@pytest.fixture(scope="module")
def passes():
    verifier = Verifier(make_judge(load_settings()), Strictness.BALANCED)

    def passes(sentence, source):
        said = Source(id="s", file="a.txt", title="Piers")
        item = Evidence(1, said, "", 0, len(source), source, 1.0)
        return isinstance(verifier.verify(sentence, [item]), Support)

    return passes


def test_what_changes_the_meaning_hardly_ever_passes(passes):
    through = [name for name, pair in UNFAIR.items() if passes(*pair)]
    assert len(through) <= 0.25 * len(UNFAIR), through


def test_most_of_what_is_fair_passes(passes):
    refused = [sentence for sentence, source in FAIR if not passes(sentence, source)]
    assert len(refused) <= 0.5 * len(FAIR), refused


def test_a_source_passes(passes):
    assert all(passes(source, source) for _, source in FAIR)
