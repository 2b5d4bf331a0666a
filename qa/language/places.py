"""Countries and regions by their names and the words for what belongs to them.

A line names one place: the name first, then its adjectives, peoples and other
names. A capital is another name than its country ("Moscow" is not "Russia").
"""

from __future__ import annotations

_PLACES = """
afghanistan afghan afghans
albania albanian albanians
algeria algerian algerians
angola angolan angolans
argentina argentine argentinian argentinians argentines
armenia armenian armenians
australia australian australians
austria austrian austrians
azerbaijan azerbaijani azerbaijanis azeri
bangladesh bangladeshi bangladeshis
belarus belarusian belarusians belarussian
belgium belgian belgians
bolivia bolivian bolivians
bosnia bosnian bosnians
brazil brazilian brazilians
bulgaria bulgarian bulgarians
cambodia cambodian cambodians
cameroon cameroonian
canada canadian canadians
chile chilean chileans
china chinese sino prc
colombia colombian colombians
congo congolese
croatia croatian croatians croat croats
cuba cuban cubans
cyprus cypriot cypriots
czechia czech czechs
denmark danish dane danes
ecuador ecuadorian ecuadorians
egypt egyptian egyptians
england english
estonia estonian estonians
ethiopia ethiopian ethiopians
europe european europeans euro
finland finnish finn finns
france french franco
georgia georgian georgians
germany german germans germanic
ghana ghanaian ghanaians
greece greek greeks
hungary hungarian hungarians
iceland icelandic icelander icelanders
india indian indians indo
indonesia indonesian indonesians
iran iranian iranians persia persian
iraq iraqi iraqis
ireland irish
israel israeli israelis
italy italian italians
jamaica jamaican jamaicans
japan japanese
jordan jordanian jordanians
kazakhstan kazakh kazakhs kazakhstani
kenya kenyan kenyans
korea korean koreans
kosovo kosovar kosovars
kuwait kuwaiti kuwaitis
kyrgyzstan kyrgyz
laos lao laotian
latvia latvian latvians
lebanon lebanese
libya libyan libyans
lithuania lithuanian lithuanians
malaysia malaysian malaysians
mexico mexican mexicans
moldova moldovan moldovans
mongolia mongolian mongolians mongol mongols
morocco moroccan moroccans
myanmar burma burmese
nepal nepalese nepali
netherlands dutch holland
nigeria nigerian nigerians
norway norwegian norwegians
pakistan pakistani pakistanis
palestine palestinian palestinians
peru peruvian peruvians
philippines philippine filipino filipinos
poland polish pole poles
portugal portuguese
qatar qatari qataris
romania romanian romanians
russia russian russians russo
scotland scottish scots
serbia serbian serbians serb serbs
singapore singaporean
slovakia slovak slovaks
slovenia slovenian slovene
somalia somali somalis
spain spanish spaniard spaniards
sudan sudanese
sweden swedish swede swedes
switzerland swiss
syria syrian syrians
taiwan taiwanese
tajikistan tajik tajiks
thailand thai
tibet tibetan tibetans
tunisia tunisian tunisians
turkey turkish turk turks türkiye
turkmenistan turkmen
uganda ugandan ugandans
uk britain british briton britons
ukraine ukrainian ukrainians
us usa america american americans
ussr soviet soviets
uzbekistan uzbek uzbeks
venezuela venezuelan venezuelans
vietnam vietnamese
wales welsh
yemen yemeni yemenis
yugoslavia yugoslav yugoslavian
zimbabwe zimbabwean
africa african africans
asia asian asians
eurasia eurasian
arabia arab arabs arabian arabic
west western westerner westerners
east eastern
north northern
south southern
rome roman romans
paris parisian
venice venetian
florence florentine
vienna viennese
byzantium byzantine byzantines
prussia prussian prussians
ottoman ottomans
bavaria bavarian
sicily sicilian
christianity christian christians
islam islamic muslim muslims
judaism jewish jew jews
buddhism buddhist buddhists
hinduism hindu hindus
catholicism catholic catholics
"""

CANONICAL: dict[str, str] = {
    word: words[0]
    for words in (line.split() for line in _PLACES.strip().splitlines())
    for word in words
}
"""Lower-case word to the name of its place."""

_SEATS = """
moscow kremlin : russia
beijing : china
washington : us
tokyo : japan
delhi : india
london : uk
paris : france
berlin : germany
brussels : eu europe
kyiv kiev : ukraine
seoul : korea
tehran : iran
ankara : turkey
"""

SEATS: dict[str, frozenset[str]] = {
    word: frozenset(countries.split())
    for seats, countries in (line.split(":") for line in _SEATS.strip().splitlines())
    for word in seats.split()
}
"""Where a government sits, to the countries it may stand for: other names, though
a writer may mean the same."""

_ALSO_WORDS = (
    "east eastern north northern south southern west western westerners lao jordan "
    "pole poles polish turkey"
)
KNOWN = (frozenset(CANONICAL) | frozenset(SEATS)) - frozenset(_ALSO_WORDS.split())
"""Those that are names wherever they stand, also at the start of a sentence."""
