"""A sentence, its evidence, a verdict, and a reason that a person can read."""

import pytest

from qa.schema import Strictness
from qa.verification import Checker

DRILLS = (
    "The two navies have met for annual drills (Sea Bridge) and land exercises "
    "(Iron Hill) since 2012."
)
PACT = "Norway, increasingly cut off from Sweden, may be drawn nearer to Denmark."
ARMS = "After Norwegian complaints Denmark reduced its copying of Norwegian boats."
COUNCIL = (
    "The Harbour Protection Council (HPC), founded in 2001 by six towns, admitted "
    "Lindesund and Maarheim in June 2017."
)
VOICES = "A decade ago voices calling Norway a danger were heard; they are now rare."
BLAST = "The blast killed two workers and injured fourteen others, Anna Berg said."
LONG = "After long talks the old council rejected the plan to sell the southern pier."
STILL = "Both sides take a quiet, behind-the-scenes approach to resolving quarrels."


def check(claim, *evidence, support=0.8, strictness=Strictness.BALANCED, context=""):
    checker = Checker(lambda *_: support, strictness)
    return checker.judge(claim, evidence, context=context)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The drills are called Sea Bridge.", DRILLS),
        ("The navies have met every year since 2012.", DRILLS),
        ("Isolated from the Swedes, Norway may come closer to Denmark.", PACT),
        ("Denmark copied fewer boats after Norway complained.", ARMS),
        ("The HPC was founded in 2001.", COUNCIL),
        ("Six towns founded the Harbour Protection Council.", COUNCIL),
        ("Two towns, Lindesund and Maarheim, were admitted in 2017.", COUNCIL),
        ("Ten years ago some in Denmark saw Norway as a danger.", VOICES),
        ("Those voices are not common now.", VOICES),
        ("14 people were injured in the blast, according to Berg.", BLAST),
        ("The council turned down the plan to sell the pier.", LONG),
        ("Quarrels are resolved out of sight.", STILL),
        ("Norwegians complained, and Danish copying was reduced.", ARMS),
    ],
)
def test_what_is_said_in_other_words_has_no_fault(claim, source):
    judgement = check(claim, source)
    assert judgement.verdict == "supported", judgement
    assert judgement.score == 0.8
    assert judgement.reason == f"the source says “{source}”"


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        ("The drills are called Iron Hill.", DRILLS, "says of Iron what"),
        ("The navies have met since 2015.", DRILLS, "the year 2015 is not in"),
        ("The drills take place every five years.", DRILLS, "“every five years”"),
        ("Three navies have met for drills.", DRILLS, "the number Three"),
        ("Sweden, cut off from Norway, may be drawn to Denmark.", PACT, "Norway"),
        ("Norway, cut off from Finland, may be drawn to Denmark.", PACT,
         "names Finland; the source names Sweden"),
        ("After complaints Denmark increased its copying.", ARMS,
         "says “increased” where the source says “reduced”"),
        ("The HPC admitted Lindesund in July 2017.", COUNCIL, "names July"),
        ("The HPC expelled Lindesund in June 2017.", COUNCIL, "“expelled”"),
        ("The HPC was founded in 2010.", COUNCIL, "the year 2010"),
        ("Voices calling Norway a danger are now common.", VOICES,
         "says “common” where the source says “rare”"),
        ("Voices calling Iceland a danger were heard.", VOICES,
         "names Iceland; the source names Norway"),
        ("The blast killed fourteen workers.", BLAST, "says of fourteen"),
        ("The blast did not kill two workers.", BLAST, "negates"),
        ("The old council approved the plan to sell the pier.", LONG, "“approved”"),
        ("The council did not reject the plan to sell the pier.", LONG, "negates"),
        ("Both sides resolve quarrels in public.", STILL,
         "says “public” where the source says “behind-the-scenes”"),
        ("The council called it “a plan for the pier”.", LONG, "“a plan for the pier”"),
    ],
)  # fmt: skip
def test_what_the_source_says_otherwise_is_contradicted(claim, source, reason):
    judgement = check(claim, source, support=0.99)
    assert judgement.verdict == "contradicted", judgement
    assert reason in judgement.reason
    assert judgement.score < 0.3


def test_who_does_what_to_whom_matters():
    source = "Russia sells heavy weapons to China."
    assert check("China sells heavy weapons to Russia.", source).verdict != "supported"
    assert check("Russia buys heavy weapons from China.", source).verdict != "supported"
    assert check("China buys heavy weapons from Russia.", source).verdict == "supported"
    passive = "Heavy weapons are sold to China by Russia."
    assert check(passive, source).verdict == "supported"


def test_a_capital_may_stand_for_its_country_where_the_rest_is_supported():
    source = "Russia has complained of the copying of its weapons."
    said = "Moscow has complained of the copying of its weapons."
    assert check(said, source).verdict == "supported"
    strict = check(said, source, strictness=Strictness.STRICT)
    assert strict.reason == "names Moscow; the source names Russia"


def test_the_author_of_an_article_may_be_named():
    said = "Anna Berg writes that the council rejected the plan."
    assert check(said, LONG).verdict != "supported"
    assert check(said, LONG, context="Anna Berg, Harbour News").verdict == "supported"


def test_a_source_far_from_what_is_said_does_not_contradict_it():
    judgement = check("Iceland opened a bakery in 1987.", DRILLS, support=0.1)
    assert judgement.verdict == "not_supported"
    assert judgement.score == 0.1


@pytest.mark.parametrize(
    ("strictness", "verdicts"),
    [
        (Strictness.LENIENT, ["not_supported", "supported", "supported"]),
        (Strictness.BALANCED, ["not_supported", "not_supported", "supported"]),
        (Strictness.STRICT, ["not_supported", "not_supported", "not_supported"]),
    ],
)
def test_the_stricter_the_more_support_is_needed(strictness, verdicts):
    said = "The council turned down the plan to sell the pier."
    found = [
        check(said, LONG, support=support, strictness=strictness).verdict
        for support in (0.2, 0.4, 0.6)
    ]
    assert found == verdicts


@pytest.mark.parametrize(
    ("claim", "evidence", "reason"),
    [
        ("It froze.", [], "there is no evidence"),
        ("It froze.", ["  "], "there is no evidence"),
        ("…", [LONG], "it says nothing"),
        ("Ferries burn oil.", [LONG], "the source is about something else"),
        ("The council sells ferries.", [LONG], "“ferries” is not what the source says"),
    ],
)
def test_a_lack_of_support_says_what_is_lacking(claim, evidence, reason):
    judgement = check(claim, *evidence, support=0.2)
    assert (judgement.verdict, judgement.reason) == ("not_supported", reason)


def test_evidence_may_be_spread_over_several_sentences():
    first, second = "The pier was built in 1987.", "Anna Berg drew the plans."
    said = "The pier that Anna Berg drew was built in 1987."
    assert check(said, first, second).verdict == "supported"
    assert check(said, first).verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (
            "The southern border of the county runs through the southern desert.",
            "The northern border of the county runs through the southern desert.",
        ),
        (
            "Oslo Bank was moved from Harbour Street to Vardal by the Karlsen board.",
            "Karlsen Bank was moved from Harbour Street to Vardal by the Oslo board.",
        ),
    ],
)
def test_in_a_near_copy_a_word_counts_where_it_stands(claim, source):
    assert check(claim, source, support=1.0).verdict == "contradicted"
    assert check(source, source, support=1.0).verdict == "supported"
