"""Words that turn a statement round: opposites, and verbs seen from the other side.

A line holds two sides with a bar between. ``converse`` are verbs whose parties
change places: what one sells the other buys.
"""

from __future__ import annotations

from qa.language.text import stem

_OPPOSITES = """
increase rise rose risen grow grew grown growth climb expand expansion gain surge \
  soar escalate escalation up more higher | decrease decline fall fell fallen drop \
  shrink shrank shrunk reduce reduction cut dwindle diminish plunge down fewer less \
  lower
strengthen improve better boost enhance bolster strong stronger | weaken worsen \
  worse deteriorate undermine impair weak weaker
important major key crucial central vital significant essential considerable | minor \
  unimportant negligible insignificant trivial marginal
rare rarely seldom scarce uncommon | common frequent frequently often widespread \
  usual ubiquitous abundant
public publicly openly open | secret secretly privately private covert discreetly \
  confidential
before prior earlier precede | after later subsequent subsequently follow
first original originally earliest initially | last final finally latest
begin began begun start open launch commence establish found | end finish close shut \
  closed cease stop terminate conclude abolish dissolve disband
accept approve approval support favour favor endorse welcome back agree admit | \
  reject rejection refuse oppose expel resist deny decline disapprove condemn disagree
allow permit authorise authorize legalise legalize | forbid forbade forbidden ban \
  prohibit bar outlaw prevent
success succeed successful successfully | failure fail unsuccessful unsuccessfully
win won victory victorious defeat | lose lost loss defeated
import importer | export exporter
include including inclusive | exclude excluding exclusive omit
large larger largest big bigger biggest huge great greater greatest | small smaller \
  smallest little tiny slight
high higher highest tall taller tallest | low lower lowest short
long longer longest lengthy | short shorter shortest brief
old older oldest ancient elder | new newer newest young younger youngest modern \
  recent
early earlier earliest | late later latest
fast faster fastest quick quickly rapid rapidly | slow slower slowest slowly gradual \
  gradually
hot hotter hottest warm warmer warmest | cold colder coldest cool cooler
rich richer richest wealthy affluent | poor poorer poorest impoverished
easy easier easily simple | difficult hard harder complex complicated
good best positive beneficial favourable favorable | bad worst negative harmful \
  unfavourable unfavorable adverse
most majority mostly mainly largely | minority least
maximum | minimum
upper top | lower bottom
north northern northward | south southern southward
east eastern eastward | west western westward
left | right
inside internal domestic interior indoor | outside external foreign exterior outdoor
man men male boy husband father son king brother | woman women female girl wife \
  mother daughter queen sister
toward towards | away
join admit enter | leave left expel quit withdraw withdrew
permit enable | block
kill killed | save rescue survive
ally friend partner | enemy rival adversary foe
peace peaceful | war wartime
love loved liked admire | hate hated disliked despise
attack offensive | defend defence defense defensive
create build built construct | destroy demolish
arrive enter came entered | depart exit
remember | forget
cheap cheaper inexpensive | expensive costly dearer
safe safer secure | dangerous unsafe insecure risky
legal lawful | illegal unlawful
likely probable | unlikely improbable
possible feasible | impossible infeasible
equal same similar identical | unequal different dissimilar
known famous prominent | unknown obscure
full complete entire total | empty incomplete partial partially
always constantly invariably | never
all every | none
above over exceed | below under beneath
near close nearby closer nearer | far distant remote
live alive living | dead die dying
present | absent
visible | invisible hidden
dependent reliant | independent
stable steady | unstable volatile
united unite | divided divide split
formal official | informal unofficial
permanent lasting | temporary provisional
voluntary | compulsory mandatory forced
optimistic hopeful | pessimistic
trust confidence confident | distrust mistrust suspicion suspicious wary
ease easing relax | tighten tension
urban | rural
wet humid rainy | dry arid
bright light | dark
heavy heavier heaviest | light lighter lightest
wide wider widest broad broader | narrow narrower narrowest
thick thicker | thin thinner
deep deeper deepest deepen | shallow shallower
liberal progressive | conservative
guilty | innocent
raise raised | lower lowered
hire employ | fire dismiss
appear emerge | disappear vanish
encourage promote foster facilitate | discourage hinder impede hamper inhibit
unite join merge | separate secede split
majority | minority
benefit advantage | harm damage disadvantage
active | inactive passive dormant
natural | artificial synthetic
professional | amateur
expand widen broaden extend | contract narrow limit restrict constrain curb
winter | summer
spring | autumn
morning | evening
day daytime | night nighttime
left-wing | right-wing
victory | defeat
profit profitable | loss unprofitable
hostile unfriendly | friendly
military | civilian civil
theoretical | practical
ignore neglect disregard | heed notice consider
aware | unaware
sufficient adequate enough | insufficient inadequate
direct directly | indirect indirectly
"""

_CONVERSES = """
sell sold seller supply export deliver give gave grant lend | buy bought purchase \
  buyer receive acquire import obtain borrow
teach taught teacher | learn learnt student
lead led | follow followed
win won beat defeat conquer | lose lost
own possess | belong
employ hire | work
precede | follow succeed
parent father mother | son daughter child
"""

_PHRASES = {
    "behind the scenes": "secretly",
    "behind closed doors": "secretly",
    "out of sight": "secretly",
    "out of public view": "secretly",
    "in private": "privately",
    "in the open": "openly",
    "no longer": "not",
    "as well as": "and",
    "rather than": ", not",
    "instead of": ", not",
    "by no means": "not",
    "far from": "not",
    "anything but": "not",
    "on the rise": "rise",
    "on the decline": "decline",
    "united states of america": "US",
    "united states": "US",
    "united kingdom": "UK",
    "great britain": "UK",
    "european union": "EU",
    "united nations": "UN",
    "soviet union": "USSR",
    "people's republic of china": "China",
}
"""Phrases that mean what one word means, in lower case with plain dashes."""

PHRASES = dict(sorted(_PHRASES.items(), key=lambda item: -len(item[0])))


def _sides(table: str) -> dict[str, frozenset[str]]:
    """Each stem to the stems that are its opposites."""
    found: dict[str, set[str]] = {}
    for line in table.strip().splitlines():
        left, right = ({stem(w) for w in half.split()} for half in line.split("|"))
        for word in left:
            found.setdefault(word, set()).update(right - left)
        for word in right:
            found.setdefault(word, set()).update(left - right)
    return {word: frozenset(others) for word, others in found.items()}


OPPOSITES = _sides(_OPPOSITES)
CONVERSES = _sides(_CONVERSES)
