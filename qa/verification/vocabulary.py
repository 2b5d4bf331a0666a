"""Words by what leaving them out of a sentence, or breaking off behind them, does."""

from __future__ import annotations

import re

from qa.language.text import stem
from qa.language.word_lists import words

QUANTIFIERS = frozenset(
    """some few several many more most less fewer part parts half majority minority
    further possible former minor only least attempted planned proposed intended
    failed false fake fictional imaginary mock perceived so-called would-be
    self-styled""".split()
)
"""What limits the noun behind it."""
LIMITS = words("hedges") | frozenset(
    """partially mainly largely chiefly primarily generally usually often sometimes
    rarely occasionally nearly roughly approximately supposedly ostensibly too
    pending depending contingent conditional subject necessarily nominally technically
    formally officially temporarily
    unless provided providing assuming whether once until till otherwise
    failing lest suppose supposing assume
    except excepting excluding save barring apart aside theory principle case event
    hypothetically said says told tells""".split()
)
"""What limits the sentence that it stands in."""
VIEWS = frozenset(
    map(
        stem,
        """perspective viewpoint opinion view eye according argue claim believe contend
        assert suggest expect predict warn insist hope fear pessimist optimist critic
        sceptic skeptic propaganda rumour rumor narrative myth lie lied deny denied
        accuse forbid forbade pretend doubt dispute reject refute allege imagine dream
        think thought wish want plan promise threaten propose demand call urge
        """.split(),
    )
)
"""Whose view it is, or that it is a view."""
CONNECTIVES = frozenset(
    """however moreover furthermore also thus therefore hence indeed additionally
    consequently accordingly similarly likewise meanwhile nonetheless nevertheless
    notably importantly""".split()
)
VERDICTS = frozenset(
    """untrue false wrong nonsense debunked retracted disproved unproven unfounded hoax
    satire fiction parody joke story rumour rumor denied denies deny disputed disputes
    refuted refutes rejected rejects""".split()
)
"""What says of a sentence that it is not so."""
OPENERS = frozenset("and but yet".split())
"""Connectives too where a sentence begins with them."""
OPENERS_BEFORE_COMMA = frozenset(
    """so still first firstly second secondly third thirdly finally lastly overall
    """.split()
)
INTENSIFIERS = frozenset(
    "much very highly particularly especially significantly greatly".split()
)
PHRASES = re.compile(
    r"\b(?:at the same time|for (?:example|instance)|of course|as well(?! as))\b"
)
PHRASES_BETWEEN_MARKS = re.compile(
    r"""\b(?:in\ (?:fact | addition | sum | short | turn | particular | other\ words
        | conclusion) | as\ a\ result | on\ the\ (?:one | other)\ hand
      | after\ all | that\ said | by\ contrast | if\ anything)\b""",
    re.VERBOSE,
)
HARMLESS = frozenset("the a an both".split())
SCANT = frozenset("few little".split())
"""Which an article in front turns round."""
PUT_IN = frozenset("the a an also".split())
PRONOUNS = frozenset(
    """he she it they him her them this that these those such we us you i its their
    his""".split()
)
DETERMINERS = frozenset(
    """the a an this that these those its their his her our my your""".split()
)
PREPOSITIONS = frozenset(
    """of in on at to from by with for against into over under between among through
    about toward towards than after before during via within without until across
    as like since around near amid""".split()
)
UNFINISHED = (
    DETERMINERS
    | PREPOSITIONS
    | frozenset(
        """and or but nor not no is are was were be been being has have had do does did
        will would can could may might shall should must very more most so if that
        which who whose both either neither between""".split()
    )
)
"""What no sentence ends with."""
PLACES_AND_TIMES = frozenset(
    "in at during by with through amid via after alongside within across near".split()
)
"""What a phrase begins with that a question may leave open."""
RELATIVES = frozenset("which who whose whom where".split())
DIRECTIONS = frozenset("to from into onto towards".split())
SUBORDINATE = frozenset("because while whereas although though thereby".split())
LATE = frozenset("when whenever if unless once despite given".split())
EXAMPLES = frozenset("such including like especially particularly notably even".split())
"""What begins an example, or what is meant above all."""
COORDINATE = frozenset("and but while yet whereas".split())
CONCESSIVE = frozenset("although though while whereas".split())
CAUSES = frozenset("by through after following amid due despite because".split())
MODAL = frozenset("can could may might will would shall should must".split())
GENERAL = frozenset(
    """all every each any both only most least more less fewer few first last sole
    always ever everyone everybody everything anyone anything none whole entire unique
    worst best""".split()
)
"""What makes more out of fewer words: "all old ships sank", "the largest in Asia"."""
SUPERLATIVE = re.compile(r"\b(?:the|its|their|\w+'s)\s+\w+est\b")
PAIRED = frozenset("both between either neither".split())
ADDING = (
    RELATIVES | COORDINATE | CONCESSIVE | EXAMPLES
    | frozenset("thus thereby rather due despite not".split())
)  # fmt: skip
"""What begins, behind a comma, a part that only adds to its sentence."""
ADJECTIVE = re.compile(
    r"(?!un|non|anti|quasi|semi|pseudo|in(?!t)|im|il|ir|dis|mis)"
    r"\w{2,}(?:al|ive|ous|ful|ic|ary|able|ible|ent|ant|ern)"
)
TURNING = re.compile("(?:anti|non|pseudo|quasi|counter|ex|semi|un|pre|post)-")
PLAIN_ADJECTIVES = frozenset(
    """new old big large great small strong good bad long short high low deep wide broad
    close rich poor heavy main key young proud modern busy growing""".split()
)
TAKING_BACK = frozenset(
    """potential nominal virtual partial conditional hypothetical theoretical fictional
    provisional artificial occasional optional trial rival abortive tentative putative
    prospective alternative apparent symbolic temporary preliminary proposal parliament
    government president synthetic""".split()
)
"""What looks like an adjective and is none, or takes back what it stands before."""
