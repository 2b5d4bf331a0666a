"""Leaving words out must not change what is said."""

import pytest

from qa.verification.kept import shortening_fault

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
        "The ferry company moved its winter timetable.",
        "In 1987 the ferry company moved its winter timetable.",
    ),
    (
        "The harbour and the town avoided any quarrel about the pier.",
        "Still, the harbour and the town have avoided any quarrel about the pier.",
    ),
    (
        "The long strike and the storm have forced it to sell its pier.",
        "The long strike and the storm in its wake have forced it to sell its pier.",
    ),
    (
        "The war might deepen the quarrel.",
        "The long war will probably deepen the quarrel.",
    ),
]
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
}


@pytest.mark.parametrize(("sentence", "source"), FAIR)
def test_what_may_be_left_out_may(sentence, source):
    assert shortening_fault(sentence, source) is None
    assert shortening_fault(source, source) is None


@pytest.mark.parametrize(("sentence", "source"), UNFAIR.values(), ids=UNFAIR)
def test_what_changes_the_meaning_may_not(sentence, source):
    assert shortening_fault(sentence, source) is not None
    assert shortening_fault(source, source) is None


def test_the_reason_names_the_word():
    fault = shortening_fault(*UNFAIR["condition"])
    assert fault == "it leaves out “if”, which limits what the source says"
