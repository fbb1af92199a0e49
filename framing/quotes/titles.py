"""Words that say who somebody is: titles, occupations, kinds of bodies, and their gender.

Closed lists of English; the longer ones are open at the end through suffixes (`is_person_noun`).
"""

import re

__all__ = [
    "AMBIGUOUS_TITLES",
    "BODY_NOUNS",
    "DOCUMENT_NOUNS",
    "GROUP_NOUNS",
    "MEDIA_NOUNS",
    "NEUTRAL_MODIFIERS",
    "NOT_IN_PERSON_NAMES",
    "PORTFOLIOS",
    "STATE_BODIES",
    "TITLE_WORDS",
    "gender_of_given_name",
    "gender_of_word",
    "is_body_word",
    "is_common",
    "is_person_noun",
    "singular",
    "synonyms",
]

# Capitalised words that stand before a person's name.
TITLE_WORDS = frozenset(
    """
    mr mrs ms miss dr doctor prof professor sir dame lord lady madame sen sens senator senators rep
    reps representative congressman congresswoman gov governor gen gens general lt lieutenant col
    colonel maj major capt captain sgt sergeant cpl corporal pvt spc adm admiral cmdr commander
    commandant brig brigadier marshal rev reverend fr father bishop archbishop cardinal pope rabbi
    imam sheikh sheik mullah ayatollah president premier chancellor minister ministers secretary
    ambassador envoy speaker mayor judge justice king queen prince princess emir sultan chief
    chairman chairwoman chairperson chair director spokesman spokeswoman spokesperson commissioner
    undersecretary leader officer detective inspector superintendent constable sheriff whip
    councillor councilman councilwoman alderman delegate adviser advisor aide coordinator analyst
    correspondent editor prosecutor counsel attorney amb hon pres supt insp det msgr atty del
    president-elect vice-president secretary-general sister brother nurse sgt.-maj coach
    ombudsman rapporteur deputy candidate lawmaker hajj haji
    """.split()
)
# Titles that are also common surnames: a title only where a name follows.
AMBIGUOUS_TITLES = frozenset(
    """
    king queen prince bishop judge major marshal pope cardinal lord father brother sister nurse
    chancellor constable dean duke justice whip chair lady sheikh sheik imam
    """.split()
)
PORTFOLIOS = frozenset(
    """
    state defense defence interior health justice finance treasury commerce education energy
    homeland security veterans information economy trade foreign affairs labor labour staff war
    operations policy agriculture transport transportation intelligence migration police house
    """.split()
)
# One of these in a run of capitalised words: not a person's name.
NOT_IN_PERSON_NAMES = frozenset(
    """
    house department ministry committee council commission agency army force forces navy guard
    guards command corps university institute institution college school center centre foundation
    fund bank group party front movement coalition alliance union league association organization
    organisation society federation network network’s times post news journal guardian tribune
    herald gazette telegraph observer chronicle monitor press tv television radio media magazine
    daily weekly review agence agencia observatory watch court senate congress parliament assembly
    knesset duma cabinet office bureau administration government authority nations states state
    kingdom republic emirates human rights international national united world global american
    british french russian german israeli palestinian syrian iraqi iranian turkish saudi afghan
    pakistani yemeni libyan egyptian lebanese kurdish chinese european african asian arab western
    eastern northern southern central north south east west new islamic muslim christian jewish
    democratic republican conservative labour liberal city province county district street avenue
    road river valley mount lake sea gulf strip island islands airport hospital hotel square base
    arabia korea zealand lanka jersey york angeles francisco hampshire carolina dakota mexico
    service services company corp inc ltd brigade brigades battalion division airlines airways
    research studies survey poll act treaty accord convention summit conference war crescent cross
    red air sunni shia shiite shi’ite security peace relations affairs development civil defense
    defence special operations intelligence central federal supreme royal european-union church
    mosque temple congressional democrats republicans foreign policy capitol pentagon kremlin
    brothers’ budget resolution day week month
    analytics systems partners capital solutions consulting associates industries technologies
    energy oil gas shipping maritime logistics insurance holdings exports airways railways
    advertisement newsletter replay video videos photo photos gallery image images caption credit
    story continued twitter facebook email embassy consulate operation
    """.split()
)
# Bodies that speak; "the ministry said".
BODY_NOUNS = frozenset(
    """
    government administration ministry department agency committee council commission court
    parliament senate congress assembly cabinet office bureau army military navy police force
    command coalition alliance union league association organization organisation group party
    movement foundation institute university centre center charity company firm regime authority
    watchdog monitor body panel board delegation embassy mission staff campaign faction militia
    opposition junta presidency palace headquarters secretariat outfit think-tank tribunal bank
    hospital school church admiralty junta network observatory front leadership state country
    nation kingdom
    team unit service academy federation society nonprofit ngo bloc wing arm brigade
    """.split()
)
# Bodies of which a state has one: "the army" names it as well as a proper name does.
STATE_BODIES = frozenset(
    """
    government ministry army military navy admiralty parliament presidency police cabinet treasury
    department senate regime office council court commission militia coalition
    """.split()
)
MEDIA_NOUNS = frozenset(
    """
    newspaper paper channel broadcaster network station magazine outlet daily weekly website site
    tabloid tv television radio times post news journal guardian tribune herald gazette telegraph
    chronicle monitor press agency agencies newswire wire portal blog observer television media
    """.split()
)
DOCUMENT_NOUNS = frozenset(
    """
    report statement letter poll survey study document memo note communique communiqué post tweet
    message posting declaration release article editorial dispatch reports statements polls letters
    surveys studies documents analysis investigation filing complaint lawsuit transcript email
    video recording audio broadcast briefing bulletin account review findings dossier petition
    telegram cable
    resolution answer reply response testimony data text leaflet advisory
    """.split()
)
GROUP_NOUNS = frozenset(
    """
    people critics others many some most several few both all media police troops forces personnel
    men women children folk families youth public majority minority dozens hundreds thousands
    crowd crowds locals opposition press aides those percent
    """.split()
)
# Modifiers that do not say whom somebody belongs to.
NEUTRAL_MODIFIERS = frozenset(
    """
    senior top former retired ex anonymous unnamed unidentified high-ranking ranking chief leading
    local young old elderly same first second third other another one two three four five six
    seven eight several some many few current outgoing deputy key influential prominent independent
    veteran current the a an this that these those his her its their our my no any each every
    such certain whose high-level mid-level high level who both most all more acting serving
    """.split()
)

_PERSON_NOUNS = frozenset(
    """
    official spokesman spokeswoman spokesperson source officer soldier commander general colonel
    captain major lieutenant sergeant analyst expert adviser advisor aide diplomat lawmaker senator
    congressman congresswoman minister president premier governor mayor leader activist resident
    witness doctor physician surgeon medic nurse teacher student fighter militant rebel insurgent
    journalist reporter correspondent editor professor researcher scholar academic lawyer attorney
    judge prosecutor envoy ambassador representative secretary chief head director chairman
    chairwoman chairperson critic supporter observer opponent ally voter protester protestor
    demonstrator refugee survivor relative father mother son daughter brother sister husband wife
    uncle aunt cousin widow man woman person boy girl friend neighbor neighbour colleague farmer
    shopkeeper worker volunteer priest imam bishop cleric rabbi monk nun pastor sheikh pope king
    queen prince princess politician candidate member deputy legislator mp negotiator mediator
    monitor inspector investigator pilot marine veteran chancellor coordinator manager owner
    founder author historian economist scientist engineer driver fisherman trader businessman
    businesswoman participant liberal socialist unionist villager civilian mourner passenger
    patient detainee prisoner hostage defector
    dissident exile guard policeman policewoman detective sheriff admiral marshal pundit columnist
    commentator blogger strategist specialist fellow consultant scholar lobbyist campaigner
    advocate parent grandmother grandfather guest individual insider emissary observer rapporteur
    commissioner undersecretary speaker counterpart partner victim bystander onlooker
    photographer producer presenter anchor publisher translator youth teenager child adult
    local elder neighbour announcer cook diver hunter trainer merchant vendor baker butcher
    tailor barber republican democrat conservative
    """.split()
)
_PERSON_SUFFIX = re.compile(
    r"(?:[a-z]{2}(?:ist|man|woman|person|ician|ologist|keeper|maker|worker|holder|dweller))$"
)
_FEMALE_WORDS = frozenset(
    """
    mrs ms miss dame lady madame queen princess spokeswoman chairwoman congresswoman businesswoman
    policewoman councilwoman woman girl mother wife daughter sister aunt widow grandmother nun
    housewife she her actress mum mom niece saleswoman businesswoman
    """.split()
)
_MALE_WORDS = frozenset(
    """
    mr sir lord king prince spokesman chairman congressman businessman policeman councilman man
    boy father husband son brother uncle widower grandfather monk pope imam sheikh sheik mullah
    ayatollah he him his fisherman emir sultan priest nephew salesman cardinal archbishop fr
    """.split()
)
# Given names that are not both; a help for pronouns, never evidence of who somebody is.
_FEMALE_NAMES = frozenset(
    """
    mary anna anne ann elizabeth sarah sara emma emily laura julia maria susan linda karen nancy
    lisa margaret sandra helen donna carol ruth catherine katherine kathleen christine amy angela
    melissa rebecca deborah stephanie jennifer jen jessica michelle amanda diane dianne janet joyce
    judith alice martha rachel hannah nina lena elena olga irina natalia svetlana tatiana marina
    fatima fatma aisha amina khadija layla leila mariam maryam zainab zeinab yasmin noor hala rana
    samira salma huda hillary condoleezza theresa ursula federica samantha susan caitlin claire
    marie sophie camille isabelle francoise ingrid astrid greta heidi petra monika carmen rosa
    lucia sofia isabel teresa pilar esther miriam naomi tzipi malala benazir sonia indira priya
    victoria charlotte grace jane kate katie lucy molly olivia wendy yvonne valerie tulsi kirsten
    tammy barbara patricia dorothy betty pamela cynthia sheila gloria debbie ellen eleanor marina
    """.split()
)
_MALE_NAMES = frozenset(
    """
    john james robert michael william david richard charles joseph thomas daniel matthew anthony
    mark donald steven stephen paul andrew joshua kenneth kevin brian george edward ronald timothy
    jason jeffrey ryan jacob gary nicholas eric jonathan larry justin scott brandon benjamin samuel
    gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose henry adam douglas
    nathan peter zachary kyle walter ethan jeremy harold carl keith roger arthur lawrence sean
    christian albert joe ben tom jim mike bill bob dan ted tim ron rand marco barack vladimir
    sergei dmitry ivan igor boris mikhail nikolai bashar mohammed muhammad mohamed mohammad ahmed
    ahmad ali hassan hussein omar khalid khaled ibrahim mahmoud mustafa yusuf abdullah abdul hamid
    karim saddam recep benjamin binyamin ehud ariel moshe yitzhak avigdor shimon francois jean
    pierre jacques laurent emmanuel hans klaus jurgen wolfgang luis carlos juan pedro antonio
    fernando miguel pablo giuseppe marco giovanni lindsey mitch harry chuck ashton leon jay josh
    buck angus philip phillip simon martin neil ian alan colin graham tony gordon nigel hugh
    """.split()
)
_SYNONYMS = (
    "spokesman spokeswoman spokesperson speaker",
    "adviser advisor aide counsellor counselor",
    "officer soldier general colonel captain major lieutenant commander admiral gen col capt maj "
    "lt adm brigadier marine sergeant sgt brig",
    "lawmaker senator congressman congresswoman representative legislator mp sen rep deputy",
    "analyst expert scholar researcher professor academic fellow prof scientist specialist",
    "chief head director leader chairman chairwoman chair secretary minister commissioner premier",
    "doctor physician surgeon medic dr",
    "activist campaigner advocate",
    "resident villager local neighbour neighbor",
    "journalist reporter correspondent editor",
    "envoy ambassador diplomat amb",
    "lawyer attorney counsel",
    "governor gov",
    "cleric imam sheikh priest bishop rabbi pastor reverend rev archbishop",
    "fighter militant rebel insurgent",
    "newspaper paper daily times post journal guardian tribune herald gazette telegraph chronicle "
    "monitor tabloid",
    "channel broadcaster network station tv television news",
    "government regime administration",
    "military army",
    "poll survey",
    "organisation organization group",
)
_SYNONYMS_OF: dict[str, frozenset[str]] = {}
for _line in _SYNONYMS:
    for _word in _line.split():
        _SYNONYMS_OF[_word] = _SYNONYMS_OF.get(_word, frozenset()) | frozenset(_line.split())


def synonyms(noun: str) -> frozenset[str]:
    """Nouns that may take up the same speaker again, `noun` among them."""
    return _SYNONYMS_OF.get(noun, frozenset((noun,)))


def is_person_noun(noun: str) -> bool:
    """Whether a lower-case singular noun says what one person is ("analyst", "taxi driver")."""
    return noun in _PERSON_NOUNS or _PERSON_SUFFIX.search(noun) is not None


def is_body_word(word: str) -> bool:
    """Whether a lower-case word stands in the names of bodies rather than of people."""
    return (
        word in NOT_IN_PERSON_NAMES
        or word in BODY_NOUNS
        or word in MEDIA_NOUNS
        or word in GROUP_NOUNS
        or (word.endswith("s") and singular(word) != word and is_person_noun(singular(word)))
    )


def is_common(word: str) -> bool:
    """Whether a lower-case word is no part of a proper name, though a capital may begin it."""
    return (
        word in NEUTRAL_MODIFIERS
        or word in BODY_NOUNS
        or word in MEDIA_NOUNS
        or word in GROUP_NOUNS
        or is_person_noun(singular(word))
    )


def singular(noun: str) -> str:
    """Singular of a regular lower-case plural; other words come back unchanged."""
    if noun.endswith("men"):
        return noun[:-2] + "an"
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "xes", "ches", "shes")):
        return noun[:-2]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")):
        return noun[:-1]
    return noun


def gender_of_word(word: str) -> str:
    """Gender ("f", "m" or "") of a lower-case title, noun or pronoun."""
    return "f" if word in _FEMALE_WORDS else "m" if word in _MALE_WORDS else ""


def gender_of_given_name(name: str) -> str:
    """Gender ("f", "m" or "") of a lower-case given name."""
    return "f" if name in _FEMALE_NAMES else "m" if name in _MALE_NAMES else ""
